"""How widely a side scatters around its own slow course: the spread, and the points that stand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma, log, sqrt
from statistics import median

from analyzer.findings.series.noise import TO_DEVIATION, correlate, inflation
from analyzer.findings.series.student import quantile

AROUND = 4  # points to either side
FROM_MEAN = 1.2533  # a normal distribution's standard deviation, of its mean absolute deviation
NORMAL = 0.571  # the squared coefficient of variation of a normal distribution's absolute deviation
SURE, MOST_SHARED = 2.0, 0.9  # standard errors of a correlation, and the most of one
STANDS_OUT = 4.0  # standard deviations
BEYOND = 2.0  # times as far as stable's farthest point
# how often a point of a healthy side stands out, and how many points that is worth
USUAL, WEIGHT = 1 / 300, 150.0


@dataclass(frozen=True)
class Spread:
    """How many times wider the canary scatters than stable: the logarithm, its error, each deviation."""

    ratio: float
    error: float
    freedom: float
    stable: float
    canary: float

    def margin(self, tail: float) -> float:
        """Return how far off to each side the logarithm may be: further off it is with a chance of `tail`."""
        return self.error * quantile(tail, self.freedom)


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


def take_off_level(values: Sequence[float]) -> list[float]:
    """Return each value less the median of all."""
    middle = median(values)
    return [value - middle for value in values]


def measure_spread(stable: Sequence[float], canary: Sequence[float]) -> Spread | None:
    """Return the spread of two sides of one level each; None where one of them does not scatter.

    Spread is the mean absolute deviation, which points far out move little, from the median, so that skewed
    noise is not surer than it is (M. B. Brown and A. B. Forsythe, J. Am. Stat. Assoc. 69, 1974, 364). Where
    neighbours of a side resemble each other, as with a season, it is from the running median. The error of
    its logarithm is the delta method's, from the deviations' own variance, as if both sides' noise had one
    shape (D. G. Bonett, Comput. Stat. Data Anal. 50, 2006, 775), but at least that of a normal distribution.
    Points of the same time are paired: noise that both sides share makes their deviations alike, and the
    ratio of them surer (E. J. G. Pitman, Biometrika 31, 1939, 9).
    """
    sides = [take_off_level(side) for side in (stable, canary)]
    if any(correlate(side, 1) > SURE / sqrt(len(side)) for side in sides):
        sides = [take_off_course(side) for side in (stable, canary)]
    (theirs, their_variation, their_points), (mine, my_variation, my_points) = map(_mean_deviation, sides)
    if not theirs or not mine:
        return None
    variation = max(NORMAL, (their_variation + my_variation) / 2)
    their_error, my_error = sqrt(variation / their_points), sqrt(variation / my_points)
    return Spread(
        ratio=log(mine / theirs),
        error=sqrt(their_error**2 + my_error**2 - 2 * _shared(*sides) * their_error * my_error),
        freedom=max(1.0, their_points + my_points - 2),
        stable=FROM_MEAN * theirs,
        canary=FROM_MEAN * mine,
    )


def _shared(stable: Sequence[float], canary: Sequence[float]) -> float:
    """Return how much the sizes of both sides' deviations go together, 0 where noise may make that."""
    n = len(stable)
    theirs, mine = ([abs(value) for value in side] for side in (stable, canary))
    their_mean, my_mean = sum(theirs) / n, sum(mine) / n
    both = sum(a * b for a, b in zip(theirs, mine, strict=True)) - n * their_mean * my_mean
    squares = (sum(a * a for a in theirs) - n * their_mean**2) * (sum(b * b for b in mine) - n * my_mean**2)
    correlation = both / sqrt(squares) if squares > 0 else 0.0
    return min(MOST_SHARED, correlation) if correlation > SURE / sqrt(n) else 0.0


def _mean_deviation(rest: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean absolute deviation, the squared coefficient of variation of the deviations, and how
    many independent points they are of.
    """
    n = len(rest)
    sizes = [abs(value) for value in rest]
    mean = sum(sizes) / n
    if n < 2 or not mean:
        return 0.0, inf, 1.0
    variation = sum((size - mean) ** 2 for size in sizes) / (n - 1) / mean**2
    # sizes correlate by the square
    return (
        mean,
        variation,
        n / inflation(n, max(0.0, correlate(rest, 1)) ** 2),
    )


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
