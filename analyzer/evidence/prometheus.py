"""Prometheus: what each named query gave for each side, and which kind of nothing where it gave no figure."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import msgspec

from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.common.short import cut
from analyzer.evidence import pods
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, Part, SourceContext
from analyzer.evidence.series import describe_differences, parse_finite, series_by_side
from analyzer.prometheus import (
    BadQuery,
    PrometheusError,
    PrometheusUnreachable,
    QueryResult,
    Series,
    Server,
    promql,
)
from analyzer.prometheus.web import ask_web, read_credentials
from analyzer.settings import Query
from analyzer.target import ROLES, Role

PARALLEL_QUERIES = 8  # questions at the same time
SHARE = 0.9  # of the time there is, so that what was answered is kept when something is not
LONGEST_SERVER_TEXT = 300  # characters of a text from Prometheus
MOST_WARNINGS = 3
AGGREGATE = "aggregate it, as in sum(…) or histogram_quantile(…, sum by (le) (…))"


class PrometheusSource:
    """Sends each query to Prometheus, once or once for each side, for the window's end."""

    name = "prometheus"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's figures, and a gap for what the server does not answer. Yields nothing without an
        address or a query.

        A query that the server refuses is no gap: its figures are "broken".
        """
        settings = scene.look.prometheus
        if not settings.url and not settings.queries:
            return
        deadline = scene.deadline.share(SHARE)
        server = Server.connect(settings, os.environ, deadline) if settings.url else None
        questions = [question for query in settings.queries for question in _questions(query, scene)]
        gaps = [question for question in questions if isinstance(question, Gap)]
        asked = [question for question in questions if isinstance(question, _Question)]
        for question in asked:
            if question.query.url:
                read_credentials(question.query, question.text, os.environ)
        tasks = [partial(_answer, server, question, scene, deadline) for question in asked]
        outcomes = in_parallel(tasks, deadline, width=PARALLEL_QUERIES)
        late = PrometheusUnreachable("not answered by the deadline", advice="give a longer --deadline")
        answers = [outcome.value if isinstance(outcome, Done) else late for outcome in outcomes]
        measured = [pair for answer in answers if not isinstance(answer, PrometheusError) for pair in answer]
        errors = [answer for answer in answers if isinstance(answer, PrometheusError)]
        gaps += _gaps(self.name, errors, len(answers), scene)
        for side in scene.sides():
            figures = tuple(figures for role, figures in measured if role == side.role)
            if figures or not gaps:  # with every answer there, a side that no query asks about was looked at
                yield Metrics(side=side.role, figures=figures)
        yield from gaps


def gaps_of_query(query: str, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps that say why a query has no figures: its own, else those of the server."""
    known = [gap for gap in gaps if gap.source == PrometheusSource.name]
    own = tuple(gap for gap in known if gap.reason.startswith(_unasked(query)))
    return own or tuple(gap for gap in known if gap.side is None)


def _unasked(query: str) -> str:
    return f"the query {query} was not asked:"


@dataclass(frozen=True)
class _Question:
    query: Query
    role: Role
    text: str
    window: float


def _questions(query: Query, scene: SourceContext) -> Iterator[_Question | Gap]:
    """Yield a query's questions: one for each side that exists, or one for both.

    Where the target lacks what a placeholder stands for, yields a gap in the question's place.
    """
    roles: tuple[Role, ...] = (
        tuple(side.role for side in scene.sides()) if promql.is_per_side(query) else ("canary",)
    )
    created = pods.first_created_at(scene.part(pods.Pods, "canary"))
    seconds = promql.window_seconds(
        query, scene.look.since, (scene.window.end - created).total_seconds() if created else None
    )
    for role in roles:
        try:
            text = promql.fill_placeholders(query, role, scene.target, seconds)
            yield _Question(query, role, text, seconds if promql.uses_window(query) else 0.0)
        except promql.Unfilled as error:
            reason = f"{_unasked(query.name)} this target has no ${error} that can stand there"
            yield Gap(
                source=PrometheusSource.name,
                side=role,
                reason=reason,
                advice="give the query its own placeholder in `values`",
            )


