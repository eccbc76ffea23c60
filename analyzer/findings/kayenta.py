"""Two samples compared by rank: Mann-Whitney's U, the shift between them, and Kayenta's reading of both.

The test and its interval are the normal approximation with tie and continuity correction, as R's wilcox.test
has them (https://github.com/wch/r-source/blob/trunk/src/library/stats/R/wilcox.test.R, `exact = FALSE,
conf.int = TRUE`); the estimate of the shift is Hodges' and Lehmann's, the median of all differences (Ann.
Math. Stat. 34, 1963, 598). The reading is Kayenta's (kayenta-judge,
classifiers/metric/MannWhitneyClassifier.scala): high, when the whole interval of the shift is above a
fraction of the estimate, low when it is below.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

HALVINGS = 80  # of the interval: more than a double's precision


@dataclass(frozen=True)
class Shift:
    """How far `xs` lie above `ys`: the estimate, its confidence interval, and the two-sided p-value of no
    shift.
    """

    estimate: float
    lower: float
    upper: float
    p: float


def estimate_shift(xs: Sequence[float], ys: Sequence[float], confidence: float) -> Shift:
    """Return the shift of `xs` against `ys`, each of at least one finite value. `confidence` is between 0 and
    1.
    """
    pair = _Pair(tuple(xs), tuple(sorted(ys)))
    quantile = NormalDist().inv_cdf((1 + confidence) / 2)
    above, below = (
        pair.largest_shift(lambda z: z > 0, corrected=False),
        pair.largest_shift(lambda z: z >= 0, corrected=False),
    )
    return Shift(
        estimate=(above + below) / 2,
        lower=pair.largest_shift(lambda z: z >= quantile, corrected=True),
        upper=pair.largest_shift(lambda z: z >= -quantile, corrected=True),
        p=min(1.0, 2 * NormalDist().cdf(-abs(pair.z(0.0, corrected=True)))),
    )


def classify_shift(shift: Shift, tolerance: float) -> Literal["high", "low", "same"]:
    """Return whether `xs` are higher or lower, beyond chance and beyond `tolerance` times the estimate."""
    bound = tolerance * abs(shift.estimate)
    if shift.lower > bound:
        return "high"
    return "low" if shift.upper < -bound else "same"


@dataclass(frozen=True)
class _Pair:
    """Two samples, the second in order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def z(self, by: float, *, corrected: bool) -> float:
        """Return the standardised U of the first sample less `by`; 0 where all values are equal."""
        moved = [x - by for x in self.xs]
        n, m = len(self.xs), len(self.ys)
        off = sum(bisect_left(self.ys, x) + bisect_right(self.ys, x) for x in moved) / 2 - n * m / 2
        ties = Counter(moved)
        ties.update(self.ys)
        tied = sum(count**3 - count for count in ties.values())
        variance = n * m / 12 * (n + m + 1 - tied / ((n + m) * (n + m - 1)))
        if variance <= 0 or off == 0:
            return 0.0
        return (off - (0.5 if off > 0 else -0.5) * corrected) / sqrt(variance)

    def largest_shift(self, holds: Callable[[float], bool], *, corrected: bool) -> float:
        """Return the largest shift at which `holds(z)`, by halving: z falls, in steps, as the shift grows."""
        low, high = min(self.xs) - self.ys[-1], max(self.xs) - self.ys[0]
        if not holds(self.z(low, corrected=corrected)):
            return low
        if holds(self.z(high, corrected=corrected)):
            return high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if not low < middle < high:
                break
            low, high = (middle, high) if holds(self.z(middle, corrected=corrected)) else (low, middle)
        return (low + high) / 2
