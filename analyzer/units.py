"""Durations, sizes and whole numbers as people write them, on the command line, in the environment and in files alike; and HTTP's dates."""

import re
from datetime import UTC, datetime

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
LONGEST = 366 * 86400.0  # seconds: what is longer is a slip, and no calendar or clock need hold it
_DURATION = re.compile(r"\d+(\.\d+)?|(\d+(\.\d+)?(ms|h|m|s))+", re.ASCII)
_STEP = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)?")
_SIZE = re.compile(r"(\d{1,15})\s*([KMG]?)(?:i?B)?", re.IGNORECASE | re.ASCII)
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def seconds(text: str) -> float:
    """Seconds, from `90`, `90s`, `10m`, `1h30m`: as kubectl and Argo write them. ValueError for anything else, and beyond a year."""
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no duration: write 90s, 10m or 1h30m")
    found = sum(float(number) * _SECONDS[unit or "s"] for number, unit in _STEP.findall(text))
    if found > LONGEST:
        raise ValueError(f"{text!r} is longer than a year")
    return found


def size(text: str) -> int:
    """Bytes, from `65536`, `64KiB`, `4MiB`, `1GiB`; K, M and G alone mean the same. ValueError for anything else, and for none."""
    match = _SIZE.fullmatch(text)
    if not match or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no size: write 64KiB or 4MiB")
    return int(match[1]) * _BYTES[match[2].upper()]


def whole(text: str) -> int | None:
    """A whole number of at most 18 ASCII digits; None for anything else: `²` is a digit to Python, and no number."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else None


def date(text: str) -> datetime | None:
    """HTTP's date (RFC 9110, 5.6.7); None when it is none."""
    try:
        return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
