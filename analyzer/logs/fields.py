"""The template and level of a line of fields, JSON or logfmt: of what a person reads first, in one order.

Method, route, message, status and error name an event. Every other field is a parameter, so that one more or
less is no new template; but where none of them is there, the names of all fields make the template.
"""

import re
from typing import Any

from analyzer.logs.carriers import find_carried
from analyzer.logs.deadly import is_deadly
from analyzer.logs.digest import Level
from analyzer.logs.levels import KLOG, answered, carried_level, level_of, rpc_level, status_level, worse
from analyzer.logs.mask import LONGEST_TEMPLATE, Masked, plain, template_of
from analyzer.logs.mask_token import route
from analyzer.logs.methods import METHODS
from analyzer.logs.parse import MESSAGE, find_record, parse_fields
from analyzer.logs.severities import JOURNAL, SEVERITIES, journal_level, stated
from analyzer.logs.statuses import is_answer

_FAULT = (
    *("error", "err", "exception", "thrown", "exc_info", "error.message", "exception.message"),
    *("@x", "cause", "stack", "stack_trace", "stacktrace", "error.stack_trace"),
)
# of an error that is an object
_NAMING = (
    "type",
    "name",
    "class",
    "exception_class",
    "code",
    "message",
    "exception_message",
    "msg",
    "stringValue",  # OpenTelemetry's body, as OTLP writes it
)
_METHOD = (
    "method",
    "http_method",
    "http.method",
    "request_method",
    "requestmethod",
    "verb",
    "http.request.method",
)
_ROUTE = (
    "route",
    "http.route",
    "path",
    "url",
    "uri",
    "request_uri",
    "requesturl",
    "http.target",
    "url.path",
    "request_path",
    "http.url",
)
_STATUSES = (
    "status",
    "status_code",
    "statuscode",
    "http_status",
    "response_code",
    "http.status_code",
    "http.response.status_code",
)
_VOLATILE = {
    "time",
    "ts",
    "timestamp",
    "@timestamp",
    "@t",
    "t",
    "date",
    "datetime",
    "asctime",
    "pid",
    "hostname",
    "host",
    "pod",
}
_RPC = ("grpc.code", "grpc_code", "grpc.status", "grpc_status", "rpc.grpc.status")
_VERBS = {*METHODS, "CONNECT"}
_CLASS_NAME = re.compile(r"[\w$.]+(?:Error|Exception)\b")
_DEEPEST = 3  # messages within messages


# What says that there is no error, in a field that is there for one.
_NO_FAULT = frozenset(
    ("", "-", "null", "nil", "<nil>", "none", "undefined", "false", "no", "n/a", "ok", "success", "{}", "[]")
)


def mask(text: str, depth: int = 0) -> Masked:
    """Return the template and level of a clean, redacted line: by its fields, or as plain text."""
    fields = parse_fields(text)
    if fields:
        return _mask_fields(fields, status_level(text), depth)
    start = find_carried(text)
    if start and depth < _DEEPEST:
        return _or_level_of(mask(text[start:], depth + 1), text[:start])
    start, inner = find_record(text)
    if inner:
        return _or_level_of(_mask_fields(inner, status_level(text), depth), text[:start])
    return plain(text)


def _or_level_of(masked: Masked, carrier: str) -> Masked:
    """Return what was carried, with the carrier's level where it has none of its own."""
    return masked if masked.level != "unknown" else Masked(masked.template, level_of(carrier))


def _mask_fields(fields: dict[str, Any], fallback: Level, depth: int) -> Masked:
    message = next((_words(fields[name]) for name in MESSAGE if fields.get(name)), "")
    faults = (_fault(fields[name]) for name in _FAULT if fields.get(name))
    fault = next(filter(None, faults), "")
    fault = fault or next((_thrown(fields[name]) for name in MESSAGE if fields.get(name)), "")
    inner = (
        mask(message, depth + 1) if message and depth < _DEEPEST else Masked(template_of(message), "unknown")
    )
    request = _request(fields)
    parts = [*([inner.template] if message else []), *request]
    parts += [f"error={template_of(fault)}"] if fault and fault != message else []
    if not parts:
        names = sorted(fields.keys() - _VOLATILE - SEVERITIES.keys() - {JOURNAL})
        parts = [f"{{{' '.join(f'{name}={_value(fields[name])}' for name in names)}}}"]
    level = _level(fields, message, inner.level)
    if level != "unknown" and (len(request) > 1 or is_answer(message)):
        level = answered(level, fallback)
    if level == "unknown":
        level = "error" if fault and not message else fallback
    if level not in ("fatal", "error") and fault and is_deadly(fault):
        level = "fatal"
    return Masked(" ".join(parts)[:LONGEST_TEMPLATE], level)


def _level(fields: dict[str, Any], message: str, inner: Level) -> Level:
    """Return the level of the level's field; but what only carried a line does not outrank it, and no code or
    word that is graver is outranked.
    """
    level = stated(fields) or "unknown"
    if inner != "unknown" and (level == "unknown" or parse_fields(message) or KLOG.match(message)):
        level = inner
    elif inner == "fatal" and is_deadly(message):
        level = "fatal"
    else:
        level = worse(level, carried_level(message)) if level != "unknown" else journal_level(fields) or level
    code = next((str(fields[name]) for name in _RPC if name in fields), "")
    return worse(level, rpc_level(f"with code {code}"))


def _request(fields: dict[str, Any]) -> list[str]:
    """Return the method, path and status of a request, those that are there, as `name=value`."""
    method = next(
        (str(fields[name]).upper() for name in _METHOD if str(fields.get(name, "")).upper() in _VERBS), ""
    )
    path = next(
        (fields[name] for name in _ROUTE if isinstance(fields.get(name), str) and fields[name][:1] == "/"), ""
    )
    status = next((f"{int(fields[name]) // 100}xx" for name in _STATUSES if _is_status(fields.get(name))), "")
    named = (
        ("method", method),
        ("path", route(path) if path and (method or status) else ""),
        ("status", status),
    )
    return [f"{name}={value}" for name, value in named if value]


def _is_status(value: object) -> bool:
    text = str(value)
    return len(text) == 3 and text.isascii() and text.isdecimal() and "1" <= text[0] <= "5"


def _value(value: object) -> str:
    if isinstance(value, (str, dict)):
        return template_of(_words(value))
    return "<num>" if isinstance(value, (int, float)) else "<list>"


def _words(value: object) -> str:
    """Return a field's first line as text: an error object by its type and message."""
    if isinstance(value, dict):
        named = [str(value[name]) for name in _NAMING if isinstance(value.get(name), str)]
        return " ".join(named) or ",".join(sorted(map(str, value)))
    text = value if isinstance(value, str) else ""
    return text.strip().partition("\n")[0]


def _thrown(value: object) -> str:
    """Return the exception that a message of several lines names behind its first one, or empty."""
    if not isinstance(value, str) or "\n" not in value:
        return ""
    if "Traceback (most recent" in value:
        return _fault(value[value.index("Traceback (") :])
    return next((line for line in value.splitlines()[1:] if _CLASS_NAME.match(line)), "")


def _fault(value: object) -> str:
    """Return an error's first line; of a Python traceback the last, which names the exception. Empty where it
    says that there is none, or is no more than a number: zero looks like any other.
    """
    if isinstance(value, str) and (value.strip().lower() in _NO_FAULT or value.strip().isdecimal()):
        return ""
    if isinstance(value, str) and value.lstrip().startswith("Traceback ("):
        lines = [line for line in value.splitlines() if _CLASS_NAME.match(line)]
        return lines[-1] if lines else _words(value)
    return _words(value)
