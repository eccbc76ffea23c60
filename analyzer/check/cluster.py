"""The Kubernetes API: whether it answers, and what of it we need. A new check of it is a function, and its line in `LOOKS`."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from analyzer import target
from analyzer.check.interface import Asked, Result, failed, tried
from analyzer.check.needs import ARGO, needed
from analyzer.check.permissions import permissions
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, Missing
from analyzer.deadline import Done, in_parallel
from analyzer.effects import pause
from analyzer.errors import AnalyzerError

CHECK = "cluster"
METRICS = "metrics.k8s.io/v1beta1"


def cluster(asked: Asked) -> Iterator[Result]:
    """Nothing more than that where the API does not answer."""
    if asked.offline:
        return
    where = asked.settings.where
    try:
        connection = Cluster.connect(where.kubeconfig, where.context, asked.deadline)
        connection.now()
    except AnalyzerError as error:
        yield failed(CHECK, "Kubernetes API", error)
        return
    namespace = where.namespace or connection.namespace
    yield Result(check=CHECK, state="holds", about="Kubernetes API", what=f"{connection.api.configuration.host} answers")
    outcomes = in_parallel([partial(_all, look, asked, connection) for look in LOOKS.values()], asked.deadline)
    for name, outcome in zip(LOOKS, outcomes, strict=True):
        late = Result(check=name, state="unreachable", about=namespace, what="the Kubernetes API did not answer by the deadline")
        yield from outcome.value if isinstance(outcome, Done) else (late,)


def kinds(asked: Asked, connection: Cluster) -> Iterator[Result]:
    """Argo's own, as far as these settings need them, and the metrics API."""
    wanted = {need.resource for need in needed(asked.settings) if need.group == ARGO and need.must}
    try:
        there = _served(connection, f"{ARGO}/v1alpha1")
    except ClusterError as error:
        yield failed(CHECK, f"{ARGO}/v1alpha1", error)
        return
    for resource in sorted(wanted):
        if resource in there:
            yield Result(check=CHECK, state="holds", about=f"{resource}.{ARGO}", what="the API server knows it")
        else:
            advice = "install Argo Rollouts, or check --context"
            yield Result(check=CHECK, state="wrong", about=f"{resource}.{ARGO}", what="this cluster has no such kind", advice=advice)
    try:
        served = "pods" in _served(connection, METRICS)
    except ClusterError as error:
        yield failed(CHECK, METRICS, error)
        return
    if served:
        yield Result(check=CHECK, state="holds", about=METRICS, what="the API server knows it")
    else:
        what = "this cluster has no metrics API: CPU and memory are a gap in every report"
        yield Result(check=CHECK, state="note", about=METRICS, what=what, advice="install metrics-server")


def sides(asked: Asked, connection: Cluster) -> Iterator[Result]:
    """The target that was named. Without one, the AnalysisRun says what is compared, once there is one."""
    where = asked.settings.where
    if target.given(where):
        now = datetime.now(UTC)
        yield tried("target", where.rollout or "the two sides", lambda: _compared(asked, connection, now))
    else:
        what = "none given: looked at what a Job of an Argo metric needs, in this namespace"
        yield Result(check="target", state="holds", about=where.namespace or connection.namespace, what=what)


def _compared(asked: Asked, connection: Cluster, now: datetime) -> str:
    found = target.resolve(connection, asked.settings.where, now)
    pause.check(asked.settings.policy, found)
    return found.how


def _served(connection: Cluster, version: str) -> frozenset[str]:
    """The resources of an API group's version; none where the server does not know the group."""
    try:
        return frozenset(str(each["name"]) for each in connection.get(f"/apis/{version}").get("resources") or ())
    except Missing:
        return frozenset()


def _all(look: "Look", asked: Asked, connection: Cluster) -> tuple[Result, ...]:
    return tuple(look(asked, connection))


Look = Callable[[Asked, Cluster], Iterable[Result]]
LOOKS: dict[str, Look] = {CHECK: kinds, "target": sides, "permission": permissions}
