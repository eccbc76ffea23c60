"""What a gate asks for, as lines to draw beside the curves: bounds, and how far from stable it lets the
canary go.
"""

from collections.abc import Iterator
from statistics import fmean, median

from analyzer.evidence.figures import QueryFigures
from analyzer.findings.figures import middle_and_latest
from analyzer.findings.gate_series import allowed_difference, is_series, pair_points
from analyzer.report.charts import Band, ChartLevel, format_figure
from analyzer.settings import Direction, Gate, Statistical

SIGNS: dict[Direction, tuple[int, ...]] = {"increase": (1,), "decrease": (-1,), "either": (1, -1)}


def find_levels(gate: Gate, stable: QueryFigures | None) -> Iterator[ChartLevel]:
    """Yield the horizontal lines of a gate: its bounds, or what it allows beside stable's median or mean."""
    if gate.at_least is not None:
        yield gate.at_least, "at least"
    if gate.at_most is not None:
        yield gate.at_most, "at most"
    if stable is None or stable.state != "values":
        return
    if gate.relative is not None:
        middle, limit = middle_and_latest(stable)[0], gate.relative
        room = abs(middle) * limit.percent / 100 + limit.slack
        yield from _beside(middle, room, limit.direction, "stable's median and what is allowed")
    elif gate.statistical is not None and not is_series(gate):
        values = [value for value in stable.points if value is not None]
        mean = fmean(values) if values else 0.0
        room = abs(mean) * gate.statistical.percent / 100
        yield from _beside(mean, room, gate.statistical.direction, "stable's mean and the effect size")


def find_bands(gate: Gate, stable: QueryFigures | None, canary: QueryFigures | None) -> Iterator[Band]:
    """Yield what a gate on a series allows: stable's own points of the times that both sides have, and the
    tolerance.
    """
    test = gate.statistical
    if test is None or not is_series(gate) or not _has_points(stable) or not _has_points(canary):
        return
    assert stable is not None
    assert canary is not None
    pairs = pair_points(stable, canary, as_zero=test.nan == "replace")
    if not pairs.times:
        return
    room = allowed_difference(test, pairs)
    for sign in SIGNS[test.direction]:
        points = [(at, value + sign * room) for at, value in zip(pairs.times, pairs.stable, strict=True)]
        yield Band(tuple(points), _describe_tolerance(test, room, sign, median(pairs.stable)))


def _describe_tolerance(test: Statistical, room: float, sign: int, middle: float) -> str:
    share = f" ({test.percent:g} % of its median {format_figure(middle)})" if test.percent else ""
    return f"stable's figure {'plus' if sign > 0 else 'less'} the tolerance of {format_figure(room)}{share}"


def _beside(middle: float, room: float, direction: Direction, text: str) -> Iterator[ChartLevel]:
    for sign in SIGNS[direction]:
        yield middle + sign * room, f"{text},"


def _has_points(figures: QueryFigures | None) -> bool:
    return figures is not None and figures.start is not None and bool(figures.points)
