"""Durations, sizes and whole numbers as people write them, on the command line, in the environment and in
files alike; and dates of HTTP.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
LONGEST_DURATION = 366 * 86400.0  # seconds: what is longer is a slip, and no calendar or clock need hold it
_DURATION = re.compile(r"0|(\d+(\.\d+)?(ms|h|m|s))+", re.ASCII)
_BARE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_STEP = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)?")
_SIZE = re.compile(r"(\d{1,15})\s*([KMG]?)(?:i?B)?", re.IGNORECASE | re.ASCII)
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def seconds(text: str) -> float:
    """Parse a duration such as `90s`, `10m`, `1h30m` or `0` (as kubectl and Argo write them) and return its
    seconds. Raise ValueError for anything else, and for more than a year.
    """
    if _BARE.fullmatch(text) and text != "0":
        raise ValueError(f"{text!r} has no unit: write {text}s or {text}m")
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no duration: write 90s, 10m or 1h30m")
    total = sum(float(number) * _SECONDS[unit or "s"] for number, unit in _STEP.findall(text))
    if total > LONGEST_DURATION:
        raise ValueError(f"{text!r} is longer than a year")
    return total


def duration(seconds: float) -> str:
    """Format seconds as people write them: 90 is `1m30s`. `seconds` reads the result back without loss."""
    if not seconds.is_integer():
        return f"{Decimal(repr(seconds)):f}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        "".join(f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count)
        or "0s"
    )


def duration_in_words(seconds: float) -> str:
    """Return a time that was measured, in the largest unit of which it has two: "95 s", "8 min", "2 h"."""
    for size, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{max(0.0, seconds):.0f} s"


def binary(size: int) -> str:
    """Format a number of bytes in the largest unit that is whole: `4MiB`. `size` reads it back."""
    unit = next((unit for unit in ("G", "M", "K") if size and size % _BYTES[unit] == 0), "")
    return f"{size // _BYTES[unit]}{unit}iB" if unit else str(size)


def size(text: str) -> int:
    """Parse a size such as `65536`, `64KiB`, `4MiB` or `1GiB` (K, M and G mean the same) and return its
    bytes. Raise ValueError for anything else, and for 0.
    """
    match = _SIZE.fullmatch(text)
    if not match or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no size: write 64KiB or 4MiB")
    return int(match[1]) * _BYTES[match[2].upper()]


def parse_whole_number(text: str) -> int | None:
    """Parse a whole number of at most 18 ASCII digits; return None for anything else. Python takes `²` for a
    digit, so ASCII is required.
    """
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else None


def parse_http_date(text: str) -> datetime | None:
    """Parse an HTTP date (RFC 9110, 5.6.7), also in its obsolete forms; return None for any other text."""
    from email.utils import parsedate_to_datetime  # its imports cost a fifth of a start

    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
