"""The values in a line of a log: fields by their names, and the numbers of a text by their place.

No text is kept as it is but whole numbers of up to three digits, and short words of letters in a field, or
behind a word, that tells how something ended: nothing that a secret could be. Times, addresses, versions and
whatever identifies one thing are passed over.
"""

import re
from collections.abc import Iterable

from analyzer.logs.said_values import Value, read_clock, read_codes, read_last_word, read_lists, read_spans
from analyzer.logs.sketch import Unit, find_bucket
from analyzer.logs.slot_names import (
    DONE,
    is_code,
    is_sqlstate,
    is_wanted,
    names_end,
    names_measure,
    split_words,
)

FIELDS, NUMBERS = 24, 12  # of one line at the most
NUMBER_NAMES = tuple(f"#{place}" for place in range(1, NUMBERS + 1))
CODE_DIGITS = 5  # of a code by its name, as Oracle's: any other number of more than three is a measure
MAX_EVENT = 4096  # characters of an event that are looked at

_HELD = r"(?:\\?\"([^\"\\]{1,32})\\?\"|([^\s\",;&}\])\\]{1,32}))"  # a value in quotes, or up to what ends it
_QUOTED = re.compile(rf"\"([A-Za-z_@][\w.@/-]{{0,39}})\\?\"\s?:\s?{_HELD}")
_SINGLE = re.compile(r"'([A-Za-z_@][\w.@/-]{0,39})':\s?(?:'([^'\\]{1,32})'|([^\s',;&}\])\\]{1,32}))")
_PAIR = re.compile(rf"([A-Za-z_](?<![\w.@/-].)[\w.@-]{{0,39}})=>?{_HELD}")
_COLON = re.compile(  # `status:500`, as LTSV and many a text have it
    r"([A-Za-z_](?<![\w.@/-].)[\w.-]{0,39}):(-?\d[\w.µμ]{0,20}|[A-Za-z_]{2,24})(?![\w:/.@-])"
)
_TIME = r"ns|us|µs|μs|ms|s|secs?|seconds?|mins?|minutes?|hrs?|hours?|milliseconds?|microseconds?"
NUMBER = re.compile(  # a digit comes first: it is found fast; its sign is what stands before it
    r"(\d(?<![^\s(\[,|\"'<>+~-]\d)(?<!\S[-+]\d)(?<!\w\[\d)(?<!\": \d)(?<!\d,\d)(?:(?<=(-)\d)|)"
    r"\d{0,14}+(?:h\d{1,2}m[\d.]{1,12}+s|m[\d.]{1,12}+s|(?:,\d{3}(?!\d)){1,4}+(?:\.\d{1,12}+)?+"
    rf"|\.\d{{1,12}}+)?+)(?:\s?({_TIME}|[KMGT]i?B|kB|B|bytes|%)|([mhkKMG]))?(?=[\s)\],;|\"'/<>]|[.:](?:\s|$)"
    r"|$)"
)
_MESSAGE = re.compile(
    r"\"(?:message|msg|@m|@mt|short_message|textPayload|event|text|log|body|Body)\"\s?:\s?\""
    r"((?:[^\"\\]|\\.){1,2000})"
)
_ENDED = re.compile(  # a letter comes first: it is found fast
    r"([CORScors](?<!\w.)(?:tat(?:us|e)|TAT(?:US|E)|esult|ESULT|utcome|UTCOME|ode|ODE))"
    r"(?:\s?[:=]|\s(?:is|was))?\s([A-Za-z][A-Za-z_]{1,23})(?![\w.-])"
)
_SQLSTATE = re.compile(
    r"[Ss](?<!\w.)[Qq][Ll][ _]?[Ss][Tt][Aa][Tt][Ee](?:[ (\[]{1,2}|:\s|\s=\s)([0-9A-Z]{5})(?!\w)"
)
_ASKED = re.compile(r"HTTP/[0-9.]{1,3}\"(?=\s)")  # a request in quotes: of an access log
_QUERY = re.compile(r"\?[^\s\"]{1,2000}")
_CLIENTS = re.compile(r"\"[^\"]{0,1000}[^\W\d_][^\"]{0,1000}\"")
_DATED = 19  # characters of 2026-07-01 11:50:11
_QUANTITY = re.compile(
    rf"([-+]?)(\d{{1,15}}(?:\.\d{{1,20}})?(?:[eE][-+]?\d{{1,3}})?)\s?({_TIME}|[KMGT]i?B|kB|B|bytes|%"
    r"|[mhkKMG])?"
)
_COMPOSITE = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,4})m)?([\d.]{1,12})s")
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{1,23}")
# `codes.Unavailable`, `Code::Internal`
_QUALIFIED = re.compile(r"^(?:[A-Za-z]\w{0,15}(?:\.|::)){1,3}+(?=[A-Za-z])")
_LETTER, _TRUTHS = (
    frozenset("YyNn"),
    frozenset(
        ["true", "false", "True", "False", "TRUE", "FALSE", "yes", "no", "YES", "NO", "y", "n", "Y", "N"]
    ),
)


