"""A log's digest: what is kept of a stream of any length. Digests merge in any order with one result.

Only so many groups are kept: the `BOUND` smallest by (level, worst first; hash of the template). A group among the smallest of
all was among the smallest at any moment before, so it was never dropped and its count is exact, whatever the order and the split
(a bottom-k sketch: Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007).
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal

from analyzer.value import Count, Moment, Value

Level = Literal["fatal", "error", "warning", "info", "debug", "unknown"]
LEVELS: tuple[Level, ...] = ("fatal", "error", "warning", "info", "unknown", "debug")  # as the bound keeps them
BOUND = 1000  # groups of one digest
Standing = tuple[int, bytes]


class Group(Value):
    """Events of one masked template. `first` and `last` are the earliest and latest times seen, None where lines carry none.

    `sample` is one redacted line: the earliest, the smallest text among equals, so that the order of merging cannot show.
    """

    template: str
    level: Level
    count: Count
    first: Moment | None
    last: Moment | None
    sample: str

    def standing(self) -> Standing:
        """Where it stands in what the bound keeps."""
        return standing(self.level, self.template)


class Digest(Value):
    """All of a stream, or of many.

    `lines` counts every line: those of the groups, those that only `continued` an event (stack frames, blank lines), and `other`,
    in no group because the bound was reached. `errors` counts the events of level error or fatal, those in `other` included.
    """

    lines: Count = 0
    bytes: Count = 0
    first: Moment | None = None
    last: Moment | None = None
    groups: tuple[Group, ...] = ()
    other: Count = 0
    continued: Count = 0
    errors: Count = 0

    def events(self) -> int:
        """Lines that start something: what a share is a share of."""
        return self.lines - self.continued

    def adds_up(self) -> bool:
        """Whether every event is in a group or among the others. In a file that somebody made it may not be."""
        return self.errors <= self.events() == self.other + sum(group.count for group in self.groups)

    def limit(self) -> Standing | None:
        """Where the bound fell: nothing can be said of templates that stand beyond it. None when every group was kept."""
        return max((group.standing() for group in self.groups), default=(0, b"")) if self.other else None


def standing(level: Level, template: str) -> Standing:
    """What decides which groups are kept: the smaller stays."""
    return LEVELS.index(level), blake2b(template.encode(), digest_size=8).digest()


def merge(digests: Iterable[Digest]) -> Digest:
    """One digest of many: commutative and associative, and bounded as each was."""
    seen = tuple(digests)
    groups: dict[tuple[Level, str], Group] = {}
    for digest in seen:
        for group in digest.groups:
            known = groups.get((group.level, group.template))
            groups[group.level, group.template] = group if known is None else _joined(known, group)
    kept = _bounded(groups.values(), [limit for limit in (digest.limit() for digest in seen) if limit is not None])
    lines, continued = sum(digest.lines for digest in seen), sum(digest.continued for digest in seen)
    return Digest(
        lines=lines,
        bytes=sum(digest.bytes for digest in seen),
        first=min((digest.first for digest in seen if digest.first), default=None),
        last=max((digest.last for digest in seen if digest.last), default=None),
        groups=kept,
        other=lines - continued - sum(group.count for group in kept),
        continued=continued,
        errors=sum(digest.errors for digest in seen),
    )


def _bounded(groups: Iterable[Group], limits: list[Standing]) -> tuple[Group, ...]:
    """The smallest, in order. Beyond the least of the limits a count would be of some of the streams only."""
    ordered = sorted(groups, key=Group.standing)[:BOUND]
    return tuple(group for group in ordered if group.standing() <= min(limits)) if limits else tuple(ordered)


def _joined(one: Group, two: Group) -> Group:
    firsts, lasts = [at for at in (one.first, two.first) if at], [at for at in (one.last, two.last) if at]
    first = min(firsts, default=None)
    return Group(
        template=one.template,
        level=one.level,
        count=one.count + two.count,
        first=first,
        last=max(lasts, default=None),
        sample=min(group.sample for group in (one, two) if group.first == first),
    )
