"""A conversation in the format of Ollama's /api/chat: the requests, as the plain dictionaries that its client
takes, and the answers.

https://docs.ollama.com/capabilities/tool-calling
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.common.deadline import Deadline
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn


def declare_tools(question: Question) -> list[dict[str, Any]] | None:
    """Return the question's tools as function declarations, None if it offers none."""
    functions = [
        {"name": tool.name, "description": tool.description, "parameters": tool.schema}
        for tool in question.tools
    ]
    return [{"type": "function", "function": tool} for tool in functions] or None


def convert_turns(turns: Iterable[Turn]) -> Iterator[dict[str, Any]]:
    """Yield the turns as messages. A result names its tool, since the client's calls have no ids."""
    for turn in turns:
        if turn.role == "tool":
            yield from (
                {"role": "tool", "content": result.text, "tool_name": result.name} for result in turn.results
            )
            continue
        calls = [{"function": {"name": call.name, "arguments": call.arguments}} for call in turn.calls]
        role = "user" if turn.role == "user" else "assistant"
        yield {"role": role, "content": turn.text, **({"tool_calls": calls} if calls else {})}


class ContextTooSmall(Exception):  # noqa: N818 - no error yet: there may be a longer context
    """The context was full before the answer had the room it was given. A longer context may help."""


def parse_stream(
    chunks: Iterable[Any], context: int, room: int, deadline: Deadline, began: float
) -> Reply | Calls | Failure:
    """Return the reply, the calls or the failure in a streamed answer. Raise `ContextTooSmall`.

    `chunks` are the client's objects, `context` the tokens of the context, `room` those for the answer, and
    `began` is when asking began (monotonic).
    """
    text, calls, last = "", list[Call](), None
    for last in chunks:
        text += last.message.content or ""
        calls += _calls(last.message)
        if deadline.expired():
            return Failure(
                reason="no whole answer by the deadline", retryable=True, latency=time.monotonic() - began
            )
    latency = time.monotonic() - began
    if last is None or not last.done:
        return Failure(reason="the server broke off its answer", retryable=True, latency=latency)
    if last.prompt_eval_count is not None and last.prompt_eval_count >= context:
        return Failure(
            reason=f"the server cut the prompt to {last.prompt_eval_count} tokens",
            advice="update Ollama",
            latency=latency,
        )
    if last.done_reason == "length" and (last.eval_count or 0) < room:
        raise ContextTooSmall
    problem = ""
    if last.done_reason != "stop":
        cause = (
            f"{room} tokens were not enough"
            if last.done_reason == "length"
            else f"the server says {last.done_reason!r}"
        )
        problem = f"the answer is incomplete: {cause}"
    return _build_response(text, calls, last, problem, latency)


def _build_response(
    text: str, calls: list[Call], last: Any, problem: str, latency: float
) -> Reply | Calls | Failure:
    """Return what a complete stream amounts to. `problem` is why it is unusable, or empty."""
    tokens_in, tokens_out = last.prompt_eval_count, last.eval_count
    if problem or not (calls or text.strip()):
        reason = problem or "the answer has no text"
        return Failure(
            reason=reason, abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out
        )
    if calls:
        return Calls(
            calls=tuple(calls), text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out
        )
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _calls(message: Any) -> tuple[Call, ...]:
    """Return the calls of one piece of an answer, which is the client's object."""
    return tuple(
        Call(name=call.function.name, arguments=dict(call.function.arguments))
        for call in message.tool_calls or ()
    )
