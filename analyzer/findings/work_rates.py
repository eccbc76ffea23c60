"""What each pod has done in each span of the window, and what it should have done: by stable's rate, by the
canary's other pods', by its own before.

Only pods that are Ready count, from the end of their start on, and only logs that are known to their end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, Stream
from analyzer.evidence.traffic import Traffic
from analyzer.findings.bursts import estimate_burst, estimate_unevenness
from analyzer.findings.rates import BURST
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.start_spans import find_start_spans
from analyzer.logs.timeline import SPAN, Tally, in_spans
from analyzer.target import ROLES, Role

RECOGNISED = 0.25  # of stable's share of requests among the events: else the canary logs them in another form
REQUESTS = 50  # of stable: fewer say nothing of how it works


Grid = tuple[int, range]  # the seconds of a span, and the numbers of those that lie within the window


@dataclass(frozen=True)
class Row:
    """A pod's events and requests, by the span, from the `since`th of the window on to its end."""

    pod: str
    since: int
    tallies: tuple[Tally, ...]
    requests: bool = False

    @property
    def counts(self) -> tuple[int, ...]:
        """Return what counts of each span: its requests or its events."""
        return tuple(tally[self.requests] for tally in self.tallies)

    def at(self, number: int) -> int | None:
        """Return the count of a span of the window; None before the pod's first."""
        return self.tallies[number - self.since][self.requests] if number >= self.since else None


@dataclass(frozen=True)
class Load:
    """What a pod, or `pods` of them together, has done in each span, and what it should have.

    `usual` is what as many pods of stable did, `expected` what follows of it by the canary's share, None
    where that is not known. `others` is what the canary's other pods did, by the pod; empty where there are
    none. `stable` and `siblings` are what all pods of stable did, and all others of the canary. `burst` is
    how many lines come at a time.
    """

    counts: tuple[float, ...]
    usual: tuple[float, ...]
    expected: tuple[float, ...] | None
    others: tuple[float, ...] = ()
    stable: tuple[float, ...] = ()
    siblings: tuple[float, ...] = ()
    burst: float = BURST
    pods: int = 1


