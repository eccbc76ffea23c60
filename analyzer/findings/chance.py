"""Counts and chance: the tails of the binomial and hypergeometric distributions, and many tests at once."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def binomial(hits: int, of: int, rate: float) -> float:
    """The chance of `hits` or more out of `of`, each with probability `rate`: the upper tail of the binomial distribution."""
    if rate <= 0 or rate >= 1:
        return 1.0 if rate >= 1 or hits <= 0 else 0.0
    if hits <= of * rate:  # the other tail is the shorter way
        return 1.0 - _descending(of - hits + 1, of, 1 - rate)
    return _descending(hits, of, rate)


def _descending(hits: int, of: int, rate: float) -> float:
    """The upper tail from beyond its middle on, where each term is smaller than the one before."""
    term = exp(_choose(of, hits) + hits * log(rate) + (of - hits) * log1p(-rate)) if hits <= of else 0.0
    chance = term
    for count in range(hits, of):
        term *= (of - count) / (count + 1) * rate / (1 - rate)
        chance += term
        if term < chance * 1e-12:
            break
    return min(1.0, chance)


def hypergeometric(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """The chance of at least `hits` on this side if both had one rate: Fisher's exact test, one-sided.

    R. A. Fisher, Statistical Methods for Research Workers, §21.02. Hits are among the totals.
    """
    drawn, marked, everything = total, hits + other_hits, total + other_total
    term = exp(_choose(marked, hits) + _choose(everything - marked, drawn - hits) - _choose(everything, drawn))
    chance = term
    for count in range(hits, min(marked, drawn)):
        term *= (marked - count) * (drawn - count) / ((count + 1) * (everything - marked - drawn + count + 1))
        chance += term
        if term < chance * 1e-12:
            break
    return min(1.0, chance)


def one_rate(count: int, exposure: float, other_count: int, other_exposure: float, burst: float = 1.0) -> float:
    """The two-sided chance of counts so far apart if both sides had one rate per exposure.

    The conditional test of two Poisson rates: given their sum, one count is binomial (J. Przyborowski and H. Wilenski, Biometrika 31,
    1940, 313). What comes in bursts of `burst` on average is counted by bursts: the variance of the counts is that much larger.
    """
    bursts, others = int(count / burst), int(other_count / burst)
    if bursts + others > _MOST:  # the same proportion at a size that can be summed: weaker evidence, and still beyond doubt
        scale = _MOST / (bursts + others)
        bursts, others = int(bursts * scale), int(others * scale)
    share = exposure / (exposure + other_exposure)
    return min(1.0, 2 * min(binomial(bursts, bursts + others, share), binomial(others, bursts + others, 1 - share)))


_MOST = 20_000


def rising(values: Sequence[float]) -> float:
    """The chance of a rise as steady as this one in values without a trend: Mann and Kendall's test, one-sided.

    H. B. Mann, Econometrica 13, 1945, 245: how many pairs rise less how many fall, by the normal approximation with continuity correction.
    """
    n = len(values)
    risen = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    return 1 - NormalDist().cdf((risen - 1) / sqrt(n * (n - 1) * (2 * n + 5) / 18)) if n > 1 else 1.0


def beyond(chances: Mapping[Name, float], rate: float) -> set[Name]:
    """Those of many tests that hold when at most `rate` of the ones that hold may be false.

    Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", J. R. Statist. Soc. B 57, 1995, 289.
    """
    ordered = sorted(chances, key=lambda name: chances[name])
    holding = [rank for rank, name in enumerate(ordered, start=1) if chances[name] <= rate * rank / len(ordered)]
    return set(ordered[: max(holding, default=0)])


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
