from itertools import combinations, permutations
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.findings.chance import beyond, binomial, hypergeometric, one_rate, rising


@given(st.integers(1, 60), st.data())
def test_binomial_is_the_exact_tail(of: int, data: st.DataObject) -> None:
    hits, rate = data.draw(st.integers(0, of)), data.draw(st.floats(0.01, 0.99))
    exact = sum(comb(of, i) * rate**i * (1 - rate) ** (of - i) for i in range(hits, of + 1))
    assert binomial(hits, of, rate) == pytest.approx(exact, rel=1e-9)


def test_binomial_holds_for_any_size() -> None:
    assert binomial(1_100, 2_000, 0.5) < 0.001
    assert binomial(1_000, 2_000, 0.5) == pytest.approx(0.5, abs=0.01)
    assert (binomial(1, 3, 0.0), binomial(0, 3, 0.0), binomial(3, 3, 1.0)) == (0.0, 1.0, 1.0)


def test_fishers_test_gives_the_published_value() -> None:
    """The lady tasting tea, all four of four found: 1/70; three of four: 17/70."""
    assert hypergeometric(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert hypergeometric(3, 4, 1, 4) == pytest.approx(17 / 70)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_fishers_test_is_the_exact_tail(total: int, other_total: int, data: st.DataObject) -> None:
    hits, other_hits = data.draw(st.integers(0, total)), data.draw(st.integers(0, other_total))
    marked, everything = hits + other_hits, total + other_total
    ways = sum(comb(marked, count) * comb(everything - marked, total - count) for count in range(hits, min(marked, total) + 1))
    assert hypergeometric(hits, total, other_hits, other_total) == pytest.approx(ways / comb(everything, total), rel=1e-9)


def test_two_poisson_rates_are_compared_given_their_sum() -> None:
    """10 against 2 at equal exposure: twice the chance of 10 or more of 12 heads."""
    assert one_rate(10, 100, 2, 100) == pytest.approx(2 * sum(comb(12, i) for i in (10, 11, 12)) / 2**12)
    assert one_rate(10, 1000, 10, 1000) == 1.0
    assert one_rate(50, 100, 50, 1000, burst=5) == pytest.approx(2 * binomial(10, 20, 1 / 11))


def test_counts_of_any_size_are_compared() -> None:
    assert one_rate(5_000_000, 10**8, 5_000_000, 10**8) == pytest.approx(1.0)
    assert one_rate(5_000_000, 10**8, 1_000_000, 10**8) < 1e-6


def test_a_trend_is_as_rare_as_among_all_orders_of_the_values() -> None:
    """Mann's own table is of the exact distribution: every order of seven values, without a trend equally likely."""

    def risen(values: tuple[int, ...]) -> int:
        return sum(later > earlier for earlier, later in combinations(values, 2))

    orders = [risen(order) for order in permutations(range(7))]
    for values in ((0, 1, 2, 3, 4, 5, 6), (0, 2, 1, 3, 4, 6, 5), (1, 0, 3, 2, 5, 4, 6), (3, 2, 1, 0, 6, 5, 4), (6, 5, 4, 3, 2, 1, 0)):
        exact = sum(each >= risen(values) for each in orders) / len(orders)
        assert rising(values) == pytest.approx(exact, abs=0.01)
    assert (rising([]), rising([1])) == (1.0, 1.0)
    assert rising([1, 2]) == 0.5  # one pair tells nothing: z is 0, and of two that are alike -1
    assert rising([2, 2]) == pytest.approx(0.8413, rel=1e-3)
    assert rising(range(7)) == pytest.approx(0.001333, rel=1e-3)  # 21 of 21 pairs rise: z = 20 / sqrt(133 / 3)
    assert rising([1, 1, 2, 2]) == pytest.approx(0.1541, rel=1e-3)  # 4 of 6, and 2 are no fall: z = 3 / sqrt(26 / 3)
    assert rising([1, 1, 1, 1, 1]) > 0.5


def test_benjamini_and_hochbergs_own_example() -> None:
    """The fifteen p-values of their paper's section 3: four hold at 0.05."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert beyond(dict(enumerate(values)), 0.05) == {0, 1, 2, 3}
    assert beyond(dict(enumerate(reversed(values))), 0.05) == {11, 12, 13, 14}
    assert beyond({}, 0.05) == set()


def test_the_tail_of_a_rare_poisson() -> None:
    """Three against none where stable has a hundred times the exposure: about the Poisson tail is far below one in a thousand."""
    assert one_rate(3, 1, 0, 100) < 0.001
    assert exp(-1) / factorial(0) > one_rate(1, 1, 0, 1) / 4
