"""What a judge made of one case, once."""

from typing import Literal

from analyzer.common.value import Value
from analyzer.evaluation.case import Case

CaseOutcome = Literal["promote", "rollback", "inconclusive", "error", "unread"]
Said = Literal["promote", "rollback", "cannot_tell", "abstained", "failed"]


class Voice(Value):
    """What one model said, or why it said nothing: its verdict, its confidence in percent, and what it cost
    (seconds, tokens, USD).
    """

    model: str
    said: Said
    confidence: int | None = None
    reason: str = ""
    seconds: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None


class Result(Value):
    """One judgement of one case; `turn` counts from 1 where a case is judged more than once.

    `outcome` is the run's: `error` where no answer could be had, `unread` where the bundle could not be read,
    and `reason` says why. `confidence` is that of the outcome in percent, None where nobody gave one. `found`
    and `cited` say whether the label's finding was among the findings, and whether the answer rests on it;
    None where the label names none. `digest` is that of the bundle's file.
    """

    case: Case
    turn: int
    digest: str
    outcome: CaseOutcome
    rule: str = ""
    reason: str = ""
    confidence: float | None = None
    found: bool | None = None
    cited: bool | None = None
    voices: tuple[Voice, ...] = ()
    seconds: float = 0.0

    def is_right(self) -> bool:
        """Return whether the outcome is one that is right for the case."""
        return self.outcome in self.case.label.right()

    def is_answer(self) -> bool:
        """Return whether there is an outcome at all."""
        return self.outcome not in ("error", "unread")

    def cost(self) -> float | None:
        """Return what the models cost together in USD, None where a price is not known."""
        costs = [voice.cost for voice in self.voices if voice.tokens_in or voice.tokens_out]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None
