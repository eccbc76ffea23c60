"""Where a line's message starts: behind the time, host, process, level, thread and component that a logger
puts before it.

No grammar of one logger: a header is a run of such fields in any order, in text whose digits are all 0, and
it holds a time or a level. A word of prose ends it.
"""

import re

from analyzer.logs.levels import FACILITIES

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_HOURS = r"00?:00:00(?:[.,:]0+)?"
_CLOCK = rf"{_HOURS}(?: [AaPp][Mm]\b)?"
_BSD = rf"{_MONTH} {{1,2}}00?(?:,? 0000)?,? {_CLOCK}"
_ZONE = r"(?: ?(?:Z|UTC|GMT|MSK|[BIJKS]ST|(?:CE|EE|WE|AE|[ECMP])[SD]?T|[-+]00:?00))?"
_TIME = (
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{_BSD}(?: 0000)?"
    rf"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?0000[-/.]00[-/.]00(?:[T_ -]00[:.]00[:.]00(?:[.,]0+)?)?{_ZONE}"
    rf"|0{{1,2}}(?:[-/.]0{{1,2}}){{1,2}}(?:[-/.]0{{2,4}})? {_CLOCK}"
    rf"|00?[-/ ]{_MONTH}(?:[-/ ]0000)?[: ]{_CLOCK}{_ZONE}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {_CLOCK}"
    rf"|0{{1,2}}[-/.]0{{1,2}}(?:[-/.]|\|| - |, ){_CLOCK}|0{{8}}[ _T-](?:{_CLOCK}|0{{6}}Z?(?![0-9]))"
    # no seconds; since 1970; since the kernel's start
    r"|(?<=\[)(?:0{10}(?:\.0+|000)?|\s*0{1,5}\.0{6}|0{1,2}[-/.]0{1,2},? 00?:00)(?=\])"
    r"|00?:00[AP]M(?=\s)"
    rf"|0{{8}}-0{{1,2}}(?::0{{1,3}}){{2,3}}(?=\|)|{_CLOCK}{_ZONE}|0{{6}} 0{{6}}(?= 0+ [A-Z])"
    r"|0{10}(?:\.0+|000)?(?=\s)|^0{10}(?=: )"
)
_LEVELS = (
    r"FATAL|CRITICAL|PANIC|EMERG|ALERT|SEVERE|ERROR|ERR|FAILURE|WARNING|WARN|NOTICE|INFO|DEBUG|TRACE|FINE|LOG"
    r"|ERRO|EROR|DEBU|DBUG|TRAC|FATA|PANI"  # of four letters: logrus, log15
)
_SHORT = "INF|WRN|DBG|TRC|FTL|VRB"
# Of syslog(3): the facility stands before the level, and the program's name behind it.
_FACILITY = f"(?:{FACILITIES}|local0)"
# "Error:" and "panic:" are names of a fault, part of the message
_SMALL = "critical|error|err|warning|warn|notice|info|debug|trace"
_ITEM = re.compile(
    # what follows it in its bracket
    rf"(?P<time>\[(?:[VDIWEFC] )?(?:{_TIME}|0{{6}} {_CLOCK}) [^\[\]]{{1,80}}\](?=\s)"
    rf"|[\[<(]?(?:{_TIME})(?: #0+|: (?:{_LEVELS})/[\w.:-]+| (?:{_SHORT}|{_LEVELS})(?=\]))?[\])>]?[,|:;]?"
    r"(?=\s|[\[|]|$))"
    rf"|(?P<level>[\[<|](?i:{_LEVELS}|{_SHORT}|Information)\s*[\]>|]:?"
    rf"|{_FACILITY}\.(?:emerg|alert|crit|{_SMALL})\s+(?:[\w./@-]+(?:\[0+\])?:)?(?=\s)"
    rf"|(?:{_LEVELS})(?:\s*\||[:,]?(?=\s|\[|$))|(?:{_SMALL})[:,](?=\s)"
    rf"|(?:fail|crit|dbug|trce):(?=\s+[A-Z][\w.]{{1,80}}\[0+\])|[\[<](?i:{_LEVELS})/\w+[\]>]:?)"
    rf"|(?P<word>(?:(?i:{_LEVELS})|{_SHORT})(?=\s))"
    r"|(?P<group>\[(?!(?:GET|POST|PUT|DELETE|HEAD|PATCH)\])(?:[^\[\]]|\[[^\[\]]*\])*\]:?(?=\s|[\[|(]))"
    r"|(?P<id>\((?=[^()\s]*0)[\w.,#%+*-]{1,80}\):?(?=\s))"  # of a process or thread, in one word
    r"|(?P<thread>\((?:[^()]|\([^()]*\)){1,80}\)(?=\s))"
    # a file and its line; a thread, a class, a letter
    r"|(?P<origin>\{[\w.:/ -]{0,80}\}(?=\s)|[0a-f]{8,16} [\w.$]{1,80} +[A-Z](?=\s))"
    r"|(?P<number>(?:0+|<0+(?:\.0+)*>|0{1,3}/0{6}(?= \()|0+#0+:|\*0+|0+:[A-Z])(?=[\s|]))"
    r"|(?P<mark>(?:-{1,3}|\||:|>|\*|#)(?=\s)|\||--(?=\s))"
    r"|(?P<letter>[VDIWEFT]!?(?=\s))|(?P<cell>[\w.:-]{1,40}\s*(?=\|))"
)
_SYSLOG_TIME = re.compile(
    # no comma, no half of a day
    rf"{_MONTH} {{1,2}}00?(?: 0000)? {_HOURS}(?: 0000)?$|(?:\w\w\w 0000-00-00 |0000-00-00T){_HOURS}{_ZONE}$"
)
_HOST_AND_TAG = re.compile(
    rf"(?!(?i:{_LEVELS})\b)[\w.:/@#-]+ +(?:[\w./@()-]{{1,60}}(?:\[0+\])?|[\w./@() -]{{1,60}}\[0+\])"
    rf"(?: \([^()]{{1,80}}\))?: ?(?=\S)|[\w.:/@#-]+ +[\w./@() -]{{1,60}}\[0+\] (?=<(?i:{_LEVELS})>: )"
)
_KERNEL_TIME = re.compile(r"\[\s*0{1,5}\.0{6}\]$")  # seconds since the start: journald's short-monotonic
_HOST_AND_PROCESS = re.compile(r"[\w.:/@#-]+ [\w./@()-]{1,60}\[0+\]: ")
_HOST = re.compile(r"\S+ ")
# A logger, class or source file: not a word that a sentence may start with. An exception's name is none: it
# is the message.
_COMPONENT = re.compile(
    r"(?!\S*(?:Error|Exception|Failure)\b)"
    r"(?:(?=[\w$/@#-]*(?:\.|::|\$|/|[a-z0][A-Z]))[\w$./@#:*-]++(?:(?:\[[^\]]*+\])?+\s*+:(?=\s)"
    r"|(?<=[^:]:)(?=\s))|(?:\w[\w$.-]*+\([^()\s]*+\)|\w[\w./-]*+\[[^\[\]]*+\])(?:\[[^\]]*+\])?+\s*+:(?=\s)"
    r"|[A-Za-z][\w$./:@-]*+(?: \*00)? ++[-:](?=\s)"
    r"|[\w/.-]+\.(?:go|py|rs|cc|cpp|c|java|js|ts|rb):0+(?::0+)?:?(?=\s)"
    r"|[a-z][\w-]*+(?:\.[\w-]++)++(?= +\[)|(?:[a-z]\w*+\.){2,}+[A-Z][\w$]*+(?:\.[a-z]\w*+)?+(?=\s)"
    r"|[A-Z]\w*+(?:\.\w++)++\[0+\](?=\s)|[A-Z]\w{1,20}(?=\s{2})|[a-z]\w{1,20}(?=\s{4}))"
)
_PYTHON = re.compile(rf"(?:{_LEVELS}):[\w.]+:(?=\S)")
_RECORD = re.compile(r"0+ [\w.-]+ [\w.-]+ [\w.]+ 0{10} 0+ ")  # number, node, component, state, epoch, flag
_BEFORE_TIME = re.compile(
    rf"[DIWEFA], (?=\[)|\[[\w.:@/#$-]{{1,80}}\] (?=(?:{_LEVELS})\s)"
    rf"|(?!\[[A-Z] )(?:(?![A-Za-z][a-z]+\s|[A-Z][a-z]*\s)[^\s=\"]+\s+){{1,5}}(?=(?:{_TIME})\s)"
)
_TO_LEVEL = re.compile(
    r"(?:(?!(?:GET|POST|PUT|DELETE|HEAD|PATCH)\s)(?:(?=[\w.:@-]*[0A-Z])[\w.:@-]+|[\w.-]+\[0+\])\s+){1,4}"
    rf"(?:{_LEVELS})\s+(?=\S)"
)
_PRIORITY = re.compile(r"<0{1,3}>(?:0 (?=0000-))?(?=\S)")  # syslog's, and its version
_BEFORE_ID = frozenset(("level", "number", "group"))
_MOST = 12  # fields of one header
# RFC 5424, 6: priority and version, time, host, program, process, message id, structured data.
_SYSLOG = re.compile(
    r"<0{1,3}>0 (?:0{4}-0{2}-0{2}T\S+|-) (?:[^\s\[]++ ){4}(?:-|(?:\[(?:[^\]\"]|\"(?:[^\"\\]|\\.)*+\")*+\])++)"
    r"(?= |$)"
)
_SPACE = re.compile(r"\s+")


