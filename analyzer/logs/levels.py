"""How bad a line says it is."""

import re

from analyzer.logs.deadly import is_deadly
from analyzer.logs.digest import LEVELS, Level
from analyzer.logs.statuses import is_answer, status_class

SYSLOG: tuple[Level, ...] = ("fatal", "fatal", "fatal", "error", "warning", "info", "info", "debug")
_STATUS_LEVELS: dict[str, Level] = {"5": "error", "4": "warning", "3": "info", "2": "info", "1": "info"}
_KLOG_LEVELS: dict[str, Level] = {"I": "info", "W": "warning", "E": "error", "F": "fatal"}

WORDS: dict[str, Level] = {
    **dict.fromkeys(
        (
            "fatal",
            "critical",
            "crit",
            "panic",
            "dpanic",
            "emerg",
            "pnc",
            "fata",
            "pani",
            "emergency",
            "alert",
            "ftl",
            "f",
        ),
        "fatal",
    ),
    **dict.fromkeys(("error", "err", "severe", "eror", "erro", "fail", "failure", "e"), "error"),
    **dict.fromkeys(("warning", "warn", "wrn", "w"), "warning"),
    **dict.fromkeys(("info", "information", "informational", "notice", "inf", "log", "success", "i"), "info"),
    **dict.fromkeys(
        (
            "debug",
            "trace",
            "verbose",
            "fine",
            "finer",
            "finest",
            "dbug",
            "debu",
            "trac",
            "trce",
            "dbg",
            "trc",
            "vrb",
            "d",
            "v",
        ),
        "debug",
    ),
}
# of syslog(3), but for local0 to local7
FACILITIES = "kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp"
_HEADER = 120  # characters in which a level may stand
_WORD = re.compile(
    r"(?<!\S)(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|UTC|GMT)\b)"
    r"[A-Za-z]{2,}[:,]?(?!\S)"
)
# what a user may be called, too; an error is one wherever it stands
_NAMES = {
    "info",
    "notice",
    "debug",
    "trace",
}
_PROSE = 2  # words before one in brackets: a host and a program, and behind a sentence it is a name
_SAID = (
    r"(?!\s?(?:none|null|nil|<nil>|no|false|n/a|[0-9]+)\s?(?:[,;)]|$))"  # behind "error:", and there was one
)
# Words by where they stand.
_CAPITALS = (
    "FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|ERR|SEVERE|FAILURE|WARNING|WARN|INFO|NOTICE|DEBUG|TRACE|FINE"
)
_ENCLOSED = (
    "fatal|critical|crit|panic|emerg|alert|error|err|warning|warn|notice|info|information|debug|trace"
    "|inf|wrn|dbg|trc|ftl|vrb"
)
_CHANNELLED = "EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG"
_CLOSED = "FATAL|ERROR|ERR|WARN|WRN|INFO|INF|DEBUG|DBG|TRACE|TRC|FTL|VRB"
_BEHIND_FACILITY = "emerg|alert|crit|err|warn|warning|notice|info|debug"
_PADDED = "fatal|critical|error|warning|warn|notice|info|debug|trace"  # to one width: structlog, Fluent Bit
_BEHIND_TIME = "INF|WRN|DBG|TRC|FTL|PNC"  # zerolog, tint
_ZONE, _SET = r"(?:Z|[AP]M|[+-][0-9]{2}:?[0-9]{2})?", r"\\?\"?[=:] ?\\?\"?"
_LEVEL = re.compile(
    rf"(?<![\w/.-])({_CAPITALS})(?![\w/])"
    rf"|[\[<|](?:[a-z][a-z0-9_]{{1,30}}:)?(?P<enclosed>(?i:{_ENCLOSED}))[\]>|]"
    rf"|(?<=[\w-]\.)({_CHANNELLED})(?=: )"
    rf"|[/ ]({_CLOSED})\]"
    rf"|(?<![\w.-])(?:{FACILITIES}|local[0-7])\.({_BEHIND_FACILITY}) "
    r"|^(?:\S+ )?(fatal|critical|crit|panic|error|err|fail|warning|warn|info|dbug|debug|trce)(?: error)?"
    rf"(?=:{_SAID})|(?<![\w.-])(?:level|lvl|severity|loglevel){_SET}([A-Za-z]+)"
    r"|(?:^|[ :])(FATAL|LOG)(?=:)|: ([A-Z]+)/[\w.:-]+\]"
    r"|^[0-9]{4}[-/][0-9:./,TZ +-]{9,32}\s(fatal|critical|error|warning|warn|info|debug|Error|Warning|Info"
    r"|Debug)\s"
    r"|^[0-9]{2}-[0-9]{2} [0-9:.]{8,15} +[0-9]+ +[0-9]+ ([VDIWEF]) |^([VDIWEF])(?:/[\w.-]+)? *\( *[0-9]+\):? "
    r"|^\[[0-9/]{6,10} [0-9:]{9,12} [A-Z]{2,4}\] [0-9a-f]{8,16} [\w.$]{1,80} +([FEWID]) "
    rf"|\[ {{0,5}}((?i:{_PADDED})) {{0,9}}\]"
    rf"|[0-9]{_ZONE}[ \t]+({_BEHIND_TIME}) |^[0-9T:-]{{19}}Z ([DIWE])! "  # Telegraf
    r"|^(?:\S+ )?(ERRO|EROR|DEBU|DBUG|TRAC|FATA|PANI)\["  # logrus, log15
)


