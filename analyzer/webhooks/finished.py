"""A finished run, as webhooks are told of it."""

from dataclasses import dataclass

from analyzer.common.short import short_digest
from analyzer.common.value import Moment
from analyzer.decision import Decision
from analyzer.exits import ExitCode
from analyzer.records.record import Record
from analyzer.settings import Settings
from analyzer.target import Target
from analyzer.target.argo import Analysis


@dataclass(frozen=True)
class Finished:
    """The answer, and whom it is about, every text masked. A run without an answer has no `record`. `issue`
    is the address of the issue that was told, empty for none; `at` is when the run ended.
    """

    settings: Settings
    decision: Decision
    target: Target | None
    analysis: Analysis | None
    record: Record | None
    exit_code: ExitCode
    issue: str
    at: Moment

    def identify(self) -> str:
        """Return the id of the message, the same for a run that is tried again."""
        drawn = self.record.evidence.nonce if self.record else self.at.isoformat()
        whose = self.analysis.key() if self.analysis else drawn
        return f"msg_{short_digest('webhook', whose, self.decision.outcome, length=24)}"
