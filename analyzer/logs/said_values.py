"""What a line says in words of how it ended and how long it took: a last word, and a duration as a clock
writes it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from analyzer.logs.sketch import Unit, find_bucket
from analyzer.logs.slot_names import word_set

_NEAR = 16  # characters before a clock's time in which a word says what it is
# How a line says in its last word alone how something ended; of words that end a sentence as well only behind
# a colon.
_LAST = word_set(
    "ok OK done DONE fail FAIL FAILED FAILURE KO NOK SUCCESS SUCCEEDED COMPLETED ERROR TIMEOUT ABORTED DENIED"
)
_LAST_BEHIND_COLON = word_set("failed failure success succeeded completed error aborted timeout")
# A duration as a clock writes it, .NET's and Python's with the days before it; and what says that it is one.
_DAYS = re.compile(r"(?<!\d)\d{1,5}(?:\.| days?, )$")
_CLOCK = re.compile(r"(?:(\d{1,5})(?:\.| days?, ))?(\d{1,3}):(\d{2}):(\d{2}(?:[.,]\d{1,9})?)(?![\w:])")
# ISO 8601's, as Java prints it
_ISO = re.compile(r"PT(?<!\w..)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5}(?:\.\d{1,9})?)S)?(?!\w)")
_BETWEEN = frozenset(" \t:=(")
# A status of HTTP within a word: `TCP_MISS/504`, `HTTP_503`; some of x of y; a HRESULT; and whether a list is
# empty.
_BEHIND_SLASH, _BEHIND_HTTP = (
    re.compile(rf"{mark}([1-5]\d\d)(?![\w/.])") for mark in ("/(?<=[A-Z]/)", "HTTP_")
)
_PROXIED = re.compile(
    r"(?<![A-Z])(?:NONE|[A-Z]{2,8}_[A-Z_]{2,12})$"
)  # Squid's words: any other is a name, as a room's
_OF_ALL = re.compile(r"/(?<=\d/)(\d{1,6})(?![\w/.:,%-])")
_SOME = re.compile(r"(?<![\w/.:,-])(\d{1,6})/$")
_RESULT = re.compile(r"0x(?<![\w]0x)([08])[0-9A-Fa-f]{7}(?!\w)")
_NO_NUMBER = re.compile(r"(?:NaN(?<![\w\"'=./-]NaN)|undefined(?<![\w\"'=./-]undefined))(?![\w\"'=./(-])")
_LISTED = re.compile(r"\"(errors?|failures?|exceptions?|violations?)\"\s?:\s?[\[{](\s?[\]}])?")
_TOOK = re.compile(
    r"(?i:(?<![\w-])(?:in|took|takes|ran|after|for|within|duration|elapsed|lasted|waited|latency|lag|behind"
    r"|runtime|time taken|delay))[\s:=(]{1,3}$"
)

# the slot's name; a text that is kept, or empty; the unit and bucket of a measure
Value = tuple[str, str, Unit, int]


def read_codes(said: str) -> Iterator[Value]:
    """Yield what a text says in codes of other forms than a number's: a status within a word, whether x of y
    are all, and whether a HRESULT is a failure's.
    """
    if "/" in said:
        status = _BEHIND_SLASH.search(said)
        if status and _PROXIED.search(said, max(0, status.start() - _NEAR), status.start()):
            yield "status ", status[1], "", 0
        whole = _OF_ALL.search(said)
        some = _SOME.search(said, max(0, whole.start() - 7), whole.start() + 1) if whole else None
        if whole and some:
            yield "part ", ("all" if int(some[1]) == int(whole[1]) else "some"), "", 0
    if "HTTP_" in said and (status := _BEHIND_HTTP.search(said)):
        yield "status ", status[1], "", 0
    if ("NaN" in said or "undefined" in said) and (lacks := _NO_NUMBER.search(said)):
        yield "value ", lacks[0], "", 0
    if "0x" in said and (result := _RESULT.search(said)):
        yield "hresult ", ("0" if result[1] == "0" else "failed"), "", 0


def read_lists(text: str) -> Iterator[Value]:
    """Yield the lists of errors in a line of JSON, by whether they hold any."""
    for name, end in _LISTED.findall(text)[:2]:
        yield f"{name} ", ("0" if end else "1"), "", 0


def read_last_word(said: str) -> Iterator[Value]:
    """Yield the last word of a text where it tells how something ended."""
    before, space, word = said.rstrip(" .!").rpartition(" ")
    if space and (word in _LAST or (word in _LAST_BEHIND_COLON and before.endswith(":"))):
        yield "outcome ", word, "", 0


def read_spans(said: str, begins: int, most: int) -> Iterator[Value]:
    """Yield the durations of a text that are written as a clock's time, where a word says that they
    are durations; of so many times at most.
    """
    iso = _ISO.search(said) if "PT" in said else None
    if iso and any(iso.groups()) and _TOOK.search(said, max(0, iso.start() - _NEAR), iso.start()):
        hours, minutes, seconds = iso.groups()
        yield (
            "duration ",
            "",
            "s",
            find_bucket(int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)),
        )
    for start in islice(_find_clocks(said, begins), most):
        took = said[start - 1 : start] in _BETWEEN and _TOOK.search(said, max(0, start - _NEAR), start)
        match = _CLOCK.match(said, start) if took else None
        if match:
            yield _span("duration ", match)


def _find_clocks(said: str, begins: int) -> Iterator[int]:
    """Yield where a clock's time may start, days before it included. Nearly every line has a colon, and few
    have two in these places: a pattern that looks everywhere takes as long as all else that is read.
    """
    colon = said.find(":", begins)
    while colon >= 0:
        if said[colon + 3 : colon + 4] == ":" and said[colon - 1 : colon].isdecimal():
            start = colon - 1
            while start > max(begins, colon - 3) and said[start - 1].isdecimal():
                start -= 1
            behind_days = said[start - 1 : start] in {".", " "}
            days = _DAYS.search(said, max(begins, start - 12), start) if behind_days else None
            yield days.start() if days else start
            colon += 3
        colon = said.find(":", colon + 1)


def _span(name: str, match: re.Match[str]) -> Value:
    days, hours, minutes, seconds = match.groups()
    whole = (int(days or 0) * 24 + int(hours)) * 60 + int(minutes)
    return name, "", "s", find_bucket(whole * 60 + float(seconds.replace(",", ".")))


def read_clock(name: str, value: str) -> Value | None:
    """Return a field's value as a duration if a clock would write it so, else None."""
    match = _CLOCK.fullmatch(value)
    return _span(name, match) if match else None
