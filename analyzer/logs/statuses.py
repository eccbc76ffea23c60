"""The digits that tell an event apart: an HTTP status's class, and a level that is a number of JSON (pino's tens, syslog's)."""

import re
from collections.abc import Iterable

from analyzer.logs.methods import ANY_METHOD, METHODS

# What stands before the status of an answered request: its protocol, or where Express (morgan), Serilog, ASP.NET, Rails and Gin put
# it. Each with the strings one of which is in every line that it finds something in.
_ANSWERED = (
    (("HTTP/",), r"HTTP/[0-9](?:\.[0-9])?\\*\"? +"),
    (
        (" /", " http"),
        rf"(?:{ANY_METHOD}) (?:/|http)\S*(?: responded| -)? +(?=[0-9]{{3}}(?: (?!m?s\b)|$))",
    ),
    (
        ("Completed ",),
        r"Completed (?=[0-9]{3} (?:OK|Created|Accepted|No |Found|Moved|See |Not |Bad |Una|Forb|Conf|Gone|Unp|Too |Int|Serv|Gate))",
    ),
    (("GIN]",), r"GIN\][^|]{10,40}\| +"),
)
_STATUSES = ("tatus", "esponse_code", "STATUS", "RESPONSE_CODE")
_NAMED = (
    (_STATUSES, r"\"(?=[hrsHRS])(?i:(?:http[._])?(?:response[._])?(?:status(?:_?code)?|response_code))\\*\"\s*:\s*\\*\"?"),
    (_STATUSES, r"(?<![\w-])(?:http[._])?(?:response[._])?(?:status(?:_?[cC]ode)?|response_code)[=:] ?\\*\"?"),
)
_GRADES = ("evel", "everity", "lvl", "riority", '"s', "@l", "LEVEL", "SEVERITY", "PRIORITY", '"S', "LVL", "@L")
_GRADED = r"\"(?=[hlprs@HLPRS])(?i:(?:log[._]?)?level(?:_?name)?|severity|lvl|@l|priority|s)\\*\"\s*:\s*([0-9])0?(?![0-9.eE])"

_HINTS = tuple(dict.fromkeys(hint for hints, _ in (*_ANSWERED, *_NAMED) for hint in hints))
_IN_TOKEN = re.compile("|".join(map(re.escape, ("HTTP/", "Completed", "GIN]", *_STATUSES, *METHODS))).encode())
_IN_FIELD = re.compile("|".join(_GRADES).encode())


def _compiled(table: Iterable[tuple[tuple[str, ...], str]], behind: str) -> list[tuple[tuple[bytes, ...], re.Pattern[bytes]]]:
    return [(tuple(hint.encode() for hint in hints), re.compile(f"{before}([0-9]){behind}".encode())) for hints, before in table]


# A class that is none counts here, so that the shape alone says whether there is one.
_OF_TEXT = [*_compiled(_ANSWERED, "[0-9]{2}(?![0-9])"), *_compiled(_NAMED, "[0-9]{2}(?![0-9.])")]
_OF_JSON = [*_OF_TEXT, ((b'"',), re.compile(_GRADED.encode()))]
_STATUS = re.compile(
    rf"(?=[CDGHOP\"hrsHRS])(?:(?P<answered>{'|'.join(before for _, before in _ANSWERED)})(?P<a>[1-5])[0-9]{{2}}(?![0-9])"
    rf"|(?:{'|'.join(before for _, before in _NAMED)})(?P<n>[1-5])[0-9]{{2}}(?![0-9.]))",
    re.ASCII,
)
_CLASSES = str.maketrans("12345", "\ue001\ue002\ue003\ue004\ue005")  # a status class on its way past the zeroes
_SHOWN = str.maketrans({chr(0xE000 + digit): f"{digit}xx" for digit in range(1, 6)})


def deciding_digits(line: bytes) -> tuple[int, ...]:
    """Where the digits stand that the template or level hangs on."""
    found: set[int] = set()
    for hints, pattern in _OF_JSON if line[:1] == b"{" else _OF_TEXT:
        for hint in hints:
            if hint in line:
                found.update(match.start(1) for match in pattern.finditer(line))
                break
    return tuple(sorted(found))


def may_decide(token: bytes) -> bool:
    """Whether `deciding_digits` may find something in a line that has this token, a word or a field of JSON with its digits as 0."""
    if _IN_TOKEN.search(token):
        return True
    return b'"' in token and b"0" in token and _IN_FIELD.search(token) is not None


def status_class(text: str) -> str:
    """The class ("1" to "5") of the first HTTP status in a text, or nothing."""
    match = _status(text)
    return match["a"] or match["n"] if match else ""


def is_answer(text: str) -> bool:
    """Whether a line of text tells how a request was answered, and not only of some status."""
    match = _status(text)
    return match is not None and match["a"] is not None


def keep_statuses(text: str) -> str:
    """The text with each HTTP status as its class in a private character, out of the reach of digit masking until `show_statuses`."""
    return _STATUS.sub(_keep_class, text) if _may_have_status(text) else text


def show_statuses(template: str) -> str:
    """What `keep_statuses` hid, as 5xx."""
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
