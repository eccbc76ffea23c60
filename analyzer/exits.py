"""What Argo, CI and people are told by the exit code: the one place that gives it."""

from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from analyzer.errors import AnalyzerError, UsageError
from analyzer.settings import Policy

if TYPE_CHECKING:  # --help must not wait for what judging needs
    from analyzer.decision import Outcome
    from analyzer.target.argo import Analysis


class Exit(IntEnum):
    """The published table (README). 1 is left to what nobody foresaw."""

    PROMOTE = 0
    BUG = 1
    USAGE = 2
    ROLLBACK = 3
    INCONCLUSIVE = 4
    INFRASTRUCTURE = 5
    INTERRUPTED = 130
    TERMINATED = 143


Pause = Literal["", "verified", "refused", "failed"]
"""What came of the pause that a policy asked for: `refused` stays so, `failed` may pass; empty where none was tried."""

FAIL = Policy()

_OUTCOMES: "dict[Outcome, Exit]" = {
    "promote": Exit.PROMOTE,
    "rollback": Exit.ROLLBACK,
    "inconclusive": Exit.INCONCLUSIVE,
    "error": Exit.INFRASTRUCTURE,
}


def for_outcome(outcome: "Outcome", policy: Policy = FAIL, pause: Pause = "") -> Exit:
    """The code of what was decided, 0 where a policy lets it pass. A pause that was refused fails at once: a retry would not help it."""
    if passed_by(outcome, policy, pause):
        return Exit.PROMOTE
    return Exit.INCONCLUSIVE if pause == "refused" and pause_asked(outcome, policy) else _OUTCOMES[outcome]


def for_error(error: AnalyzerError, policy: Policy = FAIL, pause: Pause = "") -> Exit:
    """The code of a run that came to nothing. No policy covers what was asked wrongly."""
    return Exit.USAGE if isinstance(error, UsageError) else for_outcome("error", policy, pause)


def passed_by(outcome: "Outcome", policy: Policy, pause: Pause = "") -> str:
    """The option by which an outcome exits 0 although nothing was found healthy; empty when none does."""
    option, asked = _policy(outcome, policy)
    return f"{option} {asked}" if asked == "pass" or (asked == "pause" and pause == "verified") else ""


def loud(passed_by: str) -> str:
    """What every report says where a policy let pass what was not found healthy; empty where none did."""
    return f"NOT JUDGED HEALTHY but passed by {passed_by}" if passed_by else ""


def standing(code: int, passed_by: str, analysis: "Analysis | None") -> str:
    """The exit code, and what is to be known beside it: Argo may make something else of several measurements than of the last."""
    told = ", ".join(filter(None, (f"exit code {code}", loud(passed_by))))
    if analysis and analysis.earlier():
        told += f" (measured before: {analysis.earlier()}; Argo weighs them together)"
    return f"{told} (DRY RUN: Argo heeds no answer)" if analysis and analysis.dry_run else told


def pause_asked(outcome: "Outcome", policy: Policy) -> bool:
    """Whether the Rollout is to be paused over such an outcome."""
    return _policy(outcome, policy)[1] == "pause"


def _policy(outcome: "Outcome", policy: Policy) -> tuple[str, str]:
    asked = {"inconclusive": ("--on-inconclusive", policy.on_inconclusive), "error": ("--on-error", policy.on_error)}
    return asked.get(outcome, ("", "fail"))
