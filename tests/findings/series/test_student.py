"""Student's t against printed tables (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2)."""

import pytest

from analyzer.findings.series.student import quantile


@pytest.mark.parametrize(
    ("tail", "freedom", "expected"),
    [
        (0.025, 1, 12.706),
        (0.025, 2, 4.303),
        (0.001, 2, 22.327),
        (0.025, 5, 2.571),
        (0.001, 5, 5.893),
        (0.005, 30, 2.750),
        (0.001, 30, 3.385),
        (0.001, 100, 3.174),
    ],
)
def test_the_quantiles_are_the_tables(tail: float, freedom: float, expected: float) -> None:
    assert quantile(tail, freedom) == pytest.approx(expected, rel=1e-3)


def test_fewer_degrees_and_smaller_tails_reach_further() -> None:
    reach = [quantile(0.001, freedom / 10) for freedom in range(10, 1200)]
    assert reach == sorted(reach, reverse=True)
    tails = [quantile(tail, 3.3) for tail in (0.2, 0.05, 0.01, 0.001, 1e-5, 1e-8)]
    assert tails == sorted(tails)
