"""Fields of the Kubernetes API that more than one source reads. All of them may be absent."""

import re
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from analyzer.value import LARGEST, plausible

Json = dict[str, Any]

_QUANTITY = re.compile(r"([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)")
_SCALES = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3} | {unit: 1e3 ** (2 + power) for power, unit in enumerate("MGTPE")}
_SCALES |= {f"{unit}i": 1024.0 ** (1 + power) for power, unit in enumerate("KMGTPE")}


def moment(text: str | None) -> datetime | None:
    """RFC 3339, as Time and MicroTime are written; None where there is none, or one that stands for none (year 1)."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at and plausible(at) else None


def controller(metadata: Json) -> str:
    """ "Kind/name" of the owner that manages the object, or empty."""
    owners = metadata.get("ownerReferences") or ()
    return next((f"{owner['kind']}/{owner['name']}" for owner in owners if owner.get("controller")), "")


def quantity(text: str | None) -> float | None:
    """A Kubernetes quantity as a number (cores, bytes); None where there is none, or it is not one.

    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    match = _QUANTITY.fullmatch(text or "")
    try:
        found = float(match[1]) * 10.0 ** int(match[2] or 0) * _SCALES.get(match[3] or "", 1.0) if match else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found) <= LARGEST else None


def command_line(words: Sequence[str], redact: Callable[[str], str]) -> str:
    """A command as one would type it, redacted as words and as a line; a word that follows an option for a secret (`--token`), whole."""
    typed: list[str] = []
    for number, word in enumerate(words):
        flag = words[number - 1] if number else ""
        secret = flag.startswith("-") and "=" not in flag and redact(f"{flag}=a1B2c3D4") != f"{flag}=a1B2c3D4"
        typed.append("[masked secret]" if secret and not word.startswith("-") else redact(word))
    return redact(shlex.join(typed))


def last_seen(event: Json) -> datetime | None:
    """When an event was last told, where it says so: of a series by events.k8s.io/v1, else by core/v1."""
    return moment((event.get("series") or {}).get("lastObservedTime")) or moment(event.get("lastTimestamp"))
