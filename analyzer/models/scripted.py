"""`scripted:FILE`: answers from a file, for tests and demos. It uses no network and ignores the question.

FILE is JSON: one step, or a list of steps; step n is the model's nth reply. A step has one of

    {"text": "…"}        the reply, as it stands
    {"answer": {…}}      the reply is this object as JSON
    {"calls": [{"name": "logs", "arguments": {…}}]}     the model calls tools before it answers
    {"failure": {"reason": "…", "advice": "…", "retryable": false, "abstained": false}}

and may have `"delay": SECONDS`, a pause before it that the deadline does not shorten: a model that hangs.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline
from analyzer.common.value import UNREADABLE, Value
from analyzer.errors import UsageError
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn

FORMAT = (
    'such as {"answer": {"verdict": "promote", "confidence": 90, "summary": "…"}};'
    " docs/verdicts.md has the rest"
)


class Step(Value):
    """One reply of the script, or the reason for none."""

    text: str | None = None
    answer: dict[str, Any] | None = None
    calls: Annotated[tuple[Call, ...], msgspec.Meta(min_length=1)] | None = None
    failure: Failure | None = None
    delay: Annotated[float, msgspec.Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if sum(field is not None for field in (self.text, self.answer, self.calls, self.failure)) != 1:
            raise ValueError("a step has one of text, answer, calls and failure")

    def outcome(self) -> Reply | Calls | Failure:
        """Return what the model's server would have given."""
        if self.failure is not None:
            return self.failure
        if self.calls is not None:
            return Calls(calls=self.calls, latency=self.delay)
        text = self.text if self.text is not None else msgspec.json.encode(self.answer).decode()
        return Reply(text=text, latency=self.delay)


@dataclass(frozen=True)
class Scripted:
    """A model that replies what its file says."""

    name: str
    steps: tuple[Step, ...]

    def ask(
        self,
        question: Question,  # noqa: ARG002
        turns: tuple[Turn, ...],
        deadline: Deadline,  # noqa: ARG002
    ) -> Reply | Calls | Failure:
        """Return the outcome of the next step, or a failure after the last one."""
        replies = sum(turn.role == "model" for turn in turns)
        if replies >= len(self.steps):
            return Failure(
                reason=f"the script has {counted(len(self.steps), 'step')} and was asked for"
                f" number {replies + 1}"
            )
        step = self.steps[replies]
        time.sleep(step.delay)
        return step.outcome()


def create(argument: str, environ: Mapping[str, str]) -> Scripted:  # noqa: ARG001 - the seam's
    """Return the model of a file. Raise UsageError if the file cannot be read or is no script."""
    if not argument:
        raise UsageError("the scripted model needs its file", advice="--model scripted:FILE")
    try:
        steps = msgspec.json.decode(Path(argument).read_bytes(), type=Step | tuple[Step, ...])
    except OSError as error:
        raise UsageError(
            f"cannot read the script {argument}: {error.strerror}", advice="--model scripted:FILE"
        ) from error
    except UNREADABLE as error:
        raise UsageError(f"{argument} is no script for a model: {error}", advice=FORMAT) from error
    return Scripted(name=f"scripted:{argument}", steps=steps if isinstance(steps, tuple) else (steps,))
