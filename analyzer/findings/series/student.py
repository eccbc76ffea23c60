"""Student's t distribution: the quantile that an interval of a mean is made with, and the tail."""

from functools import lru_cache
from math import copysign, cos, erfc, exp, log1p, pi, sin, sqrt
from statistics import NormalDist


@lru_cache(maxsize=4096)
def quantile(tail: float, freedom: float) -> float:
    """Return what Student's t exceeds with probability `tail` (at most 0.5), at `freedom` (1 or more)
    degrees.

    G. W. Hill, "Algorithm 396: Student's t-quantiles", Comm. ACM 13, 1970, 619. It is right to six digits
    from five degrees on and to two below.
    """
    both, n = 2 * tail, freedom
    if n < 1.5:  # Cauchy's, exact at one degree and too long a tail above it
        return cos(both * pi / 2) / sin(both * pi / 2)
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * n
    y = (d * both) ** (2 / n)
    if y <= 0.05 + a:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (
            n + 1
        ) / (n + 2) + 1 / y
        return sqrt(n * y)
    x = NormalDist().inv_cdf(tail)
    y = x * x
    if n < 5:
        c += 0.3 * (n - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = exp(a * y * y) - 1
    return sqrt(n * y)


def tail_above(t: float, freedom: float) -> float:
    """Return the chance that Student's t exceeds `t`, at `freedom` (1 or more) degrees.

    D. L. Wallace, "Bounds on normal approximations to Student's and the chi-square distributions", Ann. Math.
    Stat. 30, 1959, 1121. Of a chance of 1 in 10,000 it says 16 % too much at five degrees, and 1 % at 30.
    """
    size = (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * log1p(t * t / freedom))
    return erfc(copysign(size, t) / sqrt(2)) / 2
