"""Lines of fields, JSON and logfmt: told by what a person reads first, in one order.

Method, route, message, status, error: those name an event. Every other field is a parameter, so that one more or less is no new
template; but where none of them is there, all fields' names tell.
"""

import re
from typing import Any

import msgspec

from analyzer.logs.digest import Level
from analyzer.logs.levels import answered, severity, status_level
from analyzer.logs.mask import LONGEST, Masked, plain, route, template_of
from analyzer.logs.methods import METHODS
from analyzer.logs.statuses import is_answer

_PAIR = re.compile(r'([A-Za-z_][\w.@/-]*)=("(?:\\.|[^"\\])*"|[^\s"]*)(?:\s+|$)')
_MESSAGE = ("message", "msg", "@m", "@mt", "short_message", "textpayload", "event", "text", "log", "body", "attr.message")
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
)
_FAULT = (
    *("error", "err", "exception", "thrown", "exc_info", "error.message", "exception.message"),
    *("@x", "cause", "stack", "stack_trace", "stacktrace", "error.stack_trace"),
)
_NAMING = ("type", "name", "class", "exception_class", "code", "message", "exception_message", "msg")  # of an error that is an object
_SEVERITY = ("level", "severity", "lvl", "log.level", "loglevel", "levelname", "@l", "log_level", "level_name", "priority", "s")
_METHOD = ("method", "http_method", "http.method", "request_method", "requestmethod", "verb", "http.request.method")
_ROUTE = ("route", "http.route", "path", "url", "uri", "request_uri", "requesturl", "http.target", "url.path", "request_path", "http.url")
_STATUSES = ("status", "status_code", "statuscode", "http_status", "response_code", "http.status_code", "http.response.status_code")
_VOLATILE = {"time", "ts", "timestamp", "@timestamp", "@t", "t", "date", "datetime", "asctime", "pid", "hostname", "host", "pod"}
_VERBS = {*METHODS, "CONNECT"}
_CLASS_NAME = re.compile(r"[\w$.]+(?:Error|Exception)\b")
_DEEPEST = 3  # messages within messages


def mask(text: str, depth: int = 0) -> Masked:
    """The template and level of one line, clean and already redacted: by its fields, or as plain text."""
    if text.startswith("{") and text.endswith("}"):
        fields = _json(text)
        if fields:
            return _of_fields(fields, status_level(text), depth)
    elif "=" in text:
        fields = _logfmt(text)
        if fields:
            return _of_fields(fields, status_level(text), depth)
    return plain(text)


def _json(text: str) -> dict[str, Any]:
    """The fields, those of the usual envelopes among them; a name of the outside wins."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    fields = {key.lower(): item for key, item in value.items()}
    for name in _NESTED:
        inner = fields.get(name)
        if isinstance(inner, dict):
            fields = {key.lower(): item for key, item in inner.items()} | {key: item for key, item in fields.items() if key != name}
    return fields


def _logfmt(text: str) -> dict[str, Any]:
    """The pairs of a line that is nothing but pairs, at least two or a message; else none."""
    fields: dict[str, Any] = {}
    end = 0
    while match := _PAIR.match(text, end):
        value = match[2]
        fields.setdefault(match[1].lower(), value[1:-1].replace('\\"', '"') if value[:1] == '"' else value)
        end = match.end()
    return fields if end == len(text) and (len(fields) >= 2 or fields.keys() & set(_MESSAGE)) else {}


def _of_fields(fields: dict[str, Any], fallback: Level, depth: int) -> Masked:
    level = next((level for level in (severity(fields[name]) for name in _SEVERITY if name in fields) if level), None)
    message = next((_words(fields[name]) for name in _MESSAGE if fields.get(name)), "")
    fault = next((_fault(fields[name]) for name in _FAULT if fields.get(name)), "")
    fault = fault or next((_thrown(fields[name]) for name in _MESSAGE if fields.get(name)), "")
    inner = mask(message, depth + 1) if message and depth < _DEEPEST else Masked(template_of(message), "unknown")
    request = _request(fields)
    told = [*([inner.template] if message else []), *request]
    told += [f"error={template_of(fault)}"] if fault and fault != message else []
    if not told:
        names = sorted(fields.keys() - _VOLATILE - set(_SEVERITY))
        told = [f"{{{' '.join(f'{name}={_value(fields[name])}' for name in names)}}}"]
    level = level or (inner.level if inner.level != "unknown" else None)
    if level and (len(request) > 1 or is_answer(message)):
        level = answered(level, fallback)
    return Masked(" ".join(told)[:LONGEST], level or ("error" if fault and not message else fallback))


def _request(fields: dict[str, Any]) -> list[str]:
    """What was asked for, and how that ended."""
    method = next((str(fields[name]).upper() for name in _METHOD if str(fields.get(name, "")).upper() in _VERBS), "")
    path = next((fields[name] for name in _ROUTE if isinstance(fields.get(name), str) and fields[name][:1] == "/"), "")
    status = next((f"{int(fields[name]) // 100}xx" for name in _STATUSES if _is_status(fields.get(name))), "")
    named = (("method", method), ("path", route(path) if path and (method or status) else ""), ("status", status))
    return [f"{name}={value}" for name, value in named if value]


def _is_status(value: object) -> bool:
    text = str(value)
    return len(text) == 3 and text.isascii() and text.isdecimal() and "1" <= text[0] <= "5"


def _value(value: object) -> str:
    return template_of(_words(value)) if isinstance(value, (str, dict)) else "<num>" if isinstance(value, (int, float)) else "<list>"


def _words(value: object) -> str:
    """A field's first line as text: an error object by its type and message."""
    if isinstance(value, dict):
        named = [str(value[name]) for name in _NAMING if isinstance(value.get(name), str)]
        return " ".join(named) or ",".join(sorted(map(str, value)))
    text = value if isinstance(value, str) else ""
    return text.strip().partition("\n")[0]


def _thrown(value: object) -> str:
    """The exception that a message of several lines names behind its first one, or empty."""
    if not isinstance(value, str) or "\n" not in value:
        return ""
    if "Traceback (most recent" in value:
        return _fault(value[value.index("Traceback (") :])
    return next((line for line in value.splitlines()[1:] if _CLASS_NAME.match(line)), "")


def _fault(value: object) -> str:
    """An error's first line; of a Python traceback the last, which names the exception."""
    if isinstance(value, str) and value.lstrip().startswith("Traceback ("):
        lines = [line for line in value.splitlines() if _CLASS_NAME.match(line)]
        return lines[-1] if lines else _words(value)
    return _words(value)
