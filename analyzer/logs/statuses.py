"""The digits that tell an event apart: an HTTP status's class, a level that is a number (`severities`,
syslog's), and the signal that ended a process.
"""

import re
from collections.abc import Iterable, Sequence

from analyzer.logs.methods import ANY_METHOD, METHODS

# What stands before the status of an answered request: its protocol, or where Express (morgan), Serilog,
# ASP.NET, Rails and Gin put it. Each with the strings one of which is in every line that it finds something
# in.
_ANSWERED = (
    (("HTTP/",), r"HTTP/[0-9](?:\.[0-9])?\\*\"? +"),
    (
        (" /", " http"),
        rf"(?:{ANY_METHOD}) (?:/|http)\S*(?: responded| -)? +(?=[0-9]{{3}}(?: (?!m?s\b)|$))",
    ),
    (
        ("Completed ",),
        (
            r"Completed (?=[0-9]{3} (?:OK|Created|Accepted|No |Found|Moved|See |Not |Bad |Una|Forb|Conf|Gone"
            r"|Unp|Too |Int|Serv|Gate))"
        ),
    ),
    (("GIN]",), r"GIN\][^|]{10,40}\| +"),
)
_STATUSES = ("tatus", "esponse_code", "STATUS", "RESPONSE_CODE")
_NAMED = (
    (
        _STATUSES,
        (
            r"\"(?=[hrsHRS])"
            r"(?i:(?:http[._])?(?:response[._])?(?:status(?:_?code)?|response_code))\\*\"\s*:\s*\\*\"?"
        ),
    ),
    (
        ("tatus=", "tatus:", "ode=", "ode:"),
        r"(?<![\w-])(?:http[._])?(?:response[._])?(?:status(?:_?[cC]ode)?|response_code)[=:] ?\\*\"?",
    ),
)
SIGNALLED = r"\b(?:by|with|to|on) signal "  # what ended a process: its number follows
_GRADES = ("evel", "everity", "lvl", "RIORITY", "@l", "LEVEL", "SEVERITY", "LVL", "@L")
_LEVEL, _SEVERITY = r"evel(?:_?name|no)?", r"everity(?:_?(?:number|level|text))?"
_GRADED = (
    (
        ('"',),
        (
            rf"\"(?=[lspLSP@])(?:(?i:(?:log[._]?)?l{_LEVEL}|s{_SEVERITY}|lvl|@l)|PRIORITY)\\*\"\s*:\s*\\*\"?"
            r"([0-9]{1,3})(?![0-9.eE])"
        ),
    ),
    (
        ("=",),
        (  # a letter comes first: it is found fast
            rf"[lspLSP@](?<![\w.\"-].)(?i:(?<=l)(?:(?:og[._]?l)?{_LEVEL}|vl)|(?<=s){_SEVERITY}|(?<=@)l"
            r"|(?-i:(?<=P)RIORITY))=\"?([0-9]{1,3})(?![0-9.eE])"
        ),
    ),
)

_HINTS = (*(hint for hints, _ in _ANSWERED for hint in hints), *_STATUSES)


class StatusMark:
    """What a token says of the digits that decide in its line: a byte each, for the token's form to carry."""

    DECIDING, PROTOCOL, METHOD, RAILS, GIN, SIGNAL, STATUS, GRADE = (bytes((byte,)) for byte in range(1, 9))
    ALL = bytes(range(1, 9))


