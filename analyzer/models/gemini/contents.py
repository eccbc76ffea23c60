"""A conversation in Gemini's format: the requests, as the plain dictionaries that the SDK takes, and the
responses.

https://ai.google.dev/api/caching#Content, https://ai.google.dev/gemini-api/docs/function-calling
"""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.models.quoting import quote

Part = dict[str, Any]


def declare_tools(question: Question) -> list[Any] | None:
    """Return the question's tools as function declarations, None if it offers none."""
    functions = [
        {"name": tool.name, "description": tool.description, "parameters_json_schema": tool.schema}
        for tool in question.tools
    ]
    return [{"function_declarations": functions}] if functions else None


def convert_turn(turn: Turn) -> dict[str, Any]:
    """Return one turn as a message. Results of functions are sent with the user's role."""
    return {"role": "model" if turn.role == "model" else "user", "parts": list(_parts(turn))}


def _parts(turn: Turn) -> Iterator[Part]:
    """Yield the parts of a message. A call without the signature it came with is refused:
    https://ai.google.dev/gemini-api/docs/thought-signatures.
    """
    if turn.text:
        yield {"text": turn.text}
    for call in turn.calls:
        function_call = {"name": call.name, "args": call.arguments, **({"id": call.id} if call.id else {})}
        signature = {"thought_signature": base64.b64decode(call.signature)} if call.signature else {}
        yield {"function_call": function_call, **signature}
    for result in turn.results:
        yield {
            "function_response": {
                "name": result.name,
                "response": {"output": result.text},
                **({"id": result.id} if result.id else {}),
            }
        }


def parse_response(response: Any, latency: float) -> Reply | Calls | Failure:
    """Return the text or the calls of a complete response. One that is blocked, cut short or empty is an
    abstention.
    """
    parts, problem = _response_parts(response)
    text = "".join(part.text for part in parts if part.text and not part.thought)
    calls, (tokens_in, tokens_out) = _calls(parts), _tokens(response)
    if calls:
        return Calls(calls=calls, text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    if problem or not text.strip():
        reason = quote(problem or "the answer has no text")
        return Failure(
            reason=reason, abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out
        )
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _response_parts(response: Any) -> tuple[list[Any], str]:
    """Return the parts of a complete response; of any other none, and why."""
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        return (
            [],
            (
                f"the prompt was blocked ({_reason_name(feedback.block_reason)})"
                f" {feedback.block_reason_message or ''}"
            ),
        )
    candidate = next(iter(response.candidates or ()), None)
    if candidate is None:
        return [], "the answer has no candidates"
    if _reason_name(candidate.finish_reason) != "STOP":
        return (
            [],
            (
                f"the answer is incomplete ({_reason_name(candidate.finish_reason)})"
                f" {candidate.finish_message or ''}"
            ),
        )
    return (candidate.content.parts if candidate.content else None) or [], ""


def _tokens(response: Any) -> tuple[int | None, int | None]:
    """Return the tokens in and out, thinking included in the latter; None if the server does not say."""
    usage = response.usage_metadata
    if usage is None:
        return None, None
    spent = [
        count for count in (usage.candidates_token_count, usage.thoughts_token_count) if count is not None
    ]
    return usage.prompt_token_count, sum(spent) if spent else None


def _reason_name(reason: object) -> str:
    """Return the name of a block or finish reason."""
    return str(getattr(reason, "value", reason) or "no reason given")


def _calls(parts: Iterable[Any]) -> tuple[Call, ...]:
    """Return the calls among the parts of a response, which are the SDK's objects."""
    return tuple(
        Call(
            name=part.function_call.name or "",
            arguments=part.function_call.args or {},
            id=part.function_call.id or "",
            signature=base64.b64encode(part.thought_signature or b"").decode(),
        )
        for part in parts
        if part.function_call
    )
