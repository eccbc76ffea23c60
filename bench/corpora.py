"""Logs with known truth: statements as a program would print them (corpus/*.txt), their parameters drawn with
a fixed seed.
"""

import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "corpus"
_LEVELS = {
    *"-VDIWE",
    "INFO",
    "WARN",
    "WARNING",
    "ERROR",
    "DEBUG",
    "info",
    "warn",
    "warning",
    "error",
    "notice",
    "debug",
    "Note",
    "Warning",
}
_PINO = {"info": "30", "warn": "40", "error": "50"}
_STATEMENT = re.compile(r"(?:\*(\d+) )?(.*)")
_KIND = re.compile(r"\{([A-Za-z]+[0-9]*)\}")


class Event(NamedTuple):
    """One event, of several lines for a trace; `truth` is the statement that printed it."""

    style: str
    truth: str
    lines: tuple[str, ...]


class Style(NamedTuple):
    name: str
    header: str
    statements: tuple[tuple[int, str, str], ...]  # weight, level, text


def styles(name: str) -> list[Style]:
    found: list[Style] = []
    for line in _lines(name):
        if line.startswith("["):
            title, _, header = line[1:].partition("] ")
            found.append(Style(title, header, ()))
        else:
            found[-1] = found[-1]._replace(statements=(*found[-1].statements, _statement(line)))
    return found


def _lines(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _statement(line: str) -> tuple[int, str, str]:
    match = _STATEMENT.fullmatch(line)
    assert match is not None
    level, _, text = match[2].partition(" ")
    return int(match[1] or 1), *((level, text) if level in _LEVELS else ("", match[2]))


def events(style: Style, count: int, seed: int = 1) -> Iterator[Event]:
    pick = random.Random(f"{style.name}{seed}")
    weights = [weight for weight, _, _ in style.statements]
    for _ in range(count):
        _, level, text = pick.choices(style.statements, weights)[0]
        head, _, tail = style.header.partition("{}")
        head = head.replace(
            "{class}", ("CartService", "OrderHandler", "PriceTable")[len(text) % 3]
        )  # a statement stands in one class
        whole = f"{head}{text}{tail}".replace("\\n", "\n").replace("\\t", "\t")
        yield Event(style.name, f"{level} {text}", tuple(_fill(whole, level, pick, {}).split("\n")))


def _fill(text: str, level: str, pick: random.Random, same: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        kind = match[1]
        if kind in _OF_LEVEL:
            return _OF_LEVEL[kind](level, pick)
        if kind in _DRAWN:
            return _DRAWN[kind](pick)
        if kind in same:
            return same[kind]
        values, weights, once = _VALUES[kind]
        drawn = _fill(pick.choices(values, weights)[0], level, pick, same)
        if once:
            same[kind] = drawn
        return drawn

    return _KIND.sub(value, text)


def _values() -> dict[str, tuple[list[str], list[float], bool]]:
    """Each kind's values, how frequent they are, and whether a line has but one."""
    found = {}
    for line in _lines("values"):
        kind, _, listed = line.partition(": ")
        values = listed.split(" | ")
        weights = [1 / rank if kind.endswith("~") else 1.0 for rank in range(1, len(values) + 1)]
        found[kind.rstrip("~=")] = (values, weights, kind.endswith("="))
    return found


Draw = Callable[[random.Random], str]
_VALUES = _values()


def _hex(length: int) -> Draw:
    return lambda pick: f"{pick.getrandbits(4 * length):0{length}x}"


def _number(low: int, high: int, width: int = 0) -> Draw:
    return lambda pick: f"{pick.randint(low, high):0{width}}"


def _letters(letters: str, length: int) -> Draw:
    return lambda pick: "".join(pick.choices(letters, k=length))


def _clock(pick: random.Random) -> str:
    return f"{pick.randint(0, 23):02}:{pick.randint(0, 59):02}:{pick.randint(0, 59):02}"


def _iso(pick: random.Random) -> str:
    return f"2026-{pick.randint(1, 12):02}-{pick.randint(1, 28):02} {_clock(pick)}"


def _uuid(pick: random.Random) -> str:
    return "-".join(_hex(length)(pick) for length in (8, 4, 4, 4, 12))


_POD = "bcdfghjklmnpqrstvwxz2456789"
_OF_LEVEL: dict[str, Callable[[str, random.Random], str]] = {
    **dict.fromkeys(("LEVEL", "level", "L"), lambda level, _: level),
    "pino": lambda level, _: _PINO[level],
    "klog": lambda level, pick: (
        f"{level}1103 {_clock(pick)}.{pick.randint(0, 999999):06} {pick.randint(1, 99999):7d}"
    ),
}
_DRAWN: dict[str, Draw] = {
    "n": lambda pick: str(int(10 ** pick.uniform(0, 5))),
    **{f"n{width}": _number(10 ** (width - 1), 10**width - 1) for width in (3, 4, 5, 6, 8)},
    **{f"hex{length}": _hex(length) for length in (1, 4, 7, 8, 16, 32, 40)},
    "n1": _number(0, 9),
    "d2": _number(1, 28, 2),
    "ms3": _number(0, 999, 3),
    "port": _number(1024, 65000),
    "pid": lambda pick: f"{pick.randint(100, 30000):5d}",
    "big": lambda pick: f"{pick.choice(('-', ''))}{pick.randint(10**15, 10**19)}",
    "float": lambda pick: f"{pick.uniform(0, 200):.{pick.randint(1, 4)}f}",
    "ip": lambda pick: ".".join(str(pick.randint(1, 254)) for _ in range(4)),
    "mac": lambda pick: ":".join(_hex(2)(pick) for _ in range(6)),
    "uuid": _uuid,
    "pod9": _letters(_POD, 9),
    "pod5": _letters(_POD, 5),
    "base62": _letters(string.ascii_letters + string.digits, 11),
    "clock": _clock,
    "iso": _iso,
    "isoz": lambda pick: _iso(pick).replace(" ", "T") + "Z",
    "slash": lambda pick: _iso(pick).replace("-", "/"),
    "hms6": lambda pick: _clock(pick).replace(":", ""),
    "bclock": lambda pick: _clock(pick).replace(":", "."),
    "clf": lambda pick: f"{pick.randint(1, 28):02}/Nov/2026:{_clock(pick)} +0000",
    "bsd": lambda pick: f"Nov {pick.randint(1, 28):2d} {_clock(pick)}",
    "hclock": lambda pick: (
        f"{pick.randint(0, 23)}:{pick.randint(0, 59)}:{pick.randint(0, 59)}:{pick.randint(0, 999)}"
    ),
}
