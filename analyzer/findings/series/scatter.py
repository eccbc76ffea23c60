"""How widely a side scatters around its own slow course."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from analyzer.findings.series.noise import correlate, inflation
from analyzer.findings.series.student import quantile
from analyzer.findings.series.whitening import whiten

FROM_MEAN = 1.2533  # a normal distribution's standard deviation, of its mean absolute deviation
NORMAL = 0.571  # the squared coefficient of variation of a normal distribution's absolute deviation
SURE, MOST_SHARED = 2.0, 0.9  # standard errors of a correlation, and the most of one


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


def measure_spread(stable: Sequence[float], canary: Sequence[float]) -> Spread | None:
    """Return the spread of two sides; None where one of them does not scatter, or has too few points.

    Spread is the mean absolute deviation, which points far out move little, of what is new at each point, so
    that a course that a side has, and noise whose neighbours resemble each other, make it neither wider nor
    surer. The error of its logarithm is the delta method's, from the deviations' own variance, as if both
    sides' noise had one shape (D. G. Bonett, Comput. Stat. Data Anal. 50, 2006, 775), but at least that of a
    normal distribution. Points of the same time are paired: noise that both sides share makes their
    deviations alike, and the ratio of them surer (E. J. G. Pitman, Biometrika 31, 1939, 9).
    """
    *sides, lost = whiten(stable, canary)
    (theirs, their_variation, their_points), (mine, my_variation, my_points) = (
        _mean_deviation(side, lost) for side in sides
    )
    if not theirs or not mine:
        return None
    variation = max(NORMAL, (their_variation + my_variation) / 2)
    their_error, my_error = sqrt(variation / their_points), sqrt(variation / my_points)
    return Spread(
        ratio=log(mine / theirs),
        error=sqrt(their_error**2 + my_error**2 - 2 * _shared(sides[0], sides[1]) * their_error * my_error),
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


def _mean_deviation(rest: Sequence[float], lost: int) -> tuple[float, float, float]:
    """Return the mean absolute deviation, the squared coefficient of variation of the deviations, and how
    many independent points they are of.
    """
    n = len(rest)
    sizes = [abs(value) for value in rest]
    mean = sum(sizes) / n
    if n < 2 or not mean:
        return 0.0, inf, 1.0
    variation = sum((size - mean) ** 2 for size in sizes) / (n - 1) / mean**2
    resemble = correlate(rest, lost) ** 2 - 1 / n  # sizes correlate by the square, and noise makes some of it
    return mean, variation, max(1.0, (n - lost + 1) / inflation(n, max(0.0, resemble)))
