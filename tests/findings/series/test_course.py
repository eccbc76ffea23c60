"""How much neighbours resemble each other, told in spite of a course that a side has of its own."""

from math import cos, pi
from random import Random

import pytest

from analyzer.findings.series.course import join_noise, regress_course
from analyzer.findings.series.regression import Regression, equations_of_levels, regress


def noise(lag: float, points: int, seed: int) -> list[float]:
    source = Random(seed)
    series = [source.gauss(0, 1)]
    while len(series) < points:
        series.append(lag * series[-1] + (1 - lag**2) ** 0.5 * source.gauss(0, 1))
    return series


def level(values: list[float]) -> Regression:
    return regress(equations_of_levels(values, [len(values)], 0))


@pytest.mark.parametrize("lag", [0.0, 0.5, 0.8])
def test_a_course_hides_no_correlation(lag: float) -> None:
    days = [20 * cos(2 * pi * at / 121) for at in range(121)]
    found = [
        regress_course([a + b for a, b in zip(noise(lag, 121, seed), days, strict=True)], 8, 0).correlation
        for seed in range(40)
    ]
    assert sum(found) / len(found) == pytest.approx(lag, abs=0.1)


def test_a_side_with_a_course_tells_as_much_as_one_without() -> None:
    plain = noise(0.0, 121, 1)
    days = [a + 20 * cos(2 * pi * at / 121) for at, a in enumerate(plain)]
    own = level(noise(0.0, 121, 2))
    joined = Regression((), join_noise(own, level(days), days, 0), 1)
    assert level(days).correlation > 0.8
    assert joined.correlation < own.correlation


def test_noise_that_resembles_its_neighbours_much_more_is_not_joined() -> None:
    own, other = level(noise(0.0, 121, 3)), noise(0.95, 121, 4)
    assert join_noise(own, level(other), other, 0) is own.logs