def _less_first(words: str) -> str:
    """Return the pattern of words behind the first letter of each, which was just read."""
    return "|".join(f"(?<={word[0]}){word[1:]}" for word in words.split("|"))


_BEHIND_EACH = "|".join(rf"(?<=[^\w.-]{each}.)" for each in (*FACILITIES.split("|"), "local[0-7]"))
# The same behind the beginning of a line, for nearly all the time goes there: it starts at characters that a
# text has few of, which are found fast. Of two that overlap, the first is as above.
_LATER = re.compile(
    r"[A-Z0-9\[<|.v](?:(?<=[A-Z])(?:"
    r"(?<=: .)[A-Z]*+(?=/[\w.:-]+\])"
    rf"|(?<=[/ ].)(?:{_less_first(_CLOSED)})(?=\])"
    rf"|(?<=[ :].)(?:{_less_first('FATAL|LOG')})(?=:)"
    rf"|(?<![\w/.-].)(?:{_less_first(_CAPITALS)})(?![\w/])"
    rf"|(?<=[\w-]\..)(?:{_less_first(_CHANNELLED)})(?=: ))"
    rf"|(?<=[\[<|])(?:[a-z][a-z0-9_]{{1,30}}:)?(?P<enclosed>(?i:{_ENCLOSED}))[\]>|]"
    rf"|(?<=\[) {{0,5}}((?i:{_PADDED})) {{0,9}}\]"
    rf"|(?<=[0-9]){_ZONE}[ \t]+({_BEHIND_TIME}) "
    rf"|(?<=\.)(?:{_BEHIND_EACH})({_BEHIND_FACILITY}) "
    rf"|(?<=v)(?:(?<=[^\w.-]lev)el|(?<=[^\w.-]loglev)el|(?<=[^\w.-]lv)l|(?<=[^\w.-]sev)erity){_SET}"
    r"([A-Za-z]+))"
)
KLOG = re.compile(r"([IWEF])(?:[0-9]{4}){1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+ +[0-9]+ [^\]\s]+\] ")
THROWN = re.compile(
    r"(?:Exception in thread \"[^\"]*\" |Unhandled exception[.:] |Uncaught )?"
    r"[\w$.:\\]{0,200}(?:Error|Exception|Throwable|Panic)(?: \[\w+\])?(?::|$)"
)

# How Erlang's and Elixir's processes tell that they end by an exception.
_TERMINATING = re.compile(
    r"(?:\S+ )?(?:GenServer|GenStateMachine|:gen_(?:server|statem|event)|Process|Task|State machine|Agent"
    r"|Supervisor|Generic server) \S{1,200}"
    r" (?:\(\S{1,200}\) )?(?:started from \S{1,200} )?terminating\b|\*\* \(\w[\w.]{0,80}(?:Error|Exception)\)"
)
_RUBY = re.compile(r"\S+:\d+:in .*\(\w*(?:Error|Exception)\)$")


