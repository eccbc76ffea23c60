"""The interface of the checks: what was checked, and whether it holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analyzer import prometheus
from analyzer.check.documents import Files
from analyzer.cluster import errors as cluster_errors
from analyzer.common.deadline import Deadline
from analyzer.common.value import Count, Value
from analyzer.errors import AnalyzerError
from analyzer.github import errors as github_errors
from analyzer.settings import Settings
from analyzer.webhooks import errors as webhook_errors

CheckState = Literal["holds", "note", "wrong", "unreachable"]

# the errors that may pass by themselves
PASSING = (
    cluster_errors.Unavailable,
    prometheus.PrometheusUnreachable,
    github_errors.Unreachable,
    webhook_errors.WebhookUnreachable,
    webhook_errors.Unknown,
)


class CheckResult(Value):
    """The result for one thing that was checked.

    `state`: "holds"; "note" holds and is worth knowing; "wrong" stays so until somebody changes it;
    "unreachable" may pass. `about` is what was checked (a permission, a query, `file:line`), `what` is the
    result, `advice` is what to do, or empty. `file` and `line` (from 1; 0: the whole file) are the place in a
    manifest, where it has one.
    """

    check: str
    state: CheckState
    about: str
    what: str
    advice: str = ""
    file: str = ""
    line: Count = 0


# a command, its arguments, and the environment that it finds
Parse = Callable[[str, list[str], Mapping[str, str]], Settings]


@dataclass(frozen=True)
class CommandLines:
    """How the product reads a command line. `parse` raises UsageError; `commands` are its commands,
    `variables` the environment variables of its options.
    """

    parse: Parse
    commands: tuple[str, ...]
    variables: tuple[str, ...]


@dataclass(frozen=True)
class CheckRequest:
    """What to check. `files` are manifests, `-` is standard input. `offline`: nothing is sent. `account` is
    the service account (NAME or NAMESPACE/NAME) whose permissions are checked; empty for our own.

    `lines` reads a container's command line.
    """

    settings: Settings
    environ: Mapping[str, str]
    files: Files
    deadline: Deadline
    lines: CommandLines
    offline: bool = False
    account: str = ""


Check = Callable[[CheckRequest], Iterable[CheckResult]]


def result_of_error(check: str, about: str, error: AnalyzerError) -> CheckResult:
    """Return the result for an error: "unreachable" if it may pass, else "wrong"."""
    return CheckResult(
        check=check,
        state="unreachable" if isinstance(error, PASSING) else "wrong",
        about=about,
        what=str(error),
        advice=error.advice,
    )


def result_of_attempt(check: str, about: str, attempt: Callable[[], str]) -> CheckResult:
    """Return what the attempt returns as a result that holds, or the result for its AnalyzerError."""
    try:
        return CheckResult(check=check, state="holds", about=about, what=attempt())
    except AnalyzerError as error:
        return result_of_error(check, about, error)
