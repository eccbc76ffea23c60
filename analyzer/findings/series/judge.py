"""What a metric of the canary does beside stable's, read from the whole series of both.

The differences of points of the same time are judged, so that what both sides have in common, such as a daily
season, counts for nothing. In this order: the levels they go through, a drift, how widely the canary
scatters, and how often it stands out. An early excursion that has ended is left out of the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log
from statistics import median
from typing import Literal

from analyzer.findings.chance import binomial_tail
from analyzer.findings.series.chances import Chances
from analyzer.findings.series.drift import measure_drift
from analyzer.findings.series.levels import groups_of, split_levels
from analyzer.findings.series.noise import draw_in, measure_levels
from analyzer.findings.series.regression import Estimate
from analyzer.findings.series.scatter import (
    BEYOND,
    STANDS_OUT,
    chance_of_excursions,
    count_excursions,
    deviation_of,
    measure_spread,
    take_off_course,
)

FEWEST_AFTER = 5  # points after an excursion that show that it has ended, and a quarter of all
Course = Literal["alike", "level", "later", "still", "drift", "spread", "excursions", "healed", "ended"]


@dataclass(frozen=True)
class Bounds:
    """Change too small to matter, in the metric's unit, and how many times wider the canary may scatter."""

    difference: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True)
class Reading:
    """What a metric does, from point `begin` on: how much worse the canary is, with the interval of that.

    The differences are in the metric's unit, and positive where the canary is worse; of `spread` they are
    ratios, and of `excursions` counts. `before` is how much worse it was before `begin`. `allowed` is what
    `lower` must exceed to fail.
    """

    course: Course
    begin: int
    difference: float
    lower: float
    upper: float
    allowed: float
    stable: float
    canary: float
    before: float = 0.0

    @property
    def worse(self) -> bool:
        """Return whether the canary is worse than what is allowed, now."""
        return self.course not in ("alike", "healed", "ended")


@dataclass(frozen=True)
class Sides:
    """Points of the same times; `sign` is 1 where higher is worse, -1 where lower is."""

    stable: Sequence[float]
    canary: Sequence[float]
    sign: int

    def differences(self) -> list[float]:
        """Return how much worse each point of the canary is than stable's."""
        return [self.sign * (mine - theirs) for mine, theirs in zip(self.canary, self.stable, strict=True)]

    def sums(self) -> list[float]:
        """Return the sum of both sides' points."""
        return [mine + theirs for mine, theirs in zip(self.canary, self.stable, strict=True)]

    def since(self, begin: int) -> "Sides":
        """Return the sides from a point on."""
        return Sides(self.stable[begin:], self.canary[begin:], self.sign)


def judge_series(sides: Sides, bounds: Bounds, chances: Chances) -> Reading:
    """Return what the series does. Each side has at least one finite point, at the same times."""
    levels = _judge_levels(sides, bounds, chances)
    courses = Sides(take_off_course(sides.stable), take_off_course(sides.canary), sides.sign)
    excursions = _judge_excursions(courses, bounds, chances)
    if levels.worse and not (excursions and 2 * levels.difference < excursions.before):
        return levels
    if excursions is not None or levels.course == "ended":
        return excursions or levels
    drift = _judge_drift(sides.since(levels.begin), bounds, chances, levels)
    return drift or _judge_spread(sides.since(levels.begin), bounds, chances, levels) or levels


def _judge_levels(sides: Sides, bounds: Bounds, chances: Chances) -> Reading:
    """Return what the last level is, and what came before it."""
    values = sides.differences()
    sums = sides.sums()
    cuts = split_levels(values, sums, chances.change)
    groups = groups_of(values, cuts)
    levels = measure_levels(groups, groups_of(sums, cuts))
    begin, length, last = cuts[-2], len(groups[-1]), levels.level(-1)
    former = [levels.level(number) for number in range(len(groups) - 1)]
    changed = len(groups) > 1
    risen = changed and former[-1].plain < last.plain
    tail = chances.recent if risen else chances.level
    worst = max((level.plain for level in former), default=last.plain)

    def read(course: Course) -> Reading:
        reading = _read_estimate(course, last, tail, bounds, sides.since(begin))
        return replace(reading, begin=begin, before=worst)

    if last.chance_below(bounds.difference) < tail:
        ongoing: Course = "later" if risen else "still"
        return read(ongoing if changed else "level")
    if any(level.chance_below(bounds.difference) < chances.recent for level in former):
        return read("healed" if length >= max(FEWEST_AFTER, len(values) // 4) else "ended")
    return read("alike") if not changed else _judge_whole(sides, bounds, chances, values)


def _judge_whole(sides: Sides, bounds: Bounds, chances: Chances, values: Sequence[float]) -> Reading:
    """Return that the sides are alike, over all points: what changed between was nothing that matters."""
    level = measure_levels([values], [sides.sums()]).level(0)
    return _read_estimate("alike", level, chances.level, bounds, sides)


def _read_estimate(course: Course, level: Estimate, tail: float, bounds: Bounds, rest: Sides) -> Reading:
    """Return the reading of a difference of these points."""
    low, high = level.centre - level.margin(tail), level.centre + level.turned().margin(tail)
    difference = min(max(level.plain, low), high)
    medians = median(rest.stable), median(rest.canary)
    return Reading(course, 0, difference, low, high, bounds.difference, *medians)


def _judge_drift(rest: Sides, bounds: Bounds, chances: Chances, levels: Reading) -> Reading | None:
    values = rest.differences()
    apart = take_off_course(values)  # what stands out is no drift
    drawn = draw_in(apart)
    calm = [value - far + near for value, far, near in zip(values, apart, drawn, strict=True)]
    drift = measure_drift(calm, rest.sums())
    if drift is None or drift.slope.chance_below(0.0) > chances.slope:
        return None
    if drift.height.chance_below(bounds.difference) >= chances.height:
        return None
    begun = rest.since(drift.begin)
    reading = _read_estimate("drift", drift.height, chances.height, bounds, begun)
    return replace(reading, begin=levels.begin + drift.begin)


def _judge_spread(rest: Sides, bounds: Bounds, chances: Chances, levels: Reading) -> Reading | None:
    spread = measure_spread(rest.stable, rest.canary)
    if spread is None:
        return None
    margin = spread.margin(chances.spread)
    matters = 2 * (spread.canary - spread.stable) > bounds.difference
    if not matters or spread.ratio - margin <= log(bounds.spread):
        return None
    low, high = exp(spread.ratio - margin), exp(spread.ratio + margin)
    return Reading(
        "spread", levels.begin, exp(spread.ratio), low, high, bounds.spread, spread.stable, spread.canary
    )


def _judge_excursions(courses: Sides, bounds: Bounds, chances: Chances) -> Reading | None:
    """Return that the canary stands out, in the bad direction, more often than stable's points let expect."""
    theirs, mine = ([courses.sign * value for value in side] for side in (courses.stable, courses.canary))
    deviation = deviation_of(theirs)
    if not deviation:
        return None
    beyond = STANDS_OUT * bounds.spread * deviation + bounds.difference
    count, other = count_excursions(mine, beyond), count_excursions(theirs, beyond)
    if binomial_tail(count, count + other, len(mine) / (len(mine) + len(theirs))) > chances.excursions:
        beyond, other = max(beyond, BEYOND * max(theirs)), 0
        count = count_excursions(mine, beyond)
        if chance_of_excursions(count, len(mine), len(theirs)) > chances.excursions:
            return None
    return Reading("excursions", 0, count - other, count, count, other, other, count, before=beyond)
