"""The account whose permissions are checked: the one that was named, those that the manifests name, or our
own. A result says which.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.check.containers import AnalyzerContainer, find_containers
from analyzer.check.documents import Document
from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.check.needs import Need, find_needs
from analyzer.cluster import Cluster, kubeconfig
from analyzer.cluster.errors import ClusterError, MissingResource
from analyzer.common import selectors
from analyzer.common.value import Json

CHECK = "account"
KIND = "v1/ServiceAccount"
HOW = (
    "--service-account NAME checks the Job's account (rollout-analyzer in the examples), and so does --file"
    " with a template that names it"
)


@dataclass(frozen=True)
class Account:
    """A service account and what it needs. An empty name stands for our own credentials."""

    namespace: str
    name: str
    needs: tuple[Need, ...]
    file: str = ""

    def whole(self) -> str:
        """Return `namespace/name`, or empty for our own credentials."""
        return f"{self.namespace}/{self.name}" if self.name else ""

    def subject(self) -> Json:
        """Return the account as an access review names it, with the groups that its token would carry."""
        groups = [
            "system:serviceaccounts",
            f"system:serviceaccounts:{self.namespace}",
            "system:authenticated",
        ]
        return {"user": f"system:serviceaccount:{self.namespace}:{self.name}", "groups": groups}


def find_accounts(request: CheckRequest, workload: Cluster) -> tuple[Account, ...]:
    """Return the accounts to check. A manifest's account needs what its containers do."""
    namespace = request.settings.where.namespace or workload.namespace
    own = find_needs(request.settings)
    if request.account:
        home, _, name = request.account.rpartition("/")
        return (Account(home or namespace, name, own),)
    containers_by_account: dict[tuple[str, str], list[AnalyzerContainer]] = {}
    for container in find_containers(request):
        if name := container.call.account.text():
            containers_by_account.setdefault((container.document.namespace or namespace, name), []).append(
                container
            )
    named = tuple(
        Account(home, name, _combine_needs(grouped), grouped[0].document.file)
        for (home, name), grouped in containers_by_account.items()
    )
    return named or (Account(namespace, "", own),)


def check_account(
    account: Account, cluster: Cluster, documents: tuple[Document, ...]
) -> Iterator[CheckResult]:
    """Yield a result if the account does not exist: a note if a file has it and it is still to be applied.
    Yield nothing if it may not be read.
    """
    if not account.name:
        return
    absent = not selectors.NAME.fullmatch(account.name) or not selectors.NAME.fullmatch(account.namespace)
    if not absent:
        try:
            cluster.get(f"/api/v1/namespaces/{account.namespace}/serviceaccounts/{account.name}")
        except MissingResource:
            absent = True
        except ClusterError:
            return
    document_of_account = next(
        (document for document in documents if document.kind == KIND and document.name == account.name), None
    )
    if absent and document_of_account is not None:
        what = (
            f"this ServiceAccount is not in the cluster yet, but in {document_of_account.file}:"
            " its permissions were not checked"
        )
        yield CheckResult(
            check=CHECK,
            state="note",
            about=account.whole(),
            what=what,
            advice="apply the file, and check again",
        )
    elif absent:
        what = (
            f"there is no ServiceAccount {account.name} in namespace {account.namespace}:"
            " the Job's pod is never created"
        )
        advice = (
            "apply it with its Role and RoleBinding, as in examples/analysistemplate.yaml,"
            " or check --namespace"
        )
        yield CheckResult(check=CHECK, state="wrong", about=account.whole(), what=what, advice=advice)


def report_account(account: Account, cluster: Cluster) -> CheckResult:
    """Return the result that says whose permissions the following lines are about."""
    if account.name:
        whose = (
            f"the ServiceAccount that {account.file} names"
            if account.file
            else "the ServiceAccount that was named"
        )
        return CheckResult(
            check=CHECK, state="holds", about=account.whole(), what=f"checked the permissions of {whose}"
        )
    if kubeconfig.in_pod():
        return CheckResult(
            check=CHECK,
            state="holds",
            about=_own_user_name(cluster),
            what="checked the permissions of this pod's own account",
        )
    what = "checked your own permissions; those of the Job's ServiceAccount may differ"
    return CheckResult(check=CHECK, state="note", about=_own_user_name(cluster), what=what, advice=HOW)


def _own_user_name(cluster: Cluster) -> str:
    """Return the user name that the API gives us:
    https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review
    """
    api = "authentication.k8s.io/v1"
    try:
        review = cluster.post(
            f"/apis/{api}/selfsubjectreviews", {"apiVersion": api, "kind": "SelfSubjectReview"}
        )
        return str(review["status"]["userInfo"]["username"])
    except (ClusterError, KeyError, TypeError):
        return "these credentials"


def _combine_needs(analyzer_containers: list[AnalyzerContainer]) -> tuple[Need, ...]:
    return tuple(
        need
        for container in analyzer_containers
        for need in find_needs(container.reading.settings, guard=container.call.command == "guard")
    )