# What a carrier puts before a line that has a level of its own (PHP-FPM's pool and its children's output, a
# container runtime's stream, supervisor's), and how such a line begins.
_CARRIED = re.compile(
    r"(?:\[pool [\w.-]{1,80}\] |child [0-9]+ said into std(?:out|err): \"|PHP message: "
    r"|std(?:out|err) [FP] )*+"
    r"(?:[\[<|(]?(FATAL|CRITICAL|PANIC|EMERG|ALERT|SEVERE|ERROR|ERR|WARNING|WARN)"
    r"(?:[\]>|):]|\s(?=\s?[\[|:-]|\S{2,} ))"
    r"|[\[<|(]((?i:fatal|critical|crit|emerg|alert|error|err|ftl|warning|warn|wrn))[\]>|)]"
    r"|PHP (Warning): |exited: \S+ \(\w[\w ]{1,40}; (not expected)\)"
    rf"|(panic|fatal|error|warning):{_SAID} |(?:(?:ts|time|t)=\S+ )?level=(fatal|panic|error|warn|warning)\b)"
)
_PRI = re.compile(r"<([0-9]{1,3})>")
_RPC = re.compile(r"(?:\bwith code |\bgrpc[._](?:status_?)?code\\?\"?\s?[=:]\s?\\?\"?)([A-Z]\w{1,18})\b")
# As HTTP has it: https://github.com/grpc-ecosystem/grpc-gateway/blob/main/runtime/errors.go
_RPC_LEVELS: dict[str, Level] = {
    **dict.fromkeys(
        ("Unknown", "DeadlineExceeded", "Unimplemented", "Internal", "Unavailable", "DataLoss"), "error"
    ),
    **dict.fromkeys(
        ("Canceled", "InvalidArgument", "NotFound", "AlreadyExists", "PermissionDenied"), "warning"
    ),
    **dict.fromkeys(("ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange"), "warning"),
    "Unauthenticated": "warning",
}


def level_of(text: str) -> Level:
    """Return how bad a line of text is, by all that it says: its level, that of a line which it carries, what
    it says of an answered request or call, and words that no level outdoes.
    """
    level = worse(_level_of(text), rpc_level(text))
    if level == "unknown" and text[:1] == "<" and (priority := _PRI.match(text)):
        level = SYSLOG[int(priority[1]) % 8]  # https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
    return level if level in ("fatal", "error") or not is_deadly(text) else "fatal"


def worse(one: Level, other: Level) -> Level:
    """Return the graver of two levels. An unknown level does not count."""
    if "unknown" in {one, other}:
        return other if one == "unknown" else one
    return min(one, other, key=LEVELS.index)


def carried_level(message: str) -> Level:
    """Return the level that a message begins with, as a line of its own would; "unknown" where it does not,
    or where that is harmless.
    """
    match = _CARRIED.match(message)
    if match is None:
        return "unknown"
    return WORDS.get((match[match.lastindex or 0] or "").lower(), "error")


def rpc_level(text: str) -> Level:
    """Return how bad the code of a gRPC call is; "unknown" for OK or without a code."""
    match = _RPC.search(text) if "with code " in text or "grpc" in text else None
    return _RPC_LEVELS.get(match[1], "unknown") if match else "unknown"


def _level_of(text: str) -> Level:
    """Return the first word that says a level, where a level stands; else an exception's name; else an HTTP
    status.
    """
    klog = KLOG.match(text)
    if klog:
        return _KLOG_LEVELS[klog[1]]
    match = _find_word(text[:_HEADER])
    if (
        match
        and (match["enclosed"] or "").lower() in _NAMES
        and len(_WORD.findall(text, 0, match.start())) > _PROSE
    ):
        match = None
    if match:
        level = WORDS.get((match[match.lastindex or 0] or "").lower(), "unknown")
        return answered(level, status_level(text)) if is_answer(text) else level
    if THROWN.match(text) or _RUBY.match(text) or text.startswith(("Traceback (most", "Caused by: ")):
        return "error"
    if ("terminating" in text or text.startswith("** (")) and _TERMINATING.match(text):
        return "error"
    if text.startswith("fatal error:"):
        return "fatal"
    return status_level(text)


def _find_word(text: str) -> re.Match[str] | None:
    return _LEVEL.match(text) or _LATER.search(text, 1)


def status_level(text: str) -> Level:
    """Return the level by the HTTP status in it: 5xx an error, 4xx a warning."""
    return _STATUS_LEVELS.get(status_class(text), "unknown")


def answered(level: Level, status: Level) -> Level:
    """Return the level of a request that was answered: frameworks log every one at info, whatever the status
    says of it.
    """
    return status if level == "info" and status != "unknown" else level
