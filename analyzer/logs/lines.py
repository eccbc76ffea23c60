"""Bytes to lines: a stream cut at newlines with a bound on each, the kubelet's timestamp split off, and text
made safe to show.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

# The bounds that every pattern relies on. A log's lines are cut while it is read (`blocks`), every other text
# of others before it is masked (`bounded`, in `records.retention.make_mask`).
# Bytes of a log's line, characters of any other one, that are looked at. A log's are counted as bytes all the
# same.
MAX_LINE = 16 * 1024
MAX_TEXT = 8 * MAX_LINE  # characters of a text of several lines
BLOCK = 32 * 1024  # bytes that are looked at together

# ECMA-48: CSI, OSC, designations of character sets (ESC ( B), other two-byte escapes
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]+[0-~]|[@-Z\\-_])")
_BLANK = {**dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA0)]), 0x09: " "}
# What shows as nothing and can carry a hidden text or cut a word in two: Unicode 16's
# Default_Ignorable_Code_Point (zero-width and bidirectional marks, fillers, variation selectors, tags), and
# the separators of lines and of interlinear notes.
_UNSEEN = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *(
        *range(0x180B, 0x1810),
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
    ),
    *(*range(0xFFF0, 0xFFFC), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
]
_STRIPPED = str.maketrans({**_BLANK, **dict.fromkeys(_UNSEEN)})
_STAMP = re.compile(
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,9})?)(Z|[+-][0-9]{2}:[0-9]{2})"
)


def blocks(chunks: Iterable[bytes], *, keeps_rest: Callable[[], bool] = lambda: True) -> Iterator[bytes]:
    """Yield whole lines joined by newlines, many at a time. No line exceeds `MAX_LINE` however long the
    input's is.

    A last line without a newline counts as one if `keeps_rest`, which is asked at the end, says so. A
    carriage return before the newline is left for `clean`.
    """
    rest = b""
    for part in _joined(chunks):
        whole, newline, tail = part.rpartition(b"\n")
        if newline:
            yield _bounded(rest + whole)
            rest = b""
        rest = (rest + tail)[:MAX_LINE]
    if rest and keeps_rest():
        yield rest


def _joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks put together to some size: an API server sends each line as one."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join(parts)


def _bounded(block: bytes) -> bytes:
    """Return the block with its lines cut; unchanged if each half of the bound has a newline."""
    half = MAX_LINE // 2
    if all(block.find(b"\n", start, start + half) >= 0 for start in range(0, len(block) - half, half)):
        return block
    return b"\n".join([line[:MAX_LINE] for line in block.split(b"\n")])


def split_stamp(line: bytes) -> tuple[bytes, bytes]:
    """Return a line of a log read with timestamps, as (stamp, text); the stamp is empty where there is none.

    The kubelet writes RFC 3339 with nanoseconds, trailing zeros of the fraction trimmed, in the node's own
    offset. A stamp is returned in UTC without its "Z", because then the order of the bytes is the order of
    the times.
    """
    head, _, text = line.partition(b" ")
    match = _STAMP.fullmatch(head)
    if match is None:
        return b"", line
    minute, rest, zone = match.groups()
    return (minute if zone == b"Z" else _utc_minute(minute + zone)) + rest, text


@lru_cache(maxsize=256)
def _utc_minute(minute: bytes) -> bytes:
    try:
        return datetime.fromisoformat(minute.decode()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M").encode()
    except (ValueError, OverflowError):
        return minute[:16]


def at(stamp: bytes) -> datetime | None:
    """Return the time of a stamp from `split_stamp`, cut to microseconds; None for none, or for one that no
    calendar has.
    """
    if not stamp:
        return None
    try:
        return datetime.fromisoformat(stamp[:26].decode()).replace(tzinfo=UTC)
    except ValueError:
        return None


def clean(line: bytes) -> str:
    """Return the `safe` text of a line's bytes, invalid UTF-8 replaced."""
    return safe(line.decode("utf-8", "replace"))


def bounded(text: str, more: int = 0) -> str:
    """Return the text with no line longer than `MAX_LINE`, `MAX_TEXT` in all, and a mark where it was cut;
    `more` characters are let pass.
    """
    if len(text) <= MAX_LINE:
        return text
    whole = _cut(text, MAX_TEXT + more)
    return "".join(_cut(line, MAX_LINE + more) for line in whole.splitlines(keepends=True))


def _cut(text: str, most: int) -> str:
    """Return at most so many characters, the line's end that it had apart."""
    end = text[len(text.rstrip("\r\n")) :][:2]
    return text if len(text) - len(end) <= most else f"{text[: most - 2]} …{end}"


def safe(text: str) -> str:
    """Return one line that shows as it reads: escapes, control (newlines too), zero-width and bidirectional
    characters gone.
    """
    if text.isascii() and text.isprintable():
        return text
    return _ESCAPES.sub("", text).translate(_STRIPPED)
