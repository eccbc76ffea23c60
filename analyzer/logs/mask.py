"""A line to its template: the header goes, and what varies from line to line becomes a placeholder.

Blind to *which* digit stands where (every digit is read as 0), but for those that `levels.deciding_digits`
points at: two lines that differ in other digits alone have one template, which is what lets the miner skip
all of this for a line whose shape it knows.
"""

import re
from typing import NamedTuple

from analyzer.logs.digest import Level
from analyzer.logs.header import message_start
from analyzer.logs.levels import KLOG, carried_level, level_of, status_level, worse
from analyzer.logs.mask_token import ERROR_FIELDS, MONTH, SHORT_MONTHS, ZEROES, masked_token, route
from analyzer.logs.methods import ANY_METHOD
from analyzer.logs.statuses import keep_statuses, show_statuses

LONGEST_TEMPLATE = 400  # characters of a template …
LONGEST_EVENT = 2 * LONGEST_TEMPLATE  # … of an event of several lines
_WORDS = 64  # tokens of a template


class Masked(NamedTuple):
    """What a line is a case of, and how bad it says it is."""

    template: str
    level: Level


def plain(text: str) -> Masked:
    """Return the template and level of a line of text, clean and already redacted."""
    request = _ACCESS.match(text)
    if request:
        return Masked(f"{request[1]} {route(request[2])} {request[3]}xx", status_level(text))
    level = level_of(text)
    klog = KLOG.match(text)
    if klog:
        return Masked(template_of(_SAID.sub(r"\1", text[klog.end() :])), level)
    zeroes = keep_statuses(text).translate(ZEROES)
    start = message_start(zeroes)
    if start:  # with its header or without, a message is as bad
        message = text[start:]
        level = level_of(message) if level == "unknown" else worse(level, carried_level(message))
    return Masked(_masked(zeroes[start:]), level)


# klog's InfoS and ErrorS quote the message, too. One with digits stays quoted: lines that differ in digits
# have one template.
# https://github.com/kubernetes/community/blob/main/contributors/devel/sig-instrumentation/logging.md
_SAID = re.compile(r'^\s*"([^"\\0-9]+)"(?=\s+[\w.]+=|\s*$)')

# The combined log format and its kin: who, when, "METHOD URL HTTP/1.1", status. The rest varies.
_ACCESS = re.compile(
    r"[\da-fA-F.:]+(?:, [\da-fA-F.:]+)* [^\[\]\"]{0,80}\[[^\]\"]{10,40}\] \"([A-Z]{3,8}) (\S+)"
    r"(?: HTTP/[\d.]+)?\" ([1-5])\d\d\b"
)


def template_of(message: str) -> str:
    """Return the template of a message without a header."""
    return _masked(keep_statuses(message).translate(ZEROES))


def _masked(text: str) -> str:
    if '"' in text or "'" in text:
        text = _PHRASE.sub(_phrase, _REASON.sub(_reason, text) if 'r="' in text else text)
    joined = " ".join(map(masked_token, text.split()[:_WORDS]))
    if "<num> " in joined:
        joined = _QUANTITY.sub(_unit, joined)
    if "<num>" in joined and _A_MONTH.search(joined):
        joined = _DATES.sub("<time>", joined)
    elif "<time>" in joined:
        joined = _TIMES.sub("<time>", joined)
    if "> <" in joined or ">," in joined:
        joined = _LISTS.sub(r"\1", joined)
    return show_statuses(joined)[:LONGEST_TEMPLATE]


_REASON = re.compile(rf"(?<![\w.])({'|'.join(ERROR_FIELDS)})=\"((?:[^\"\\]|\\.)*)\"(?!\w)")


def _reason(match: re.Match[str]) -> str:
    """Return what went wrong as it is, of a field in a line of text: that is no value like others, whichever
    quotes it stands in.
    """
    said = match[2].replace('\\"', '"')
    return f"{match[1]}={said}"


_PHRASE = re.compile(  # each branch begins with its quote, which is found fast
    rf"\"(?<![\w\"]\")(?!(?:{ANY_METHOD})\b)[^\"]{{1,200}}\"(?!\w)|'(?<![\w']')[^']{{1,120}}'(?!\w)"
)


def _phrase(match: re.Match[str]) -> str:
    """Mask a quoted text, but where the message begins with it: there it is the message (klog)."""
    quote = match[0][0]
    return f"{quote}<str>{quote}" if match.start() else match[0]


_TIME_UNITS = (
    r"n(?:ano)?s(?:ec(?:onds?)?)?|[uµμ]s|micros(?:econds?)?|m(?:illi)?s(?:ec(?:onds?)?)?|s(?:ec(?:s|onds?)?)?"
    r"|min(?:ute)?s?|h(?:ou)?rs?|days?"
)
_QUANTITY = re.compile(
    rf"<?<num> (?:({_TIME_UNITS})|[KMGTkmgt]?i?[Bb](?:ytes?)?(?:/s(?:ec)?|ps)?)(?![\w/])"
    r"(?: ?\(<num> ?[KMGT]i?B\))?"
)


def _unit(match: re.Match[str]) -> str:
    return "<duration>" if match[1] else "<size>"


_A_MONTH = re.compile(SHORT_MONTHS)
_TIMES = re.compile(r"<time>(?:,? <time>)+")
_DATES = re.compile(
    rf"(?:\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\b{MONTH} <num>,?|<num> {MONTH})"
    rf"(?: <num>)?(?: <time>)?(?: <num>(?=$|[ \]]))?(?: (?:UTC|GMT))?|{_TIMES.pattern}"
)
# values of one kind in a row are a list, however long
_LISTS = re.compile(r"(?<![\w-])(<[a-z]+>)(?:,? \1|,\1)+(?![\w-])")