@dataclass(frozen=True)
class Rates:
    """A container's rows on both sides, in spans of `span` seconds. `noun` is what is counted.

    `usual` is what a pod of stable did in each span of the window, `expected` what each of the canary's
    should have.
    """

    noun: str
    span: int
    stable: tuple[Row, ...]
    canary: tuple[Row, ...]
    usual: tuple[float, ...]
    expected: tuple[float, ...] | None

    def loads(self) -> Iterator[Load]:
        """Yield what each pod of the canary did."""
        burst, stable = self._burst(), _sum_rows(self.stable, len(self.usual))
        for row in self.canary:
            others = [other for other in self.canary if other is not row]
            siblings = _sum_rows(others, len(self.usual))
            yield Load(
                counts=row.counts,
                usual=self.usual[row.since :],
                expected=None if self.expected is None else self.expected[row.since :],
                others=tuple(
                    count / max(1, sum(other.since <= number for other in others))
                    for number, count in enumerate(siblings[row.since :], start=row.since)
                )
                if others
                else (),
                stable=stable[row.since :],
                siblings=siblings[row.since :],
                burst=max(burst, estimate_unevenness([other.counts for other in others])),
            )

    def _burst(self) -> float:
        return estimate_burst([row.counts for row in self.stable])

    def all_load(self) -> Load:
        """Return what all pods of the canary did together."""
        since = min(row.since for row in self.canary)
        numbers = range(since, len(self.usual))
        rows = [[row for row in self.canary if row.since <= number] for number in numbers]

        def multiply(rates: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(rate * len(present) for rate, present in zip(rates[since:], rows, strict=True))

        return Load(
            counts=tuple(
                sum(row.at(number) or 0 for row in present)
                for number, present in zip(numbers, rows, strict=True)
            ),
            usual=multiply(self.usual),
            expected=None if self.expected is None else multiply(self.expected),
            stable=_sum_rows(self.stable, len(self.usual))[since:],
            burst=self._burst(),
            pods=len(self.canary),
        )


def _sum_rows(rows: Sequence[Row], spans: int) -> tuple[float, ...]:
    return tuple(float(sum(row.at(number) or 0 for row in rows)) for number in range(spans))


def compute_rates(container: str, evidence: Evidence) -> Rates | None:
    """Return the rates of a container of this name; None where a side's are not known."""
    span = max(
        (stream.timeline.span for stream in _find_streams(evidence, container) if stream.timeline),
        default=SPAN,
    )
    start, end = evidence.window.start.timestamp(), evidence.window.end.timestamp()
    window = range(ceil(start / span), int(end // span))
    stable, canary = (tuple(_find_rows(evidence, role, container, (span, window))) for role in ROLES)
    if not stable or not canary:
        return None
    requests = _log_requests(stable, canary)
    if requests:
        stable, canary = (tuple(replace(row, requests=True) for row in rows) for rows in (stable, canary))
    usual = tuple(_compute_mean(row.at(number) for row in stable) for number in range(len(window)))
    expected = _expect_counts(evidence, usual, (span, window))
    return Rates("request" if requests else "line", span, stable, canary, usual, expected)


def _find_streams(evidence: Evidence, container: str, *roles: Role) -> Iterator[Stream]:
    for role in roles or ROLES:
        logs = evidence.part(Logs, role)
        for stream in logs.streams if logs else ():
            if stream.container == container and not stream.previous:
                yield stream


def _find_rows(evidence: Evidence, role: Role, container: str, grid: Grid) -> Iterator[Row]:
    ready, starts, (span, window) = find_ready_times(evidence, role), find_start_spans(evidence, role), grid
    for stream in _find_streams(evidence, container, role):
        begun = starts.get((stream.pod, container), (None, None))[1]
        if stream.timeline is None or begun is None or stream.pod not in ready:
            continue
        tallies = dict(in_spans(stream.timeline, span))
        read = min(tallies, default=window.stop) + 1 if stream.truncated else window.start
        first = max(window.start, read, ceil(begun.timestamp() / span))
        if first < window.stop:
            numbers = range(first, window.stop)
            yield Row(
                stream.pod, first - window.start, tuple(tallies.get(number, (0, 0, 0)) for number in numbers)
            )


def _log_requests(stable: Sequence[Row], canary: Sequence[Row]) -> bool:
    """Return whether both sides log requests, in a form that is recognised."""
    stable_events, stable_requests = _count_events(stable)
    canary_events, canary_requests = _count_events(canary)
    if stable_requests < REQUESTS or not canary_requests:
        return False
    return canary_requests / canary_events >= RECOGNISED * stable_requests / stable_events


def _count_events(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the events of all pods, and how many of them are requests."""
    tallies = [tally for row in rows for tally in row.tallies]
    return sum(events for events, _, _ in tallies), sum(requests for _, requests, _ in tallies)


def _expect_counts(evidence: Evidence, usual: Sequence[float], grid: Grid) -> tuple[float, ...] | None:
    """Return what each pod of the canary should have done in each span: by the weights; where no Rollout
    tells them, a Service leads to each pod alike. None where nothing tells.
    """
    traffic, (span, window) = evidence.part(Traffic, "canary"), grid
    if traffic is None:
        return None if evidence.target.rollout else tuple(usual)
    stable, ready = len(find_ready_times(evidence, "stable")), find_ready_times(evidence, "canary").values()
    shares = []
    for number in window:
        at = datetime.fromtimestamp(number * span, UTC)
        shares.append(stable * _find_odds(traffic, at) / max(1, sum(since <= at for since in ready)))
    return tuple(count * share for count, share in zip(usual, shares, strict=True))


def _find_odds(traffic: Traffic, at: datetime) -> float:
    """Return how many requests the canary was sent for each of stable's, at a time; 0 where that is not
    known.
    """
    weight = traffic.weight if not traffic.weights else None
    for change in traffic.weights:
        if change.at <= at:
            weight = change.weight
    return weight / (100 - weight) if weight and weight < 100 else 0.0


def _compute_mean(counts: Iterable[float | None]) -> float:
    known = [count for count in counts if count is not None]
    return sum(known) / len(known) if known else 0.0
