"""What a gate asks for is drawn where the gate has it: the figures are those that its finding says."""

from collections.abc import Callable

import pytest

from analyzer.records.record import Record
from analyzer.report.charts import Chart
from analyzer.report.drawings import draw_charts
from tests.report.samples import measure


@pytest.fixture
def charts(recorded: Callable[..., Record]) -> dict[str, Chart]:
    return {chart.title: chart for chart in draw_charts(measure(recorded()))}


def test_a_fixed_bound_and_what_is_allowed_beside_stable_are_levels(charts: dict[str, Chart]) -> None:
    assert [text for _, text in charts["p99 latency"].bounds] == ["at most 0.5"]
    assert [text for _, text in charts["error share"].bounds] == [
        "stable's median and what is allowed, 0.013"
    ]
    assert [text for _, text in charts["orders"].bounds] == [
        "stable's mean and the effect size, 120",
        "stable's mean and the effect size, 80",
    ]


def test_the_tolerance_of_a_series_follows_stable(charts: dict[str, Chart]) -> None:
    """It leaves out what was measured before the canary began, as the gate does."""
    chart = charts["queue length"]
    assert [text for _, text in chart.bands] == [
        "stable's figure plus the tolerance of 1.5 (5 % of its median 20)",
        "stable's figure less the tolerance of 1.5 (5 % of its median 20)",
    ]
    [(_, sentence)] = chart.about
    assert "allowed +1.5" in sentence
    stable = chart.paths[0].dots[1:]
    for data, sign in zip((data for data, _ in chart.bands), (-1, 1), strict=True):
        places = [tuple(map(float, place.split())) for place in data[1:].split("L")]
        assert [x for x, _ in places] == [x for x, _ in stable]
        rooms = {round(sign * (y - mine)) for (_, y), (_, mine) in zip(places, stable, strict=True)}
        assert len(rooms) == 1
        assert min(rooms) > 0


def test_a_query_that_no_gate_looks_at_has_no_line(charts: dict[str, Chart]) -> None:
    assert charts["not gated"].bounds == ()
    assert charts["not gated"].bands == ()
    assert charts["not gated"].about == ()
