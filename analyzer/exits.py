"""The exit codes, for Argo, CI and people. No other module chooses one."""

from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from analyzer.errors import AnalyzerError, UsageError
from analyzer.settings import Policy

if TYPE_CHECKING:  # --help must not wait for the imports of judging
    from analyzer.decision import Outcome
    from analyzer.target.argo import Analysis


class ExitCode(IntEnum):
    """The published table (README). 1 is left to bugs."""

    PROMOTE = 0
    BUG = 1
    USAGE = 2
    ROLLBACK = 3
    INCONCLUSIVE = 4
    INFRASTRUCTURE = 5
    INTERRUPTED = 130
    TERMINATED = 143


Pause = Literal["", "verified", "refused", "failed"]
"""What came of the pause that a policy asked for: `refused` stays so, `failed` may pass; empty where none
was tried.
"""

FAIL = Policy()

_OUTCOMES: "dict[Outcome, ExitCode]" = {
    "promote": ExitCode.PROMOTE,
    "started": ExitCode.PROMOTE,
    "rollback": ExitCode.ROLLBACK,
    "inconclusive": ExitCode.INCONCLUSIVE,
    "error": ExitCode.INFRASTRUCTURE,
}


def for_outcome(outcome: "Outcome", policy: Policy = FAIL, pause: Pause = "") -> ExitCode:
    """Return the exit code of an outcome, 0 if a policy lets it pass.

    A refused pause is inconclusive, never an error: trying again would not help.
    """
    if passed_by(outcome, policy, pause):
        return ExitCode.PROMOTE
    return (
        ExitCode.INCONCLUSIVE if pause == "refused" and pause_asked(outcome, policy) else _OUTCOMES[outcome]
    )


def for_error(error: AnalyzerError, policy: Policy = FAIL, pause: Pause = "") -> ExitCode:
    """Return the exit code of a run without a decision. No policy covers a usage error."""
    return ExitCode.USAGE if isinstance(error, UsageError) else for_outcome("error", policy, pause)


def for_evaluation(*, missed: bool, whole: bool) -> ExitCode:
    """Return the exit code of an evaluation: 3 where a threshold is missed, 4 where not all was measured."""
    if missed:
        return ExitCode.ROLLBACK
    return ExitCode.PROMOTE if whole else ExitCode.INCONCLUSIVE


def passed_by(outcome: "Outcome", policy: Policy, pause: Pause = "") -> str:
    """Return the option that makes an outcome exit 0 without a healthy finding, or an empty string."""
    option, value = _policy(outcome, policy)
    return f"{option} {value}" if value == "pass" or (value == "pause" and pause == "verified") else ""


def warn_of_pass(passed_by: str) -> str:
    """Return the warning that every report has if a policy let an outcome pass; empty if none did."""
    return f"NOT JUDGED HEALTHY but passed by {passed_by}" if passed_by else ""


def describe_exit(code: int, rule: str, passed_by: str, analysis: "Analysis | None") -> str:
    """Return the exit code, the rule, and what else a reader must know: Argo weighs several measurements
    together, and ignores a dry run's answer.
    """
    code_text = ", ".join(filter(None, (f"exit code {code}", warn_of_pass(passed_by))))
    earlier = analysis.earlier() if analysis else ""
    measured = f" (measured before: {earlier}; Argo weighs them together)" if earlier else ""
    dry_run = " (DRY RUN: Argo heeds no answer)" if analysis and analysis.dry_run else ""
    return f"{code_text}{measured}{dry_run}; rule: {rule}"


def pause_asked(outcome: "Outcome", policy: Policy) -> bool:
    """Return whether a policy asks to pause the Rollout over an outcome."""
    return _policy(outcome, policy)[1] == "pause"


def _policy(outcome: "Outcome", policy: Policy) -> tuple[str, str]:
    """Return the option of an outcome and its value, "fail" if it has none."""
    options = {
        "inconclusive": ("--on-inconclusive", policy.on_inconclusive),
        "error": ("--on-error", policy.on_error),
    }
    return options.get(outcome, ("", "fail"))
