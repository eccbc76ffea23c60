"""Prometheus: what each named query gave for each side, and which kind of nothing where it gave no figure."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

import msgspec

from analyzer.deadline import Done, in_parallel
from analyzer.errors import UsageError
from analyzer.evidence import pods
from analyzer.evidence.interface import Gap, Part, Scene
from analyzer.prometheus import Answer, BadQuery, PrometheusError, Series, Server, check, promql
from analyzer.redact import redact
from analyzer.settings import Gate, Query
from analyzer.settings import Prometheus as Settings
from analyzer.target import ROLES, Role
from analyzer.value import LARGEST, Moment, Value

TOGETHER = 8  # questions at the same time
SHARE = 0.9  # of the time there is, so that what was answered is kept when something is not
LONGEST = 300  # characters of a text from Prometheus
MOST_WARNINGS = 3
AGGREGATE = "aggregate it, as in sum(…) or histogram_quantile(…, sum by (le) (…))"


class Figures(Value):
    """What one query gave for one side.

    `state`: "values" there are; "nan" is a series of which no point is a finite number (0/0: no traffic); "empty" is no series at
    all; "broken" is a query that was refused, or whose answer is none to it, and `problem` says how. `value` is the figure of
    an instant query; a range has `points` instead, from `start` every `step` seconds, None where there is no finite number.
    `window` is how many seconds each figure looks back over (`$window`), 0 where it looks at one moment. Text is redacted and bounded.
    """

    query: str
    promql: str
    state: Literal["values", "nan", "empty", "broken"]
    value: float | None = None
    points: tuple[float | None, ...] = ()
    start: Moment | None = None
    step: float = 0.0
    window: float = 0.0
    problem: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.state == "values" and self.value is None and all(point is None for point in self.points):
            raise ValueError("there are no values")
        if self.start is not None and self.step <= 0:
            raise ValueError("a range has a step")


class Metrics(Part, tag="prometheus"):
    """The figures of one side, in the order the queries were given. A query of one figure alone is with the canary."""

    figures: tuple[Figures, ...]

    def of(self, query: str) -> Figures | None:
        """One query's; None when it was not answered."""
        return next((figures for figures in self.figures if figures.query == query), None)


class PrometheusSource:
    """Asks every query, once or once for each side, at the window's end."""

    name = "prometheus"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """Nothing when no address is given. What the server does not answer is a gap; a query that it refuses is a fact."""
        settings = scene.look.prometheus
        if not settings.url:
            return
        server = Server.connect(settings, os.environ, scene.deadline.share(SHARE))
        asked = [question for query in settings.queries for question in _questions(query, scene)]
        tasks = [partial(_heard, server, each, scene) for each in asked if isinstance(each, _Question)]
        outcomes = in_parallel(tasks, server.deadline, width=TOGETHER)
        late = PrometheusError("not answered by the deadline", advice="give a longer --deadline")
        heard = [outcome.value if isinstance(outcome, Done) else late for outcome in outcomes]
        found = [each for one in heard if not isinstance(one, PrometheusError) for each in one]
        gaps = [each for each in asked if isinstance(each, Gap)]
        gaps += _gaps(self.name, [each for each in heard if isinstance(each, PrometheusError)], len(heard), scene)
        for side in scene.sides():
            figures = tuple(each for role, each in found if role == side.role)
            if figures or not gaps:  # with every answer there, a side that no query asks about was looked at
                yield Metrics(side=side.role, figures=figures)
        yield from gaps


def check_asked(settings: Settings, gates: Iterable[Gate]) -> None:
    """Raises UsageError unless the queries can be asked, and each gate has one to look at that fits it. Asks nobody."""
    gates = tuple(gates)
    if not settings.url:
        if settings.queries or gates:
            raise UsageError("there are queries or gates, and no Prometheus to ask", advice="give --prometheus URL")
        return
    check(settings)
    if not settings.queries:
        raise UsageError("--prometheus has nothing to ask", advice="name queries in the config file: see docs/prometheus.md")
    queries = {query.name: query for query in settings.queries}
    if len(queries) < len(settings.queries):
        raise UsageError("two queries have the same name", advice=f"there are {', '.join(query.name for query in settings.queries)}")
    for query in settings.queries:
        promql.check(query)
    for gate in gates:
        asked = queries.get(gate.query)
        if asked is None:
            raise UsageError(f"a gate is for the query {gate.query!r}, and there is none", advice=f"there is {', '.join(queries)}")
        if (gate.relative or gate.statistical) and not promql.compares(asked):
            raise UsageError(
                f"the gate for {gate.query!r} compares two sides, and its query has no figure of each",
                advice="write $hash where it names a side, or give `by`",
            )
        if gate.statistical and not asked.range:
            raise UsageError(f"the gate for {gate.query!r} needs points over time", advice="give its query a range, such as 15m")


@dataclass(frozen=True)
class _Question:
    query: Query
    role: Role
    text: str
    window: float


