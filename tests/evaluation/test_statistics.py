"""The formulas, against values from the literature and by hand."""

import pytest

from analyzer.evaluation.statistics import (
    agreement,
    bins_of,
    brier,
    calibration_error,
    mcnemar,
    quantile,
    share_of,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "number", "low", "high"),
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion. Statistics in Medicine 17
    # (1998), table I
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_s_interval(successes: int, number: int, low: float, high: float) -> None:
    assert wilson(successes / number, number) == pytest.approx((low, high), abs=5e-5)


def test_repeats_of_a_case_do_not_narrow_its_interval() -> None:
    once, thrice = share_of([True, False, True, True], 4), share_of([True, False, True, True] * 3, 4)
    assert (thrice.count, thrice.of) == (9, 12)
    assert (thrice.low, thrice.high) == (once.low, once.high)


def test_a_share_of_nothing_is_none() -> None:
    assert share_of([], 0).share is None


def test_the_brier_score() -> None:
    assert brier([(0.9, True), (0.6, False)]) == pytest.approx((0.01 + 0.36) / 2)
    assert brier([]) is None


def test_the_calibration_error_weighs_bins_by_their_answers() -> None:
    bins = bins_of([(0.95, True)] * 9 + [(0.95, False)] + [(0.7, True)] * 10)
    assert [(inside.low, inside.count) for inside in bins] == [(0.7, 10), (0.9, 10)]
    assert calibration_error(bins) == pytest.approx((10 * 0.05 + 10 * 0.3) / 20)
    assert calibration_error(()) is None


def test_a_confidence_at_an_edge_is_in_the_upper_bin_and_certainty_in_the_last() -> None:
    assert [inside.low for inside in bins_of([(0.7, True), (1.0, True)])] == [0.7, 0.9]


@pytest.mark.parametrize(
    ("worse", "better", "chance"), [(0, 0, 1.0), (5, 5, 1.0), (10, 0, 2 / 1024), (1, 5, 14 / 64)]
)
def test_mcnemar_s_exact_test(worse: int, better: int, chance: float) -> None:
    assert mcnemar(worse, better) == pytest.approx(chance)
    assert mcnemar(better, worse) == pytest.approx(chance)


def test_agreement_is_that_of_pairs_of_repeats() -> None:
    assert agreement([["a", "a", "b"], ["a", "a", "a"]]) == pytest.approx((1 / 3 + 1) / 2)
    assert agreement([["a"], ["b"]]) is None


def test_quantiles() -> None:
    assert quantile([5, 1, 3, 2, 4], 0.5) == 3
    assert quantile([1, 2], 0.95) == 2
    assert quantile([], 0.5) is None
