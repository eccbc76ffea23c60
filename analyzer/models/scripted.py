"""`scripted:FILE`: answers from a file, for tests and demos. No network, nothing is read of the question.

FILE is JSON: one step, or a list of them; the nth step is the nth thing that the model says. A step has one of

    {"text": "…"}        the reply, as it stands
    {"answer": {…}}      the reply is this object as JSON
    {"calls": [{"name": "logs", "arguments": {…}}]}     the model wants to look at something before it answers
    {"failure": {"reason": "…", "advice": "…", "retryable": false, "abstained": false}}

and may have `"delay": SECONDS` before it, which does not end early: a model that hangs.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.value import UNREADABLE, Value


class Step(Value):
    """One reply of the script, or why there is none."""

    text: str | None = None
    answer: dict[str, Any] | None = None
    calls: Annotated[tuple[Call, ...], msgspec.Meta(min_length=1)] | None = None
    failure: Failure | None = None
    delay: Annotated[float, msgspec.Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if sum(field is not None for field in (self.text, self.answer, self.calls, self.failure)) != 1:
            raise ValueError("a step has one of text, answer, calls and failure")

    def outcome(self) -> Reply | Calls | Failure:
        """What the model's server would have given."""
        if self.failure is not None:
            return self.failure
        if self.calls is not None:
            return Calls(calls=self.calls, latency=self.delay)
        text = self.text if self.text is not None else msgspec.json.encode(self.answer).decode()
        return Reply(text=text, latency=self.delay)


@dataclass(frozen=True)
class Scripted:
    """A model that says what its file says."""

    name: str
    steps: tuple[Step, ...]

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:  # noqa: ARG002 - the seam's
        """The step after those that have been said."""
        said = sum(turn.role == "model" for turn in turns)
        if said >= len(self.steps):
            return Failure(reason=f"the script has {len(self.steps)} steps and was asked for number {said + 1}")
        step = self.steps[said]
        time.sleep(step.delay)
        return step.outcome()


def create(argument: str, environ: Mapping[str, str]) -> Scripted:  # noqa: ARG001 - the seam's
    """UsageError for a file that cannot be read or is no script."""
    if not argument:
        raise UsageError("the scripted model needs its file", advice="--model scripted:FILE")
    try:
        steps = msgspec.json.decode(Path(argument).read_bytes(), type=Step | tuple[Step, ...])
    except OSError as error:
        raise UsageError(f"cannot read the script {argument}: {error.strerror}", advice="--model scripted:FILE") from error
    except UNREADABLE as error:
        raise UsageError(f"{argument} is no script for a model: {error}", advice="its format: analyzer/models/scripted.py") from error
    return Scripted(name=f"scripted:{argument}", steps=steps if isinstance(steps, tuple) else (steps,))
