"""A request as OpenAI's chat completions have it, and with less for servers that know less.

Servers differ in what they know: what one says it does not know is left out of the next request, step by step (`relaxed`). The
schema is in the prompt as well, and the answer is checked in any case. https://platform.openai.com/docs/api-reference/chat/create
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from analyzer.models.http import Refused
from analyzer.models.interface import Question, Turn

ROOM = 8192  # tokens for thinking and the answer; a server that has less says so, and is asked without a limit

Body = dict[str, Any]
_WORD = re.compile(r"[a-z_]+")


def request(model: str, question: Question, turns: tuple[Turn, ...]) -> Body:
    """Everything we would like of a server; `relaxed` takes away what it does not know.

    With a schema vLLM never calls a function: https://github.com/vllm-project/vllm/issues/39929.
    """
    strict = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": question.schema}}
    functions = [{"name": each.name, "description": each.description, "parameters": each.schema} for each in question.tools]
    tools = {"tools": [{"type": "function", "function": each} for each in functions]}
    return {
        "model": model,
        "messages": [message for turn in turns for message in _messages(turn)],
        **(tools if functions else {"response_format": strict}),
        "max_tokens": ROOM,
        "temperature": 0,
        "seed": 0,
    }


def _messages(turn: Turn) -> Iterator[Body]:
    if turn.role == "tool":
        yield from ({"role": "tool", "tool_call_id": result.id, "content": result.text} for result in turn.results)
        return
    message: Body = {"role": "user" if turn.role == "user" else "assistant", "content": turn.text}
    if turn.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": msgspec.json.encode(call.arguments).decode()}}
            for call in turn.calls
        ]
    yield message


def relaxed(body: Body, refused: Refused) -> Body | None:
    """The request with less, where a 400 or 422 names what the server does not know; else None. It ends: each step takes away.

    The format goes from a schema to any JSON object to none; the limit to its newer name (which OpenAI's thinking models insist
    on), then away; temperature and seed away.
    """
    if refused.status not in (400, 422):
        return None
    words = set(_WORD.findall(refused.said.lower()))
    steps: tuple[tuple[str, set[str], Body], ...] = (
        ("max_tokens", {"max_tokens", "max_completion_tokens", "completion"}, {"max_completion_tokens": ROOM}),
        ("max_completion_tokens", {"max_tokens", "max_completion_tokens", "completion"}, {}),
        ("temperature", {"temperature"}, {}),
        ("seed", {"seed"}, {}),
        ("response_format", {"response_format", "json_schema", "json_object", "schema", "grammar", "guided", "structured"}, _looser(body)),
    )
    for name, cues, instead in steps:
        if name in body and cues & words:
            return {**{field: value for field, value in body.items() if field != name}, **instead}
    return None


def _looser(body: Body) -> Body:
    strict = body.get("response_format", {}).get("type") == "json_schema"
    return {"response_format": {"type": "json_object"}} if strict else {}
