"""Permissions: whether these credentials, or a service account, may do what the configuration needs. Each is
one access review, which changes nothing.

https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
"""

import os
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from analyzer.check.account import CHECK as ACCOUNT
from analyzer.check.account import Account, check_account, find_accounts, report_account
from analyzer.check.interface import CheckRequest, CheckResult, result_of_error
from analyzer.check.needs import Need
from analyzer.cluster import Cluster, kubeconfig
from analyzer.cluster.errors import Denied
from analyzer.common.deadline import Done, in_parallel
from analyzer.common.value import Json
from analyzer.errors import AnalyzerError

CHECK = "permission"
API = "authorization.k8s.io/v1"

_Placed = tuple[Need, Cluster, str]  # the connection and the namespace it is for


def check_permissions(request: CheckRequest, workload: Cluster) -> Iterator[CheckResult]:
    """Yield whose permissions are checked, and one result for each need. An error that affects all of them is
    reported once.
    """
    for account in find_accounts(request, workload):
        if absent := tuple(check_account(account, workload, request.files.documents())):
            yield from absent
            continue
        denied = _check_may_review(account, workload, _rollout_namespace(account, request, workload))
        if denied is None:
            yield from _check_needs(account, request, workload)
            continue
        yield denied
        if account.file:  # better our own than nothing: nobody asked for the account's by name
            yield from _check_needs(Account(account.namespace, "", account.needs), request, workload)


def _check_needs(account: Account, request: CheckRequest, workload: Cluster) -> Iterator[CheckResult]:
    yield report_account(account, workload)
    places = {
        "rollout": (workload, _rollout_namespace(account, request, workload)),
        "job": _job_place(request, workload),
    }
    needs = _merge_needs((need, *places[need.place]) for need in account.needs)
    outcomes = in_parallel([partial(_check_need, account, *placed) for placed in needs], workload.deadline)
    for (need, _, where), outcome in zip(needs, outcomes, strict=True):
        late = CheckResult(
            check=CHECK,
            state="unreachable",
            about=_describe_need(need, where),
            what="no answer by the deadline",
        )
        yield outcome.value if isinstance(outcome, Done) else late


def _rollout_namespace(account: Account, request: CheckRequest, workload: Cluster) -> str:
    """Return the namespace of the Rollout: that of the template if a file has one."""
    return account.namespace if account.file else request.settings.where.namespace or workload.namespace


def _check_may_review(account: Account, workload: Cluster, namespace: str) -> CheckResult | None:
    """Return a result if these credentials may not ask what another account may do, else None."""
    if not account.name:
        return None
    try:
        _review_access(account, account.needs[0], workload, namespace)
    except Denied as error:
        what = f"the permissions of this ServiceAccount were not checked: {error}"
        advice = (
            "a namespace's admin may check them (LocalSubjectAccessReview); in the Job's own pod, args:"
            " [check] needs no permission"
        )
        return CheckResult(
            check=ACCOUNT,
            state="note" if account.file else "wrong",
            about=account.whole(),
            what=what,
            advice=advice,
        )
    except AnalyzerError:
        return None  # told of each need
    return None


def _merge_needs(needs: Iterable[_Placed]) -> tuple[_Placed, ...]:
    """Return each need once. Reasons that need the same permission in one place are joined."""
    merged: dict[tuple[str, str, str], _Placed] = {}
    for need, cluster, namespace in needs:
        key = (need.name(), str(cluster.api.configuration.host), namespace)
        joined = _join(merged[key][0], need) if key in merged else need
        merged[key] = (joined, cluster, namespace)
    return tuple(merged.values())


def _join(need: Need, other: Need) -> Need:
    why = need.why if other.why in need.why else f"{need.why}; {other.why}"
    return replace(need, why=why, must=need.must or other.must)


def _job_place(request: CheckRequest, workload: Cluster) -> tuple[Cluster, str]:
    """Return the cluster and namespace of our pod and its Job: those of the Rollout, unless this is a pod
    elsewhere.
    """
    if not kubeconfig.in_pod():
        return workload, request.settings.where.namespace or workload.namespace
    own = Cluster.connect_own(workload.deadline)
    return own, os.environ.get("POD_NAMESPACE") or own.namespace


def _check_need(account: Account, need: Need, cluster: Cluster, namespace: str) -> CheckResult:
    about = _describe_need(need, namespace)
    try:
        allowed, why = _review_access(account, need, cluster, namespace)
    except AnalyzerError as error:
        return result_of_error(CHECK, about, error)
    if allowed:
        return CheckResult(check=CHECK, state="holds", about=about, what=f"granted: {need.why}")
    what = f"not granted: {need.why}{f' ({why})' if why else ''}"
    advice = f"grant it in a Role in namespace {namespace}: {need.rule()}"
    return CheckResult(
        check=CHECK, state="wrong" if need.must else "note", about=about, what=what, advice=advice
    )


def _review_access(account: Account, need: Need, cluster: Cluster, namespace: str) -> tuple[bool, str]:
    """Return whether the permission is granted, and what the authorizer could not evaluate."""
    resource, _, subresource = need.resource.partition("/")
    attributes = {
        "namespace": namespace,
        "verb": need.verb,
        "group": need.group,
        "resource": resource,
        "subresource": subresource,
    }
    kind, path, spec = "SelfSubjectAccessReview", "", {"resourceAttributes": attributes}
    if account.name:
        kind, path, spec = "LocalSubjectAccessReview", f"namespaces/{namespace}/", spec | account.subject()
    review: Json = {
        "apiVersion": API,
        "kind": kind,
        "metadata": {"namespace": namespace} if account.name else {},
        "spec": spec,
    }
    status = cluster.post(f"/apis/{API}/{path}{kind.lower()}s", review).get("status") or {}
    return status.get("allowed") is True, str(status.get("evaluationError") or "")


def _describe_need(need: Need, namespace: str) -> str:
    return f"{need.name()} in {namespace}"
