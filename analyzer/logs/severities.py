"""Where a line of fields says how bad it is: the names that the level's field has, and what each may hold.

A word is a level where the name is a level's, and under `status` if it is one of Datadog's levels. A number
is one only under a level's name, by the scale that goes with it.
"""

from collections.abc import Mapping
from typing import Any

from analyzer.logs.digest import Level
from analyzer.logs.levels import SYSLOG, WORDS

Scale = Mapping[int, Level]
_NONE: Scale = {}
_SYSLOG: Scale = dict(enumerate(SYSLOG))
# https://github.com/pinojs/pino/blob/main/docs/api.md#loggerlevels-object, bunyan's too; Monolog's hundreds
# are RFC 5424's levels: https://github.com/Seldaek/monolog/blob/main/doc/01-usage.md#log-levels
_TENS: Scale = {10: "debug", 20: "debug", 30: "info", 40: "warning", 50: "error", 60: "fatal"}
_HUNDREDS: Scale = dict(
    zip(
        (100, 200, 250, 300, 400, 500, 550, 600),
        ("debug", "info", "info", "warning", "error", "fatal", "fatal", "fatal"),
        strict=True,
    )
)
_ANY: Scale = {**_SYSLOG, **_TENS, **_HUNDREDS}
# https://docs.python.org/3/library/logging.html#logging-levels
_PYTHON: Scale = {5: "debug", 10: "debug", 20: "info", 25: "info", 30: "warning", 40: "error", 50: "fatal"}
# https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber: four numbers a level
_STEPS: tuple[Level, ...] = ("debug", "debug", "info", "warning", "error", "fatal")
_OTEL: Scale = {number: _STEPS[(number - 1) // 4] for number in range(1, 25)}
# Application Insights' SeverityLevel.
_INSIGHTS: Scale = {0: "debug", 1: "info", 2: "warning", 3: "error", 4: "fatal"}

# In small letters, the first that holds a level decides. `L` is zap's, `@l` Serilog's, `s` MongoDB's.
SEVERITIES: dict[str, Scale] = {
    **dict.fromkeys(("level", "severity", "lvl", "log.level", "loglevel", "log_level"), _ANY),
    **dict.fromkeys(("levelname", "level_name", "severitytext", "severity_text"), _NONE),
    **dict.fromkeys(("logging.googleapis.com/severity", "log.severity", "@l", "l"), _NONE),
    **dict.fromkeys(("sev", "loglvl", "log_lvl", "eventlevel", "event_level", "msglevel"), _NONE),
    "levelno": _PYTHON,
    **dict.fromkeys(("severitynumber", "severity_number"), _OTEL),
    **dict.fromkeys(("severitylevel", "severity_level"), _INSIGHTS),
    "s": _NONE,
}
_LONG = tuple(name for name in SEVERITIES if len(name) > 1)
JOURNAL = "PRIORITY"  # the journal's field, in capitals: a small `priority` may be a task's
_PLAIN = "priority"
_STATUS = "status"
# https://docs.datadoghq.com/logs/log_configuration/processors/#log-status-remapper
_STATUSES = frozenset(
    [
        "emerg",
        "emergency",
        "alert",
        "critical",
        "crit",
        "error",
        "err",
        "warn",
        "warning",
        "notice",
        "info",
        "debug",
        "trace",
    ]
)
_PRIORITIES = frozenset(("fatal", "error", "warn", "warning", "info", "debug", "trace"))  # Log4j's
_OBJECT = ("name", "levelname", "label", "no", "value")  # of a level that is an object: loguru's, Log4j's
_PREFIX = "severity_number_"  # OpenTelemetry's, where the number is written as its name


def stated(fields: Mapping[str, Any]) -> Level | None:
    """Return the level of the fields, or None. Names are lower-case, except `JOURNAL`'s."""
    for name, scale in SEVERITIES.items():
        if name in fields:
            level = _level(fields[name], scale)
            if level:
                return level
    for name, words in ((_PLAIN, _PRIORITIES), (_STATUS, _STATUSES)):
        value = fields.get(name)
        if isinstance(value, str) and value.lower() in words:
            return WORDS[value.lower()]
    for item in fields.values():  # an envelope of a name that is not known: there a number may be anything
        if isinstance(item, dict):
            inner = (_level(item[name], _NONE) for name in _LONG if isinstance(item.get(name), str))
            level = next((level for level in inner if level), None)
            if level:
                return level
    if "@t" in fields and "@l" not in fields and ("@m" in fields or "@mt" in fields):
        return "info"  # https://github.com/serilog/serilog-formatting-compact#reified-properties
    return None


def journal_level(fields: Mapping[str, Any]) -> Level | None:
    """Return the level that the journal has of an entry, or None: what carried the line says it."""
    return _level(fields[JOURNAL], _SYSLOG) if JOURNAL in fields else None


def _level(value: object, scale: Scale) -> Level | None:
    if isinstance(value, dict):
        inner = (value[name] for name in _OBJECT if name in value and not isinstance(value[name], dict))
        return next((level for level in (_level(item, _PYTHON) for item in inner) if level), None)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return scale.get(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    word = value.strip().lower().removeprefix(_PREFIX)
    if word.isascii() and word.isdecimal():
        return scale.get(int(word))
    return WORDS.get(word) or WORDS.get(word.rstrip("1234"))
