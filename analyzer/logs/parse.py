"""A line of fields as one mapping of names to values: JSON, logfmt, and JSON behind what carried it.

Names come in small letters, but for the journal's. The usual envelopes (`fields`, `attributes`, `record` …)
are opened.
"""

import re
from typing import Any

import msgspec

from analyzer.logs.header import message_start
from analyzer.logs.mask_token import ZEROES
from analyzer.logs.severities import JOURNAL, stated

_PAIR = re.compile(r'([A-Za-z_][\w.@/-]*)=("(?:\\.|[^"\\])*"|[^\s"]*)(?:\s+|$)')
MESSAGE = (
    "message",
    "msg",
    "@m",
    "@mt",
    "short_message",
    "textpayload",
    "event",
    "text",
    "log",
    "body",
    "attr.message",
    "m",
)
_NESTED = (
    "fields",
    "attributes",
    "jsonpayload",
    "data",
    "record",
    "attr",
    "labels",
    "context",
    "extra",
    "httprequest",
    "http",
    "req",
    "res",
    "log",
)
_FURTHEST = 200  # characters before a line of JSON that something else carries
_RECORD = re.compile(r"\s(?=(?:time|ts|t|level|lvl|severity)=)")  # how a line of logfmt begins
_PREFIX = re.compile(r"std(?:out|err) [FP] |[\w.-]{1,80} *\| ")  # a container runtime's, Docker Compose's


def parse_fields(text: str) -> dict[str, Any]:
    """Return the fields of a line that is nothing but fields; of any other line none."""
    if text.startswith("{") and text.endswith("}"):
        return _json(text)
    return _logfmt(text) if "=" in text else {}


def find_record(text: str) -> tuple[int, dict[str, Any]]:
    """Return where a record starts behind what carried it, such as a header or a service's name, and its
    fields; (0, {}) where none does. Behind words that may be a message, it is a record only if it has a level
    and a message.
    """
    if text.endswith("}"):
        start = text.find("{", 0, _FURTHEST)
        if start > 0 and text.startswith(('{"', '{ "'), start):
            fields = _json(text[start:])
            if fields and (_is_carrier(text[:start]) or _is_record(fields)):
                return start, fields
    elif "msg=" in text or "message=" in text:
        begin = _RECORD.search(text, 1, _FURTHEST)
        fields = _logfmt(text[begin.end() :]) if begin else {}
        if begin and _is_record(fields):
            return begin.end(), fields
    return 0, {}


def _is_carrier(head: str) -> bool:
    zeroes = head.translate(ZEROES)
    return _PREFIX.fullmatch(zeroes) is not None or message_start(f"{zeroes}{{") == len(head)


def _is_record(fields: dict[str, Any]) -> bool:
    return stated(fields) is not None and any(fields.get(name) for name in MESSAGE)


def _json(text: str) -> dict[str, Any]:
    """Return the fields, those of the usual envelopes among them; a name of the outside wins."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    fields = {key if key == JOURNAL else key.lower(): item for key, item in value.items()}
    for name in _NESTED:
        inner = fields.get(name)
        if isinstance(inner, dict):
            fields = {key.lower(): item for key, item in inner.items()} | {
                key: item for key, item in fields.items() if key != name
            }
    return fields


def _logfmt(text: str) -> dict[str, Any]:
    """Return the pairs of a line that is nothing but pairs, at least two or a message; else none."""
    fields: dict[str, Any] = {}
    end = 0
    while match := _PAIR.match(text, end):
        value = match[2]
        fields.setdefault(
            match[1] if match[1] == JOURNAL else match[1].lower(),
            value[1:-1].replace('\\"', '"') if value[:1] == '"' else value,
        )
        end = match.end()
    return fields if end == len(text) and (len(fields) >= 2 or fields.keys() & set(MESSAGE)) else {}
