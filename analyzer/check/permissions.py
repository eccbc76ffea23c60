"""Whether these credentials, or a service account, may do what the configuration needs. An access review each, which changes nothing.

https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
"""

import os
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from analyzer.check.interface import Asked, Result, failed
from analyzer.check.needs import Need, needed
from analyzer.cluster import Cluster, Json, kubeconfig
from analyzer.deadline import Done, in_parallel
from analyzer.errors import AnalyzerError

CHECK = "permission"
API = "authorization.k8s.io/v1"

_Placed = tuple[Need, Cluster, str]  # the connection and the namespace it is for


def permissions(asked: Asked, workload: Cluster) -> Iterator[Result]:
    """One result for each need; what the API does not answer is told once for all."""
    places = {"rollout": (workload, asked.settings.where.namespace or workload.namespace), "job": _own(asked, workload)}
    needs = _apart((need, *places[need.place]) for need in needed(asked.settings))
    outcomes = in_parallel([partial(_result, asked.account, *each) for each in needs], workload.deadline)
    for (need, _, namespace), outcome in zip(needs, outcomes, strict=True):
        late = Result(check=CHECK, state="unreachable", about=_about(need, namespace), what="no answer by the deadline")
        yield outcome.value if isinstance(outcome, Done) else late


def _apart(needs: Iterable[_Placed]) -> tuple[_Placed, ...]:
    """Each once, where two reasons need the same in one place."""
    found: dict[tuple[str, str, str], _Placed] = {}
    for need, cluster, namespace in needs:
        key = (need.name(), str(cluster.api.configuration.host), namespace)
        before = found[key][0] if key in found else None
        whole = replace(before, why=f"{before.why}; {need.why}", must=before.must or need.must) if before else need
        found[key] = (whole, cluster, namespace)
    return tuple(found.values())


def _own(asked: Asked, workload: Cluster) -> tuple[Cluster, str]:
    """Where our pod and its Job are: beside the Rollout, unless this is a pod elsewhere."""
    if not kubeconfig.in_pod():
        return workload, asked.settings.where.namespace or workload.namespace
    own = Cluster.own(workload.deadline)
    return own, os.environ.get("POD_NAMESPACE") or own.namespace


def _result(account: str, need: Need, cluster: Cluster, namespace: str) -> Result:
    about = _about(need, namespace)
    try:
        allowed, why = _allowed(account, need, cluster, namespace)
    except AnalyzerError as error:
        return failed(CHECK, about, error)
    if allowed:
        return Result(check=CHECK, state="holds", about=about, what=f"granted: {need.why}")
    what = f"not granted: {need.why}{f' ({why})' if why else ''}"
    advice = f"grant it in a Role in namespace {namespace}: {need.rule()}"
    return Result(check=CHECK, state="wrong" if need.must else "note", about=about, what=what, advice=advice)


def _allowed(account: str, need: Need, cluster: Cluster, namespace: str) -> tuple[bool, str]:
    """Whether it is, and what the authorizer says that could not be evaluated."""
    resource, _, subresource = need.resource.partition("/")
    attributes = {"namespace": namespace, "verb": need.verb, "group": need.group, "resource": resource, "subresource": subresource}
    kind, path, spec = "SelfSubjectAccessReview", "", {"resourceAttributes": attributes}
    if account:
        kind, path, spec = "LocalSubjectAccessReview", f"namespaces/{namespace}/", spec | _subject(account, namespace)
    review: Json = {"apiVersion": API, "kind": kind, "metadata": {"namespace": namespace} if account else {}, "spec": spec}
    status = cluster.post(f"/apis/{API}/{path}{kind.lower()}s", review).get("status") or {}
    return status.get("allowed") is True, str(status.get("evaluationError") or "")


def _subject(account: str, namespace: str) -> Json:
    """The groups are those that its token would carry."""
    home, _, name = account.rpartition("/")
    home = home or namespace
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{home}", "system:authenticated"]
    return {"user": f"system:serviceaccount:{home}:{name}", "groups": groups}


def _about(need: Need, namespace: str) -> str:
    return f"{need.name()} in {namespace}"
