"""The noise of a series around its levels, where neighbouring points resemble each other.

Points far out are drawn in, as Huber's estimate of a location does (Ann. Math. Stat. 35, 1964, 73). The noise is
taken as first-order autoregressive. Its lag-one correlation is estimated from what the levels leave over, with
Marriott and Pope's correction of the bias (Biometrika 41, 1954, 390). It makes the standard error of a mean
wider and the degrees of freedom fewer, as an equivalent number of independent points (F. W. Zwiers and H. von
Storch, J. Climate 8, 1995, 336).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from operator import mul
from statistics import median

from analyzer.findings.series.student import quantile

FAR = 3.0  # standard deviations from the median, beyond which a point is drawn in
TO_DEVIATION = 1.4826  # a normal distribution's standard deviation, of its median absolute deviation
LEAST_CORRELATED, MOST_CORRELATED = -0.3, 0.95
EXPLAINED = 0.3  # of the scatter, from which on the sums are taken off
FEW = 0.75  # the least divisor of the correction: on few points it would make more of noise
ALIKE = 2.0  # standard errors between two estimates of one correlation

Groups = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Noise:
    """The standard deviation around the levels, the correlation of neighbours, the degrees of freedom."""

    deviation: float
    correlation: float
    freedom: float

    def error(self, points: int) -> float:
        """Return the standard error of a mean of so many points in a row."""
        return self.deviation * sqrt(inflation(points, self.correlation) / points)

    def margin(self, points: int, tail: float) -> float:
        """Return how far the mean of so many points may be off to each side, but for a chance of `tail`."""
        error = self.error(points)
        return error * quantile(tail, self.freedom) if error else 0.0


def measure_noise(groups: Groups, companions: Groups) -> Noise:
    """Return the noise of a difference of two sides, given in groups of one level each.

    `companions` are the sides' sums in the same groups. What follows them is no noise: where the canary is worse
    by a share, the difference goes up and down with a season that both sides have. Where both sides have noise of one kind and of their
    own, the sum's correlation is a second estimate of the difference's. Where they share a season it is much
    higher, and not used.
    """
    rest, both = _take_off_levels(groups), _take_off_levels(companions)
    n, lost = len(rest), 2 * len(groups) - 1  # a level for each group, and where each but the first begins
    other = correlate(both, lost)
    unexplained = _take_off_common(rest, both)
    if unexplained is not None:
        rest, lost = unexplained, lost + 1
    if n <= lost:
        return Noise(inf, 0.0, 1.0)
    own = correlate(rest, lost)
    correlation = (own + other) / 2 if other - own < ALIKE / sqrt(n) else own
    effective = n / inflation(n, correlation)
    freedom = max(1.0, effective - lost)
    variance = sum(map(mul, rest, rest)) / n / max(1 - lost / effective, 1 / n)
    return Noise(sqrt(variance), correlation, freedom)


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
    """Return the lag-one correlation of what is left of a series when `lost` parameters were taken off it."""
    squares = sum(map(mul, rest, rest))
    if not squares:
        return 0.0
    n = len(rest)
    lagged: float = sum(map(mul, rest, rest[1:])) / squares
    corrected = (lagged + lost / n) / max(1 - 4 * lost / n, FEW)
    return min(max(corrected, LEAST_CORRELATED), MOST_CORRELATED)


def inflation(points: int, correlation: float) -> float:
    """Return by how much the variance of a mean of so many points exceeds that of independent ones, 1 or
    more.
    """
    if correlation <= 0:
        return 1.0
    r = correlation
    return (1 + r) / (1 - r) - 2 * r * (1 - r**points) / (points * (1 - r) ** 2)


def _take_off_levels(groups: Groups) -> list[float]:
    drawn = [draw_in(group) for group in groups]
    means = [sum(group) / len(group) for group in drawn]
    return [value - mean for group, mean in zip(drawn, means, strict=True) for value in group]


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
