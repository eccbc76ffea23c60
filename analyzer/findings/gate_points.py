"""Whether a gate has enough points of a range, and when it will have."""

from datetime import UTC, datetime, timedelta
from math import ceil

from analyzer.common.counted import counted
from analyzer.common.units import duration
from analyzer.evidence.figures import QueryFigures
from analyzer.findings.figures import describe_points
from analyzer.findings.gate_forms import GateOutcome

Counted = tuple[QueryFigures, int]  # a side's figures, and how many of its points count


def lack_points(asked: int, stable: Counted, canary: Counted) -> GateOutcome:
    """Return the outcome of a gate that has fewer points of a side than are asked, and when it has enough."""
    text = (
        f"the canary has {counted(canary[1], 'point')} and stable {stable[1]},"
        f" where {asked} of each are enough"
    )
    when = max(
        (_time_of(asked, side) for side in (stable, canary)), default=None, key=lambda at: at.timestamp()
    )
    advice = f"judge again when each side has {asked} points, or ask for fewer (min_points)"
    if when is not None and min(stable[1], canary[1]):
        wait = duration(float(ceil((when - _end(canary[0])).total_seconds())))
        text += f": at the present rate in {wait}, at {when.astimezone(UTC):%H:%M:%S} UTC"
    return GateOutcome(
        holds=False,
        text=text,
        stable=describe_points([point for point in stable[0].points if point is not None]),
        canary=describe_points([point for point in canary[0].points if point is not None]),
        scope="uncompared",
        missing="no_traffic",
        advice=advice,
    )


def _time_of(asked: int, side: Counted) -> datetime:
    figures, points = side
    first = next((at for at, point in enumerate(figures.points) if point is not None), len(figures.points))
    slots = max(1, len(figures.points) - first)
    missing = max(0, asked - points)
    return _end(figures) + timedelta(seconds=ceil(missing * slots / max(1, points)) * figures.step)


def _end(figures: QueryFigures) -> datetime:
    assert figures.start is not None
    return figures.start + timedelta(seconds=figures.step * (len(figures.points) - 1))
