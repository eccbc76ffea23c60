"""What is new at each point: a course and noise whose neighbours resemble each other are taken off."""

from math import exp, sin
from random import Random

import pytest

from analyzer.findings.series.noise import correlate
from analyzer.findings.series.scatter import measure_spread
from analyzer.findings.series.whitening import whiten


def noise(lag: float, wide: float, seed: int, points: int = 121) -> list[float]:
    source, series = Random(seed), [0.0]
    while len(series) < points:
        series.append(lag * series[-1] + wide * source.gauss(0, 1))
    return series


@pytest.mark.parametrize("lag", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("height", [0.0, 40.0])
def test_what_is_new_resembles_no_neighbour(lag: float, height: float) -> None:
    for seed in range(5):
        sides = [
            [height * sin(at / 12) + one for at, one in enumerate(noise(lag, 1, seed + side))]
            for side in (0, 100)
        ]
        stable, canary, _ = whiten(*sides)
        assert abs(correlate(stable, 1) + correlate(canary, 1)) / 2 < 0.25
        assert max(map(abs, [*stable[1:], *canary[1:]])) < 8


@pytest.mark.parametrize("lag", [0.0, 0.5, 0.8])
def test_a_spread_is_told_as_surely_among_noise_that_resembles_its_neighbours(lag: float) -> None:
    spread = measure_spread(noise(lag, 1, 1), noise(lag, 3, 2))
    assert spread is not None
    assert 2.3 < exp(spread.ratio) < 3.9
    assert 0.09 < spread.error < 0.13
