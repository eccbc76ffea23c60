"""`query`: the figures of a configured Prometheus query, and in a live run their course over the last
minutes.

A query is chosen by name, never written: a model cannot send PromQL of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import msgspec

from analyzer.common.value import Value
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.settings import Query
from analyzer.target import ROLES, Role
from analyzer.tools.interface import Tool, ToolContext

POINTS = 30  # of a query over time
LEAST_STEP = 15.0  # seconds: what Prometheus usually scrapes at

FiguresBySide = list[tuple[Role | None, QueryFigures]]


class QueryArguments(Value):
    """Which query, and over which time."""

    name: Annotated[str, msgspec.Meta(description="the query's name; empty to list the names")] = ""
    minutes: Annotated[
        int,
        msgspec.Meta(ge=0, le=1440, description="how far back to show its course; 0 for what was gathered"),
    ] = 0


def run(arguments: QueryArguments, context: ToolContext) -> Iterator[str]:
    """Yield the gathered figures, without a cluster, or query the course over the given minutes."""
    source = context.source_context() if arguments.minutes else None
    known = [
        (part.side, figures)
        for part in context.evidence.parts
        if isinstance(part, Metrics)
        for figures in part.figures
    ]
    names = sorted(
        {figures.query for _, figures in known}
        | {query.name for query in (source.look.prometheus.queries if source else ())}
    )
    if arguments.name not in names:
        yield "there is no query of that name; there are:" if names else "no queries are configured"
        yield from names
        return
    if arguments.minutes and source is None:
        yield "a replay: its course was not asked for in the run that was recorded; what was gathered:"
    asking = next(
        (
            query
            for query in (source.look.prometheus.queries if source else ())
            if query.name == arguments.name
        ),
        None,
    )
    if source is None or asking is None:
        yield from _figure_lines(
            [(side, figures) for side, figures in known if figures.query == arguments.name]
        )
        return
    answers = list(PrometheusSource().gather(_narrow_to_query(asking, arguments.minutes * 60.0, source)))
    yield from (gap.reason for gap in answers if isinstance(gap, Gap))
    yield from _figure_lines(
        [(part.side, figures) for part in answers if isinstance(part, Metrics) for figures in part.figures]
    )


def _narrow_to_query(query: Query, seconds: float, source: SourceContext) -> SourceContext:
    """Return the source context with this query alone, over that many seconds unless it asks an address."""
    step = max(LEAST_STEP, seconds / POINTS)
    course = query if query.url else msgspec.structs.replace(query, range=seconds, step=step)
    prometheus = msgspec.structs.replace(source.look.prometheus, queries=(course,))
    return replace(source, look=msgspec.structs.replace(source.look, prometheus=prometheus))


def _figure_lines(figures_by_side: FiguresBySide) -> Iterator[str]:
    for role in (*ROLES, None):
        for side, figures in figures_by_side:
            if side == role:
                yield f"{side or 'both sides'}: {_format_figures(figures)}"


def _format_figures(figures: QueryFigures) -> str:
    if figures.state != "values":
        return f"{figures.state}{f': {figures.problem}' if figures.problem else ''}"
    if not figures.points:
        return f"{figures.value:g}"
    points = " ".join("-" if point is None else f"{point:g}" for point in figures.points)
    start = figures.start.isoformat() if figures.start else "?"
    return f"from {start} every {figures.step:g} s: {points}"


TOOL = Tool(
    "query",
    (
        "Show the figures of a configured Prometheus query for each side, by its name,"
        " and their course over time."
    ),
    QueryArguments,
    run,
    live=True,
)
