"""A conversation as Ollama's /api/chat has it: what is sent, as the plain dictionaries that its client takes too, and what comes back.

https://docs.ollama.com/capabilities/tool-calling
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.deadline import Deadline
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn


def declared(question: Question) -> list[dict[str, Any]] | None:
    """The tools that a question offers; None where it offers none."""
    functions = [{"name": each.name, "description": each.description, "parameters": each.schema} for each in question.tools]
    return [{"type": "function", "function": each} for each in functions] or None


def of(turns: Iterable[Turn]) -> Iterator[dict[str, Any]]:
    """The messages. A result names the tool, for calls have no ids that the client would carry."""
    for turn in turns:
        if turn.role == "tool":
            yield from ({"role": "tool", "content": result.text, "tool_name": result.name} for result in turn.results)
            continue
        called = [{"function": {"name": call.name, "arguments": call.arguments}} for call in turn.calls]
        role = "user" if turn.role == "user" else "assistant"
        yield {"role": role, "content": turn.text, **({"tool_calls": called} if called else {})}


class Cramped(Exception):  # noqa: N818 - no error yet: there may be a longer context
    """The context was full before the answer had the room it was given."""


def reply(chunks: Iterable[Any], context: int, room: int, deadline: Deadline, began: float) -> Reply | Calls | Failure:
    """What an answer in pieces, the client's own objects, amounts to; raises `Cramped`.

    `context` is the tokens there are, `room` those for the answer.
    """
    text, calls, last = "", list[Call](), None
    for last in chunks:
        text += last.message.content or ""
        calls += _calls(last.message)
        if deadline.expired():
            return Failure(reason="no whole answer by the deadline", retryable=True, latency=time.monotonic() - began)
    latency = time.monotonic() - began
    if last is None or not last.done:
        return Failure(reason="the server broke off its answer", retryable=True, latency=latency)
    if last.prompt_eval_count is not None and last.prompt_eval_count >= context:
        return Failure(reason=f"the server cut the prompt to {last.prompt_eval_count} tokens", advice="update Ollama", latency=latency)
    if last.done_reason == "length" and (last.eval_count or 0) < room:
        raise Cramped
    why = ""
    if last.done_reason != "stop":
        cause = f"{room} tokens were not enough" if last.done_reason == "length" else f"the server says {last.done_reason!r}"
        why = f"the answer did not end of itself: {cause}"
    return _said(text, calls, last, why, latency)


def _said(text: str, calls: list[Call], last: Any, why: str, latency: float) -> Reply | Calls | Failure:
    """`why` it is not usable, or empty."""
    tokens_in, tokens_out = last.prompt_eval_count, last.eval_count
    if why or not (calls or text.strip()):
        reason = why or "the answer has no text"
        return Failure(reason=reason, abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    if calls:
        return Calls(calls=tuple(calls), text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _calls(message: Any) -> tuple[Call, ...]:
    """The calls of one piece of an answer, which is the client's own object."""
    return tuple(Call(name=each.function.name, arguments=dict(each.function.arguments)) for each in message.tool_calls or ())
