"""How widely a side scatters, around a level or around a course that it has."""

from math import exp, sin
from random import Random

import pytest

from analyzer.findings.series.scatter import measure_spread


def noise(wide: float, seed: int, points: int = 121) -> list[float]:
    source = Random(seed)
    return [100 + source.gauss(0, wide) for _ in range(points)]


@pytest.mark.parametrize("height", [0.0, 40.0])
def test_a_course_of_both_sides_is_no_scatter(height: float) -> None:
    course = [height * sin(at / 40) for at in range(121)]
    stable, canary = (
        [a + b for a, b in zip(side, course, strict=True)] for side in (noise(2, 1), noise(6, 2))
    )
    spread = measure_spread(stable, canary)
    assert spread is not None
    assert 2.2 < exp(spread.ratio) < 4
    assert 1.5 < spread.stable < 2.5


def test_around_a_level_a_spread_is_told_by_all_points() -> None:
    """The ratio of two mean absolute deviations of 121 points each has an error of 0.097 at best."""
    spread = measure_spread(noise(2, 1), noise(6, 2))
    assert spread is not None
    assert 0.09 < spread.error < 0.12


def test_a_side_that_does_not_scatter_has_no_spread() -> None:
    assert measure_spread([1.0] * 20, noise(2, 1, 20)) is None
    assert measure_spread(noise(2, 1, 20), [1.0] * 20) is None
