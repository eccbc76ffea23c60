"""The formulas of an evaluation. Pure.

Where a case was judged more than once, its judgements are not independent. So a share is that of all
judgements, and its interval is that of as many as there are cases.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb

from analyzer.common.value import Value
from analyzer.findings.chance import score_interval

Z = 1.959964  # of a normal distribution: 95 % lie within so many standard deviations
BINS = 10


class Share(Value):
    """A share (0 to 1) of `of` judgements of `cases` cases, with its 95 % interval; None of nothing."""

    count: int
    of: int
    cases: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


class Bin(Value):
    """The answers whose confidence (0 to 1) lies in an interval: how many, how sure, and how often right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def share_of(flags: Sequence[bool], cases: int) -> Share:
    """Return how many of the flags are set, as a share with its interval."""
    count, total = sum(flags), len(flags)
    if not total:
        return Share(count=0, of=0, cases=0)
    low, high = wilson(count / total, cases)
    return Share(count=count, of=total, cases=cases, share=count / total, low=low, high=high)


def wilson(share: float, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a share that was seen in so many cases."""
    low, high = score_interval(share, number, Z)
    return max(0.0, low), min(1.0, high)


def brier(answers: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean square of confidence (0 to 1) less outcome: right is 1, wrong is 0. None of nothing.

    G. W. Brier, Verification of forecasts expressed in terms of probability. Monthly Weather Review 78
    (1950), 1.
    """
    return _mean([(confidence - right) ** 2 for confidence, right in answers])


def bins_of(answers: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Return the answers by their confidence, in ten bins of equal width; empty ones are left out."""
    filled: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        filled.setdefault(min(BINS - 1, int(confidence * BINS + 1e-9)), []).append((confidence, right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(inside),
            confidence=sum(confidence for confidence, _ in inside) / len(inside),
            right=sum(right for _, right in inside) / len(inside),
        )
        for number, inside in sorted(filled.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: how far confidence and share of right answers are apart, as a
    mean over the answers. None of nothing.

    M. P. Naeini, G. Cooper and M. Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning.
    AAAI (2015), 2901.
    """
    total = sum(inside.count for inside in bins)
    apart = sum(inside.count * abs(inside.right - inside.confidence) for inside in bins)
    return apart / total if total else None


def agreement(outcomes: Sequence[Sequence[str]]) -> float | None:
    """Return how often two judgements of one case say the same: the mean over the cases that were judged more
    than once. None where none was.
    """
    pairs = [list(combinations(of_case, 2)) for of_case in outcomes if len(of_case) > 1]
    return _mean([sum(one == other for one, other in of_case) / len(of_case) for of_case in pairs])


def mcnemar(worse: int, better: int) -> float:
    """Return how likely chance alone makes so large a difference between two judges of the same cases.
    `worse` counts cases that only the first had right, `better` those that only the second had.

    The exact test, two-sided. Q. McNemar, Note on the sampling error of the difference between correlated
    proportions or percentages. Psychometrika 12 (1947), 153.
    """
    number = worse + better
    tail = sum(comb(number, count) for count in range(min(worse, better) + 1))
    return min(1.0, float(2 * tail / 2**number))


def quantile(values: Sequence[float], part: float) -> float | None:
    """Return the value below which a part (0 to 1) of the values lies: the nearest rank. None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
