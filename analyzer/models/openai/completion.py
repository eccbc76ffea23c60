"""What an answer of OpenAI's chat completions amounts to: the text or the calls of one that ended of itself.

https://platform.openai.com/docs/api-reference/chat/object
"""

from typing import Any

import msgspec

from analyzer.models.http import RETRYABLE, Endpoint, Strange, complaint
from analyzer.models.interface import Call, Calls, Failure, Reply
from analyzer.models.quoting import quoted
from analyzer.value import UNREADABLE, Value

MOST_BYTES_PER_TOKEN = 8  # of logs, JSON and prose there are 3 to 5: a server that counts fewer tokens has cut the prompt
OLLAMA = "fp_ollama"  # its /v1 drops the front of a prompt that is longer than its context, and says 200; then the count is the context
CONTEXTS = 1024  # which is a multiple of this


class _Open(Value, forbid_unknown_fields=False):
    """Of what a server sends, only what is read here."""


class _Function(_Open):
    name: str
    arguments: str = ""


class _Call(_Open):
    function: _Function
    id: str | None = None


class _Message(_Open):
    content: str | None = None
    refusal: str | None = None
    tool_calls: tuple[_Call, ...] | None = None


class _Choice(_Open):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Open):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(_Open):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None
    system_fingerprint: str | None = None


def reply(answer: Any, asked: int, endpoint: Endpoint, latency: float) -> Reply | Calls | Failure:
    """The text or the calls of an answer that ended of itself, to `asked` bytes that arrived whole."""
    if isinstance(answer, dict) and answer.get("error"):  # some gateways report the fault of the server behind them under 200
        said, code = complaint(answer)
        reason = quoted(f"{endpoint.host} answered with an error: {said}", [endpoint.key])
        return Failure(reason=reason, retryable=code in map(str, RETRYABLE), latency=latency)
    try:
        completion = msgspec.convert(answer, _Completion)
    except msgspec.ValidationError as error:
        raise Strange(f"with what is no chat completion: {error}") from error
    usage = completion.usage or _Usage()
    if _cut(completion, asked):
        reason = f"{endpoint.host} cut the prompt of {asked} bytes to {usage.prompt_tokens} tokens"
        advice = "give the server a longer context; Ollama is better asked with --model ollama:NAME"
        return Failure(reason=reason, advice=advice, latency=latency)
    choice = next(iter(completion.choices), _Choice(message=_Message()))
    text = choice.message.content or ""
    calls = _calls(choice.message.tool_calls or ()) if choice.finish_reason in ("tool_calls", "stop") and not choice.message.refusal else ()
    tokens_in, tokens_out = usage.prompt_tokens, usage.completion_tokens
    if calls:
        return Calls(calls=calls, text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    why = _unusable(choice, text) if completion.choices else "the answer has no choices"
    if why:
        return Failure(reason=quoted(why), abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _calls(told: tuple[_Call, ...]) -> tuple[Call, ...]:
    """Arguments that are no JSON object are what the model is told about: no tool has such a one."""
    found = []
    for number, each in enumerate(told):
        try:
            arguments = msgspec.json.decode(each.function.arguments or "{}", type=dict[str, Any])
        except UNREADABLE:
            arguments = {"no JSON object": each.function.arguments}
        found.append(Call(name=each.function.name, arguments=arguments, id=each.id or f"call-{number}"))
    return tuple(found)


def _unusable(choice: _Choice, text: str) -> str:
    """Why the model has said nothing that can be read, or empty."""
    if choice.message.refusal:
        return f"the model refused: {choice.message.refusal}"
    if choice.finish_reason != "stop":
        return f"the answer did not end of itself ({choice.finish_reason or 'no reason given'})"
    return "" if text.strip() else "the answer has no text"


def _cut(completion: _Completion, asked: int) -> bool:
    counted = completion.usage.prompt_tokens if completion.usage else None
    if not counted:
        return False
    whole_context = completion.system_fingerprint == OLLAMA and counted % CONTEXTS == 0
    return whole_context or asked > counted * MOST_BYTES_PER_TOKEN
