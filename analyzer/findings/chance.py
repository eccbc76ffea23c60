"""Counts and chance: the tails of the binomial and hypergeometric distributions, and many tests at once."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def binomial_tail(hits: int, total: int, rate: float) -> float:
    """Return the chance of `hits` or more of `total` trials, each with probability `rate`.

    That is the upper tail of the binomial distribution.
    """
    if rate <= 0 or rate >= 1:
        return 1.0 if rate >= 1 or hits <= 0 else 0.0
    if hits <= total * rate:  # the other tail has fewer terms
        return 1.0 - _sum_descending(total - hits + 1, total, 1 - rate)
    return _sum_descending(hits, total, rate)


def _sum_descending(hits: int, total: int, rate: float) -> float:
    """Return the upper tail of `hits` above the mean, where each term is smaller than the one before."""
    if hits > total:
        return 0.0
    term = exp(_log_choose(total, hits) + hits * log(rate) + (total - hits) * log1p(-rate))
    chance = term
    for count in range(hits, total):
        term *= (total - count) / (count + 1) * rate / (1 - rate)
        chance += term
        if term < chance * 1e-12:
            break
    return min(1.0, chance)


def hypergeometric_tail(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """Return the chance of at least `hits` on one side if both sides had one rate: Fisher's exact test,
    one-sided.

    R. A. Fisher, Statistical Methods for Research Workers, §21.02. The totals include the hits.
    """
    drawn, marked, everything = total, hits + other_hits, total + other_total
    term = exp(
        _log_choose(marked, hits)
        + _log_choose(everything - marked, drawn - hits)
        - _log_choose(everything, drawn)
    )
    chance = term
    for count in range(hits, min(marked, drawn)):
        term *= (marked - count) * (drawn - count) / ((count + 1) * (everything - marked - drawn + count + 1))
        chance += term
        if term < chance * 1e-12:
            break
    return min(1.0, chance)


def sure_excess(count: int, total: int, other_count: int, other_total: int, confidence: float = 0.9) -> float:
    """Return by how much the share of the first counts exceeds that of the others at the least, to four
    digits; 0 where it may not at all.

    That is the lower end of an interval of the difference (R. G. Newcombe, "Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17, 1998, 873, method 10). The
    interval has two ends: one of 90 % errs to this side in 5 % of cases.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    if total <= 0 or other_total <= 0:
        return 0.0
    hits, other_hits = min(count, total), min(other_count, other_total)
    share, other_share = hits / total, other_hits / other_total
    below = share - score_interval(share, total, z)[0]
    above = score_interval(other_share, other_total, z)[1] - other_share
    return round(max(0.0, share - other_share - sqrt(below**2 + above**2)), 4)


def score_interval(share: float, total: int, z: float) -> tuple[float, float]:
    """Return the ends of the interval of a share (0 to 1) of `total` trials, at so many standard deviations
    (E. B. Wilson, J. Am. Statist. Assoc. 22, 1927, 209).
    """
    per = z**2 / total
    middle, half = share + per / 2, sqrt(per * (share * (1 - share) + per / 4))
    return (middle - half) / (1 + per), (middle + half) / (1 + per)


def chance_of_one_rate(
    count: int, exposure: float, other_count: int, other_exposure: float, burst: float = 1.0
) -> float:
    """Return the two-sided chance of counts so far apart if both sides had one rate per exposure.

    This is the conditional test of two Poisson rates: given their sum, one count is binomial (J. Przyborowski
    and H. Wilenski, Biometrika 31, 1940, 313). Where events come in bursts, of `burst` events on average, the
    variance of the counts is that much larger, so bursts are counted.
    """
    bursts, others = int(count / burst), int(other_count / burst)
    if (
        bursts + others > _MOST
    ):  # the same proportion at a size that can be summed: weaker evidence, and still beyond doubt
        scale = _MOST / (bursts + others)
        bursts, others = int(bursts * scale), int(others * scale)
    share = exposure / (exposure + other_exposure)
    return min(
        1.0,
        2
        * min(
            binomial_tail(bursts, bursts + others, share), binomial_tail(others, bursts + others, 1 - share)
        ),
    )


_MOST = 20_000


def chance_of_rise(values: Sequence[float]) -> float:
    """Return the chance of a rise as steady as this one in values without a trend: Mann and Kendall's test,
    one-sided.

    H. B. Mann, Econometrica 13, 1945, 245. The statistic is how many pairs rise less how many fall, by the
    normal approximation with continuity correction.
    """
    n = len(values)
    risen = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    return 1 - NormalDist().cdf((risen - 1) / sqrt(n * (n - 1) * (2 * n + 5) / 18)) if n > 1 else 1.0


def select_significant(chances: Mapping[Name, float], rate: float) -> set[Name]:
    """Return the tests, by name, that are significant when at most `rate` of those returned may be false.

    Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", J. R. Statist. Soc. B 57, 1995, 289.
    """
    ordered = sorted(chances, key=lambda name: chances[name])
    significant = [
        rank for rank, name in enumerate(ordered, start=1) if chances[name] <= rate * rank / len(ordered)
    ]
    return set(ordered[: max(significant, default=0)])


def _log_choose(n: int, k: int) -> float:
    """Return the natural logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
