"""A stream's timeline while the stream is mined: its events, many at a time, by the span they came in."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from analyzer.common.value import is_plausible
from analyzer.logs.digest import ERRORS
from analyzer.logs.groups import Counted
from analyzer.logs.lines import at
from analyzer.logs.requests import is_request, probes
from analyzer.logs.shapes import StampBucket, cut_stamp
from analyzer.logs.timeline import BOUND, SPAN, Tally, Timeline, joined, timeline_of

_PREFIX = 18  # bytes of a stamp down to the tens of seconds
_BEHIND = b"\xff"  # behind every byte of a stamp
_KINDS = 4096  # groups that are remembered


class Timing:
    """The counts of one stream. Either all events of a group are probes, or none, as its sample tells."""

    def __init__(self) -> None:
        self._span = SPAN
        self._tallies: dict[int, list[int]] = {}
        self._kinds: dict[Counted, Tally] = {}
        self._unstamped = False

    def take(self, group: Counted, stamp: bytes) -> None:
        """Count an event of a group."""
        self._add(stamp[:_PREFIX], self._kind(group), 1)

    def _add(self, prefix: bytes, kind: Tally, count: int) -> None:
        """Count so many events of one kind and one span."""
        number = _number(prefix)
        if number is None:
            self._unstamped = True
            return
        tally = self._tallies.setdefault(number * SPAN // self._span, [0, 0, 0])
        for index, share in enumerate(kind):
            tally[index] += share * count
        if len(self._tallies) > 2 * BOUND:
            shorter = {number: (tally[0], tally[1], tally[2]) for number, tally in self._tallies.items()}
            self._tallies = {number: list(tally) for number, tally in joined(shorter.items()).items()}
            self._span *= 2

    def take_all(
        self, lines: Sequence[bytes], buckets: Sequence[StampBucket], counts: Mapping[StampBucket, int]
    ) -> None:
        """Count lines that stand in the order of their times; `counts` are those of all of them."""
        if not any(bucket.width for bucket in counts):
            self._unstamped = True
            return
        if any(bucket.width <= 0 for bucket in counts):  # no stamp, or one in an offset of its own
            for line, bucket in zip(lines, buckets, strict=True):
                self.take(bucket.group, cut_stamp(line, bucket.width)[0])
            return
        kinds = {bucket: self._kind(bucket.group) for bucket in counts}
        tallies = [kinds[bucket] for bucket in buckets]
        start = 0
        while start < len(lines):
            prefix = lines[start][:_PREFIX]
            stop = bisect_left(lines, prefix + _BEHIND, start)
            for kind, count in Counter(tallies[start:stop]).items():
                self._add(prefix, kind, count)
            start = stop

    def timeline(self) -> Timeline | None:
        """Return what was counted; None where no event had a time."""
        if self._unstamped and not self._tallies:
            return None
        return timeline_of(
            {n: (tally[0], tally[1], tally[2]) for n, tally in self._tallies.items()}, self._span
        )

    def _kind(self, group: Counted) -> Tally:
        """Return what an event of the group adds to events, requests and errors."""
        kind = self._kinds.get(group)
        if kind is None:
            if len(self._kinds) >= _KINDS:
                self._kinds.clear()
            work = not probes(group.sample)
            kind = (int(work), int(work and is_request(group.sample)), int(work and group.level in ERRORS))
            self._kinds[group] = kind
        return kind


@lru_cache(maxsize=4096)
def _number(prefix: bytes) -> int | None:
    """Return the number of the span of a stamp's prefix; None where it is no time."""
    moment = at(prefix + b"0") if len(prefix) == _PREFIX else None
    return int(moment.timestamp()) // SPAN if moment is not None and is_plausible(moment) else None
