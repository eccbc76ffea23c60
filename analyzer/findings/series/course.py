"""How much neighbours resemble each other in a series that goes a slow way of its own, such as a part of a
day.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import log

from analyzer.findings.series.regression import (
    FLAT,
    LAGS,
    Products,
    Regression,
    join_logs,
    products,
)

DEGREES = (4, 8)  # of the polynomials that a slow way is taken off with
POINTS_PER_PARAMETER = 3  # points for each parameter


def join_noise(own: Regression, other: Regression, rest: Sequence[float], lost: int) -> Sequence[float]:
    """Return the logarithmic weights of the correlations, with those of another series that has noise of the
    same kind. `rest` is that series, of which `lost` parameters were taken off, and `other` its regression.

    Where its neighbours resemble each other much more, it has a course of its own, such as a part of a day: a
    polynomial is estimated with each correlation. Where they still do, `own` stands alone.
    """
    logs = join_logs(own, other, len(rest))
    for degree in DEGREES:
        if logs is not own.logs or len(rest) < POINTS_PER_PARAMETER * (degree + 1 + lost):
            break
        logs = join_logs(own, regress_course(rest, degree, lost), len(rest))
    return logs


def regress_course(values: Sequence[float], degree: int, lost: int) -> Regression:
    """Return the weights of the correlations, with a polynomial of that degree estimated with each."""
    columns, grams = _polynomials(len(values), degree)
    targets = [products(column, values) for column in columns]
    whole = products(values, values)
    freedom, least = len(values) - degree - 1 - lost, FLAT * whole[0]
    logs = []
    for lag, (factors, determinant) in zip(LAGS, grams, strict=True):
        squares, reduced = _at(whole, lag), list[float]()
        for row, target in zip(factors, targets, strict=True):
            rest = _at(target, lag) - sum(a * b for a, b in zip(row[:-1], reduced, strict=True))
            reduced.append(rest / row[-1])
        squares = max(squares - sum(one * one for one in reduced), least)
        logs.append((log(1 - lag * lag) - determinant - freedom * (log(squares) if squares else 0.0)) / 2)
    return Regression((), logs, freedom)


def _at(three: Products, lag: float) -> float:
    return three[0] - lag * three[1] + lag * lag * three[2]


@lru_cache(maxsize=64)
def _polynomials(points: int, degree: int) -> tuple[list[list[float]], list[tuple[list[list[float]], float]]]:
    """Return Legendre's polynomials at so many points and, for each correlation, the Cholesky factor of their
    products, and the logarithm of its determinant.
    """
    places = [(2 * at + 1 - points) / points for at in range(points)]
    columns = [[1.0] * points, places]
    for order in range(1, degree):
        columns.append(
            [
                ((2 * order + 1) * place * one - order * before) / (order + 1)
                for place, one, before in zip(places, columns[-1], columns[-2], strict=True)
            ]
        )
    columns = columns[: degree + 1]
    gram = [[products(one, other) for other in columns[: at + 1]] for at, one in enumerate(columns)]
    return columns, [_factorise([[_at(three, lag) for three in row] for row in gram]) for lag in LAGS]


def _factorise(gram: Sequence[Sequence[float]]) -> tuple[list[list[float]], float]:
    """Return the Cholesky factor of a positive matrix, given its lower half, and its log-determinant."""
    rows: list[list[float]] = []
    determinant = 0.0
    for wanted in gram:
        row: list[float] = []
        for at, value in enumerate(wanted[:-1]):
            row.append((value - sum(a * b for a, b in zip(row, rows[at][:at], strict=True))) / rows[at][at])
        pivot = wanted[-1] - sum(one * one for one in row)
        determinant += log(pivot)
        rows.append([*row, pivot**0.5])
    return rows, determinant
