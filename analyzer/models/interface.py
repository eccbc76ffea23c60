"""The seam of the models: a question in, a raw reply or a failure out. An adapter decides nothing and reads no verdict."""

from collections.abc import Callable
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from analyzer.deadline import Deadline
from analyzer.findings.interface import Graded
from analyzer.value import Value


class Tool(Value):
    """A tool that is offered: what it does, and the JSON Schema of its arguments."""

    name: str
    description: str
    schema: dict[str, Any]


class Call(Value):
    """A model wants a tool used. `id` and `signature` (base64) are its server's, empty where it gives none, and go back as they came."""

    name: str
    arguments: dict[str, Any]
    id: str = ""
    signature: str = ""


class Result(Value):
    """What a call gave, marked as untrusted, as the model is sent it. `id` is the call's."""

    name: str
    text: str
    id: str = ""


class Turn(Value):
    """One message of the conversation. A model's may be `calls`, and then the next one, a tool's, has their `results` in that order."""

    role: Literal["user", "model", "tool"]
    text: str = ""
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()


class Question(Value):
    """What every model is asked. `schema` is the answer's JSON Schema; `findings` are for the judge that reads no prose.

    `evidence` is what of the prompt is evidence: a quote is looked for there, and nowhere else. `unshown` are the findings that weigh
    a warning or more and had no room in the prompt.
    """

    prompt: str
    schema: dict[str, Any]
    evidence: str = ""
    findings: tuple[Graded, ...] = ()
    unshown: tuple[str, ...] = ()
    gaps: int = 0
    tools: tuple[Tool, ...] = ()


class Reply(Value, tag="reply"):
    """What a model said, unread. Token counts are the server's own, None where it gives none; `latency` in seconds.

    `cites`: the form it answers in has a place for findings and quotes. An agent's own form has none. `prompted`: it was judged by the
    prompt, and not by the findings themselves.
    """

    text: str
    latency: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cites: bool = True
    prompted: bool = True


class Calls(Value, tag="calls"):
    """What a model wants to look at before it answers: at least one call, in its order. `text` is what it said beside them."""

    calls: tuple[Call, ...]
    latency: float
    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


class Failure(Value, tag="failure"):
    """Why a model gave no reply. `retryable`: another run may fare better (exit code 5 rather than 4 where it decides).

    `abstained`: the server answered in order, but with no usable text (a safety block, a cut-off): not an infrastructure fault. What
    it counted is billed all the same: tokens as in `Reply`.
    """

    reason: str
    advice: str = ""
    retryable: bool = False
    abstained: bool = False
    latency: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None


class Model(Protocol):
    """One judge, ready to be asked."""

    @property
    def name(self) -> str:
        """The adapter and what it asks (`ollama:gemma4`), never a credential."""
        ...

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """The reply to the conversation `turns` (which starts with the prompt). Raises nothing that a server can cause.

        Calls only where the question offers tools, and only by an adapter of `CALLERS`.
        """
        ...


@runtime_checkable
class Warm(Protocol):
    """A model that takes long to load, and can begin to before it is asked. Not every `Model` is one."""

    def warm(self, deadline: Deadline) -> None:
        """Loads it. Raises nothing that a server can cause: the question will meet the same fault, and tell."""
        ...


@runtime_checkable
class Pulling(Protocol):
    """A model that its server may lack, and can fetch. Not every `Model` is one."""

    def pulling(self, say: Callable[[str], None]) -> Model:
        """The same model, which is fetched where it is not there. `say` is told how far that is, a line at a time."""
        ...


@runtime_checkable
class Sending(Protocol):
    """A model that is somewhere else, so that what it is asked leaves this process. Not every `Model` is one."""

    @property
    def place(self) -> str:
        """Where that is, for people: a host, never a credential."""
        ...


def size(question: Question, turns: tuple[Turn, ...]) -> int:
    """Bytes of everything that is sent: the conversation, and the tools that are offered."""
    said = [text for turn in turns for text in (turn.text, *(result.text for result in turn.results))]
    called = [turn.calls for turn in turns if turn.calls]
    structured = msgspec.json.encode((question.tools, called)) if question.tools or called else b""
    return sum(len(text.encode("utf-8", "replace")) for text in said) + len(structured)
