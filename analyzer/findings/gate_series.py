"""A gate on the points of a range by what the whole series of both sides does (`series/`)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import sqrt
from statistics import median

from analyzer.evidence import Evidence
from analyzer.evidence.figures import QueryFigures
from analyzer.evidence.traffic import Traffic
from analyzer.findings.figures import describe_points
from analyzer.findings.gate_forms import GateOutcome
from analyzer.findings.gate_points import lack_points
from analyzer.findings.gate_words import describe_reading
from analyzer.findings.series import Bounds, Chances, Reading, Sides, judge_series, spend_chances
from analyzer.settings import Gate, Statistical, confidence_of, fewest_points, most_looks

SIGNS = {"increase": (1,), "decrease": (-1,), "either": (1, -1)}


@dataclass(frozen=True)
class Terms:
    """What a run's gates share: into how many parts the chances of a false alarm go, how many times as
    widely the canary may scatter because it is sent fewer requests, and how often it is judged at most, None
    where nobody says.
    """

    parts: int = 1
    spread: float = 1.0
    looks: int | None = None

    def chances(self, test: Statistical, points: int, ways: int) -> Chances:
        """Return the chances for one look at so many points, in each of some ways."""
        return spend_chances(points, confidence_of(test), self.parts * ways, most_looks(test, self.looks))


@dataclass(frozen=True)
class Pairs:
    """Both sides' points of the same times."""

    times: tuple[datetime, ...]
    stable: tuple[float, ...]
    canary: tuple[float, ...]

    def at(self, times: Collection[datetime]) -> "Pairs":
        """Return the points of these times alone."""
        kept = [index for index, at in enumerate(self.times) if at in times]
        return Pairs(
            tuple(self.times[index] for index in kept),
            tuple(self.stable[index] for index in kept),
            tuple(self.canary[index] for index in kept),
        )


def is_series(gate: Gate) -> bool:
    """Return whether a gate is judged by its whole series."""
    return gate.statistical is not None and gate.statistical.method == "series"


def terms_of(evidence: Evidence, gates: tuple[Gate, ...]) -> Terms:
    """Return the terms of a run: several gates have a part of the chances each, and their joint test one.

    A mean of n requests scatters by 1 / sqrt(n).
    """
    traffic, number = evidence.part(Traffic, "canary"), sum(map(is_series, gates))
    weight = traffic.weight if traffic else None
    spread = sqrt((100 - weight) / weight) if weight and weight < 50 else 1.0
    analysis = evidence.target.analysis
    return Terms(number + 1 if number > 1 else 1, spread, analysis.looks if analysis else None)


def compare_series(
    test: Statistical, stable: QueryFigures, canary: QueryFigures, terms: Terms
) -> GateOutcome:
    """Compare the canary's points with stable's of the same times."""
    pairs = pair_points(stable, canary, as_zero=test.nan == "replace")
    if len(pairs.times) < fewest_points(test):
        points = [sum(point is not None for point in side.points) for side in (stable, canary)]
        short = min(points) >= fewest_points(test)
        lacking = lack_points(
            fewest_points(test),
            (stable, len(pairs.times) if short else points[0]),
            (canary, len(pairs.times) if short else points[1]),
        )
        return replace(lacking, text=f"{lacking.text} (at the same times)") if short else lacking
    theirs, mine = describe_points(pairs.stable), describe_points(pairs.canary)
    outcome = partial(GateOutcome, stable=theirs, canary=mine)
    if stable.work and not any(pairs.stable):
        text = f"stable had no traffic: {theirs}, where the canary has {mine}"
        advice = "judge again when stable has requests, too"
        return outcome(holds=False, text=text, scope="uncompared", missing="no_traffic", advice=advice)
    if pairs.stable == pairs.canary:
        return outcome(holds=True, text=f"{mine}, the same as stable's point by point", alike=True)
    sign, reading = _read_pairs(test, pairs, terms)
    return outcome(
        holds=not reading.worse and reading.course != "ended",
        text=describe_reading(reading, pairs.times, sign, test),
        ongoing=reading.course != "ended",
        alike=reading.course == "alike",
    )


def _read_pairs(test: Statistical, pairs: Pairs, terms: Terms) -> tuple[int, Reading]:
    """Return in which direction the series is worst, 1 where upwards, and what it does."""
    signs = SIGNS[test.direction]
    chances = terms.chances(test, len(pairs.times), len(signs))
    bounds = Bounds(allowed_difference(test, pairs), terms.spread)
    readings = [
        (sign, judge_series(Sides(pairs.stable, pairs.canary, sign), bounds, chances)) for sign in signs
    ]
    return max(readings, key=lambda signed: _rank(signed[1]))


def _rank(reading: Reading) -> tuple[int, float]:
    order = 3 if reading.worse else ("alike", "healed", "ended").index(reading.course)
    return order, reading.difference


def allowed_difference(test: Statistical, pairs: Pairs) -> float:
    """Return what is too small to matter, in the metric's unit."""
    return abs(median(pairs.stable)) * test.percent / 100 + test.slack


def pair_points(stable: QueryFigures, canary: QueryFigures, *, as_zero: bool) -> Pairs:
    """Return the points of both sides that have the same time. `as_zero`: what is no number counts as 0.

    Where both have the same step, the canary's times are moved by at most half of it, so that clocks that
    differ by less keep no points apart.
    """
    skew = _skew(stable, canary)
    theirs = _by_time(stable, timedelta(), as_zero=as_zero)
    mine = _by_time(canary, skew, as_zero=as_zero)
    times = tuple(sorted(theirs.keys() & mine.keys()))
    return Pairs(times, tuple(theirs[at] for at in times), tuple(mine[at] for at in times))


def _skew(stable: QueryFigures, canary: QueryFigures) -> timedelta:
    """Return how much later the canary's times are than the nearest of stable's."""
    assert stable.start is not None
    assert canary.start is not None
    apart = canary.start - stable.start
    step = timedelta(seconds=stable.step)
    return apart - round(apart / step) * step if stable.step == canary.step else timedelta()


def _by_time(figures: QueryFigures, skew: timedelta, *, as_zero: bool) -> dict[datetime, float]:
    assert figures.start is not None
    start = figures.start - skew
    return {
        start + timedelta(seconds=at * figures.step): point or 0.0
        for at, point in enumerate(figures.points)
        if point is not None or as_zero
    }
