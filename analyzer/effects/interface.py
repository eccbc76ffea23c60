"""The seam of the effects: what changes the world after the decision, and what came of it."""

from dataclasses import dataclass
from typing import Protocol

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Unavailable
from analyzer.decision import Decision
from analyzer.errors import AnalyzerError
from analyzer.exits import Exit, for_error, for_outcome, passed_by
from analyzer.records.record import Receipt, Record, pause_of
from analyzer.settings import Settings
from analyzer.target import Target
from analyzer.target.argo import Analysis


@dataclass(frozen=True)
class Occasion:
    """What there is to tell, and whom it is about. Every text in it is masked.

    `target` and `analysis` are None where they are not known. A run that came to nothing has its `error`, and no `record`.
    `receipts` are of the effects before.
    """

    settings: Settings
    decision: Decision
    target: Target | None
    analysis: Analysis | None
    record: Record | None = None
    error: AnalyzerError | None = None
    receipts: tuple[Receipt, ...] = ()

    def exit_code(self) -> Exit:
        """What the run exits with, as far as the effects have come."""
        pause, policy = pause_of(self.receipts), self.settings.policy
        return for_error(self.error, policy, pause) if self.error else for_outcome(self.decision.outcome, policy, pause)

    def passed_by(self) -> str:
        """The option by which it exits 0 although nothing was found healthy; empty when none does."""
        return "" if self.exit_code() else passed_by(self.decision.outcome, self.settings.policy, pause_of(self.receipts))

    def dry_run(self) -> bool:
        """Whether Argo heeds no answer."""
        return self.analysis is not None and self.analysis.dry_run

    def place(self) -> str:
        """Where the record is kept by now; empty where it is not."""
        return next((each.place for each in self.receipts if each.place), "")


class Effect(Protocol):
    """One change outside: idempotent, keyed on the AnalysisRun and metric it belongs to, after the decision."""

    name: str

    def asked(self, occasion: Occasion) -> bool:
        """Whether this run is to have it. Asks nobody."""
        ...

    def apply(self, occasion: Occasion, cluster: Cluster) -> Receipt:
        """What it did, or why not, by the cluster's deadline. AnalyzerError for what the world can cause."""
        ...


def not_done(effect: str, error: AnalyzerError) -> Receipt:
    """The receipt of what an error kept from being done."""
    return Receipt(effect=effect, done=False, detail=str(error), advice=error.advice, may_pass=isinstance(error, Unavailable))
