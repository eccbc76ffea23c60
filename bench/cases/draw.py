"""Statements of a log: a template with holes, filled from a seeded random source, the time and the pod.

A hole is `$name` or `$name[arguments]`; `$$` is a dollar. A hole that stands twice in one statement, written
alike, has one value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

_HOLE = re.compile(r"\$(?:\$|([a-z]+)(?:\[([^\]]*)\])?)")


@dataclass(frozen=True)
class Moment:
    """Where a statement stands: its time, its number in the pod's log, the pod's name and when that
    started.
    """

    at: datetime
    index: int
    pod: str
    started: datetime


def written(template: str, moment: Moment, random: Random) -> str:
    """Return the statement: the template with every hole filled. Raise KeyError for a hole of an unknown
    name.
    """
    values: dict[str, str] = {}

    def fill(hole: re.Match[str]) -> str:
        name, arguments = hole.groups()
        if name is None:
            return "$"
        if hole.group() not in values:
            values[hole.group()] = _HOLES[name](_Draw(moment, random, arguments or ""))
        return values[hole.group()]

    return _HOLE.sub(fill, template)


@dataclass(frozen=True)
class _Draw:
    """What a hole is filled from."""

    moment: Moment
    random: Random
    arguments: str

    def time(self, form: str) -> str:
        """The moment's time by strftime, where `%L` is milliseconds."""
        return self.moment.at.strftime(form.replace("%L", f"{self.moment.at.microsecond // 1000:03d}"))

    def skewed(self) -> float:
        """A number of the range `low,high`; most lie near the lower end, as latencies do."""
        low, high = (float(number) for number in self.arguments.split(",")[:2])
        return low + (high - low) * float(self.random.random()) ** 3

    def integer(self) -> str:
        low, high = (int(number) for number in self.arguments.split(","))
        return str(self.random.randint(low, high))

    def decimal(self) -> str:
        places = self.arguments.split(",")[2:] or ["3"]
        return f"{self.skewed():.{int(places[0])}f}"

    def duration(self) -> str:
        """A duration between two counts of milliseconds, as Go's time.Duration prints it."""
        value = self.skewed()
        if value < 1:
            return f"{value * 1000:.3f}µs"
        return f"{value:.6f}ms" if value < 1000 else f"{value / 1000:.9f}s"

    def hexadecimal(self) -> str:
        return "".join(self.random.choices("0123456789abcdef", k=int(self.arguments or "16")))

    def address(self) -> str:
        return f"{self.arguments or '10.42'}.{self.random.randint(0, 31)}.{self.random.randint(2, 250)}"

    def client(self) -> str:
        return ".".join(str(self.random.randint(11, 223)) for _ in range(4))

    def sequence(self) -> str:
        """A count that grows with every statement: `$seq[from]` or `$seq[from,step]`."""
        begin, step = (*(int(number) for number in self.arguments.split(",")), 1)[:2]
        return str(begin + step * self.moment.index)

    def uptime(self) -> str:
        return str(int((self.moment.at - self.moment.started).total_seconds()))


_HOLES: Mapping[str, Callable[[_Draw], str]] = {
    "time": lambda draw: draw.time(draw.arguments),
    "iso": lambda draw: draw.time("%Y-%m-%dT%H:%M:%S.%LZ"),
    "clf": lambda draw: draw.time("%d/%b/%Y:%H:%M:%S +0000"),
    "sql": lambda draw: draw.time("%Y-%m-%d %H:%M:%S"),
    "comma": lambda draw: draw.time("%Y-%m-%d %H:%M:%S,%L"),
    "epoch": lambda draw: str(int(draw.moment.at.timestamp())),
    "epochms": lambda draw: str(int(draw.moment.at.timestamp() * 1000)),
    "epochf": lambda draw: f"{draw.moment.at.timestamp():.6f}",
    "uptime": _Draw.uptime,
    "pod": lambda draw: draw.moment.pod,
    "int": _Draw.integer,
    "ms": lambda draw: str(int(draw.skewed())),
    "dec": _Draw.decimal,
    "go": _Draw.duration,
    "seq": _Draw.sequence,
    "hex": _Draw.hexadecimal,
    "uuid": lambda draw: str(UUID(int=draw.random.getrandbits(128), version=4)),
    "ip": _Draw.address,
    "client": _Draw.client,
    "pick": lambda draw: draw.random.choice(draw.arguments.split("|")),
}
