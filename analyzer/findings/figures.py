"""A side's figures of one query: those of the canary's time, and what they are in words."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from statistics import median

from msgspec.structs import replace

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.pods import Pods, first_created_at
from analyzer.target import Role

MIN_RECENT_POINTS = 5  # points at the end that say whether it goes on: fewer are noise
LATEST = 4  # in a test of all points it is the last quarter of them, if that is more


def figures_of(evidence: Evidence, query: str, role: Role) -> QueryFigures | None:
    """Return a query's figures for a side, or None. A range has no points that cover time before the canary.

    A point covers the query's window before it. Where the canary existed for only a part of the window, its
    rate is too low. So points whose window begins before the first canary pod was created are left out.
    """
    part = evidence.part(Metrics, role)
    figures = part.of_query(query) if part else None
    first = first_created_at(evidence.part(Pods, "canary"))
    if figures is None or figures.start is None or first is None:
        return figures
    before = (first - figures.start).total_seconds() + figures.window
    if before <= 0:
        return figures
    skipped = min(ceil(before / figures.step), len(figures.points))
    points = figures.points[skipped:]
    state = figures.state if any(point is not None for point in points) else "nan"
    return replace(
        figures, points=points, state=state, start=figures.start + timedelta(seconds=skipped * figures.step)
    )


def has_ceased(canary: QueryFigures, stable: QueryFigures | None) -> bool:
    """Return whether the canary has no number in the last quarter of a range, while stable has one.

    Without stable's figures, the last half of the canary's counts.
    """
    last = len(canary.points) // (LATEST if stable else 2)
    if last < MIN_RECENT_POINTS or any(point is not None for point in canary.points[-last:]):
        return False
    return stable is None or any(point is not None for point in stable.points[-last:])


def middle_and_latest(figures: QueryFigures) -> tuple[float, float]:
    """Return the median of all numbers and that of the last `MIN_RECENT_POINTS`. A single figure is both."""
    numbers = (
        [point for point in figures.points if point is not None] if figures.value is None else [figures.value]
    )
    return median(numbers), median(numbers[-MIN_RECENT_POINTS:])


def describe_figures(figures: QueryFigures | None) -> str:
    """Return a side's figures in words."""
    if figures is None:
        return "not measured"
    if figures.state != "values":
        return {"nan": "no number (0/0: no requests)", "empty": "no series", "broken": "no answer"}[
            figures.state
        ]
    if figures.value is not None:
        return f"{figures.value:.4g}"
    middle, latest = middle_and_latest(figures)
    measured = [index for index, point in enumerate(figures.points) if point is not None]
    missing = (len(figures.points) - 1 - measured[-1]) * figures.step
    ended = f", none in the last {missing:.0f} s" if missing else ""
    recent = min(len(measured), MIN_RECENT_POINTS)
    points = counted(len(measured), "point")
    return f"a median of {middle:.4g} over {points}, {latest:.4g} over the last {recent}{ended}"


def describe_points(points: Sequence[float]) -> str:
    """Return points in words."""
    return f"a median of {median(points):.4g} over {counted(len(points), 'point')}" if points else "no points"


def collect_warnings(*sides: QueryFigures | None) -> tuple[str, ...]:
    """Return the warnings of Prometheus beside the sides' answers, each once."""
    return tuple(
        dict.fromkeys(f"Prometheus warns: {warning}" for side in sides if side for warning in side.warnings)
    )
