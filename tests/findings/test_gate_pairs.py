"""What a gate on a range makes of gaps, of sides of unequal length, of clocks that differ, and of counters that begin anew."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.evidence.figures import QueryFigures
from analyzer.findings.gate_forms import GateOutcome
from analyzer.findings.gate_series import Terms, compare_series, pair_points
from analyzer.settings import Statistical

START, STEP = datetime(2026, 11, 3, 12, 0, tzinfo=UTC), 15.0
Points = Sequence[float | None]
TEST = Statistical(direction="increase")
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def figures(points: Points, later: float = 0.0, step: float = STEP) -> QueryFigures:
    return QueryFigures(
        query="q",
        promql="",
        state="values" if any(point is not None for point in points) else "nan",
        points=tuple(points),
        start=START + timedelta(seconds=later),
        step=step,
    )


def judge(stable: QueryFigures, canary: QueryFigures, test: Statistical = TEST) -> GateOutcome:
    return compare_series(test, stable, canary, Terms())


def noisy(level: float, points: int = 40, seed: int = 0) -> list[float]:
    source = random.Random(seed)
    return [level + source.gauss(0, 4) for _ in range(points)]


@few
@given(st.sets(st.integers(0, 39), max_size=15), st.sets(st.integers(0, 39), max_size=15), st.booleans())
def test_gaps_make_neither_a_fault_nor_hide_one(theirs: set[int], mine: set[int], faulty: bool) -> None:
    """NaN and stale markers are points without a number."""
    stable = [None if at in theirs else point for at, point in enumerate(noisy(100))]
    canary = [None if at in mine else point for at, point in enumerate(noisy(160 if faulty else 100, seed=1))]
    found = judge(figures(stable), figures(canary))
    assert found.missing or found.holds != faulty


@few
@given(st.integers(1, 60), st.integers(1, 60))
def test_of_unequal_lengths_the_common_times_count(long: int, short: int) -> None:
    pairs = pair_points(figures(noisy(100, long)), figures(noisy(100, short)), as_zero=False)
    assert len(pairs.times) == min(long, short)


@few
@given(st.floats(-7.4, 7.4), st.integers(-10, 10))
def test_clocks_that_differ_by_less_than_half_a_step_keep_no_points_apart(skew: float, slots: int) -> None:
    rising = [100.0 + at for at in range(60)]
    stable, canary = figures(rising), figures(rising, later=skew + slots * STEP)
    pairs = pair_points(stable, canary, as_zero=False)
    assert len(pairs.times) == 60 - abs(slots)
    assert {mine - theirs for mine, theirs in zip(pairs.canary, pairs.stable, strict=True)} == {float(-slots)}


def test_sides_of_different_steps_meet_where_their_times_are_the_same() -> None:
    pairs = pair_points(figures(noisy(100)), figures(noisy(100), step=30), as_zero=False)
    assert len(pairs.times) == 20


@pytest.mark.parametrize(("stable", "canary"), [(1, 1), (1, 40), (40, 1), (4, 4)])
def test_too_few_points_cannot_be_told(stable: int, canary: int) -> None:
    found = judge(figures(noisy(100, stable)), figures(noisy(900, canary)))
    assert (found.holds, found.missing) == (False, "no_traffic")


@pytest.mark.parametrize("resets", [[10], [20], [30], [15, 25], [10, 20, 30]])
def test_a_counter_that_begins_anew_on_one_side_alone_is_no_increase(resets: list[int]) -> None:
    """A raw counter, asked without rate: the canary restarts, so its count falls behind. (Two such sums of chance
    drift apart without a cause, so that it does not hold of each.)
    """
    source, stable, canary = random.Random(1), list[float](), list[float]()
    for at in range(60):
        stable.append((stable[-1] if stable else 0) + source.uniform(90, 110))
        canary.append((0 if at in resets or not canary else canary[-1]) + source.uniform(90, 110))
    assert judge(figures(stable), figures(canary)).holds


@few
@given(st.integers(0, 10**6), st.sampled_from([1e-6, 1.0, 1e9]), st.integers(-5, 5))
def test_a_unit_or_a_constant_on_both_sides_changes_no_outcome(seed: int, unit: float, constant: int) -> None:
    stable, canary = noisy(100, seed=seed), noisy(112, seed=seed + 1)
    moved = [[(point + 100 * constant) * unit for point in side] for side in (stable, canary)]
    plain, other = judge(figures(stable), figures(canary)), judge(figures(moved[0]), figures(moved[1]))
    assert (plain.holds, plain.ongoing) == (other.holds, other.ongoing)


@few
@given(st.integers(0, 10**6), st.integers(31, 120))
def test_more_points_never_make_a_clear_case_unclear(seed: int, points: int) -> None:
    stable, canary = noisy(100, 121, seed), noisy(140, 121, seed + 1)
    assert not judge(figures(stable[:31]), figures(canary[:31])).holds
    assert not judge(figures(stable[:points]), figures(canary[:points])).holds
