"""Durations and sizes as people write them, on the command line, in the environment and in the config file alike."""

import re

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def seconds(text: str) -> float:
    """Seconds, from `90`, `90s`, `10m`, `1h30m`: as kubectl and Argo write them. ValueError for anything else."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|h|m|s))+", text):
        raise ValueError(f"{text!r} is no duration: write 90s, 10m or 1h30m")
    return sum(float(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", text))


def size(text: str) -> int:
    """Bytes, from `65536`, `64KiB`, `4MiB`, `1GiB`; K, M and G alone mean the same. ValueError for anything else, and for none."""
    match = re.fullmatch(r"(\d+)\s*([KMG]?)(?:i?B)?", text, re.IGNORECASE)
    if not match or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no size: write 64KiB or 4MiB")
    return int(match[1]) * _BYTES[match[2].upper()]
