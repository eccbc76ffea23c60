"""`query`: the figures of a configured Prometheus query, and in a live run how they went over the last minutes.

A query is named, never written: no model gets to ask PromQL of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import msgspec

from analyzer.evidence.interface import Gap, Scene
from analyzer.evidence.prometheus import Figures, Metrics, PrometheusSource
from analyzer.settings import Query
from analyzer.target import ROLES, Role
from analyzer.tools.interface import Desk, Tool
from analyzer.value import Value

POINTS = 30  # of a query over time
LEAST_STEP = 15.0  # seconds: what Prometheus usually scrapes at

Found = list[tuple[Role | None, Figures]]


class Arguments(Value):
    """Which query, and over which time."""

    name: Annotated[str, msgspec.Meta(description="the query's name; empty to list the names")] = ""
    minutes: Annotated[int, msgspec.Meta(ge=0, le=1440, description="how far back to show its course; 0 for what was gathered")] = 0


def run(asked: Arguments, desk: Desk) -> Iterator[str]:
    """What was gathered needs no cluster; a course over time is asked for anew."""
    scene = desk.scene() if asked.minutes else None
    known = [(part.side, figures) for part in desk.evidence.parts if isinstance(part, Metrics) for figures in part.figures]
    names = sorted({figures.query for _, figures in known} | {query.name for query in (scene.look.prometheus.queries if scene else ())})
    if asked.name not in names:
        yield "there is no query of that name; there are:" if names else "no queries are configured"
        yield from names
        return
    if asked.minutes and scene is None:
        yield "a replay: its course was not asked for in the run that was recorded; what was gathered:"
    asking = next((query for query in (scene.look.prometheus.queries if scene else ()) if query.name == asked.name), None)
    if scene is None or asking is None:
        yield from _told([(side, figures) for side, figures in known if figures.query == asked.name])
        return
    seen = list(PrometheusSource().gather(_only(asking, asked.minutes * 60.0, scene)))
    yield from (gap.reason for gap in seen if isinstance(gap, Gap))
    yield from _told([(part.side, figures) for part in seen if isinstance(part, Metrics) for figures in part.figures])


def _only(query: Query, seconds: float, scene: Scene) -> Scene:
    """The scene in which this query alone is asked, over so many seconds."""
    course = msgspec.structs.replace(query, range=seconds, step=max(LEAST_STEP, seconds / POINTS))
    prometheus = msgspec.structs.replace(scene.look.prometheus, queries=(course,))
    return replace(scene, look=msgspec.structs.replace(scene.look, prometheus=prometheus))


def _told(found: Found) -> Iterator[str]:
    for role in (*ROLES, None):
        for side, figures in found:
            if side == role:
                yield f"{side or 'both sides'}: {_figures(figures)}"


def _figures(figures: Figures) -> str:
    if figures.state != "values":
        return f"{figures.state}{f': {figures.problem}' if figures.problem else ''}"
    if not figures.points:
        return f"{figures.value:g}"
    points = " ".join("-" if point is None else f"{point:g}" for point in figures.points)
    start = figures.start.isoformat() if figures.start else "?"
    return f"from {start} every {figures.step:g} s: {points}"


TOOL = Tool(
    "query",
    "Show the figures of a configured Prometheus query for each side, by its name, and their course over time.",
    Arguments,
    run,
    live=True,
)