def _questions(query: Query, scene: Scene) -> Iterator[_Question | Gap]:
    """One for each side that there is, or one alone; a gap where the target lacks what a placeholder stands for."""
    roles: tuple[Role, ...] = tuple(side.role for side in scene.sides()) if promql.per_side(query) else ("canary",)
    born = pods.born(scene.part(pods.Pods, "canary"))
    seconds = promql.window(query, scene.look.since, (scene.window.end - born).total_seconds() if born else None)
    for role in roles:
        try:
            text = promql.filled(query, role, scene.target, seconds)
            yield _Question(query, role, text, seconds if promql.windowed(query) else 0.0)
        except promql.Unfilled as error:
            reason = f"the query {query.name} was not asked: this target has no ${error} that can stand there"
            yield Gap(source=PrometheusSource.name, side=role, reason=reason, advice="give the query its own placeholder in `values`")


def _heard(server: Server, question: _Question, scene: Scene) -> list[tuple[Role, Figures]] | PrometheusError:
    """The figures of the side or sides that were asked about."""
    query, end = question.query, scene.window.end
    start = end - timedelta(seconds=query.range)
    try:
        answer = server.range(question.text, start, end, query.step) if query.range else server.instant(question.text, end)
        sides = _by_label(query.by, answer.series, scene) if query.by else {question.role: list(answer.series)}
        return [(role, _kept(_figures(question, answer, series, scene), scene)) for role, series in sides.items()]
    except BadQuery as error:
        roles: tuple[Role, ...] = ROLES if query.by else (question.role,)
        problem = f"{error}; {error.advice}" if error.advice else str(error)
        broken = Figures(query=query.name, promql=question.text, state="broken", problem=problem)
        return [(role, _kept(broken, scene)) for role in roles]
    except PrometheusError as error:
        return error


def _figures(question: _Question, answer: Answer, series: list[Series], scene: Scene) -> Figures:
    """What one side's series amount to. Raises BadQuery."""
    query = question.query
    figures = Figures(query=query.name, promql=question.text, state="empty", window=question.window, warnings=answer.warnings)
    expected = ("matrix",) if query.range else ("vector", "scalar")
    if answer.type not in expected:
        told = {"matrix": "a range of points", "string": "text"}.get(answer.type, f"a {answer.type}")
        raise BadQuery(f"it gives {told} where one figure was expected", advice="put rate(…[$window]) or another function around it")
    if len(series) > 1:
        raise BadQuery(f"it gives {len(series)} series where one was expected{_differ(series)}", advice=AGGREGATE)
    if not series:
        return figures
    (one,) = series
    if one.value and not query.range:
        value = _number(one.value[1])
        return msgspec.structs.replace(figures, state="nan" if value is None else "values", value=value)
    if one.values and query.range:
        start = scene.window.end - timedelta(seconds=query.range)
        there = {round((at - start.timestamp()) / query.step): _number(value) for at, value in one.values}
        points = tuple(there.get(index) for index in range(int(query.range // query.step) + 1))
        state: Literal["values", "nan"] = "nan" if all(point is None for point in points) else "values"
        return msgspec.structs.replace(figures, state=state, points=points, start=start, step=query.step)
    raise BadQuery("it gives a histogram where one figure was expected", advice=AGGREGATE)


def _by_label(label: str, series: Iterable[Series], scene: Scene) -> dict[Role, list[Series]]:
    """The series of each side: those whose label is its hash, or has it between dashes, as names of pods and ReplicaSets do."""
    told = list(series)
    if told and not any(label in each.metric for each in told):
        raise BadQuery(f"no series has a label {label}{_differ(told)}", advice=f"keep it: sum by ({label}) (…)")
    return {
        side.role: [each for each in told if side.hash and side.hash in (value := each.metric.get(label, ""), *value.split("-"))]
        for side in scene.sides()
    }


def _differ(series: list[Series]) -> str:
    """The labels that tell series apart, with a few of their values; none of a label that is named like a secret."""
    labels = sorted({label for each in series for label in each.metric})
    values = {label: sorted({each.metric.get(label, "none") for each in series}) for label in labels}
    hidden = {label: [redact(f"{label}={value}").partition("=")[2] for value in found[:3]] for label, found in values.items()}
    shown = [f"{label} ({', '.join(hidden[label])}{', …' if len(found) > 3 else ''})" for label, found in values.items() if len(found) > 1]
    return f": they differ in {'; '.join(shown[:3])}" if shown else ""


def _number(text: str) -> float | None:
    value = float(text)
    return value if abs(value) <= LARGEST else None


def _kept(figures: Figures, scene: Scene) -> Figures:
    """Without secrets, and bounded: labels and messages come from workloads."""

    def clean(text: str, most: int = LONGEST) -> str:
        text = scene.redact(" ".join(text.split()))
        return text if len(text) <= most else text[:most] + " …"

    return msgspec.structs.replace(
        figures,
        promql=clean(figures.promql, 10 * LONGEST),
        problem=clean(figures.problem),
        warnings=tuple(clean(warning) for warning in figures.warnings[:MOST_WARNINGS]),
    )


def _gaps(source: str, errors: list[PrometheusError], asked: int, scene: Scene) -> Iterator[Gap]:
    """One for each reason, however many queries it took."""
    counts: dict[tuple[str, str], int] = {}
    for error in errors:
        counts[(str(error), error.advice)] = counts.get((str(error), error.advice), 0) + 1
    for (reason, advice), count in counts.items():
        of = "" if count == asked else f" ({count} of {asked} queries)"
        yield Gap(source=source, side=None, reason=scene.redact(reason)[:LONGEST] + of, advice=advice)
