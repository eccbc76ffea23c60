"""The queries of the settings: whether they can be asked, and whether the gates' queries fit their gates."""

from collections.abc import Iterable

from analyzer.common.units import duration
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics
from analyzer.evidence.prometheus import gaps_of_query
from analyzer.prometheus import check_settings, promql
from analyzer.settings import Gate, Query, Statistical, fewest_points
from analyzer.settings import Prometheus as Settings
from analyzer.target import ROLES


def check_queries(settings: Settings, gates: Iterable[Gate]) -> None:
    """Raise UsageError unless the queries can be asked, and each gate has a query that fits it. Asks no
    server.
    """
    gates = tuple(gates)
    if settings.url:
        check_settings(settings)
    elif not (settings.queries or gates):
        return
    elif not settings.queries or not all(query.url for query in settings.queries):
        raise UsageError(
            "there are queries or gates, and no Prometheus to ask", advice="give --prometheus URL"
        )
    if not settings.queries:
        raise UsageError(
            "--prometheus has nothing to ask",
            advice="name queries in the config file: see docs/prometheus.md",
        )
    queries = {named.name: named for named in settings.queries}
    if len(queries) < len(settings.queries):
        raise UsageError(
            "two queries have the same name",
            advice=f"there are {', '.join(query.name for query in settings.queries)}",
        )
    for configured in settings.queries:
        promql.check_query(configured)
    for gate in gates:
        query = queries.get(gate.query)
        if query is None:
            raise UsageError(
                f"a gate is for the query {gate.query!r}, and there is none",
                advice=f"there is {', '.join(queries)}",
            )
        _check_form(gate, query)


def check_answered(settings: Settings, gates: Iterable[Gate], evidence: Evidence) -> None:
    """Raise UsageError for a gate of a replay whose query is neither configured nor known to the evidence."""
    parts = [evidence.part(Metrics, role) for role in ROLES]
    answered = [figures.query for part in parts if part for figures in part.figures]
    there = dict.fromkeys([*(query.name for query in settings.queries), *answered])
    for gate in gates:
        if gate.query not in there and not gaps_of_query(gate.query, evidence.gaps):
            raise UsageError(
                (
                    f"a gate is for the query {gate.query!r}, and there is none, nor an answer to"
                    " it in the evidence"
                ),
                advice=f"there is {', '.join(there) or 'none'}: correct the name,"
                " or replay without this gate",
            )


def _check_form(gate: Gate, query: Query) -> None:
    """Raise UsageError unless the query gives what the gate's form looks at."""
    if (gate.relative or gate.statistical) and not promql.compares_sides(query):
        raise UsageError(
            f"the gate for {gate.query!r} compares two sides, and its query has no figure of each",
            advice="write $hash where it names a side, or give `by`",
        )
    if gate.statistical and not query.range:
        raise UsageError(
            f"the gate for {gate.query!r} needs points over time",
            advice="give its query a range, such as 15m",
        )
    if gate.statistical:
        _check_points(gate.query, gate.statistical, query)


def _check_points(name: str, test: Statistical, query: Query) -> None:
    """Raise UsageError where a range never has as many points as a gate asks for."""
    needed = fewest_points(test)
    points = int(query.range // query.step) + 1
    if points < needed:
        raise UsageError(
            f"the gate for {name!r} asks for {needed} points, and the range of its query has {points}",
            advice=f"give the query a range of {duration((needed - 1) * query.step)} or a shorter step,"
            " or ask for fewer (min_points)",
        )
