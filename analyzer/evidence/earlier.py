"""What was answered about the same canary before: for the prompt, and for nothing else. Read from records by `analyzer/previous.py`.

No rule sees it, no model's earlier words go on, and no quote of it holds: an answer must not grow by being repeated.
"""

from typing import Literal

from analyzer.value import Moment, Value


class Voice(Value):
    """What one model came to: its verdict and confidence in percent, or that it abstained or failed."""

    model: str
    said: Literal["promote", "rollback", "cannot_tell", "abstained", "failed"]
    confidence: int | None = None


class Earlier(Value):
    """One earlier answer: the end of its window, what was decided by which rule and why, and each model's voice."""

    at: Moment
    outcome: Literal["promote", "rollback", "inconclusive", "error"]
    rule: str
    reason: str
    voices: tuple[Voice, ...] = ()

    def text(self) -> str:
        """By which rule and why, and each voice, a line each. It comes from a workload and from models: untrusted."""
        return "\n".join((f"{self.rule}: {self.reason}", *map(_line, self.voices)))


def _line(voice: Voice) -> str:
    return f"{voice.model}: {voice.said}{'' if voice.confidence is None else f', {voice.confidence} %'}"
