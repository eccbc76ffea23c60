"""Events counted by group: how many, the first and the last, when they came, and what their values were.

Most lines are counted by the thousand. That needs their order, since a group's sample is its earliest line:
where lines do not stand in the order of their times, bucket is counted alone.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import compress

from msgspec.structs import replace

from analyzer.logs.digest import Digest
from analyzer.logs.groups import ALWAYS_READ, Counted, Groups
from analyzer.logs.shapes import Shapes, StampBucket, cut_stamp
from analyzer.logs.sketch import SLOTS
from analyzer.logs.slot_samples import Samples
from analyzer.logs.timing import Timing

_MANY = 16  # lines that are worth counting together
_ZONE = 6  # bytes of an offset from UTC
_SECOND = 19  # bytes of a stamp down to the second

Event = tuple[Counted, bytes, bytes]  # its group, when it began, and its lines joined by newlines


class EventCounter:
    """The counts of one stream's events. `timestamps`: bucket line starts with the kubelet's."""

    def __init__(
        self, redact: Callable[[str], str], groups: Groups, shapes: Shapes, *, timestamps: bool
    ) -> None:
        self._redact, self._groups, self._shapes, self._timestamps = redact, groups, shapes, timestamps
        self._timing, self._samples = Timing(), Samples()

    def count(self, event: Event) -> None:
        """Count an event, and when it came, and look at its values where it is its turn."""
        group, since, text = event
        due = self._samples.next_one(group)
        if due or group.looked_at < ALWAYS_READ:
            self._samples.take(group, text, since, due)
        self._add(event)
        self._timing.take(group, since)

    def count_lines(self, lines: Sequence[bytes], buckets: Sequence[StampBucket]) -> None:
        """Count lines that are events of their own."""
        if len(lines) + 1 >= _MANY:
            counts = Counter(buckets)
            if self._in_order(lines, buckets, counts):
                self._count_ordered(lines, buckets, counts)
                return
        for line, bucket in zip(lines, buckets, strict=True):
            self.count((bucket.group, *cut_stamp(line, bucket.width)))

    def narrow(self) -> set[int]:
        """Go back to the bounds; return the ids of the groups that went."""
        if self._samples.size > SLOTS:
            self._samples.finish()
            self._groups.narrow()
            self._samples.size = 0
        if not self._groups.overfull():
            return set()
        gone = self._groups.prune()
        self._shapes.forget()
        return gone

    def relocate(self, event: Event, gone: Container[int]) -> Event:
        """Return an event that is not counted yet, to be counted beyond the bound where its group is gone."""
        return event if id(event[0]) not in gone else (self._groups.beyond(event[0].level), *event[1:])

    def digest(self, *, lines: int, size: int, continued: int) -> Digest:
        """Return all that was counted, of a stream of so many lines and bytes."""
        self._samples.finish()
        digest = self._groups.digest(
            lines=lines,
            size=size,
            continued=continued,
            shows=lambda text: _shows(self._redact, text),
        )
        return replace(digest, timeline=self._timing.timeline())

    def _in_order(
        self, lines: Sequence[bytes], buckets: Sequence[StampBucket], kinds: Iterable[StampBucket]
    ) -> bool:
        """Return whether the lines of bucket group stand in the order of their times, and that is the order
        of their bytes.
        """
        if not self._timestamps:
            return True
        if any(bucket.width < 0 for bucket in kinds):
            zones = {
                line[: -bucket.width][-_ZONE:] if bucket.width < 0 else b""
                for line, bucket in zip(lines, buckets, strict=True)
            }
            if len(zones) > 1:
                return False
        if sorted(lines) == lines:
            return True
        stamps = [line[: abs(bucket.width)] for line, bucket in zip(lines, buckets, strict=True)]
        return sorted(stamps) == stamps

    def _count_ordered(
        self, lines: Sequence[bytes], buckets: Sequence[StampBucket], counts: Mapping[StampBucket, int]
    ) -> None:
        """Count lines whose order is that of their times."""
        self._sample(lines, buckets, counts)
        # Within a second a stamp of another width may stand before an earlier one.
        begun = cut_stamp(lines[0], buckets[0].width)[0][:_SECOND]
        lasts = dict(zip(buckets, lines, strict=True))
        known = all(
            bucket.group.count and (not self._timestamps or b"" < bucket.group.first <= begun)
            for bucket in counts
        )
        firsts = lasts if known else dict(zip(reversed(buckets), reversed(lines), strict=True))
        for bucket, count in counts.items():
            self._add(
                (bucket.group, *cut_stamp(firsts[bucket], bucket.width)),
                count,
                until=cut_stamp(lasts[bucket], bucket.width)[0],
            )
        self._timing.take_all(lines, buckets, counts)

    def _sample(
        self, lines: Sequence[bytes], buckets: Sequence[StampBucket], counts: Mapping[StampBucket, int]
    ) -> None:
        """Look at the values of those lines whose turn it is."""
        due = self._samples.next(len(lines))
        new = {bucket for bucket in counts if self._samples.wants(bucket.group)}
        places: Iterable[int] = due
        if new and len(due) < len(lines):
            first = compress(range(len(buckets)), map(new.__contains__, buckets))
            places = sorted({*due, *first}) if due else first
        for place in places:
            bucket = buckets[place]
            stamp, text = cut_stamp(lines[place], bucket.width)
            self._samples.take_due(bucket.group, text, stamp, due.get(place))

    def _add(self, event: Event, count: int = 1, *, until: bytes = b"") -> None:
        """Count an event, or so many of one group: the first of them, and the time of the last."""
        group, since, text = event
        if not group.count or (since and group.first and since < group.first):
            group.sample = self._shapes.show_event(text)
            group.first = since or group.first
        group.count += count
        group.first = group.first or since
        group.last = max(group.last, since, until)


@lru_cache(maxsize=4096)
def _shows(redact: Callable[[str], str], text: str) -> bool:
    """Return whether nothing of a text would be redacted."""
    return redact(text) == text
