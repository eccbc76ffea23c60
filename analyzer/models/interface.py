"""The interface of the models: a question in, a raw reply or a failure out. An adapter decides nothing and
parses no verdict.
"""

from collections.abc import Callable
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.value import Value
from analyzer.findings.interface import Graded


class ToolOffer(Value):
    """A tool that a model may call: what it does, and the JSON Schema of its arguments."""

    name: str
    description: str
    schema: dict[str, Any]


class Call(Value):
    """A model's call of a tool. `id` and `signature` (base64) come from its server, empty if it gives none,
    and are sent back unchanged.
    """

    name: str
    arguments: dict[str, Any]
    id: str = ""
    signature: str = ""


class ToolResult(Value):
    """The result of a call, marked as untrusted, as the model gets it. `id` is that of the call."""

    name: str
    text: str
    id: str = ""


class Turn(Value):
    """One message of the conversation. A model's turn may have `calls`; then the next turn is a tool's and
    has their `results`, in the same order.
    """

    role: Literal["user", "model", "tool"]
    text: str = ""
    calls: tuple[Call, ...] = ()
    results: tuple[ToolResult, ...] = ()


class Question(Value):
    """What every model is asked. `schema` is the JSON Schema of the answer. `findings` and `gaps` (a count)
    are for the judge that reads no prose.

    `evidence` is the part of the prompt that quotes are looked up in. `unshown` are the ids of findings of
    warning or higher that had no room in the prompt.
    """

    prompt: str
    schema: dict[str, Any]
    evidence: str = ""
    findings: tuple[Graded, ...] = ()
    unshown: tuple[str, ...] = ()
    gaps: int = 0
    tools: tuple[ToolOffer, ...] = ()


class Reply(Value, tag="reply"):
    """A model's reply, not parsed yet. Token counts are the server's, None if it gives none; `latency` is in
    seconds.

    `cites`: the reply's format has fields for findings and quotes; an agent's own format has none.
    `prompted`: the model judged by the prompt, not by the findings themselves.
    """

    text: str
    latency: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cites: bool = True
    prompted: bool = True


class Calls(Value, tag="calls"):
    """The tools that a model calls before it answers: at least one call, in the model's order. `text` is what
    it wrote beside them.
    """

    calls: tuple[Call, ...]
    latency: float
    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


class Failure(Value, tag="failure"):
    """Why a model gave no reply. `retryable`: another run may get one (exit code 5 rather than 4, if this
    decides the run).

    `abstained`: the server answered properly but without usable text, for example after a safety block or a
    cut-off; that is no infrastructure fault. Tokens are billed all the same, so they are counted as in
    `Reply`.
    """

    reason: str
    advice: str = ""
    retryable: bool = False
    abstained: bool = False
    latency: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None


class Model(Protocol):
    """A judge that can be asked."""

    @property
    def name(self) -> str:
        """Return the adapter and the model (`ollama:gemma4`), never a credential."""
        ...

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """Return the reply to the conversation `turns`, which starts with the prompt, or why there is none.
        Raise nothing that a server can cause.

        Calls are returned only if the question offers tools, and only by an adapter of `CALLERS`.
        """
        ...


@runtime_checkable
class Warm(Protocol):
    """A model that takes long to load, and can be loaded before it is asked. Not every `Model` is one."""

    def warm(self, deadline: Deadline) -> None:
        """Load the model. Raise nothing that a server can cause: the question will meet the same fault and
        report it.
        """
        ...


@runtime_checkable
class Pulling(Protocol):
    """A model that its server can lack and fetch. Not every `Model` is one."""

    def pulling(self, say: Callable[[str], None]) -> Model:
        """Return the same model, which is fetched if its server lacks it. `say` gets the progress, one line
        at a time.
        """
        ...


@runtime_checkable
class Sending(Protocol):
    """A model on another machine: what it is asked leaves this process. Not every `Model` is one."""

    @property
    def place(self) -> str:
        """Return where the model is, for a person: a host, never a credential."""
        ...


def request_size(question: Question, turns: tuple[Turn, ...]) -> int:
    """Return the bytes of everything that is sent: the conversation and the offered tools."""
    texts = [text for turn in turns for text in (turn.text, *(result.text for result in turn.results))]
    calls = [turn.calls for turn in turns if turn.calls]
    structured = msgspec.json.encode((question.tools, calls)) if question.tools or calls else b""
    return sum(len(text.encode("utf-8", "replace")) for text in texts) + len(structured)
