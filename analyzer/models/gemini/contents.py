"""A conversation as Gemini has it: what is sent, as the plain dictionaries that its SDK takes too, and what an answer amounts to.

https://ai.google.dev/api/caching#Content, https://ai.google.dev/gemini-api/docs/function-calling
"""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.models.quoting import quoted

Part = dict[str, Any]


def declared(question: Question) -> list[Any] | None:
    """The tools that a question offers, as functions; None where it offers none."""
    functions = [{"name": each.name, "description": each.description, "parameters_json_schema": each.schema} for each in question.tools]
    return [{"function_declarations": functions}] if functions else None


def of(turn: Turn) -> dict[str, Any]:
    """One message. Results of functions are the user's to send."""
    return {"role": "model" if turn.role == "model" else "user", "parts": list(_parts(turn))}


def _parts(turn: Turn) -> Iterator[Part]:
    """A call goes back with the signature it came with, or is refused: https://ai.google.dev/gemini-api/docs/thought-signatures."""
    if turn.text:
        yield {"text": turn.text}
    for call in turn.calls:
        called = {"name": call.name, "args": call.arguments, **({"id": call.id} if call.id else {})}
        signed = {"thought_signature": base64.b64decode(call.signature)} if call.signature else {}
        yield {"function_call": called, **signed}
    for result in turn.results:
        yield {"function_response": {"name": result.name, "response": {"output": result.text}, **({"id": result.id} if result.id else {})}}


def reply(response: Any, latency: float) -> Reply | Calls | Failure:
    """The text or the calls of an answer that ended of itself. All else is an abstention: blocked, cut short, empty."""
    parts, why = _parts_of(response)
    text = "".join(part.text for part in parts if part.text and not part.thought)
    calls, (tokens_in, tokens_out) = _calls(parts), _tokens(response)
    if calls:
        return Calls(calls=calls, text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    if why or not text.strip():
        reason = quoted(why or "the answer has no text")
        return Failure(reason=reason, abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _parts_of(response: Any) -> tuple[list[Any], str]:
    """The parts of an answer that ended of itself; else none, and why."""
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        return [], f"the prompt was blocked ({_word(feedback.block_reason)}) {feedback.block_reason_message or ''}"
    candidate = next(iter(response.candidates or ()), None)
    if candidate is None:
        return [], "the answer has no candidates"
    if _word(candidate.finish_reason) != "STOP":
        return [], f"the answer did not end of itself ({_word(candidate.finish_reason)}) {candidate.finish_message or ''}"
    return (candidate.content.parts if candidate.content else None) or [], ""


def _tokens(response: Any) -> tuple[int | None, int | None]:
    """Tokens in and out, thinking among the latter; None where the server does not say."""
    usage = response.usage_metadata
    if usage is None:
        return None, None
    spent = [count for count in (usage.candidates_token_count, usage.thoughts_token_count) if count is not None]
    return usage.prompt_token_count, sum(spent) if spent else None


def _word(reason: object) -> str:
    return str(getattr(reason, "value", reason) or "no reason given")


def _calls(parts: Iterable[Any]) -> tuple[Call, ...]:
    """The calls among the parts of an answer, which are the SDK's own objects."""
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
