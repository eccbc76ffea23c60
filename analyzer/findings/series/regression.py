"""Levels and slopes of a series whose noise resembles its neighbours, without knowing how much.

The noise is taken as first-order autoregressive. Each of some lag-one correlations gives a regression by
generalised least squares and a weight, by how well it explains the series, and what is told of a level or a
slope is the weighted mixture of their Student distributions. So the fewer the points, the more of the
correlations stay possible and the wider an interval is (A. Zellner and G. C. Tiao, "Bayesian analysis of the
regression model with autocorrelated errors", J. Am. Stat. Assoc. 59, 1964, 763). The weight is the restricted
likelihood, which pays for the parameters that were taken off (D. A. Harville, Biometrika 61, 1974, 383).
Before the points are seen, the lower ones are a little more likely, since each stands for more of the
range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, log, sqrt
from operator import mul

from analyzer.findings.series.student import tail_above

LAGS = (0.0, 0.25, 0.5, 0.7, 0.82, 0.92)  # correlations of neighbours
LIKELY = (0.20, 0.20, 0.19, 0.15, 0.12, 0.14)  # before the points are seen
FLAT = 1e-12  # of a series' squares: what arithmetic leaves of one without noise
HALVINGS = 40
ALIKE = 2.0  # standard errors between two estimates of one correlation

# of the same point, of neighbours both ways, of points with two neighbours
Products = tuple[float, float, float]


@dataclass(frozen=True)
class Estimate:
    """A mixture of Student distributions of some degrees: weights, centres, and standard errors.

    `plain` is the figure by ordinary means, which a person can check.
    """

    weights: Sequence[float]
    centres: Sequence[float]
    errors: Sequence[float]
    freedom: float
    plain: float = 0.0

    @property
    def centre(self) -> float:
        """Return the mean of the centres."""
        return fsum(map(mul, self.weights, self.centres))

    def chance_below(self, bound: float) -> float:
        """Return the chance that the figure is at most `bound`."""
        return sum(
            weight * self._tail_below(centre - bound, error)
            for weight, centre, error in zip(self.weights, self.centres, self.errors, strict=True)
        )

    def _tail_below(self, distance: float, error: float) -> float:
        """Return the chance of one centre that lies so far above the bound."""
        if error:
            return tail_above(distance / error, self.freedom)
        return 0.5 if distance == 0 else float(distance < 0)

    def turned(self) -> "Estimate":
        """Return the estimate of the negative figure."""
        return Estimate(
            self.weights, [-centre for centre in self.centres], self.errors, self.freedom, -self.plain
        )

    def raised(self, by: float) -> "Estimate":
        """Return the estimate of a figure that is larger by so much."""
        return Estimate(
            self.weights, [centre + by for centre in self.centres], self.errors, self.freedom, self.plain + by
        )

    def margin(self, tail: float) -> float:
        """Return how far below the centre the figure may be: further down it is with a chance of `tail`."""
        largest = max(self.errors)
        if not largest:
            return 0.0
        if largest == inf:
            return inf
        low, high = 0.0, largest
        while self.chance_below(self.centre - high) > tail and high < 1e6 * largest:
            low, high = high, 2 * high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.chance_below(self.centre - middle) <= tail else (middle, high)
            if high - low < 1e-3 * high:
                break
        return high


@dataclass(frozen=True)
class Equations:
    """The normal equations of a series, of which each parameter meets the one before it and the one after it
    alone.

    `own` has each parameter's products with itself, `beside` those with the one before (the first has none),
    `target` those with the series, and `squares` the series' with itself. `freedom`: its points less the
    parameters, 1 or more.
    """

    own: Sequence[Products]
    beside: Sequence[Products]
    target: Sequence[Products]
    squares: Products
    freedom: int


@dataclass(frozen=True)
class _Solved:
    """The equations of one correlation as L D L', L below the diagonal, and the target times L^-1."""

    factors: Sequence[float]
    pivots: Sequence[float]
    reduced: Sequence[float]
    variance: float


