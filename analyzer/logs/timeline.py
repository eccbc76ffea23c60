"""When a stream's events came: their counts in a bounded number of equal spans. Timelines merge in any order
with one result.

A span is `SPAN` seconds, or that times a power of two, counted from 1970-01-01T00:00Z: the smallest one of
which `BOUND` cover all events. Spans are only joined in pairs, so it does not matter when they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from analyzer.common.value import Count, Moment, Value

BOUND = 64  # spans: ten minutes take at most 61 of ten seconds
SPAN = 10  # seconds
MAX_SPAN = SPAN << 40  # seconds: more than there are between any two times

SpanCounts = Annotated[tuple[Count, ...], msgspec.Meta(max_length=BOUND)]
Tally = tuple[int, int, int]  # events, requests, errors


class Timeline(Value):
    """Events in spans of `span` seconds from `start` on, probes and scrapes left out. `start` is None where
    there are none.

    `requests` and `errors` are how many of the `events` are requests, and of level error or fatal. The three
    are of equal length.
    """

    start: Moment | None = None
    span: Annotated[int, msgspec.Meta(ge=1, le=MAX_SPAN)] = SPAN
    events: SpanCounts = ()
    requests: SpanCounts = ()
    errors: SpanCounts = ()

    def tallies(self) -> Iterator[tuple[int, Tally]]:
        """Yield each span's number, counted from 1970, and its counts."""
        first = int(self.start.timestamp()) // self.span if self.start else 0
        yield from enumerate(zip(self.events, self.requests, self.errors, strict=True), start=first)


def timeline_of(tallies: Mapping[int, Tally], span: int = SPAN) -> Timeline:
    """Return the timeline of counts by their span's number, in spans as short as `BOUND` allows."""
    counts = {number: tally for number, tally in tallies.items() if any(tally)}
    if not counts:
        return Timeline()
    while max(counts) - min(counts) >= BOUND:
        counts, span = joined(counts.items()), 2 * span
    first, last = min(counts), max(counts)
    events, requests, errors = zip(
        *(counts.get(number, (0, 0, 0)) for number in range(first, last + 1)), strict=True
    )
    start = datetime.fromtimestamp(first * span, UTC)
    return Timeline(start=start, span=span, events=events, requests=requests, errors=errors)


def joined(tallies: Iterable[tuple[int, Tally]], times: int = 2) -> dict[int, Tally]:
    """Return the counts in spans that are so many times as long."""
    return _summed((number // times, tally) for number, tally in tallies)


def merge(timelines: Iterable[Timeline]) -> Timeline:
    """Return the timeline of several streams' events together."""
    seen = tuple(timelines)
    span = max((timeline.span for timeline in seen), default=SPAN)
    return timeline_of(_summed(pair for timeline in seen for pair in in_spans(timeline, span)), span)


def in_spans(timeline: Timeline, span: int) -> Iterator[tuple[int, Tally]]:
    """Yield the counts in spans of so many seconds, which are no shorter than its own."""
    yield from joined(timeline.tallies(), max(1, span // timeline.span)).items()


def _summed(tallies: Iterable[tuple[int, Tally]]) -> dict[int, Tally]:
    counts: dict[int, Tally] = {}
    for number, (events, requests, errors) in tallies:
        before = counts.get(number, (0, 0, 0))
        counts[number] = (before[0] + events, before[1] + requests, before[2] + errors)
    return counts
