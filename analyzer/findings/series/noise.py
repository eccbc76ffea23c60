"""The noise of a series around its levels, where neighbouring points resemble each other.

Points far out are drawn in, as Huber's estimate of a location does (Ann. Math. Stat. 35, 1964, 73). The
levels are estimated together with how much neighbours resemble each other (`regression.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from operator import mul
from statistics import median

from analyzer.findings.series.course import join_noise
from analyzer.findings.series.regression import Estimate, Regression, equations_of_levels, regress

FAR = 3.0  # standard deviations from the median, beyond which a point is drawn in
TO_DEVIATION = 1.4826  # a normal distribution's standard deviation, of its median absolute deviation
LEAST_CORRELATED, MOST_CORRELATED = -0.3, 0.95
EXPLAINED = 0.3  # of the scatter, from which on the sums are taken off
MIN_DIVISOR = 0.75  # the least divisor of the correction: on few points it would make more of noise

Groups = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Levels:
    """The levels that a series goes through: a robust mean of each, and what the regression adds to it; None
    where the points are too few.
    """

    means: Sequence[float]
    regression: Regression | None
    logs: Sequence[float] = ()

    def level(self, number: int) -> Estimate:
        """Return the estimate of one level."""
        return self._estimate({number % len(self.means): 1.0})

    def change(self, number: int) -> Estimate:
        """Return the estimate of how much higher a level is than the one before."""
        return self._estimate({number: 1.0, number - 1: -1.0})

    def _estimate(self, parts: dict[int, float]) -> Estimate:
        contrast = [parts.get(number, 0.0) for number in range(len(self.means))]
        mean = sum(map(mul, contrast, self.means))
        if self.regression is None:
            return Estimate((1.0,), (mean,), (inf,), 1.0, mean)
        return self.regression.estimate(contrast, self.logs).raised(mean)


def measure_levels(groups: Groups, companions: Groups) -> Levels:
    """Return the levels of a difference of two sides, given in groups of one level each.

    `companions` are the sides' sums in the same groups. What follows them is no noise: where the canary is
    worse by a share, the difference goes up and down with a season that both sides have. Where both sides
    have noise of one kind and of their own, the sum's correlation is a second estimate of the difference's.
    Where they share a season it is much higher, and not used.
    """
    means, rest = _take_off_levels(groups)
    _, both = _take_off_levels(companions)
    unexplained = _take_off_common(rest, both)
    lost = len(groups) - 1  # where each level but the first begins
    if unexplained is not None:
        rest, lost = unexplained, lost + 1
    if len(rest) <= lost + len(groups):
        return Levels(means, None)
    lengths = [len(group) for group in groups]
    own, other = (regress(equations_of_levels(one, lengths, lost)) for one in (rest, both))
    return Levels(means, own, join_noise(own, other, both, lost))


def draw_in(values: Sequence[float]) -> list[float]:
    """Return the values with each that is far out moved to the nearest that is not.

    Without scatter, where more than half of the values are equal, nothing is moved.
    """
    middle = median(values)
    deviation = TO_DEVIATION * median(abs(value - middle) for value in values)
    if not deviation:
        return list(values)
    low, high = middle - FAR * deviation, middle + FAR * deviation
    if low <= min(values) and max(values) <= high:
        return list(values)
    return [min(max(value, low), high) for value in values]


def level_of(values: Sequence[float]) -> float:
    """Return the mean of the values, those far out drawn in."""
    return sum(draw_in(values)) / len(values)


def correlate(rest: Sequence[float], lost: int) -> float:
    """Return the lag-one correlation of what is left of a series when `lost` parameters were taken off it.

    The bias is corrected (F. H. C. Marriott and J. A. Pope, Biometrika 41, 1954, 390).
    """
    squares = sum(map(mul, rest, rest))
    if not squares:
        return 0.0
    n = len(rest)
    lagged: float = sum(map(mul, rest, rest[1:])) / squares
    corrected = (lagged + lost / n) / max(1 - 4 * lost / n, MIN_DIVISOR)
    return min(max(corrected, LEAST_CORRELATED), MOST_CORRELATED)


def inflation(points: int, correlation: float) -> float:
    """Return by how much the variance of a mean of so many points exceeds that of independent ones, 1 or
    more (F. W. Zwiers and H. von Storch, J. Climate 8, 1995, 336).
    """
    if correlation <= 0:
        return 1.0
    r = correlation
    return (1 + r) / (1 - r) - 2 * r * (1 - r**points) / (points * (1 - r) ** 2)


def _take_off_levels(groups: Groups) -> tuple[list[float], list[float]]:
    drawn = [draw_in(group) for group in groups]
    means = [sum(group) / len(group) for group in drawn]
    return means, [value - mean for group, mean in zip(drawn, means, strict=True) for value in group]


def _take_off_common(rest: Sequence[float], both: Sequence[float]) -> list[float] | None:
    """Return what is left of a difference when its regression on the sides' sum is taken off; None where that
    explains little.
    """
    scatter, squares = sum(map(mul, rest, rest)), sum(map(mul, both, both))
    shared = sum(map(mul, rest, both))
    if not squares or shared**2 < EXPLAINED * scatter * squares:
        return None
    slope = shared / squares
    return [value - slope * common for value, common in zip(rest, both, strict=True)]
