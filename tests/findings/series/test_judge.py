"""The judge of a series on made ones (bench/metric_families.py), and what it promises of any."""

from collections.abc import Sequence
from math import isclose, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metric_families import Metric, make_case

from analyzer.findings.series import Bounds, Reading, Sides, judge_series, spend_chances

NUMBERS = st.lists(
    st.tuples(st.integers(-1000, 1000).map(float), st.integers(-1000, 1000).map(float)),
    min_size=5,
    max_size=60,
)


def judge(
    stable: Sequence[float], canary: Sequence[float], sign: int = 1, *, bounds: Bounds | None = None
) -> Reading:
    return judge_series(Sides(stable, canary, sign), bounds or Bounds(), spend_chances(len(stable), 0.95, 1))


def made(family: str, points: int = 61, seed: int = 1) -> tuple[list[float], list[float]]:
    metric = make_case(family, "white", points, seed).metrics[0]
    return sides_of(metric)


def sides_of(metric: Metric) -> tuple[list[float], list[float]]:
    stable = [point for point in metric.stable if point is not None]
    return stable, [point for point in metric.canary if point is not None]


@pytest.mark.parametrize(
    ("family", "courses"),
    [
        ("no change", {"alike"}),
        ("noise on both", {"alike"}),
        ("healed transient", {"healed"}),
        ("clean shift", {"level"}),
        ("subtle shift", {"level"}),
        ("spread", {"spread", "excursions"}),
        ("heavy tail", {"excursions", "later", "level", "still"}),
        ("late drift", {"later", "drift"}),
        ("slow drift", {"later", "drift", "level"}),
        ("late step", {"later"}),
        ("partial recovery", {"still"}),
    ],
)
def test_each_family_is_read_as_what_it_is(family: str, courses: set[str]) -> None:
    for seed in range(5):
        assert judge(*made(family, seed=seed)).course in courses


def test_what_is_better_is_not_worse() -> None:
    stable, canary = made("clean shift")
    assert judge(canary, stable).course == "alike"
    assert judge(canary, stable, sign=-1).course == "level"


def test_the_interval_holds_the_difference_and_its_lower_end_decides() -> None:
    stable, canary = made("clean shift")
    free = judge(stable, canary)
    assert free.lower < free.difference < free.upper
    assert judge(stable, canary, bounds=Bounds(difference=free.lower * 0.999)).worse
    assert not judge(stable, canary, bounds=Bounds(difference=free.lower * 1.001)).worse


def test_a_spike_of_the_start_is_no_scatter() -> None:
    for seed in range(5):
        stable, canary = made("no change", seed=seed)
        spiked = [point + (40 * stable[0] if at < 2 else 0) for at, point in enumerate(canary)]
        assert not judge(stable, spiked).worse


def test_points_that_stand_out_in_a_bad_start_alone_have_ended() -> None:
    """It scatters more while it is higher, as counts do."""
    for seed in range(5):
        stable, canary = made("no change", seed=seed)
        bad = [point * (6 + 4 * (at % 3)) if 3 <= at < 24 else point for at, point in enumerate(canary)]
        assert judge(stable, bad).course == "healed"


def test_a_wider_scatter_may_be_allowed() -> None:
    stable, canary = made("spread", points=121)
    assert judge(stable, canary).worse
    assert not judge(stable, canary, bounds=Bounds(spread=4)).worse


@pytest.mark.parametrize("family", ["no change", "clean shift", "late step"])
def test_a_season_that_both_sides_have_counts_for_nothing(family: str) -> None:
    for seed in range(5):
        stable, canary = made(family, seed=seed)
        season = [3 * stable[0] * sin(at / 10) for at in range(len(stable))]
        theirs, mine = (
            [point + one for point, one in zip(side, season, strict=True)] for side in (stable, canary)
        )
        plain, seasonal = judge(stable, canary), judge(theirs, mine)
        assert seasonal.course == plain.course
        assert isclose(seasonal.difference, plain.difference, rel_tol=1e-6)


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_constant_sides_differ_or_not(value: float) -> None:
    assert judge([value] * 9, [value] * 9).course == "alike"
    more = judge([value] * 9, [value + 2] * 9)
    assert more.course == "level"
    assert (more.lower, more.upper) == pytest.approx((2, 2), rel=1e-12)


@given(NUMBERS, st.integers(-(10**6), 10**6), st.sampled_from([0.001, 1000.0, 2.0]))
def test_a_constant_or_a_unit_on_both_sides_changes_nothing(
    pairs: list[tuple[float, float]], constant: int, unit: float
) -> None:
    stable, canary = [theirs for theirs, _ in pairs], [mine for _, mine in pairs]
    plain = judge(stable, canary)
    moved = judge([point + constant for point in stable], [point + constant for point in canary])
    assert moved.course == plain.course
    assert isclose(moved.difference, plain.difference, rel_tol=1e-6, abs_tol=1e-6)
    scaled = judge([point * unit for point in stable], [point * unit for point in canary])
    assert scaled.course == plain.course
    size = 1.0 if plain.course in ("spread", "excursions") else unit
    assert isclose(scaled.difference, plain.difference * size, rel_tol=1e-6, abs_tol=1e-6 * size)


@given(NUMBERS)
def test_swapped_sides_are_the_mirror(pairs: list[tuple[float, float]]) -> None:
    """Of the levels; a canary that scatters more is no mirror of one that scatters less."""
    stable, canary = [theirs for theirs, _ in pairs], [mine for _, mine in pairs]
    there, back = judge(stable, canary, sign=1), judge(canary, stable, sign=-1)
    levels = {"level", "later", "still", "drift", "healed", "ended"}
    if there.course in levels or back.course in levels:
        scattered = {there.course, back.course} & {"spread", "excursions"}
        assert scattered or there.course == back.course
        if not scattered:
            assert isclose(there.difference, back.difference, rel_tol=1e-9, abs_tol=1e-9)


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_more_of_the_same_never_makes_a_clear_case_unclear(seed: int, times: int) -> None:
    stable, canary = made("clean shift", points=31, seed=seed)
    assert judge(stable, canary).worse
    assert judge(stable * (1 + times), canary * (1 + times)).worse


@given(NUMBERS)
def test_a_side_beside_itself_is_alike(pairs: list[tuple[float, float]]) -> None:
    points = [one for one, _ in pairs]
    assert judge(points, points).course == "alike"
