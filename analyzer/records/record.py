"""The record of a run: everything that led to its answer. `--save` writes it and `analyze --evidence` accepts
it.
"""

import shlex
from collections.abc import Iterable
from typing import Literal

import msgspec

from analyzer import __version__
from analyzer.common.value import Moment, Value
from analyzer.decision import Decision
from analyzer.errors import AnalyzerError
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import FORMAT, RECORD
from analyzer.exits import Pause, passed_by
from analyzer.findings.interface import Graded
from analyzer.prompt import Prompt
from analyzer.records.record_store import is_configmap
from analyzer.settings import Settings
from analyzer.verdicts.dialogue import Exchange
from analyzer.verdicts.verdict import Opinion

PAUSE = "pause"
KEEPING = "configmap"
ISSUE = "issue"
FIX = "fix"
FILE = "file"  # told only where the record could not be kept in it


class Receipt(Value):
    """What an effect did, or why it did not, with advice. It never changes the decision.

    `may_pass`: a retry may succeed. `place`: where the result of the effect is found. `action`: what was done
    with an issue, in a word.
    """

    effect: str
    done: bool
    detail: str
    advice: str = ""
    may_pass: bool = False
    place: str = ""
    action: str = ""


class Judgement(Value):
    """What was derived from the evidence."""

    findings: tuple[Graded, ...]
    prompt: Prompt
    exchanges: tuple[Exchange, ...]
    opinions: tuple[Opinion, ...]
    decision: Decision


class Record(Value):
    """A bundle and what was derived from it. `timings` are in seconds by stage; `product` is the version that
    wrote it.

    `judges` says which models were asked, and why those.
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
        """Return the option by which the run exits with 0 although the outcome is no promotion; empty if none
        does.
        """
        return passed_by(self.judgement.decision.outcome, self.settings.policy, pause_result(self.receipts))

    def place(self) -> str:
        """Return where the record is kept, as `--evidence` accepts it; empty if it is not kept."""
        save = self.settings.tell.save
        if is_configmap(save):
            return next((receipt.place for receipt in self.receipts if receipt.effect == KEEPING), "")
        return "" if any(receipt.effect == FILE for receipt in self.receipts) else save

    def unkept(self, error: AnalyzerError) -> "Record":
        """Return the record with a receipt that says why its file could not be written. That changes no
        answer.
        """
        receipt = Receipt(effect=FILE, done=False, detail=str(error), advice=error.advice)
        return msgspec.structs.replace(self, receipts=(*self.receipts, receipt))

    def replay(self) -> str:
        """Return the command that judges the same evidence again; empty if the record is not kept."""
        place = self.place()
        if not place:
            return ""
        models = (f"--model={model}" for model in self.settings.ask.models)
        return shlex.join(["rollout-analyzer", "analyze", "--evidence", place, *models])


def pause_result(receipts: Iterable[Receipt]) -> Pause:
    """Return the result of the pause, by its receipt."""
    pause = next((receipt for receipt in receipts if receipt.effect == PAUSE), None)
    if pause is None:
        return ""
    if pause.done:
        return "verified"
    return "failed" if pause.may_pass else "refused"
