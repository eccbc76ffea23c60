"""The interface of the effects: what changes the world after the decision, and with what result."""

from dataclasses import dataclass
from typing import Protocol

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Unavailable
from analyzer.decision import Decision
from analyzer.errors import AnalyzerError
from analyzer.exits import ExitCode, for_error, for_outcome, passed_by
from analyzer.github.errors import Unreachable
from analyzer.records.record import KEEPING, Receipt, Record, pause_result
from analyzer.settings import Settings
from analyzer.target import Target
from analyzer.target.argo import Analysis


@dataclass(frozen=True)
class EffectContext:
    """The answer, and whom it is about. Every text in it is masked.

    `target` and `analysis` are None if they are not known. A run without an answer has its `error`, and no
    `record`. `receipts` are those of the effects before.
    """

    settings: Settings
    decision: Decision
    target: Target | None
    analysis: Analysis | None
    record: Record | None = None
    error: AnalyzerError | None = None
    receipts: tuple[Receipt, ...] = ()

    def exit_code(self) -> ExitCode:
        """Return the exit code of the run, as far as effects have been applied."""
        pause, policy = pause_result(self.receipts), self.settings.policy
        return (
            for_error(self.error, policy, pause)
            if self.error
            else for_outcome(self.decision.outcome, policy, pause)
        )

    def passed_by(self) -> str:
        """Return the option by which the run exits with 0 although the outcome is no promotion; empty if none
        does.
        """
        return (
            ""
            if self.exit_code()
            else passed_by(self.decision.outcome, self.settings.policy, pause_result(self.receipts))
        )

    def dry_run(self) -> bool:
        """Return True if Argo ignores the answer."""
        return self.analysis is not None and self.analysis.dry_run

    def place(self, effect: str = KEEPING) -> str:
        """Return where the result of an effect is found so far, by default the record; empty if it is not."""
        return next((receipt.place for receipt in self.receipts if receipt.effect == effect), "")


class Effect(Protocol):
    """One change outside, made after the decision: idempotent, keyed on the AnalysisRun and its metric."""

    name: str

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if this run asks for the effect. Sends nothing."""
        ...

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Apply the effect by the cluster's deadline, and return what it did or why not. Raise AnalyzerError
        for what the world can cause.
        """
        ...


def not_done(effect: str, error: AnalyzerError) -> Receipt:
    """Return the receipt of an effect that an error prevented."""
    return Receipt(
        effect=effect,
        done=False,
        detail=str(error),
        advice=error.advice,
        may_pass=isinstance(error, Unavailable | Unreachable),
    )
