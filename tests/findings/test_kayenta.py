"""The rank test against figures computed elsewhere.

`REFERENCES` were computed with scipy 1.17.1: p by `scipy.stats.mannwhitneyu(xs, ys, use_continuity=True,
method="asymptotic")`, the interval by solving R's wdiff(d, ±zq) = 0 of wilcox.test with
`scipy.stats.rankdata` and `scipy.optimize.brentq` (xtol 1e-10), the estimate as numpy's median of all
differences. May and August are the ozone of R's `airquality`, for which R's own help prints W = 127.5,
p-value = 0.0001208.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.findings.kayenta import Shift, classify_shift, estimate_shift

MAY = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37]
AUGUST = [
    39,
    9,
    16,
    78,
    35,
    66,
    122,
    89,
    110,
    44,
    28,
    65,
    22,
    59,
    23,
    31,
    44,
    21,
    9,
    45,
    168,
    73,
    76,
    118,
    84,
    85,
]
FIRST = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
SECOND = [1.15, 0.88, 0.90, 0.74, 1.21]
REFERENCES: list[tuple[list[float], list[float], float, Shift]] = [
    (
        [*map(float, MAY)],
        [*map(float, AUGUST)],
        0.95,
        Shift(estimate=-32, lower=-53, upper=-15, p=0.00012080783076877434),
    ),
    (
        [*map(float, MAY)],
        [*map(float, AUGUST)],
        0.98,
        Shift(estimate=-32, lower=-55, upper=-12, p=0.00012080783076877434),
    ),
    (FIRST, SECOND, 0.95, Shift(estimate=0.305, lower=-0.15, upper=0.76, p=0.24462360512698333)),
]
NUMBERS = st.lists(
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 3)), min_size=1, max_size=30
)


@pytest.mark.parametrize(("xs", "ys", "confidence", "expected"), REFERENCES)
def test_the_figures_are_rs(xs: list[float], ys: list[float], confidence: float, expected: Shift) -> None:
    found = estimate_shift(xs, ys, confidence)
    assert (found.estimate, found.lower, found.upper) == pytest.approx(
        (expected.estimate, expected.lower, expected.upper), abs=1e-9
    )
    assert found.p == pytest.approx(expected.p, rel=1e-9)


@given(NUMBERS, NUMBERS)
def test_the_other_way_round_is_the_same_the_other_way_round(xs: list[float], ys: list[float]) -> None:
    there, back = estimate_shift(xs, ys, 0.98), estimate_shift(ys, xs, 0.98)
    size = max(map(abs, (*xs, *ys, 1)))
    assert (there.estimate, there.lower, there.upper) == pytest.approx(
        (-back.estimate, -back.upper, -back.lower), abs=1e-9 * size
    )
    assert there.p == pytest.approx(back.p)
    assert there.lower <= there.estimate + 1e-9 * size
    assert there.estimate <= there.upper + 1e-9 * size


@given(NUMBERS, NUMBERS, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(xs: list[float], ys: list[float], order: random.Random) -> None:
    found = estimate_shift(xs, ys, 0.98)
    order.shuffle(xs)
    order.shuffle(ys)
    assert estimate_shift(xs, ys, 0.98) == found


@pytest.mark.parametrize(("value", "says"), [(2.0, "high"), (0.5, "low"), (1.0, "same")])
def test_constant_series_differ_or_not_and_divide_by_nothing(value: float, says: str) -> None:
    found = estimate_shift([value] * 60, [1.0] * 60, 0.98)
    assert (found.lower, found.upper) == (value - 1, value - 1)
    assert classify_shift(found, 0.25) == says


@pytest.mark.slow
def test_chance_alone_is_rarely_called_a_difference() -> None:
    """Two-sided at 0.98: at most 2 % of pairs from one distribution, and Kayenta's tolerance takes nothing
    from a real shift.
    """
    source = random.Random(20)
    verdicts = [
        classify_shift(
            estimate_shift(
                [source.gauss(10, 1) for _ in range(60)], [source.gauss(10, 1) for _ in range(60)], 0.98
            ),
            0.25,
        )
        for _ in range(100)
    ]
    assert sum(verdict != "same" for verdict in verdicts) <= 5
    shifted = [
        classify_shift(
            estimate_shift(
                [source.gauss(11, 1) for _ in range(60)], [source.gauss(10, 1) for _ in range(60)], 0.98
            ),
            0.25,
        )
        for _ in range(25)
    ]
    assert shifted.count("high") >= 24


@pytest.mark.parametrize(
    ("lower", "upper", "estimate", "says"),
    [(0.3, 2, 1, "high"), (0.2, 2, 1, "same"), (-2, -0.3, -1, "low"), (-2, -0.2, -1, "same")],
)
def test_a_difference_must_be_beyond_the_tolerance(
    lower: float, upper: float, estimate: float, says: str
) -> None:
    assert classify_shift(Shift(estimate=estimate, lower=lower, upper=upper, p=0), 0.25) == says