def read_values(text: str) -> list[Value]:
    """Return the values in a line, or in an event of several lines, each with its slot's name."""
    text = text[:MAX_EVENT]
    said = extract_prose(text)
    pairs = _QUOTED.findall(text)[:FIELDS] if '":' in text or '" :' in text else []
    if "':" in text:
        pairs += _SINGLE.findall(text)[:FIELDS]
    if "=" in said:
        pairs += _PAIR.findall(said)[:FIELDS]
    held = [_value(name, phrase or plain) for name, phrase, plain in pairs if is_wanted(name)]
    if _may_tell(said):
        if not pairs:
            behind = _COLON.findall(said)[:FIELDS]
            held += [_value(name, value) for name, value in behind if names_end(name) or names_measure(name)]
        held += [_word(name.lower(), word) for name, word in _ENDED.findall(said)[:NUMBERS]]
        if "STATE" in said or "tate" in said:
            held += [("sqlstate ", code, "", 0) for code in _SQLSTATE.findall(said)[:1]]
    held += read_last_word(said)
    held += read_codes(said)
    if '":' in text and ("rror" in text or "ailure" in text or "xception" in text or "iolation" in text):
        held += read_lists(text)
    begins = begin_of_numbers(said)
    if said.find(":", begins) >= 0 or "PT" in said:
        held += read_spans(said, begins, NUMBERS)
    numbers = NUMBER.findall(said, begins)
    if numbers:
        placed = zip(NUMBER_NAMES, numbers, strict=False)
        held += [_number(name, number, unit or short, sign) for name, (number, sign, unit, short) in placed]
    return [value for value in held if value is not None]


def tell_end(values: Iterable[Value]) -> bool:
    """Return whether a line's values may tell how something ended, by a slot's name or by a number that may
    be a status.
    """
    return any(names_end(name) or (len(kept) == 3 and kept[0] in "12345") for name, kept, _, _ in values)


def _may_tell(text: str) -> bool:
    """Return whether a word or a code may stand beside what it tells of: the patterns are slow where none
    does.
    """
    return (
        "ode" in text
        or "tus" in text
        or "tate" in text
        or "sult" in text
        or "tcome" in text
        or "STATE" in text
    )


def _word(name: str, word: str) -> Value | None:
    return (f"{name} ", word, "", 0) if word.isalpha() or word.isupper() or "_" in word else None


def extract_prose(text: str) -> str:
    """Return the text of a line: the message of JSON, and all of any other line."""
    if text[:1] != "{":
        return drop_client_text(text) if "HTTP/" in text else text
    message = _MESSAGE.search(text)
    return message[1] if message else ""


def drop_client_text(text: str) -> str:
    """Return a line of an access log without what its client wrote: the query, the referer and the user
    agent. Any other line is returned as it is.
    """
    request = _ASKED.search(text)
    if request is None:
        return text
    asked = _QUERY.sub("?", text[: request.end()])
    return asked + _CLIENTS.sub('""', text[request.end() :])


def begin_of_numbers(text: str) -> int:
    """Return where numbers may stand: behind a date and the time of day to the second at the beginning."""
    return _DATED if text[4:5] in {"-", "/"} and text[:4].isdecimal() else 0


def _value(name: str, value: str) -> Value | None:
    if len(value) == 5 and is_sqlstate(name):
        return (name, value, "", 0) if value.isalnum() else None
    if value.isdecimal():
        return _number(name, value, "", "")
    if value[0].isdigit() or value[0] in "+-.":
        match = _QUANTITY.fullmatch(value)
        if match is None:
            return _composite(name, value)
        return (
            _number(name, match[2], match[3] or "", match[1]) if match[1] != "-" or names_end(name) else None
        )
    if names_end(name):
        word = _QUALIFIED.sub("", value) if "." in value or "::" in value else value
        return (name, word, "", 0) if _WORD.fullmatch(word) or value in _LETTER else None
    told = value in _TRUTHS and split_words(name)[-1] in DONE
    return (name, value, "", 0) if told else None


def _number(name: str, number: str, unit: str, sign: str) -> Value | None:
    """Return a number as it is where it is short and has no unit, else as its bucket. Below 0 only short ones
    are kept, as codes.
    """
    most = CODE_DIGITS if number.isdecimal() and is_code(name) else 3
    if not unit and len(number) <= most and number.isdecimal() and number.isascii():
        digits = number.lstrip("0") or "0"
        return name, (f"-{digits}" if sign == "-" and digits != "0" else digits), "", 0
    if sign == "-":
        return None
    if number[-1] == "s":
        return _composite(name, number)
    amount = float(number.replace(",", ""))
    if amount > 1e30 or (
        not unit and amount >= 1e9 and not names_measure(name)
    ):  # of the epoch, or what identifies
        return None
    kind, factor = _UNITS[unit.lower() if len(unit) > 1 else unit]
    return name, "", kind, find_bucket(amount * factor)


def _composite(name: str, value: str) -> Value | None:
    """Return a duration as Go prints it: `1m30.5s`; or, where the name is a measure's, as a clock does."""
    if ":" in value:
        return read_clock(name, value) if names_measure(name) else None
    match = _COMPOSITE.fullmatch(value)
    if match is None or match[3].count(".") > 1 or match[3] == ".":
        return None
    seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
    return name, "", "s", find_bucket(seconds)


_UNITS: dict[str, tuple[Unit, float]] = {
    "": ("", 1.0),
    "%": ("%", 1.0),
    **dict.fromkeys(("ns",), ("s", 1e-9)),
    **dict.fromkeys(("us", "µs", "μs", "microsecond", "microseconds"), ("s", 1e-6)),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("s", 1e-3)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("s", 1.0)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), ("s", 60.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("s", 3600.0)),
    **dict.fromkeys(("B", "bytes"), ("B", 1.0)),
    **dict.fromkeys(("k", "K", "kb", "kib"), ("B", 1024.0)),
    **dict.fromkeys(("M", "mb", "mib"), ("B", 1024.0**2)),
    **dict.fromkeys(("G", "gb", "gib"), ("B", 1024.0**3)),
    **dict.fromkeys(("tb", "tib"), ("B", 1024.0**4)),
}
