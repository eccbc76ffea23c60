"""A stream's timeline while the stream is mined: its events, many at a time, by the span they came in."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from analyzer.common.value import is_plausible
from analyzer.logs.digest import ERRORS
from analyzer.logs.groups import Counted
from analyzer.logs.lines import at
from analyzer.logs.over_time import doublings_between
from analyzer.logs.requests import is_request, probes
from analyzer.logs.shapes import StampBucket, cut_stamp
from analyzer.logs.timeline import BOUND, SPAN, Timeline, joined, timeline_of

_PREFIX = 18  # bytes of a stamp down to the tens of seconds
_BEHIND = b"\xff"  # behind every byte of a stamp
_UNKNOWN, _PROBE, _LINE, _REQUEST, _ERROR, _FAILED = range(6)  # what the events of a group are


class Timing:
    """The counts of one stream, and of each of its groups. A group's sample tells what it is: all its events
    are probes, or none is.

    Events are counted by their group while they are of one span, and added up when it ends.
    """

    def __init__(self) -> None:
        self._span = SPAN
        self._tallies: dict[int, list[int]] = {}
        self._unstamped = False
        self._reached: tuple[int, int] | None = None  # the first and the last number
        self._doublings = 0  # of the groups' spans
        # What is not added up yet, of one span: its number is None where stamps are no times.
        self._prefix, self._number = b"", _number(b"")
        self._pending, self._alone = Counter[StampBucket](), dict[Counted, int]()

    def take(self, group: Counted, stamp: bytes) -> None:
        """Count an event of a group."""
        prefix = stamp[:_PREFIX]
        if prefix != self._prefix:
            self._turn(prefix)
        self._alone[group] = self._alone.get(group, 0) + 1

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
        start = 0
        while start < len(lines):
            prefix = lines[start][:_PREFIX]
            stop = bisect_left(lines, prefix + _BEHIND, start)
            if prefix != self._prefix:
                self._turn(prefix)
            self._pending.update(buckets[start:stop])
            start = stop

    def finish(self) -> None:
        """Add up what is pending."""
        if self._number is None:
            self._unstamped |= bool(self._pending or self._alone)
        elif self._pending or self._alone:
            self._add_up(self._number)
        self._pending.clear()
        self._alone.clear()

    def _turn(self, prefix: bytes) -> None:
        """Go over to events of other tens of seconds."""
        number = _number(prefix)
        if number is None or self._number is None or self._place(number) != self._place(self._number):
            self.finish()
            self._number = number
        self._prefix = prefix

    def _add_up(self, number: int) -> None:
        """Add what is pending to the counts of the groups and of the timeline."""
        self._reach(number)
        doublings = self._doublings
        by_kind = [0] * (_FAILED + 1)
        alone = self._alone
        for bucket, count in self._pending.items():
            alone[bucket.group] = alone.get(bucket.group, 0) + count
        for group, count in alone.items():
            group.over_time.add(number >> doublings, count, doublings)
            by_kind[group.kind or _find_kind(group)] += count
        if any(by_kind[_LINE:]):
            failed = by_kind[_FAILED]
            self._add(number, sum(by_kind[_LINE:]), by_kind[_REQUEST] + failed, by_kind[_ERROR] + failed)

    def _add(self, number: int, events: int, requests: int, errors: int) -> None:
        """Add to the counts of the timeline's span."""
        tally = self._tallies.setdefault(self._place(number), [0, 0, 0])
        tally[0] += events
        tally[1] += requests
        tally[2] += errors
        if len(self._tallies) > BOUND:
            shorter = {number: (tally[0], tally[1], tally[2]) for number, tally in self._tallies.items()}
            self._tallies = {number: list(tally) for number, tally in joined(shorter.items()).items()}
            self._span *= 2

    def _place(self, number: int) -> int:
        """Return the number of the timeline's span in which one of `SPAN` seconds is."""
        return number * SPAN // self._span

    def _reach(self, number: int) -> None:
        """Make the groups' spans as long as they have to be."""
        first, last = self._reached or (number, number)
        self._reached = first, last = min(first, number), max(last, number)
        self._doublings = max(self._doublings, doublings_between(first, last))

    def timeline(self) -> Timeline | None:
        """Return what was counted; None where no event had a time."""
        self.finish()
        if self._unstamped and not self._tallies:
            return None
        return timeline_of(
            {n: (tally[0], tally[1], tally[2]) for n, tally in self._tallies.items()}, self._span
        )


def _find_kind(group: Counted) -> int:
    """Return what the events of a group are, and remember it there."""
    if probes(group.sample):
        group.kind = _PROBE
    elif group.level in ERRORS:
        group.kind = _FAILED if is_request(group.sample) else _ERROR
    else:
        group.kind = _REQUEST if is_request(group.sample) else _LINE
    return group.kind


@lru_cache(maxsize=4096)
def _number(prefix: bytes) -> int | None:
    """Return the number of the span of a stamp's prefix; None where it is no time."""
    moment = at(prefix + b"0") if len(prefix) == _PREFIX else None
    return int(moment.timestamp()) // SPAN if moment is not None and is_plausible(moment) else None
