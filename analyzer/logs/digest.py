"""A log's digest: what is kept of a stream of any length. Digests merge in any order with one result.

Only so many groups are kept: the `BOUND` smallest by (level, worst first; hash of the template). A group
among the smallest of all was among the smallest at any moment before, so it was never dropped and its count
is exact, whatever the order and the split (a bottom-k sketch: Cohen and Kaplan, "Summarizing data using
bottom-k sketches", PODC 2007).
"""

from collections.abc import Container, Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Literal

from msgspec.structs import replace

from analyzer.common.value import Count, Moment, Value
from analyzer.logs import timeline as timelines
from analyzer.logs.sketch import SLOTS, Slot, merge_slots, select_slots
from analyzer.logs.timeline import Timeline

Level = Literal["fatal", "error", "warning", "info", "debug", "unknown"]
# as the bound keeps them
LEVELS: tuple[Level, ...] = (
    "fatal",
    "error",
    "warning",
    "info",
    "unknown",
    "debug",
)
BOUND = 1000  # groups of one digest
ERRORS: tuple[Level, ...] = ("fatal", "error")
Standing = tuple[int, bytes]


class TemplateGroup(Value):
    """Events of one masked template. `first` and `last` are the earliest and latest times seen, None where
    lines carry none.

    `sample` is one redacted line: the earliest, the smallest text among equals, so that the order of merging
    cannot show. `slots` are what the masked values were, by name (`sketch.py`).
    """

    template: str
    level: Level
    count: Count
    first: Moment | None
    last: Moment | None
    sample: str
    slots: tuple[Slot, ...] = ()

    def standing(self) -> Standing:
        """Return where it stands in what the bound keeps."""
        return standing(self.level, self.template)


class Digest(Value):
    """All of a stream, or of many.

    `lines` counts every line: those of the groups, those that only `continued` an event (stack frames, blank
    lines), and `other`, in no group because the bound was reached. `errors` counts the events of level error
    or fatal, those in `other` included. `timeline` is when the events came, None where that is not known of
    all of it: its end was not read, or a file has none.
    """

    lines: Count = 0
    bytes: Count = 0
    first: Moment | None = None
    last: Moment | None = None
    groups: tuple[TemplateGroup, ...] = ()
    other: Count = 0
    continued: Count = 0
    errors: Count = 0
    timeline: Timeline | None = None

    def events(self) -> int:
        """Return lines that start something: what a share is a share of."""
        return self.lines - self.continued

    def adds_up(self) -> bool:
        """Return whether every event is in a group or among the others. In a file that somebody made it may
        not be.
        """
        return self.errors <= self.events() == self.other + sum(group.count for group in self.groups)

    def limit(self) -> Standing | None:
        """Return where the bound fell: nothing can be said of templates that stand beyond it. None when every
        group was kept.
        """
        return max((group.standing() for group in self.groups), default=(0, b"")) if self.other else None


def less(digest: Digest, gone: Container[tuple[Level, str]]) -> Digest:
    """Return the digest without some of its groups, by level and template: their lines leave every count."""
    dropped = [group for group in digest.groups if (group.level, group.template) in gone]
    if not dropped:
        return digest
    return replace(
        digest,
        lines=digest.lines - sum(group.count for group in dropped),
        errors=digest.errors - sum(group.count for group in dropped if group.level in ERRORS),
        groups=tuple(group for group in digest.groups if (group.level, group.template) not in gone),
    )


def standing(level: Level, template: str) -> Standing:
    """Return what decides which groups are kept: the smaller stays."""
    return LEVELS.index(level), blake2b(template.encode(), digest_size=8).digest()


def merge(digests: Iterable[Digest]) -> Digest:
    """Return one digest of many: commutative and associative, and bounded as each was."""
    seen = tuple(digests)
    groups: dict[tuple[Level, str], TemplateGroup] = {}
    for digest in seen:
        for group in digest.groups:
            known = groups.get((group.level, group.template))
            groups[group.level, group.template] = group if known is None else _joined(known, group)
    kept = _bounded(
        groups.values(), [limit for limit in (digest.limit() for digest in seen) if limit is not None]
    )
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
        timeline=_timeline(seen),
    )


def _timeline(digests: Iterable[Digest]) -> Timeline | None:
    """Return the timeline of all of them, where that of each is known that has a line."""
    all_timelines = [digest.timeline for digest in digests if digest.lines or digest.timeline]
    known = [timeline for timeline in all_timelines if timeline is not None]
    return timelines.merge(known) if known and len(known) == len(all_timelines) else None


def _bounded(groups: Iterable[TemplateGroup], limits: list[Standing]) -> tuple[TemplateGroup, ...]:
    """Return the smallest, in order. Beyond the least of the limits a count would be of some of the streams
    only.
    """
    ordered = sorted(groups, key=TemplateGroup.standing)[:BOUND]
    return _narrowed([group for group in ordered if group.standing() <= min(limits)] if limits else ordered)


def _narrowed(ordered: Sequence[TemplateGroup]) -> tuple[TemplateGroup, ...]:
    """Return the groups with as many slots as are kept, those of the first groups first."""
    ends = [*accumulate(len(group.slots) for group in ordered)]
    if not ends or ends[-1] <= SLOTS:
        return tuple(ordered)
    return tuple(
        group
        if end <= SLOTS
        else replace(group, slots=select_slots(group.slots, max(0, SLOTS - end + len(group.slots))))
        for group, end in zip(ordered, ends, strict=True)
    )


def _joined(one: TemplateGroup, two: TemplateGroup) -> TemplateGroup:
    firsts, lasts = [at for at in (one.first, two.first) if at], [at for at in (one.last, two.last) if at]
    first = min(firsts, default=None)
    return TemplateGroup(
        template=one.template,
        level=one.level,
        count=one.count + two.count,
        first=first,
        last=max(lasts, default=None),
        sample=min(group.sample for group in (one, two) if group.first == first),
        slots=select_slots(merge_slots((one.slots, two.slots))),
    )