def _encoded(texts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


# By which of its strings a token has a mark. A grade decides where its token has a digit, the others do in
# any case.
_MARKED = tuple(
    (mark, _encoded(hints))
    for mark, hints in (
        (StatusMark.PROTOCOL, ("HTTP/",)),
        (StatusMark.METHOD, METHODS),
        (StatusMark.RAILS, ("Completed",)),
        (StatusMark.GIN, ("GIN]",)),
        (StatusMark.SIGNAL, ("signal",)),
        (StatusMark.STATUS, _STATUSES),
        (StatusMark.GRADE, _GRADES),
    )
)
# Whether one of them is there, asked of every new token: each branch begins at a letter that is rare.
_MAY_MARK = re.compile(
    rb"<0|HTTP/|Completed|G(?:IN\]|ET)|g(?<=sig)nal|u(?<=tatu)s|_(?<=esponse_)code"
    rb"|_(?<=RESPONSE_)CODE|U(?<=STATU)S"
    rb"|HEAD|P(?:OST|UT|ATCH)|DELETE|OPTIONS|v(?:(?<=ev)(?:el|erity)|(?<=lv)l)"
    rb"|V(?:(?<=EV)(?:EL|ERITY)|(?<=LV)L)|@[lL]|RIORITY"
)


def _compiled(
    table: Iterable[tuple[bytes, tuple[Sequence[str], str]]], behind: str = ""
) -> list[tuple[bytes, tuple[bytes, ...], re.Pattern[bytes]]]:
    """Compile patterns, each with a mark, and strings: each line that a pattern fits has one of both."""
    return [
        (mark, _encoded(hints), re.compile(f"{before}{behind}".encode())) for mark, (hints, before) in table
    ]


# A class that is none counts here, so that the shape alone says whether there is one.
_DECIDING = (
    *_compiled(
        zip(
            (StatusMark.PROTOCOL, StatusMark.METHOD, StatusMark.RAILS, StatusMark.GIN), _ANSWERED, strict=True
        ),
        "([0-9])[0-9]{2}(?![0-9])",
    ),
    *_compiled(((StatusMark.STATUS, named) for named in _NAMED), "([0-9])[0-9]{2}(?![0-9.])"),
    *_compiled((StatusMark.GRADE, graded) for graded in _GRADED),
    *_compiled([(StatusMark.SIGNAL, ((" signal ",), rf"{SIGNALLED}([0-9]{{1,2}})(?![0-9])"))]),
)
_PRI = re.compile(rb"<([0-9]{1,3})>")  # how syslog's lines begin
_STATUS = re.compile(
    rf"(?=[CDGHOP\"hrsHRS])(?:(?P<answered>{'|'.join(before for _, before in _ANSWERED)})"
    r"(?P<a>[1-5])[0-9]{2}(?![0-9])"
    rf"|(?:{'|'.join(before for _, before in _NAMED)})(?P<n>[1-5])[0-9]{{2}}(?![0-9.]))",
    re.ASCII,
)
# a status class on its way past the zeroes
_CLASSES = str.maketrans("12345", "\ue001\ue002\ue003\ue004\ue005")
_SHOWN = str.maketrans({chr(0xE000 + digit): f"{digit}xx" for digit in range(1, 6)})


def deciding_digits(line: bytes, marks: bytes = StatusMark.ALL) -> tuple[int, ...]:
    """Return where the digits stand that the template or level hangs on. `marks` are those of the line's
    tokens, among other bytes.
    """
    places: list[int] = []
    for mark, hints, pattern in _DECIDING:
        if mark not in marks:
            continue
        for hint in hints:
            if hint in line:
                for match in pattern.finditer(line):
                    places += range(*match.span(1))
                break
    if line[:1] == b"<" and (priority := _PRI.match(line)):
        places += range(*priority.span(1))
    return tuple(sorted(set(places)))


def find_marks(token: bytes) -> bytes:
    """Return the marks of a token, a word or a field of JSON with its digits as 0. `deciding_digits` may find
    something in a line if one of its tokens has `Mark.DECIDING`.
    """
    if not _MAY_MARK.search(token):
        return b""
    marks = b""
    for mark, hints in _MARKED:
        for hint in hints:
            if hint in token:
                marks += mark
                break
    decides = marks.strip(StatusMark.GRADE) or (marks and b"0" in token) or token[:2] == b"<0"
    return StatusMark.DECIDING + marks if decides else marks


def status_class(text: str) -> str:
    """Return the class ("1" to "5") of the first HTTP status in a text, or nothing."""
    match = _status(text)
    return match["a"] or match["n"] if match else ""


def is_answer(text: str) -> bool:
    """Return whether a line of text tells how a request was answered, and not only of some status."""
    match = _status(text)
    return match is not None and match["a"] is not None


def keep_statuses(text: str) -> str:
    """Return the text with each HTTP status as its class in a private character, out of the reach of digit
    masking until `show_statuses`.
    """
    return _STATUS.sub(_keep_class, text) if _may_have_status(text) else text


def show_statuses(template: str) -> str:
    """Return what `keep_statuses` hid, as 5xx."""
    return template if template.isascii() else template.translate(_SHOWN)


def _status(text: str) -> re.Match[str] | None:
    return _STATUS.search(text) if _may_have_status(text) else None


def _may_have_status(text: str) -> bool:
    for hint in _HINTS:  # noqa: SIM110 - asked of every new shape, where a generator shows
        if hint in text:
            return True
    return False


def _keep_class(match: re.Match[str]) -> str:
    return match[0][:-3] + match[0][-3].translate(_CLASSES)