def message_start(text: str) -> int:
    """Return the index of the message in a text whose digits are all 0; 0 when there is no header, or nothing
    behind one.
    """
    if text[:1].isalpha() and (python := _PYTHON.match(text)):
        return python.end()
    record = _RECORD.match(text)
    if record:
        return record.end()
    priority = (_SYSLOG.match(text) or _PRIORITY.match(text)) if text[:1] == "<" else None
    begin = _skip(text, priority.end()) if priority else 0
    before = None if priority else _BEFORE_TIME.match(text[:160])
    end = _fields(text, before.end() if before else _skip(text, begin)) or begin
    return end if end < len(text.rstrip()) else 0


def _fields(text: str, start: int) -> int:
    """Return the index behind the last field of the header: one level at most, one component, and nothing
    before a time or a level is certain.
    """
    end, before, seen = start, "", set[str]()
    while len(seen) < _MOST:
        item = _ITEM.match(text, end)
        kind = (item.lastgroup or "") if item else ""
        if kind == "word":  # a level in small letters, where a sentence may begin with the same
            kind = "level" if before == "time" else ""
        if kind == "level" and "level" in seen:
            kind = ""
        if kind not in {"time", "level"} and not seen & {"time", "level"}:
            break
        if (kind == "thread" and before != "group") or (kind == "id" and before not in _BEFORE_ID):
            kind = ""
        if kind == "number" and item and item[0].strip("0") == "" and not _fields_behind(text, item.end()):
            break  # "12 errors found": the number is the message's own
        if not kind:
            item, kind = _COMPONENT.match(text, end), "component"
        if item is None or (kind == "component" and kind in seen):
            break
        seen.add(kind if kind in {"time", "level", "component"} else f"{kind}{end}")
        end, before = _skip(text, item.end()), kind
        if kind == "time":
            end = _behind_time(text, item[0].rstrip(",|:"), end)
    return end if seen else 0


def _fields_behind(text: str, end: int) -> bool:
    """Return whether another field follows a number, which makes it a process or a thread: not a word, with
    which a sentence goes on.
    """
    while (item := _ITEM.match(text, _skip(text, end))) is not None and item.lastgroup == "number":
        end = item.end()
    return (item is not None and item.lastgroup != "word") or _COMPONENT.match(
        text, _skip(text, end)
    ) is not None


def _behind_time(text: str, time: str, end: int) -> int:
    """Return the index behind syslog's host and tag, which no brackets precede; or behind what a system of
    many nodes puts between the time and the level.
    """
    if _SYSLOG_TIME.match(time):
        tagged = _HOST_AND_TAG.match(text, end)
        host = None if "-" in time else _HOST.match(text, end)
        if tagged or host:
            return _skip(text, (tagged or host).end())  # type: ignore[union-attr]  # one of them is there
    behind = (_HOST_AND_PROCESS if _KERNEL_TIME.match(time) else _TO_LEVEL).match(text, end)
    return _skip(text, behind.end()) if behind else end


def _skip(text: str, end: int) -> int:
    space = _SPACE.match(text, end)
    return space.end() if space else end
