"""Prometheus: whether it answers each query, and has figures of both sides if the target is known.

Without a target, a made-up version stands for both sides. That shows whether a query is refused; what it
yields shows in a real run.
"""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from msgspec.structs import replace

from analyzer import target
from analyzer.check.interface import CheckRequest, CheckResult, CheckState, result_of_error
from analyzer.cluster import Cluster
from analyzer.common.deadline import Done, in_parallel
from analyzer.errors import AnalyzerError, UsageError
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, Part, SourceContext, Window
from analyzer.evidence.prometheus import PrometheusSource, ask, gaps_of_query
from analyzer.findings.figures import describe_figures
from analyzer.prometheus import Server, promql
from analyzer.records import retention
from analyzer.settings import Query
from analyzer.target import ROLES, Role, Side, Target

CHECK = "prometheus"
MADE_UP = "0000000000"
NAMES = "are the metric's name and its labels right, is it scraped, and were there requests?"


def check_prometheus(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield one result for each query; nothing if no address was given."""
    settings = request.settings.look.prometheus
    if request.offline or not (settings.url or settings.queries):
        return
    try:
        server = Server.connect(settings, request.environ, request.deadline) if settings.url else None
    except AnalyzerError as error:
        yield result_of_error(CHECK, "address", error)
        return
    scene = _source_context(request)
    if scene is not None:
        yield from _check_figures(scene)
        return
    outcomes = in_parallel(
        [partial(_ask_query, server, query, request) for query in settings.queries], request.deadline, width=8
    )
    for query, outcome in zip(settings.queries, outcomes, strict=True):
        late = CheckResult(
            check=CHECK,
            state="unreachable",
            about=query.name,
            what=f"{_place(server, query)} did not answer by the deadline",
        )
        yield outcome.value if isinstance(outcome, Done) else late


def _source_context(request: CheckRequest) -> SourceContext | None:
    """Return the named target as a run would look at it. Return None without a target, or if it cannot be
    resolved, which another check reports.
    """
    where, look = request.settings.where, request.settings.look
    if not target.names_target(where):
        return None
    try:
        cluster = Cluster.connect(where.kubeconfig, where.context, request.deadline)
        now = cluster.now()
        compared = target.resolve(cluster, where, now)
    except AnalyzerError:
        return None
    window = Window(start=now - timedelta(seconds=look.since), end=now)
    return SourceContext(
        cluster, compared, window, look, request.deadline, retention.make_mask(request.settings.hide)
    )


def _check_figures(scene: SourceContext) -> Iterator[CheckResult]:
    """Yield what a run would get from each query."""
    sound: list[Query] = []
    for query in scene.look.prometheus.queries:
        try:
            promql.check_query(query)
            sound.append(query)
        except UsageError as error:
            yield result_of_error(CHECK, query.name, error)
    settings = replace(scene.look, prometheus=replace(scene.look.prometheus, queries=tuple(sound)))
    measured: tuple[Part | Gap, ...] = tuple(
        PrometheusSource().gather(dataclasses.replace(scene, look=settings))
    )
    gaps = tuple(part for part in measured if isinstance(part, Gap))
    for query in sound:
        figures = {part.side: part.of_query(query.name) for part in measured if isinstance(part, Metrics)}
        sides = {role: figure for role in ROLES if (figure := figures.get(role)) is not None}
        if sides:
            yield _result_of_sides(query, sides)
        else:
            yield _result_of_gaps(query, gaps_of_query(query.name, gaps))


def _result_of_sides(query: Query, sides: dict[Role, QueryFigures]) -> CheckResult:
    broken = next((figure for figure in sides.values() if figure.state == "broken"), None)
    if broken is not None:
        return CheckResult(check=CHECK, state="wrong", about=query.name, what=broken.problem)
    what = ", ".join(f"{role} has {describe_figures(figures)}" for role, figures in sides.items())
    without = [role for role, figures in sides.items() if figures.state != "values"]
    if len(without) == len(sides):
        nobody = "neither side has data" if len(sides) > 1 else "there is no data"
        return CheckResult(
            check=CHECK, state="note", about=query.name, what=f"{nobody}: {what}", advice=NAMES
        )
    if without:
        advice = f"has the {without[0]} side had traffic yet? if so, do the labels match it?"
        return CheckResult(
            check=CHECK,
            state="note",
            about=query.name,
            what=f"the {without[0]} side has no data: {what}",
            advice=advice,
        )
    return CheckResult(check=CHECK, state="holds", about=query.name, what=what)


def _result_of_gaps(query: Query, gaps: tuple[Gap, ...]) -> CheckResult:
    if not gaps:
        return CheckResult(
            check=CHECK, state="unreachable", about=query.name, what="it was not answered by the deadline"
        )
    gap = gaps[0]
    state: CheckState = "unreachable" if gap.retryable else "wrong"
    if gap.side is not None:
        state = "note"
    return CheckResult(check=CHECK, state=state, about=query.name, what=gap.reason, advice=gap.advice)


def _place(server: Server | None, query: Query) -> str:
    return query.url or (server.url if server else "Prometheus")


def _ask_query(server: Server | None, query: Query, request: CheckRequest) -> CheckResult:
    """Return the result of a query, with a made-up version if it needs one."""
    end, place = datetime.now(UTC), _place(server, query)
    made_up = _made_up_target(request)
    role: Role = "canary"
    try:
        promql.check_query(query)
        text = promql.fill_placeholders(
            query, role, made_up, promql.window_seconds(query, request.settings.look.since)
        )
        start = end - timedelta(seconds=query.range)
        answer = ask(server, query, text, (start, end), request.deadline)
    except promql.Unfilled as error:
        return CheckResult(
            check=CHECK,
            state="note",
            about=query.name,
            what=f"not queried: only a target gives ${error} a value",
        )
    except AnalyzerError as error:
        return result_of_error(CHECK, query.name, error)
    if answer.series:
        return CheckResult(
            check=CHECK,
            state="holds",
            about=query.name,
            what=f"{place} answers, with {'a figure' if query.url else f'{len(answer.series)} series'}",
        )
    if promql.compares_sides(query):
        what = (
            f"{place} answers, with no series for a made-up version: that does not show whether"
            " the metric exists"
        )
        advice = "name the Rollout (--rollout) to query its two versions"
        return CheckResult(check=CHECK, state="note", about=query.name, what=what, advice=advice)
    return CheckResult(
        check=CHECK,
        state="note",
        about=query.name,
        what=f"{place} answers, with no series",
        advice=NAMES,
    )


def _made_up_target(request: CheckRequest) -> Target:
    where = request.settings.where
    return Target(
        namespace=where.namespace or "default",
        rollout=where.rollout or "made-up",
        stable=Side(role="stable", selector="made=up", hash=where.stable_hash or MADE_UP),
        canary=Side(role="canary", selector="made=up", hash=where.canary_hash or MADE_UP),
        how="made up",
        resolved_at=datetime.now(UTC),
    )
