"""The figures of queries, as a bundle holds them: what each query gave for a side."""

from typing import Literal

from analyzer.common.value import Moment, Value
from analyzer.evidence.interface import Part


class QueryFigures(Value):
    """What one query gave for one side.

    `state`: "values" if there are values; "nan" if no point of the series is a finite number (0/0: no
    traffic); "empty" without a series; "broken" if the server refused the query or its answer does not fit
    the query, and `problem` says how. `value` is the figure of an instant query. A range has `points`
    instead, from `start` every `step` seconds, None for a point without a finite number. `window` is how many
    seconds each figure looks back over (`$window`), 0 for a single moment. `work`: a figure above 0 shows
    that the side works. Text is redacted and bounded.
    """

    query: str
    promql: str
    state: Literal["values", "nan", "empty", "broken"]
    value: float | None = None
    points: tuple[float | None, ...] = ()
    start: Moment | None = None
    step: float = 0.0
    window: float = 0.0
    work: bool = False
    problem: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.state == "values" and self.value is None and all(point is None for point in self.points):
            raise ValueError("there are no values")
        if self.start is None and self.points:
            raise ValueError("a range has a start")
        if self.start is not None and self.step <= 0:
            raise ValueError("a range has a step")


class Metrics(Part, tag="prometheus"):
    """The figures of one side, in the order of the queries. A query that has one figure for both sides is the
    canary's.
    """

    figures: tuple[QueryFigures, ...]

    def of_query(self, query: str) -> QueryFigures | None:
        """Return the figures of the query of that name; None when it was not answered."""
        return next((figures for figures in self.figures if figures.query == query), None)
