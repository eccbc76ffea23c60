"""The seam of `check`: what was looked at, and whether it holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analyzer import prometheus
from analyzer.cluster import errors as cluster_errors
from analyzer.deadline import Deadline
from analyzer.errors import AnalyzerError
from analyzer.settings import Settings
from analyzer.value import Value

State = Literal["holds", "note", "wrong", "unreachable"]

PASSING = (cluster_errors.Unavailable, prometheus.Unreachable)  # the errors that may pass by themselves


class Result(Value):
    """One thing that was looked at.

    `state`: "holds"; "note" holds, and is worth knowing; "wrong" stays so until somebody changes it; "unreachable" may pass.
    `about` is what was looked at (a permission, a query, `file:line`), `what` what was found, `advice` what to do, or empty.
    """

    check: str
    state: State
    about: str
    what: str
    advice: str = ""


Parse = Callable[[str, list[str], Mapping[str, str]], Settings]  # a command, its arguments, and the environment that it finds


@dataclass(frozen=True)
class CommandLines:
    """How the product reads one: `parse` raises UsageError; there are these commands, and these variables for options of them."""

    parse: Parse
    commands: tuple[str, ...]
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What is to be looked at. `files` are manifests by name, `-` for standard input; `offline`: nobody is asked.
    `account` is the service account, NAME or NAMESPACE/NAME, whose permissions are asked for; empty: our own.

    `lines` says what a container's command line amounts to.
    """

    settings: Settings
    environ: Mapping[str, str]
    files: tuple[str, ...]
    deadline: Deadline
    lines: CommandLines
    offline: bool = False
    account: str = ""


Check = Callable[[Asked], Iterable[Result]]


def failed(check: str, about: str, error: AnalyzerError) -> Result:
    """What an error says of the thing that was looked at."""
    return Result(
        check=check, state="unreachable" if isinstance(error, PASSING) else "wrong", about=about, what=str(error), advice=error.advice
    )


def tried(check: str, about: str, attempt: Callable[[], str]) -> Result:
    """What an attempt tells, or the error that it met."""
    try:
        return Result(check=check, state="holds", about=about, what=attempt())
    except AnalyzerError as error:
        return failed(check, about, error)
