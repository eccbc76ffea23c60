"""How bad a line says it is."""

import re

from analyzer.logs.digest import Level
from analyzer.logs.statuses import is_answer, status_class

_PINO: dict[int, Level] = {1: "debug", 2: "debug", 3: "info", 4: "warning", 5: "error", 6: "fatal"}
_SYSLOG: tuple[Level, ...] = ("fatal", "fatal", "fatal", "error", "warning", "info", "info", "debug")
_STATUS_LEVELS: dict[str, Level] = {"5": "error", "4": "warning", "3": "info", "2": "info", "1": "info"}
_KLOG_LEVELS: dict[str, Level] = {"I": "info", "W": "warning", "E": "error", "F": "fatal"}

WORDS: dict[str, Level] = {
    **dict.fromkeys(("fatal", "critical", "crit", "panic", "dpanic", "emerg", "emergency", "alert", "ftl", "f"), "fatal"),
    **dict.fromkeys(("error", "err", "severe", "eror", "fail", "failure", "e"), "error"),
    **dict.fromkeys(("warning", "warn", "wrn", "w"), "warning"),
    **dict.fromkeys(("info", "information", "informational", "notice", "inf", "log", "i"), "info"),
    **dict.fromkeys(("debug", "trace", "verbose", "fine", "finer", "finest", "dbug", "trce", "dbg", "trc", "vrb", "d", "v"), "debug"),
}
FACILITIES = "kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp"  # of syslog(3), but for local0 to local7
_HEADER = 120  # characters in which a level may stand
_WORD = re.compile(
    r"(?<!\S)(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|UTC|GMT)\b)[A-Za-z]{2,}[:,]?(?!\S)"
)
_NAMES = {"info", "notice", "debug", "trace"}  # what a user may be called, too; an error is one wherever it stands
_PROSE = 2  # words before one in brackets: a host and a program, and behind a sentence it is a name
_LEVEL = re.compile(
    r"(?<![\w/.-])(FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|ERR|SEVERE|FAILURE|WARNING|WARN|INFO|NOTICE|DEBUG|TRACE|FINE)(?![\w/])"
    r"|[\[<|]((?i:fatal|critical|crit|panic|emerg|alert|error|err|warning|warn|notice|info|information|debug|trace"
    r"|inf|wrn|dbg|trc|ftl|vrb))[\]>|]"
    r"|(?<=[\w-]\.)(EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG)(?=: )"
    r"|[/ ](FATAL|ERROR|ERR|WARN|WRN|INFO|INF|DEBUG|DBG|TRACE|TRC|FTL|VRB)\]"
    rf"|(?<![\w.-])(?:{FACILITIES}|local[0-7])"
    r"\.(emerg|alert|crit|err|warn|warning|notice|info|debug) "
    r"|^(?:\S+ )?(fatal|critical|crit|panic|error|err|fail|warning|warn|info|dbug|debug|trce)(?: error)?(?=:)"
    r"|(?<![\w.-])(?:level|lvl|severity|loglevel)\\?\"?[=:] ?\\?\"?([A-Za-z]+)"
    r"|(?:^|[ :])(FATAL|LOG)(?=:)|: ([A-Z]+)/[\w.:-]+\]"
    r"|^[0-9]{4}[-/][0-9:./,TZ -]{9,32}\s(fatal|critical|error|warning|warn|info|debug|Error|Warning|Info|Debug)\s"
    r"|^[0-9]{2}-[0-9]{2} [0-9:.]{8,15} +[0-9]+ +[0-9]+ ([VDIWEF]) |^([VDIWEF])(?:/[\w.-]+)? *\( *[0-9]+\):? "
    r"|^\[[0-9/]{6,10} [0-9:]{9,12} [A-Z]{2,4}\] [0-9a-f]{8,16} \w{1,13} +([FEWID]) "
)
KLOG = re.compile(r"([IWEF])[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+ +[0-9]+ [^\]\s]+\] ")
THROWN = re.compile(
    r"(?:Exception in thread \"[^\"]*\" |Unhandled exception[.:] |Uncaught )?"
    r"[\w$.:\\]{0,200}(?:Error|Exception|Throwable|Panic)(?: \[\w+\])?(?::|$)"
)

_RUBY = re.compile(r"\S+:\d+:in .*\(\w*(?:Error|Exception)\)$")


def level_of(text: str) -> Level:
    """The first word that says a level, where a level stands; else an exception's name; else an HTTP status."""
    klog = KLOG.match(text)
    if klog:
        return _KLOG_LEVELS[klog[1]]
    found = _LEVEL.search(text[:_HEADER])
    if found and (found[2] or "").lower() in _NAMES and len(_WORD.findall(text, 0, found.start())) > _PROSE:
        found = None
    if found:
        level = WORDS.get((found[found.lastindex or 0] or "").lower(), "unknown")
        return answered(level, status_level(text)) if is_answer(text) else level
    if THROWN.match(text) or _RUBY.match(text) or text.startswith(("Traceback (most", "Caused by: ")):
        return "error"
    if text.startswith(("panic:", "fatal error:")) or " panicked at " in text:
        return "fatal"
    return status_level(text)


def status_level(text: str) -> Level:
    """By the HTTP status in it: 5xx an error, 4xx a warning."""
    return _STATUS_LEVELS.get(status_class(text), "unknown")


def answered(level: Level, status: Level) -> Level:
    """The level of a request that was answered: frameworks log every one at info, whatever the status says of it."""
    return status if level == "info" and status != "unknown" else level


def severity(value: object) -> Level | None:
    """A field's level: a word, pino's number or syslog's."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _PINO.get(value // 10) if value >= 10 and not value % 10 else _SYSLOG[value] if 0 <= value < 8 else None
    return WORDS.get(value.lower()) if isinstance(value, str) else None
