from itertools import combinations, permutations
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.findings.chance import (
    binomial_tail,
    chance_of_one_rate,
    chance_of_rise,
    hypergeometric_tail,
    select_significant,
    sure_excess,
)


@given(st.integers(1, 60), st.data())
def test_binomial_is_the_exact_tail(of: int, data: st.DataObject) -> None:
    hits, rate = data.draw(st.integers(0, of)), data.draw(st.floats(0.01, 0.99))
    exact = sum(comb(of, i) * rate**i * (1 - rate) ** (of - i) for i in range(hits, of + 1))
    assert binomial_tail(hits, of, rate) == pytest.approx(exact, rel=1e-9)


def test_binomial_holds_for_any_size() -> None:
    assert binomial_tail(1_100, 2_000, 0.5) < 0.001
    assert binomial_tail(1_000, 2_000, 0.5) == pytest.approx(0.5, abs=0.01)
    assert (binomial_tail(1, 3, 0.0), binomial_tail(0, 3, 0.0), binomial_tail(3, 3, 1.0)) == (0.0, 1.0, 1.0)


def test_fishers_test_gives_the_published_value() -> None:
    """The lady tasting tea, all four of four found: 1/70; three of four: 17/70."""
    assert hypergeometric_tail(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert hypergeometric_tail(3, 4, 1, 4) == pytest.approx(17 / 70)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_fishers_test_is_the_exact_tail(total: int, other_total: int, data: st.DataObject) -> None:
    hits, other_hits = data.draw(st.integers(0, total)), data.draw(st.integers(0, other_total))
    marked, everything = hits + other_hits, total + other_total
    ways = sum(
        comb(marked, count) * comb(everything - marked, total - count)
        for count in range(hits, min(marked, total) + 1)
    )
    assert hypergeometric_tail(hits, total, other_hits, other_total) == pytest.approx(
        ways / comb(everything, total), rel=1e-9
    )


def test_two_poisson_rates_are_compared_given_their_sum() -> None:
    """10 against 2 at equal exposure: twice the chance of 10 or more of 12 heads."""
    assert chance_of_one_rate(10, 100, 2, 100) == pytest.approx(
        2 * sum(comb(12, i) for i in (10, 11, 12)) / 2**12
    )
    assert chance_of_one_rate(10, 1000, 10, 1000) == 1.0
    assert chance_of_one_rate(50, 100, 50, 1000, burst=5) == pytest.approx(2 * binomial_tail(10, 20, 1 / 11))


def test_counts_of_any_size_are_compared() -> None:
    assert chance_of_one_rate(5_000_000, 10**8, 5_000_000, 10**8) == pytest.approx(1.0)
    assert chance_of_one_rate(5_000_000, 10**8, 1_000_000, 10**8) < 1e-6


def test_a_trend_is_as_rare_as_among_all_orders_of_the_values() -> None:
    """Mann's own table is of the exact distribution: every order of seven values, without a trend equally
    likely.
    """

    def risen(values: tuple[int, ...]) -> int:
        return sum(later > earlier for earlier, later in combinations(values, 2))

    orders = [risen(order) for order in permutations(range(7))]
    for values in (
        (0, 1, 2, 3, 4, 5, 6),
        (0, 2, 1, 3, 4, 6, 5),
        (1, 0, 3, 2, 5, 4, 6),
        (3, 2, 1, 0, 6, 5, 4),
        (6, 5, 4, 3, 2, 1, 0),
    ):
        exact = sum(each >= risen(values) for each in orders) / len(orders)
        assert chance_of_rise(values) == pytest.approx(exact, abs=0.01)
    assert (chance_of_rise([]), chance_of_rise([1])) == (1.0, 1.0)
    assert chance_of_rise([1, 2]) == 0.5  # one pair tells nothing: z is 0, and of two that are alike -1
    assert chance_of_rise([2, 2]) == pytest.approx(0.8413, rel=1e-3)
    assert chance_of_rise(range(7)) == pytest.approx(
        0.001333, rel=1e-3
    )  # 21 of 21 pairs rise: z = 20 / sqrt(133 / 3)
    assert chance_of_rise([1, 1, 2, 2]) == pytest.approx(
        0.1541, rel=1e-3
    )  # 4 of 6, and 2 are no fall: z = 3 / sqrt(26 / 3)
    assert chance_of_rise([1, 1, 1, 1, 1]) > 0.5


def test_benjamini_and_hochbergs_own_example() -> None:
    """The fifteen p-values of their paper's section 3: four hold at 0.05."""
    values = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert select_significant(dict(enumerate(values)), 0.05) == {0, 1, 2, 3}
    assert select_significant(dict(enumerate(reversed(values))), 0.05) == {11, 12, 13, 14}
    assert select_significant({}, 0.05) == set()


def test_the_tail_of_a_rare_poisson() -> None:
    """Three against none where stable has a hundred times the exposure: about the Poisson tail is far below
    one in a thousand.
    """
    assert chance_of_one_rate(3, 1, 0, 100) < 0.001
    assert exp(-1) / factorial(0) > chance_of_one_rate(1, 1, 0, 1) / 4


def test_the_sure_excess_is_the_published_one() -> None:
    """Newcombe 1998, table II, example (a): 56 of 70 against 48 of 80, method 10: from 0.0524."""
    assert sure_excess(56, 70, 48, 80, confidence=0.95) == 0.0524


@pytest.mark.parametrize(
    ("counts", "least", "most"),
    [
        ((1, 1046, 0, 1101), 0.0, 0.0),  # one among a thousand
        ((1, 20, 1, 20), 0.0, 0.0),
        ((3, 585, 0, 585), 0.0, 0.0),  # in one case of eight, were both alike
        ((5, 585, 0, 585), 0.001, 0.0085),  # in one of 32
        ((157, 304, 0, 1281), 0.45, 0.5164),
        ((5, 5, 0, 1000), 0.6, 0.7),
        ((0, 10, 3, 10), 0.0, 0.0),
        ((7, 0, 0, 10), 0.0, 0.0),
        ((7, 10, 0, 0), 0.0, 0.0),
        ((12, 10, 0, 100), 0.6, 1.0),  # more errors than requests
    ],
)
def test_the_sure_excess_is_below_the_one_seen(
    counts: tuple[int, int, int, int], least: float, most: float
) -> None:
    assert least <= sure_excess(*counts) <= most
