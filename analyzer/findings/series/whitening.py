"""What is new at each point of two sides: neither their slow course nor what the point before gave it."""

from collections.abc import Sequence
from itertools import pairwise
from math import log, sqrt

from analyzer.findings.series.course import DEGREES, POINTS_PER_PARAMETER, take_off_polynomial
from analyzer.findings.series.noise import correlate, draw_in, level_of

Side = Sequence[float]


def whiten(stable: Side, canary: Side) -> tuple[Side, Side, int]:
    """Return what is new at each point of both sides, and how many parameters were taken off each for that.

    A level or a polynomial is taken off each side, and of each point what the one before foretells, by one
    correlation for both (S. J. Prais and C. B. Winsten, Cowles Commission Discussion Paper 383, 1954). The
    degree is the one of the least information criterion (G. Schwarz, Ann. Statist. 6, 1978, 461), which does
    not depend on which side scatters more.
    """
    points, tried = len(stable), list[tuple[float, Side, Side, int]]()
    for degree in (0, *DEGREES):
        if degree and points < POINTS_PER_PARAMETER * (degree + 1):
            break
        rests = [_take_off(side, degree) for side in (stable, canary)]
        correlation = max(0.0, sum(correlate(draw_in(rest), degree + 1) for rest in rests) / 2)
        news = [_news(rest, correlation) for rest in rests]
        squares = [sum(one * one for one in draw_in(new)) for new in news]
        if not all(squares):
            return news[0], news[1], degree + 1
        fit = points * sum(map(log, squares)) + 2 * (degree + 1) * log(2 * points)
        tried.append((fit, news[0], news[1], degree + 1))
    return min(tried, key=lambda one: one[0])[1:]


def _take_off(side: Side, degree: int) -> list[float]:
    if degree:
        return take_off_polynomial(side, degree)
    level = level_of(side)
    return [value - level for value in side]


def _news(rest: Side, correlation: float) -> list[float]:
    first = rest[0] * sqrt(1 - correlation**2)
    return [first, *(now - correlation * before for before, now in pairwise(rest))]
