"""A side's figures of one query: those of the canary's time, and what they are in words."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from statistics import median

from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods, born
from analyzer.evidence.prometheus import Figures, Metrics
from analyzer.target import Role

FEWEST = 5  # points at the end that say whether it goes on: fewer are noise
LATEST = 4  # in a test of all points it is the last quarter of them, if that is more


def figures_of(evidence: Evidence, query: str, role: Role) -> Figures | None:
    """What a query gave for a side; of a range, the points that look at nothing before the first canary pod was created.

    A point looks back over the query's window: a rate over a time of which the canary was there for a part is too low by the rest.
    """
    part = evidence.part(Metrics, role)
    figures = part.of(query) if part else None
    first = born(evidence.part(Pods, "canary"))
    if figures is None or figures.start is None or first is None:
        return figures
    before = (first - figures.start).total_seconds() + figures.window
    if before <= 0:
        return figures
    skipped = min(ceil(before / figures.step), len(figures.points))
    points = figures.points[skipped:]
    state = figures.state if any(point is not None for point in points) else "nan"
    return replace(figures, points=points, state=state, start=figures.start + timedelta(seconds=skipped * figures.step))


def ceased(canary: Figures, stable: Figures | None) -> bool:
    """Whether the last quarter of a range has no number of the canary and has some of stable; of the canary alone, the last half."""
    last = len(canary.points) // (LATEST if stable else 2)
    if last < FEWEST or any(point is not None for point in canary.points[-last:]):
        return False
    return stable is None or any(point is not None for point in stable.points[-last:])


def middle_and_latest(figures: Figures) -> tuple[float, float]:
    """The figure twice, or the median of a range and that of its last `FEWEST` numbers."""
    numbers = [point for point in figures.points if point is not None] if figures.value is None else [figures.value]
    return median(numbers), median(numbers[-FEWEST:])


def shown(figures: Figures | None) -> str:
    """A side's figures in words."""
    if figures is None:
        return "not measured"
    if figures.state != "values":
        return {"nan": "no number (0/0: no requests)", "empty": "no series", "broken": "no answer"}[figures.state]
    if figures.value is not None:
        return f"{figures.value:.4g}"
    middle, latest = middle_and_latest(figures)
    there = [index for index, point in enumerate(figures.points) if point is not None]
    missing = (len(figures.points) - 1 - there[-1]) * figures.step
    ended = f", none in the last {missing:.0f} s" if missing else ""
    return f"a median of {middle:.4g} over {len(there)} points, {latest:.4g} over the last {min(len(there), FEWEST)}{ended}"


def summary(points: Sequence[float]) -> str:
    """Points in words."""
    return f"a median of {median(points):.4g} over {len(points)} points" if points else "no points"


def warnings(*sides: Figures | None) -> tuple[str, ...]:
    """What Prometheus said beside the answers."""
    return tuple(dict.fromkeys(f"Prometheus warns: {warning}" for side in sides if side for warning in side.warnings))
