"""A request in the format of OpenAI's chat completions, and the same with less for servers that know fewer
fields.

What a server says it does not know is left out of the next request, step by step (`relax`). The schema is in
the prompt as well, and the answer is validated in any case.
https://platform.openai.com/docs/api-reference/chat/create
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from analyzer.models.interface import Question, Turn
from analyzer.models.json_api import RefusedRequest

ROOM = 8192  # tokens for thinking and the answer; a server with fewer says so, and is asked without a limit

Body = dict[str, Any]
_WORD = re.compile(r"[a-z_]+")


def build_request(model: str, question: Question, turns: tuple[Turn, ...]) -> Body:
    """Return the body of a request with every field that we use; `relax` leaves out what a server does not
    know.

    With a schema vLLM never calls a function: https://github.com/vllm-project/vllm/issues/39929.
    """
    strict = {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": question.schema},
    }
    functions = [
        {"name": tool.name, "description": tool.description, "parameters": tool.schema}
        for tool in question.tools
    ]
    tools = {"tools": [{"type": "function", "function": tool} for tool in functions]}
    return {
        "model": model,
        "messages": [message for turn in turns for message in _messages(turn)],
        **(tools if functions else {"response_format": strict}),
        "max_tokens": ROOM,
        "temperature": 0,
        "seed": 0,
    }


def _messages(turn: Turn) -> Iterator[Body]:
    """Yield one turn as messages."""
    if turn.role == "tool":
        yield from (
            {"role": "tool", "tool_call_id": result.id, "content": result.text} for result in turn.results
        )
        return
    message: Body = {"role": "user" if turn.role == "user" else "assistant", "content": turn.text}
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": msgspec.json.encode(call.arguments).decode()},
            }
            for call in turn.calls
        ]
    yield message


def relax(body: Body, refused: RefusedRequest) -> Body | None:
    """Return the body with less, if a 400 or 422 names a field that the server does not know; else None.

    The format goes from a schema to any JSON object to none. The limit goes to its newer name, which OpenAI's
    thinking models require, then away. Temperature and seed go away. So the steps come to an end.
    """
    if refused.status not in (400, 422):
        return None
    words = set(_WORD.findall(refused.message.lower()))
    steps: tuple[tuple[str, set[str], Body], ...] = (
        (
            "max_tokens",
            {"max_tokens", "max_completion_tokens", "completion"},
            {"max_completion_tokens": ROOM},
        ),
        ("max_completion_tokens", {"max_tokens", "max_completion_tokens", "completion"}, {}),
        ("temperature", {"temperature"}, {}),
        ("seed", {"seed"}, {}),
        (
            "response_format",
            {"response_format", "json_schema", "json_object", "schema", "grammar", "guided", "structured"},
            _looser_format(body),
        ),
    )
    for name, cues, instead in steps:
        if name in body and cues & words:
            return {**{field: value for field, value in body.items() if field != name}, **instead}
    return None


def _looser_format(body: Body) -> Body:
    """Return the next looser format: from a schema to any JSON object, from that to none."""
    strict = body.get("response_format", {}).get("type") == "json_schema"
    return {"response_format": {"type": "json_object"}} if strict else {}
