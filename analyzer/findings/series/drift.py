"""A drift: a series that is level up to a time, and rises from there on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul

from analyzer.findings.series.noise import correlate, draw_in, inflation
from analyzer.findings.series.student import quantile

BEGINNINGS = (0.0, 0.3, 0.5, 0.6, 0.7)  # shares of the series after which a drift may begin
FEWEST = 6  # points in which a drift can be seen, and that a drift lasts
LATEST = 8  # the height of a drift by now is that of the last eighth of the points


@dataclass(frozen=True)
class Drift:
    """Where a drift begins, how high it is by now and how steep, with the standard error of each."""

    begin: int
    height: float
    error: float
    slope: float
    slope_error: float
    freedom: float

    def margin(self, tail: float) -> float:
        """Return how far the height may be off to each side, but for a chance of `tail`."""
        return self.error * quantile(tail, self.freedom)

    def rises(self, tail: float) -> bool:
        """Return whether noise makes such a slope with a chance of at most `tail`."""
        return self.slope > self.slope_error * quantile(tail, self.freedom)


@dataclass(frozen=True)
class _Line:
    """A level and a slope from `begin` on, fitted by least squares."""

    begin: int
    hinge: Sequence[float]
    slope: float
    rest: Sequence[float]
    squares: float


def measure_drift(values: Sequence[float]) -> Drift | None:
    """Return the likeliest drift by least squares, None where the points are too few.

    The errors are those of ordinary least squares, made wider for noise whose neighbours resemble each other
    (D. Cochrane and G. H. Orcutt, J. Am. Stat. Assoc. 44, 1949, 32).
    """
    n = len(values)
    begins = sorted({int(share * n) for share in BEGINNINGS if n - int(share * n) >= FEWEST})
    if not begins:
        return None
    line = min(
        (_fit(values, begin) for begin in begins), key=lambda line: sum(map(mul, line.rest, line.rest))
    )
    rest = draw_in(line.rest)
    correlation = correlate(rest, 2)
    effective = n / inflation(n, correlation)
    variance = sum(map(mul, rest, rest)) / n / max(1 - 2 / effective, 1 / n)
    if correlation > 0:
        variance *= (1 + correlation) / (1 - correlation)
    middle, last = sum(line.hinge) / n, max(2, n // LATEST)
    reach = sum(line.hinge[-last:]) / last - middle
    return Drift(
        begin=line.begin,
        height=sum(values) / n + line.slope * reach,
        error=sqrt(variance * (1 / n + reach**2 / line.squares)),
        slope=line.slope,
        slope_error=sqrt(variance / line.squares),
        freedom=max(1.0, effective - 2),
    )


def _fit(values: Sequence[float], begin: int) -> _Line:
    n = len(values)
    hinge = [max(0.0, float(at - begin)) for at in range(n)]
    middle, level = sum(hinge) / n, sum(values) / n
    squares = sum(map(mul, hinge, hinge)) - n * middle**2
    slope = (sum(map(mul, hinge, values)) - n * middle * level) / squares
    foot = level - slope * middle
    rest = [value - foot - slope * at for at, value in zip(hinge, values, strict=True)]
    return _Line(begin, hinge, slope, rest, squares)
