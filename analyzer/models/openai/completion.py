"""An answer in the format of OpenAI's chat completions: the text or the calls of a complete one.

https://platform.openai.com/docs/api-reference/chat/object
"""

from typing import Any

import msgspec

from analyzer.common.value import UNREADABLE, Value
from analyzer.models.interface import Call, Calls, Failure, Reply
from analyzer.models.json_api import RETRYABLE, Endpoint, Strange, parse_complaint
from analyzer.models.quoting import quote

MOST_BYTES_PER_TOKEN = (
    8  # of logs, JSON and prose there are 3 to 5: a server that counts fewer tokens has cut the prompt
)
# its /v1 drops the start of a prompt longer than its context and answers 200; then the count is the context …
OLLAMA = "fp_ollama"
CONTEXTS = 1024  # … which is a multiple of this


class _Open(Value, forbid_unknown_fields=False):
    """Only the fields that are used here; others are ignored."""


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


def parse_completion(
    answer: Any, sent_bytes: int, endpoint: Endpoint, latency: float
) -> Reply | Calls | Failure:
    """Return the text or the calls of a complete answer. `sent_bytes` is the size of the request, by which a
    cut prompt is recognized; `latency` is in seconds.

    Raise `Strange` if it is no chat completion.
    """
    if isinstance(answer, dict) and answer.get(
        "error"
    ):  # some gateways report a fault of the server behind them under 200
        message, code = parse_complaint(answer)
        reason = quote(f"{endpoint.host} answered with an error: {message}", [endpoint.key])
        return Failure(reason=reason, retryable=code in map(str, RETRYABLE), latency=latency)
    try:
        completion = msgspec.convert(answer, _Completion)
    except msgspec.ValidationError as error:
        raise Strange(f"with JSON that is no chat completion: {error}") from error
    usage = completion.usage or _Usage()
    if _is_cut(completion, sent_bytes):
        reason = f"{endpoint.host} cut the prompt of {sent_bytes} bytes to {usage.prompt_tokens} tokens"
        advice = "give the server a longer context; Ollama is better asked with --model ollama:NAME"
        return Failure(reason=reason, advice=advice, latency=latency)
    choice = next(iter(completion.choices), _Choice(message=_Message()))
    text = choice.message.content or ""
    calls = (
        _calls(choice.message.tool_calls or ())
        if choice.finish_reason in ("tool_calls", "stop") and not choice.message.refusal
        else ()
    )
    tokens_in, tokens_out = usage.prompt_tokens, usage.completion_tokens
    if calls:
        return Calls(calls=calls, text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)
    problem = _find_problem(choice, text) if completion.choices else "the answer has no choices"
    if problem:
        return Failure(
            reason=quote(problem), abstained=True, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out
        )
    return Reply(text=text, latency=latency, tokens_in=tokens_in, tokens_out=tokens_out)


def _calls(calls: tuple[_Call, ...]) -> tuple[Call, ...]:
    """Return the calls. Arguments that are no JSON object are passed on as such, so that the model is told:
    no tool has such an argument.
    """
    converted = []
    for number, call in enumerate(calls):
        try:
            arguments = msgspec.json.decode(call.function.arguments or "{}", type=dict[str, Any])
        except UNREADABLE:
            arguments = {"no JSON object": call.function.arguments}
        converted.append(Call(name=call.function.name, arguments=arguments, id=call.id or f"call-{number}"))
    return tuple(converted)


def _find_problem(choice: _Choice, text: str) -> str:
    """Return why a choice has no usable text, or an empty string."""
    if choice.message.refusal:
        return f"the model refused: {choice.message.refusal}"
    if choice.finish_reason != "stop":
        return f"the answer is incomplete ({choice.finish_reason or 'no reason given'})"
    return "" if text.strip() else "the answer has no text"


def _is_cut(completion: _Completion, sent_bytes: int) -> bool:
    """Return whether the server cut the prompt, judged by its token count."""
    counted = completion.usage.prompt_tokens if completion.usage else None
    if not counted:
        return False
    whole_context = completion.system_fingerprint == OLLAMA and counted % CONTEXTS == 0
    return whole_context or sent_bytes > counted * MOST_BYTES_PER_TOKEN