@dataclass(frozen=True)
class Regression:
    """The solved equations of each correlation, and its logarithmic weight."""

    solved: Sequence[_Solved]
    logs: Sequence[float]
    freedom: float

    @property
    def correlation(self) -> float:
        """Return the mean correlation of neighbours."""
        return correlation_of(self.logs)

    def estimate(self, contrast: Sequence[float], logs: Sequence[float]) -> Estimate:
        """Return a combination of the parameters, with these logarithmic weights of the correlations."""
        centres, errors = [], []
        for one in self.solved:
            part = centre = spread = 0.0
            for wanted, factor, pivot, reduced in zip(
                contrast, one.factors, one.pivots, one.reduced, strict=True
            ):
                part = wanted - factor * part
                centre += part * reduced / pivot
                spread += part * part / pivot
            centres.append(centre)
            errors.append(sqrt(one.variance * spread))
        return Estimate(weigh(logs), centres, errors, self.freedom)


def weigh(logs: Sequence[float]) -> list[float]:
    """Return the correlations' weights, which sum to 1, from the points' logarithmic ones."""
    most = max(logs)
    weights = [share * exp(max(-700.0, one - most)) for one, share in zip(logs, LIKELY, strict=True)]
    total = sum(weights)
    return [weight / total for weight in weights]


def correlation_of(logs: Sequence[float]) -> float:
    """Return the mean correlation of neighbours by logarithmic weights."""
    return fsum(map(mul, weigh(logs), LAGS))


def join_logs(own: Regression, other: Regression, points: int) -> Sequence[float]:
    """Return the logarithmic weights of the correlations with those of another series that has noise of the
    same kind, unless its neighbours resemble each other much more, as where it has a season.
    """
    if other.correlation - own.correlation >= ALIKE / sqrt(points):
        return own.logs
    return [one + also for one, also in zip(own.logs, other.logs, strict=True)]


def regress(equations: Equations) -> Regression:
    """Return the regression that the equations of independent parameters describe."""
    solved, logs = [], []
    freedom, least = equations.freedom, FLAT * equations.squares[0]
    for lag in LAGS:
        square = lag * lag
        whole, near, inner = equations.squares
        squares = whole - lag * near + square * inner
        factors, pivots, reduced = [], [], []
        pivot, former, determinant = 1.0, 0.0, 0.0
        for own, beside, target in zip(equations.own, equations.beside, equations.target, strict=True):
            meets = beside[0] - lag * beside[1] + square * beside[2]
            factor = meets / pivot
            pivot = own[0] - lag * own[1] + square * own[2] - factor * meets
            former = target[0] - lag * target[1] + square * target[2] - factor * former
            squares -= former * former / pivot
            determinant += log(pivot)
            factors.append(factor)
            pivots.append(pivot)
            reduced.append(former)
        flat = squares <= least
        solved.append(_Solved(factors, pivots, reduced, 0.0 if flat else squares / freedom))
        squares = max(squares, least)
        logs.append((log(1 - square) - determinant - freedom * (log(squares) if squares else 0.0)) / 2)
    return Regression(solved, logs, freedom)


def equations_of_levels(values: Sequence[float], lengths: Sequence[int], lost: int) -> Equations:
    """Return the equations of a series with a level for each length, less `lost` parameters more."""
    n, begin = len(values), 0
    own, target = list[Products](), list[Products]()
    for length in lengths:
        end = begin + length
        total, first, last = sum(values[begin:end]), values[begin], values[end - 1]
        before, after = values[begin - 1] if begin else 0.0, values[end] if end < n else 0.0
        opens, closes = begin == 0, end == n
        own.append((float(length), 2.0 * (length - 1), float(length - opens - closes)))
        target.append(
            (total, 2 * total - first - last + before + after, total - opens * first - closes * last)
        )
        begin = end
    beside = [(0.0, 0.0, 0.0), *[(0.0, 1.0, 0.0)] * (len(lengths) - 1)]
    return Equations(own, beside, target, products(values, values), n - len(lengths) - lost)


def equations_of_line(values: Sequence[float], slope: Sequence[float], lost: int) -> Equations:
    """Return the equations of a series with one level and a slope along another one."""
    level = [1.0] * len(values)
    return Equations(
        (products(level, level), products(slope, slope)),
        ((0.0, 0.0, 0.0), products(level, slope)),
        (products(level, values), products(slope, values)),
        products(values, values),
        len(values) - 2 - lost,
    )


def products(one: Sequence[float], other: Sequence[float]) -> Products:
    """Return the sums of products of two series."""
    whole: float = sum(map(mul, one, other))
    near: float = sum(map(mul, one, other[1:])) + sum(map(mul, other, one[1:]))
    return whole, near, whole - one[0] * other[0] - one[-1] * other[-1]
