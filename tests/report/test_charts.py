"""The geometry of the charts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.report.charts import WIDTH, ChartFrame, Curve, draw_chart, format_figure
from analyzer.report.time_line import draw_time_line

START = datetime(2026, 11, 29, 12, tzinfo=UTC)
WINDOW = (START, START + timedelta(minutes=10))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1200, "1,200"),
        (0.0125, "0.0125"),
        (0.1, "0.1"),
        (99.96, "100"),
        (100, "100"),
        (2.5e9, "2.5e9"),
        (-3.14159, "-3.14"),
    ],
)
def test_a_figure_has_three_digits_that_count(value: float, text: str) -> None:
    assert format_figure(value) == text


def test_nothing_measured_is_no_chart() -> None:
    assert draw_chart("errors", "", [Curve("stable", [(at(1), None)])], ChartFrame(WINDOW)) is None
    assert draw_chart("errors", "", [], ChartFrame(WINDOW)) is None


def test_a_missing_value_breaks_the_line() -> None:
    points = [(at(0), 1.0), (at(1), 1.0), (at(2), None), (at(3), 1.0)]
    chart = draw_chart("errors", "", [Curve("canary", points)], ChartFrame(WINDOW))
    assert chart is not None
    assert re.findall("[ML]", chart.paths[0].data) == ["M", "L", "M"]


def test_a_bound_is_within_the_drawing_although_no_value_comes_near_it() -> None:
    chart = draw_chart(
        "errors", "", [Curve("canary", [(at(1), 1.0)])], ChartFrame(WINDOW, bounds=[(50.0, "at most")])
    )
    assert chart is not None
    [(y, text)] = chart.bounds
    assert text == "at most 50"
    assert chart.top < y < chart.bottom


@example(values=[5e-324])
@example(values=[1e100, -1e100])
@given(
    values=st.lists(
        st.none() | st.floats(min_value=-1e100, max_value=1e100, allow_nan=False), min_size=1, max_size=30
    )
)
def test_every_point_and_tick_is_within_the_drawing(values: list[float | None]) -> None:
    points = [(at(number), value) for number, value in enumerate(values)]
    chart = draw_chart("x", "", [Curve("stable", points)], ChartFrame(WINDOW))
    assert (chart is None) == all(value is None for value in values)
    if chart:
        for x, y in chart.paths[0].dots:
            assert 0 <= x <= WIDTH
            assert chart.up[-1][0] <= y <= chart.up[0][0]
        assert 1 <= len(chart.up) <= 8
        assert len({text for _, text in chart.across}) > 1


def test_what_happened_long_before_is_counted_and_not_drawn() -> None:
    line = draw_time_line(
        [("stable: became Ready", "stable", [at(-600), at(-600), at(2)]), ("nothing", "canary", [])], WINDOW
    )
    assert line is not None
    [lane] = line.lanes
    assert lane.earlier == 2
    assert len(lane.at) == 1
    assert line.window[0] <= lane.at[0] <= line.window[1]


def test_nothing_that_happened_is_no_time_line() -> None:
    assert draw_time_line([("nothing", "canary", [])], WINDOW) is None
