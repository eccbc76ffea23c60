"""The record of a run: everything that led to its answer. What `--save` writes and `analyze --evidence` accepts."""

import shlex
from collections.abc import Iterable
from typing import Literal

import msgspec

from analyzer import __version__
from analyzer.decision import Decision
from analyzer.dialogue import Exchange
from analyzer.errors import AnalyzerError
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import FORMAT, RECORD
from analyzer.exits import Pause, passed_by
from analyzer.findings.interface import Graded
from analyzer.prompt import Prompt
from analyzer.records.kept import is_configmap
from analyzer.settings import Settings
from analyzer.value import Moment, Value
from analyzer.verdict import Opinion

PAUSE = "pause"
KEEPING = "configmap"
FILE = "file"  # told only where the record could not be kept in it


class Receipt(Value):
    """What an effect did, or why it did not, with what to do about it. It never changes the decision.

    `may_pass`: trying again may do it. `place`: where what it made is found.
    """

    effect: str
    done: bool
    detail: str
    advice: str = ""
    may_pass: bool = False
    place: str = ""


class Judgement(Value):
    """What was made of the evidence."""

    findings: tuple[Graded, ...]
    prompt: Prompt
    exchanges: tuple[Exchange, ...]
    opinions: tuple[Opinion, ...]
    decision: Decision


class Record(Value):
    """A bundle and what became of it. `timings` in seconds by stage; `product` is the version that wrote it.

    `judges` says which models were asked and why those.
    """

    schema: Literal["rollout-analyzer/record"] = RECORD
    version: Literal[1] = FORMAT
    product: str = __version__
    settings: Settings
    evidence: Evidence
    judges: str
    judgement: Judgement
    receipts: tuple[Receipt, ...] = ()
    timings: dict[str, float] = msgspec.field(default_factory=dict)
    exit_code: int
    finished_at: Moment

    def passed_by(self) -> str:
        """The option by which it exits 0 although nothing was found healthy; empty when none does."""
        return passed_by(self.judgement.decision.outcome, self.settings.policy, pause_of(self.receipts))

    def place(self) -> str:
        """Where the record is kept, as `--evidence` takes it; empty where it is not."""
        save = self.settings.tell.save
        if is_configmap(save):
            return next((each.place for each in self.receipts if each.effect == KEEPING), "")
        return "" if any(each.effect == FILE for each in self.receipts) else save

    def unkept(self, error: AnalyzerError) -> "Record":
        """The record as it is told where its file could not be written after all: that changes no answer."""
        receipt = Receipt(effect=FILE, done=False, detail=str(error), advice=error.advice)
        return msgspec.structs.replace(self, receipts=(*self.receipts, receipt))

    def replay(self) -> str:
        """The command that judges the same evidence again; empty where the record is not kept."""
        models = (f"--model={each}" for each in self.settings.ask.models)
        return shlex.join(["rollout-analyzer", "analyze", "--evidence", place, *models]) if (place := self.place()) else ""


def pause_of(receipts: Iterable[Receipt]) -> Pause:
    """What came of the pause, by its receipt."""
    told = next((each for each in receipts if each.effect == PAUSE), None)
    if told is None:
        return ""
    return "verified" if told.done else "failed" if told.may_pass else "refused"