def _answer(
    server: Server | None, question: _Question, scene: SourceContext, deadline: Deadline
) -> list[tuple[Role, QueryFigures]] | PrometheusError:
    """Return the figures of each side that the question is about, or the error where the server does not
    answer.
    """
    query, end = question.query, scene.window.end
    start = end - timedelta(seconds=query.range)
    try:
        answer = ask(server, query, question.text, (start, end), deadline)
        sides = (
            series_by_side(query.by, answer.series, scene.sides())
            if query.by
            else {question.role: list(answer.series)}
        )
        return [
            (role, _clean(_figures(question, answer, series, scene), scene)) for role, series in sides.items()
        ]
    except BadQuery as error:
        roles: tuple[Role, ...] = ROLES if query.by else (question.role,)
        problem = f"{error}; {error.advice}" if error.advice else str(error)
        broken = QueryFigures(
            query=query.name,
            promql=question.text,
            state="broken",
            work=promql.counts_work(query),
            problem=problem,
        )
        return [(role, _clean(broken, scene)) for role in roles]
    except PrometheusError as error:
        return error


def ask(
    server: Server | None, query: Query, text: str, times: tuple[datetime, datetime], deadline: Deadline
) -> QueryResult:
    """Return the answer to a query or an address. Raise PrometheusError, or UsageError for credentials."""
    if query.url:
        return ask_web(query, text, os.environ, deadline)
    if server is None:
        raise PrometheusError("there is no Prometheus to ask", advice="give --prometheus URL")
    start, end = times
    return server.range(text, start, end, query.step) if query.range else server.instant(text, end)


def _figures(
    question: _Question, answer: QueryResult, series: list[Series], scene: SourceContext
) -> QueryFigures:
    """Return the figures that one side's series give. Raises BadQuery where they are not one figure."""
    query = question.query
    figures = QueryFigures(
        query=query.name,
        promql=question.text,
        state="empty",
        window=question.window,
        work=promql.counts_work(query),
        warnings=answer.warnings,
    )
    expected = ("matrix",) if query.range else ("vector", "scalar")
    if answer.type not in expected:
        kind = {"matrix": "a range of points", "string": "text"}.get(answer.type, f"a {answer.type}")
        raise BadQuery(
            f"it gives {kind} where one figure was expected",
            advice="put rate(…[$window]) or another function around it",
        )
    if len(series) > 1:
        raise BadQuery(
            f"it gives {len(series)} series where one was expected{describe_differences(series)}",
            advice=AGGREGATE,
        )
    if not series:
        return figures
    (only,) = series
    if only.value and not query.range:
        value = parse_finite(only.value[1])
        return msgspec.structs.replace(figures, state="nan" if value is None else "values", value=value)
    if only.values and query.range:
        start = scene.window.end - timedelta(seconds=query.range)
        numbers = {
            round((at - start.timestamp()) / query.step): parse_finite(value) for at, value in only.values
        }
        points = tuple(numbers.get(index) for index in range(int(query.range // query.step) + 1))
        state: Literal["values", "nan"] = "nan" if all(point is None for point in points) else "values"
        return msgspec.structs.replace(figures, state=state, points=points, start=start, step=query.step)
    raise BadQuery("it gives a histogram where one figure was expected", advice=AGGREGATE)


def _clean(figures: QueryFigures, scene: SourceContext) -> QueryFigures:
    """Return the figures with their texts redacted and bounded: labels and messages come from workloads."""

    def shorten(text: str, most: int = LONGEST_SERVER_TEXT) -> str:
        return cut(scene.redact(" ".join(text.split())), most)

    return msgspec.structs.replace(
        figures,
        promql=shorten(figures.promql, 10 * LONGEST_SERVER_TEXT),
        problem=shorten(figures.problem),
        warnings=tuple(shorten(warning) for warning in figures.warnings[:MOST_WARNINGS]),
    )


def _gaps(source: str, errors: list[PrometheusError], total: int, scene: SourceContext) -> Iterator[Gap]:
    """Yield one gap for each reason, however many of the `total` queries have it."""
    counts = Counter((str(error), error.advice, isinstance(error, PrometheusUnreachable)) for error in errors)
    for (reason, advice, retryable), count in counts.items():
        share = "" if count == total else f" ({count} of {total} queries)"
        yield Gap(
            source=source,
            side=None,
            reason=scene.redact(reason)[:LONGEST_SERVER_TEXT] + share,
            advice=advice,
            retryable=retryable,
        )
