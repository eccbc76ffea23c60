"""The Kubernetes API: whether it answers, and whether it has what we need. A new check of it is a function,
and its line in `LOOKS`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from analyzer import target
from analyzer.check.interface import CheckRequest, CheckResult, result_of_attempt, result_of_error
from analyzer.check.needs import ARGO, find_needs
from analyzer.check.permissions import check_permissions
from analyzer.check.references import check_references
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, MissingResource
from analyzer.common.deadline import Done, in_parallel
from analyzer.effects import pause
from analyzer.errors import AnalyzerError

CHECK = "cluster"
METRICS = "metrics.k8s.io/v1beta1"


def check_cluster(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield the results of all checks of the cluster, or the one error that keeps the API from answering."""
    if request.offline:
        return
    where = request.settings.where
    try:
        connection = Cluster.connect(where.kubeconfig, where.context, request.deadline)
        connection.now()
    except AnalyzerError as error:
        yield result_of_error(CHECK, "Kubernetes API", error)
        return
    namespace = where.namespace or connection.namespace
    yield CheckResult(
        check=CHECK,
        state="holds",
        about="Kubernetes API",
        what=f"{connection.api.configuration.host} answers",
    )
    outcomes = in_parallel(
        [partial(_run_look, look, request, connection) for look in LOOKS.values()], request.deadline
    )
    for name, outcome in zip(LOOKS, outcomes, strict=True):
        late = CheckResult(
            check=name,
            state="unreachable",
            about=namespace,
            what="the Kubernetes API did not answer by the deadline",
        )
        yield from outcome.value if isinstance(outcome, Done) else (late,)


def check_kinds(request: CheckRequest, connection: Cluster) -> Iterator[CheckResult]:
    """Yield whether the API server knows Argo's kinds, as far as these settings need them, and the metrics
    API.
    """
    wanted = {need.resource for need in find_needs(request.settings) if need.group == ARGO and need.must}
    try:
        served_kinds = _served_resources(connection, f"{ARGO}/v1alpha1")
    except ClusterError as error:
        yield result_of_error(CHECK, f"{ARGO}/v1alpha1", error)
        return
    for resource in sorted(wanted):
        if resource in served_kinds:
            yield CheckResult(
                check=CHECK, state="holds", about=f"{resource}.{ARGO}", what="the API server knows it"
            )
        else:
            advice = "install Argo Rollouts, or check --context"
            yield CheckResult(
                check=CHECK,
                state="wrong",
                about=f"{resource}.{ARGO}",
                what="this cluster has no such kind",
                advice=advice,
            )
    try:
        served = "pods" in _served_resources(connection, METRICS)
    except ClusterError as error:
        yield result_of_error(CHECK, METRICS, error)
        return
    if served:
        yield CheckResult(check=CHECK, state="holds", about=METRICS, what="the API server knows it")
    else:
        what = "this cluster has no metrics API: CPU and memory are a gap in every report"
        yield CheckResult(
            check=CHECK, state="note", about=METRICS, what=what, advice="install metrics-server"
        )


def check_sides(request: CheckRequest, connection: Cluster) -> Iterator[CheckResult]:
    """Yield whether the named target exists. Without a target, the AnalysisRun will say later what is
    compared.
    """
    where = request.settings.where
    if target.names_target(where):
        now = datetime.now(UTC)
        yield result_of_attempt(
            "target", where.rollout or "the two sides", lambda: _resolve_sides(request, connection, now)
        )
    else:
        what = "no target given: checked what a Job of an Argo metric needs, in this namespace"
        yield CheckResult(
            check="target", state="holds", about=where.namespace or connection.namespace, what=what
        )


def _resolve_sides(request: CheckRequest, connection: Cluster, now: datetime) -> str:
    compared = target.resolve(connection, request.settings.where, now)
    pause.check_policy(request.settings.policy, compared)
    return compared.how


def _served_resources(connection: Cluster, version: str) -> frozenset[str]:
    """Return the resources of an API group's version; none if the server does not know the group."""
    try:
        return frozenset(
            str(resource["name"]) for resource in connection.get(f"/apis/{version}").get("resources") or ()
        )
    except MissingResource:
        return frozenset()


def _run_look(look: "Look", request: CheckRequest, connection: Cluster) -> tuple[CheckResult, ...]:
    return tuple(look(request, connection))


Look = Callable[[CheckRequest, Cluster], Iterable[CheckResult]]
LOOKS: dict[str, Look] = {
    CHECK: check_kinds,
    "target": check_sides,
    "permission": check_permissions,
    "reference": check_references,
}
