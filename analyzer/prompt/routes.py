"""Requests by route on both sides, so that a fault of one route is not lost among all of them."""

import re
from collections import defaultdict
from collections.abc import Iterator

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.logged_requests import is_request_template
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import Digest, less
from analyzer.logs.methods import ANY_METHOD
from analyzer.logs.requests import probes
from analyzer.prompt.requests import RequestCount, count_template
from analyzer.target import Role

LONGEST_ROUTE = 100  # characters of a route

_LINE = re.compile(rf"\b({ANY_METHOD}) ((?:/|https?://)[^\s\"?]{{0,200}})")
_METHOD = re.compile(rf"method\W{{1,5}}({ANY_METHOD})\b", re.IGNORECASE)
_PATH = re.compile(r"\b(?:path|uri|url|route)\W{1,5}(/[^\s\"'?,;]{0,200})", re.IGNORECASE)


class RouteView(Value):
    """One route of one container, with each side's requests."""

    container: str
    route: str
    stable: RequestCount
    canary: RequestCount


def find_routes(evidence: Evidence) -> tuple[RouteView, ...]:
    """Return the routes that the sides' logs tell of, those with most failures of the canary first, then the
    most frequent ones. A single route says no more than all requests do, so it gives none.
    """
    stable, canary = (
        {container.container: container.digest for container in logs.containers} if logs else {}
        for logs in (evidence.part(Logs, "stable"), evidence.part(Logs, "canary"))
    )
    views = [
        view
        for name in sorted(stable.keys() | canary.keys())
        for view in _container_routes(name, stable.get(name, Digest()), canary.get(name, Digest()))
    ]
    views.sort(
        key=lambda view: (
            -view.canary.failed,
            -view.canary.total - view.stable.total,
            view.container,
            view.route,
        )
    )
    return tuple(views) if len(views) > 1 else ()


def read_route(template: str) -> str:
    """Return the method and path of a request's log template, or empty."""
    line = _LINE.search(template)
    if line:
        return f"{line[1]} {line[2]}"[:LONGEST_ROUTE]
    method, path = _METHOD.search(template), _PATH.search(template)
    return f"{method[1]} {path[1]}"[:LONGEST_ROUTE] if method and path else ""


def _container_routes(name: str, stable: Digest, canary: Digest) -> Iterator[RouteView]:
    """Yield the routes of one container."""
    nothing = (RequestCount(), RequestCount())
    counts: dict[str, tuple[RequestCount, RequestCount]] = defaultdict(lambda: nothing)
    for row in compare(_without_probes(stable), _without_probes(canary)):
        route = read_route(row.template)
        if route and is_request_template(row):
            before = counts[route]
            counts[route] = (before[0] + _count(row, "stable"), before[1] + _count(row, "canary"))
    for route, (of_stable, of_canary) in counts.items():
        yield RouteView(container=name, route=route, stable=of_stable, canary=of_canary)


def _count(row: Compared, role: Role) -> RequestCount:
    """Return one side's requests of a template."""
    slots = tuple(pair.canary if role == "canary" else pair.stable for pair in row.slots)
    lines = row.canary if role == "canary" else row.stable
    return count_template(row.sample, slots, lines) if lines else RequestCount()


def _without_probes(digest: Digest) -> Digest:
    """Return the digest without its probes, which a general form might join with requests."""
    return less(digest, {(group.level, group.template) for group in digest.groups if probes(group.sample)})
