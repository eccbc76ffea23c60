"""The made series (bench/metric_families.py) and what the statistical gates make of them, on a few seeds."""

from functools import partial

import pytest
from metric_cases import ROLLBACK, Row, Series, score
from metric_families import FAMILIES, NOISES, make_case
from metric_services import KINDS, SERVED, Kind, make_served

from analyzer.settings import Gate, Statistical

GATE = Gate(query="", statistical=Statistical(direction="increase"))


def scored(noise: str, points: int, seeds: int, looks: int = 1) -> list[Row]:
    assert noise in NOISES
    series = Series(noise, points, range(1000, 1000 + seeds), looks)
    return list(map(partial(score, series=series, gate=GATE), FAMILIES))


def test_a_case_is_the_same_each_time() -> None:
    assert make_case("late step", "gaps", 31, 7) == make_case("late step", "gaps", 31, 7)
    assert make_case("late step", "gaps", 31, 7) != make_case("late step", "gaps", 31, 8)


def test_there_are_eleven_families_and_three_are_healthy() -> None:
    assert len(FAMILIES) == 11
    assert [name for name, family in FAMILIES.items() if not family.faulty] == [
        "no change",
        "noise on both",
        "healed transient",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_s_metric_has_both_sides_at_the_same_times(kind: Kind) -> None:
    for family in SERVED:
        case = make_served(family, kind, 200, 7)
        assert case == make_served(family, kind, 200, 7)
        for metric in case.metrics:
            assert 20 <= len(metric.stable) == len(metric.canary) <= 200
            points = [point for side in (metric.stable, metric.canary) for point in side if point is not None]
            assert min(points) >= 0
            if kind in ("count", "counter", "queue"):
                assert all(point == int(point) for point in points)
            if kind in ("error share", "cpu"):
                assert max(points) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(("points", "least"), [(31, 0.93), (121, 0.98)])
def test_the_gates_are_right_on_the_eleven_families(points: int, least: float) -> None:
    rows = scored("white", points, 20)
    assert sum(row.right for row in rows) / sum(row.cases for row in rows) >= least
    assert sum(row.outcomes[ROLLBACK] for row in rows if not row.faulty) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["ar 0.5", "ar 0.8", "season"])
def test_correlated_noise_is_seldom_taken_for_a_fault(noise: str) -> None:
    rows = [row for row in scored(noise, 31, 40) if not row.faulty]
    assert sum(row.outcomes[ROLLBACK] for row in rows) <= 0.05 * sum(row.cases for row in rows)
