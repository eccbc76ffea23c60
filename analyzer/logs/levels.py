"""How bad a line says it is, and the digits that say it."""

import re

from analyzer.logs.digest import Level

# The digit that says how bad it is: an HTTP status's class; pino's level (tens) or a syslog severity as a JSON number.
_DECIDING = re.compile(
    rb"(?=[H\"hrsHRS])(?:HTTP/[0-9](?:\.[0-9])?\\*\"? +([1-5])[0-9]{2}(?![0-9])"
    rb"|\"(?=[hlprs@HLPRS])(?:(?i:(?:log[._]?)?level(?:_?name)?|severity|lvl|@l|priority|s)\\*\"\s*:\s*([0-9])0?(?![0-9.eE]))"
    rb"|(?:\"(?=[hrsHRS])(?i:(?:http[._])?(?:response[._])?(?:status(?:_?code)?|response_code))\\*\"\s*:\s*\\*\"?"
    rb"|(?<![\w-])(?:http[._])?(?:response[._])?(?:status(?:_?[cC]ode)?|response_code)[=:] ?\\*\"?)([1-5])[0-9]{2}(?![0-9.]))"
)
# One of these is in every line that `_DECIDING` finds something in; the second row counts in JSON alone.
_HINTS = (b"HTTP/", b"tatus", b"esponse_code", b"STATUS", b"RESPONSE_CODE")
_JSON_HINTS = (*_HINTS, b"evel", b"everity", b"lvl", b"riority", b'"s', b"@l", b"LEVEL", b"SEVERITY", b"PRIORITY", b'"S', b"LVL", b"@L")
_STATUS = re.compile(_DECIDING.pattern.decode().replace("[0-9]{2}", "([0-9]{2})"), re.ASCII)
_CLASSES = str.maketrans("12345", "\ue001\ue002\ue003\ue004\ue005")  # a status class on its way past the zeroes
_SHOWN = str.maketrans({chr(0xE000 + digit): f"{digit}xx" for digit in range(1, 6)})
_PINO: dict[int, Level] = {1: "debug", 2: "debug", 3: "info", 4: "warning", 5: "error", 6: "fatal"}
_SYSLOG: tuple[Level, ...] = ("fatal", "fatal", "fatal", "error", "warning", "info", "info", "debug")
_STATUS_LEVELS: dict[str, Level] = {"5": "error", "4": "warning", "3": "info", "2": "info", "1": "info"}
_KLOG_LEVELS: dict[str, Level] = {"I": "info", "W": "warning", "E": "error", "F": "fatal"}

WORDS: dict[str, Level] = {
    **dict.fromkeys(("fatal", "critical", "crit", "panic", "dpanic", "emerg", "emergency", "alert"), "fatal"),
    **dict.fromkeys(("error", "err", "severe", "eror", "fail", "failure", "e"), "error"),
    **dict.fromkeys(("warning", "warn", "wrn", "w"), "warning"),
    **dict.fromkeys(("info", "information", "informational", "notice", "inf", "log", "i"), "info"),
    **dict.fromkeys(("debug", "trace", "verbose", "fine", "finer", "finest", "dbug", "trce", "dbg", "trc", "d"), "debug"),
}
_HEADER = 120  # characters in which a level may stand
_LEVEL = re.compile(
    r"(?<![\w/.-])(FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|ERR|SEVERE|FAILURE|WARNING|WARN|INFO|NOTICE|DEBUG|TRACE|FINE)(?![\w/])"
    r"|[\[<|](fatal|critical|crit|panic|emerg|alert|error|err|warning|warn|notice|info|debug|trace)[\]>|]"
    r"|^(?:\S+ )?(fatal|critical|crit|panic|error|err|fail|warning|warn|info|dbug|debug|trce)(?: error)?(?=:)"
    r"|(?<![\w.-])(?:level|lvl|severity|loglevel)\\?\"?[=:] ?\\?\"?([A-Za-z]+)"
    r"|(?:^|[ :])(FATAL|LOG)(?=:)|: ([A-Z]+)/[\w.:-]+\]"
    r"|^[0-9]{4}[-/][0-9:./,TZ -]{9,32}\s(fatal|critical|error|warning|warn|info|debug|Error|Warning|Info|Debug)\s"
    r"|^[0-9]{2}-[0-9]{2} [0-9:.]{8,15} +[0-9]+ +[0-9]+ ([VDIWEF]) "
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
    if found:
        return WORDS.get((found[found.lastindex or 0] or "").lower(), "debug" if found[0].endswith("V ") else "unknown")
    if THROWN.match(text) or _RUBY.match(text) or text.startswith(("Traceback (most", "Caused by: ")):
        return "error"
    if text.startswith(("panic:", "fatal error:")) or " panicked at " in text:
        return "fatal"
    return status_level(text)


def status_level(text: str) -> Level:
    """By the HTTP status in it: 5xx an error, 4xx a warning."""
    match = _STATUS.search(text) if _may_have_status(text) else None
    return _STATUS_LEVELS.get((match[1] or match[4] or "") if match else "", "unknown")


def severity(value: object) -> Level | None:
    """A field's level: a word, pino's number or syslog's."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _PINO.get(value // 10) if value >= 10 and not value % 10 else _SYSLOG[value] if 0 <= value < 8 else None
    return WORDS.get(value.lower()) if isinstance(value, str) else None


def deciding_digits(line: bytes) -> tuple[int, ...]:
    """Where the digits stand that the template or level hangs on."""
    for hint in _JSON_HINTS if line[:1] == b"{" else _HINTS:
        if hint in line:
            break
    else:
        return ()
    return tuple(match.start(match.lastindex or 0) for match in _DECIDING.finditer(line))


def keep_statuses(text: str) -> str:
    """The text with each HTTP status as its class in a private character, out of the reach of digit masking until `show_statuses`."""
    return _STATUS.sub(_keep_class, text) if _may_have_status(text) else text


def show_statuses(template: str) -> str:
    """What `keep_statuses` hid, as 5xx."""
    return template if template.isascii() else template.translate(_SHOWN)


def _may_have_status(text: str) -> bool:
    return "HTTP/" in text or "tatus" in text or "STATUS" in text or "esponse_code" in text or "RESPONSE_CODE" in text


def _keep_class(match: re.Match[str]) -> str:
    groups = match.groups()
    if not groups[0] and not groups[3]:
        return match[0]
    start, end = match.span(1 if groups[0] else 4)
    return f"{match.string[match.start() : start]}{match.string[start:end].translate(_CLASSES)}{match.string[end + 2 : match.end()]}"
