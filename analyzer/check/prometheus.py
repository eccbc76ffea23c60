"""Prometheus: whether it answers each query. For the version a made-up one stands: what the queries yield shows in a real run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from analyzer.check.interface import Asked, Result, failed
from analyzer.deadline import Done, in_parallel
from analyzer.errors import AnalyzerError
from analyzer.prometheus import Server, promql
from analyzer.settings import Query
from analyzer.target import Role, Side, Target

CHECK = "prometheus"
MADE_UP = "0000000000"


def prometheus(asked: Asked) -> Iterator[Result]:
    """One result for each query; nothing where no address was given."""
    settings = asked.settings.look.prometheus
    if asked.offline or not settings.url:
        return
    try:
        server = Server.connect(settings, asked.environ, asked.deadline)
    except AnalyzerError as error:
        yield failed(CHECK, "address", error)
        return
    outcomes = in_parallel([partial(_answered, server, query, asked) for query in settings.queries], asked.deadline, width=8)
    for query, outcome in zip(settings.queries, outcomes, strict=True):
        late = Result(check=CHECK, state="unreachable", about=query.name, what=f"{server.url} did not answer by the deadline")
        yield outcome.value if isinstance(outcome, Done) else late


def _answered(server: Server, query: Query, asked: Asked) -> Result:
    end = datetime.now(UTC)
    made_up = _target(asked)
    role: Role = "canary"
    try:
        promql.check(query)
        text = promql.filled(query, role, made_up, promql.window(query, asked.settings.look.since))
        start = end - timedelta(seconds=query.range)
        answer = server.range(text, start, end, query.step) if query.range else server.instant(text, end)
    except promql.Unfilled as error:
        return Result(check=CHECK, state="note", about=query.name, what=f"not asked: ${error} is told by the target alone")
    except AnalyzerError as error:
        return failed(CHECK, query.name, error)
    what = f"{server.url} answers, with {len(answer.series)} series{' for a made-up version' if promql.compares(query) else ''}"
    if not answer.series and not promql.compares(query):
        return Result(
            check=CHECK, state="note", about=query.name, what=f"{server.url} answers, with no series", advice="is the metric's name right?"
        )
    return Result(check=CHECK, state="holds", about=query.name, what=what)


def _target(asked: Asked) -> Target:
    where = asked.settings.where
    return Target(
        namespace=where.namespace or "default",
        rollout=where.rollout or "made-up",
        stable=Side(role="stable", selector="made=up", hash=where.stable_hash or MADE_UP),
        canary=Side(role="canary", selector="made=up", hash=where.canary_hash or MADE_UP),
        how="made up",
        resolved_at=datetime.now(UTC),
    )
