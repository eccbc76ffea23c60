"""When the events of each template came: their counts in a few equal spans. Counts merge in any order with
one result.

A span is `SPAN` seconds, or that times a power of two, counted from 1970-01-01T00:00Z: the smallest one of
which `MOST_SPANS` cover a whole digest, so that all of its templates have the same. Spans are only joined in
pairs, so it does not matter when they are.
"""

from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from analyzer.common.value import Count, Moment, Value, is_plausible
from analyzer.logs.timeline import MAX_SPAN, SPAN

MOST_SPANS = 32  # ten minutes take at most 31 of twenty seconds, five take 31 of ten


class CountsOverTime(Value):
    """Events in spans of `span` seconds from `start` on. Events without a time are in none."""

    start: Moment
    span: Annotated[int, msgspec.Meta(ge=1, le=MAX_SPAN)]
    counts: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1, max_length=MOST_SPANS)]

    def numbered(self) -> Iterator[tuple[int, int]]:
        """Yield each span's number, counted from 1970, and its count."""
        yield from enumerate(self.counts, start=int(self.start.timestamp()) // self.span)


class SpanCounter:
    """The counts of one template while they are counted. `doublings` say how long a span is: `SPAN` seconds,
    that often doubled. They never go down.
    """

    __slots__ = ("_counts", "_doublings", "_first")

    def __init__(self) -> None:
        self._counts, self._first, self._doublings = array("Q"), 0, 0

    def add(self, number: int, count: int, doublings: int) -> None:
        """Count so many events in a span, by its number, counted from 1970."""
        if self._doublings != doublings:
            self._double_to(doublings)
        index = number - self._first
        if not 0 <= index < len(self._counts):
            index = self._reach(number)
        self._counts[index] += count

    def counts(self, doublings: int) -> CountsOverTime | None:
        """Return what was counted; None for nothing."""
        if not self._counts:
            return None
        if self._doublings != doublings:
            self._double_to(doublings)
        span = SPAN << doublings
        start = datetime.fromtimestamp(self._first * span, UTC)
        return CountsOverTime(start=start, span=span, counts=tuple(self._counts))

    def _reach(self, number: int) -> int:
        """Make room for a span; return its place."""
        if not self._counts:
            self._first = number
        if number < self._first:
            self._counts = array("Q", [0]) * (self._first - number) + self._counts
            self._first = number
        self._counts.extend([0] * (number - self._first + 1 - len(self._counts)))
        return number - self._first

    def _double_to(self, doublings: int) -> None:
        """Go over to longer spans."""
        times, first = 1 << (doublings - self._doublings), self._first
        counts, self._counts = self._counts, array("Q")
        self._doublings = doublings
        for number, count in enumerate(counts, start=first):
            self.add(number // times, count, doublings)


def count_doublings(first: datetime | None, last: datetime | None) -> int | None:
    """Return how often `SPAN` is doubled for a digest from `first` to `last`; None if these are no times."""
    if first is None or last is None or not (is_plausible(first) and is_plausible(last)):
        return None
    return doublings_between(int(first.timestamp()) // SPAN, int(last.timestamp()) // SPAN)


def doublings_between(first: int, last: int) -> int:
    """Return the same of the numbers of two spans of `SPAN` seconds."""
    doublings = 0
    while (last >> doublings) - (first >> doublings) >= MOST_SPANS:
        doublings += 1
    return doublings


def merge(parts: Iterable[CountsOverTime], doublings: int = 0) -> CountsOverTime | None:
    """Return the counts of several streams' events together, in spans of their digest; None for none."""
    seen = tuple(parts)
    span = max([SPAN << doublings, *(part.span for part in seen)])
    if not seen or (len(seen) == 1 and seen[0].span == span):
        return seen[0] if seen else None
    counts: dict[int, int] = {}
    for part in seen:
        for number, count in in_spans(part, span).items():
            counts[number] = counts.get(number, 0) + count
    while max(counts) - min(counts) >= MOST_SPANS:  # what a file says need not agree with its digest
        span, counts = 2 * span, _joined(counts.items(), 2)
    first, last = min(counts), max(counts)
    return CountsOverTime(
        start=datetime.fromtimestamp(first * span, UTC),
        span=span,
        counts=tuple(counts.get(number, 0) for number in range(first, last + 1)),
    )


def in_spans(counted: CountsOverTime, span: int) -> dict[int, int]:
    """Return the counts by the number of their span of so many seconds,
    which is no shorter than their own.
    """
    return _joined(counted.numbered(), max(1, span // counted.span))


def _joined(counts: Iterable[tuple[int, int]], times: int) -> dict[int, int]:
    """Return the counts in spans that are so many times as long."""
    joined: dict[int, int] = {}
    for number, count in counts:
        joined[number // times] = joined.get(number // times, 0) + count
    return joined
