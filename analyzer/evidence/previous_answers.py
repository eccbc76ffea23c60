"""Earlier answers about the same canary: for the prompt, and for nothing else. `analyzer/records/previous.py`
reads them from records.

No rule sees them, a model's earlier words are not repeated, and no quote of them counts: an answer must not
gain weight by being repeated.
"""

from typing import Literal

from analyzer.common.value import Moment, Value


class EarlierAnswer(Value):
    """One model's answer: its verdict and confidence in percent, or that it abstained or failed."""

    model: str
    said: Literal["promote", "rollback", "cannot_tell", "abstained", "failed"]
    confidence: int | None = None


class Earlier(Value):
    """One earlier answer: the end of its window, what was decided by which rule and why, and each model's
    voice.
    """

    at: Moment
    outcome: Literal["promote", "started", "rollback", "inconclusive", "error"]
    rule: str
    reason: str
    voices: tuple[EarlierAnswer, ...] = ()

    def text(self) -> str:
        """Return the rule with its reason, and each model's answer, a line each.

        The text comes from a workload and from models, so it is untrusted.
        """
        return "\n".join((f"{self.rule}: {self.reason}", *map(_line, self.voices)))


def _line(voice: EarlierAnswer) -> str:
    return f"{voice.model}: {voice.said}{'' if voice.confidence is None else f', {voice.confidence} %'}"
