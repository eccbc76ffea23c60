"""Fields of the Kubernetes API that more than one source reads. All of them may be absent."""

import re
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime

from analyzer.common.value import LARGEST_NUMBER, Json, is_plausible

_QUANTITY = re.compile(r"([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)")
_SCALES = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3} | {
    unit: 1e3 ** (2 + power) for power, unit in enumerate("MGTPE")
}
_SCALES |= {f"{unit}i": 1024.0 ** (1 + power) for power, unit in enumerate("KMGTPE")}


def parse_time(text: str | None) -> datetime | None:
    """Return the time of an RFC 3339 text, as Time and MicroTime are written.

    Returns None for no text, for one that is no time, and for one that stands for none (year 1).
    """
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at and is_plausible(at) else None


def controller_of(metadata: Json) -> str:
    """Return "Kind/name" of the owner that manages the object, or empty."""
    owners = metadata.get("ownerReferences") or ()
    return next((f"{owner['kind']}/{owner['name']}" for owner in owners if owner.get("controller")), "")


def parse_quantity(text: str | None) -> float | None:
    """Return a Kubernetes quantity as a number (cores, bytes); None for no text, or one that is no quantity.

    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    match = _QUANTITY.fullmatch(text or "")
    try:
        number = (
            float(match[1]) * 10.0 ** int(match[2] or 0) * _SCALES.get(match[3] or "", 1.0) if match else None
        )
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None


def format_command(words: Sequence[str], redact: Callable[[str], str]) -> str:
    """Return a command as one would type it in a shell, redacted word by word and then as a line.

    A word that follows an option for a secret (`--token`) is masked whole.
    """
    typed: list[str] = []
    for number, word in enumerate(words):
        flag = words[number - 1] if number else ""
        secret = flag.startswith("-") and "=" not in flag and redact(f"{flag}=a1B2c3D4") != f"{flag}=a1B2c3D4"
        typed.append("[masked secret]" if secret and not word.startswith("-") else redact(word))
    return redact(shlex.join(typed))


def read_last_time(event: Json) -> datetime | None:
    """Return when an event was last seen: of a series by events.k8s.io/v1, else by core/v1. None if it has
    neither.
    """
    return parse_time((event.get("series") or {}).get("lastObservedTime")) or parse_time(
        event.get("lastTimestamp")
    )
