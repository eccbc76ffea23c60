"""The points of a side that stand out from its own slow course."""

from collections.abc import Sequence
from math import exp, lgamma, log
from statistics import median

from analyzer.findings.series.noise import TO_DEVIATION

AROUND = 4  # points to either side
STANDS_OUT = 4.0  # standard deviations
BEYOND = 2.0  # times as far as stable's farthest point
USUAL, WEIGHT = (
    1 / 300,
    150.0,
)  # how often a healthy side's points stand out, and how many points that is worth


def take_off_course(values: Sequence[float]) -> list[float]:
    """Return each value less the median of itself and its neighbours: a level, a drift, a step and a season
    go.

    J. W. Tukey, Exploratory Data Analysis (1977), chapter 7: running medians follow a step and ignore a
    spike.
    """
    last = len(values) - 1
    starts = [max(0, min(at - AROUND, last - 2 * AROUND)) for at in range(len(values))]
    medians = {start: median(values[start : start + 2 * AROUND + 1]) for start in set(starts)}
    return [value - medians[start] for value, start in zip(values, starts, strict=True)]


def end_of_start(values: Sequence[float]) -> int:
    """Return after how many points those of a start end: the ones of the first quarter that stand out farther
    than any later one. What has ended is left out of what a side does.
    """
    middle = median(values)
    sizes = [abs(value - middle) for value in values]
    beyond = STANDS_OUT * TO_DEVIATION * median(sizes)
    end, farthest = 0, max(sizes[len(sizes) // 4 :])
    for at in reversed(range(len(sizes) // 4)):
        if sizes[at] > max(beyond, farthest):
            end = max(end, at + 1)
        farthest = max(farthest, sizes[at])
    return end


def deviation_of(rest: Sequence[float]) -> float:
    """Return the standard deviation by the median absolute deviation, which points that stand out do not
    move.
    """
    return TO_DEVIATION * median(abs(value) for value in rest)


def count_excursions(rest: Sequence[float], beyond: float) -> int:
    """Return how often a series goes above `beyond`: points in a row are one excursion."""
    above = [value > beyond for value in rest]
    return sum(now and not (at and above[at - 1]) for at, now in enumerate(above))


def chance_of_excursions(count: int, points: int, other_points: int) -> float:
    """Return the chance of `count` or more excursions beyond all that another side's points show.

    Their rate has a gamma distribution beforehand, of mean `USUAL` and a weight of `WEIGHT` points, so the
    count's is the negative binomial (A. Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6).
    """
    shape, rate = USUAL * WEIGHT, WEIGHT + other_points
    share = rate / (rate + points)
    below = sum(
        exp(
            lgamma(shape + number)
            - lgamma(shape)
            - lgamma(number + 1)
            + shape * log(share)
            + number * log(1 - share)
        )
        for number in range(count)
    )
    return max(0.0, 1 - below)
