"""Traps of permissions: what the Job's account lacks, if its Role and RoleBinding are among the files. Only
permissions without which a run fails are checked.
"""

from collections.abc import Iterator

from analyzer.check.documents import Document, Node
from analyzer.check.needs import Need, find_needs
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import read_settings_with_deadline
from analyzer.errors import UsageError

RBAC = "rbac.authorization.k8s.io"


def check_grants(manifests: Manifests) -> Iterator[Trap]:
    """Check each account that runs this product. Nothing is reported if one of its Roles is not among the
    files.
    """
    for call in find_calls(manifests):
        account = call.account
        roles = [_find_role(binding, manifests) for binding in _find_bindings(account.text(), manifests)]
        given_roles = [role for role in roles if role is not None]
        if not given_roles or len(given_roles) < len(roles):
            continue
        for need in _required_needs(call, manifests):
            if not any(
                _grants_need(rule, need) for role in given_roles for rule in role.root["rules"].elements()
            ):
                what = f"the account {account.text()} may not {need.name()}: {need.why}"
                yield Trap(
                    account,
                    what,
                    f"add to the {given_roles[0].root['kind'].text()} {given_roles[0].name}: {need.rule()}",
                )


def _required_needs(call: AnalyzerCall, manifests: Manifests) -> tuple[Need, ...]:
    try:
        container_settings = read_settings_with_deadline(call, manifests.lines)
    except UsageError:
        return ()  # told where the Job is looked at
    return (
        tuple(need for need in find_needs(container_settings, guard=call.command == "guard") if need.must)
        if container_settings
        else ()
    )


def _find_bindings(account: str, manifests: Manifests) -> Iterator[Document]:
    for document in manifests.documents:
        subjects = document.root["subjects"].elements()
        bound = any(
            subject["kind"].text() == "ServiceAccount" and subject["name"].text() == account
            for subject in subjects
        )
        if document.kind in (f"{RBAC}/RoleBinding", f"{RBAC}/ClusterRoleBinding") and bound:
            yield document


def _find_role(binding: Document, manifests: Manifests) -> Document | None:
    reference = binding.root["roleRef"]
    kind, name = f"{RBAC}/{reference['kind'].text()}", reference["name"].text()
    return next(
        (document for document in manifests.documents if document.kind == kind and document.name == name),
        None,
    )


def _grants_need(rule: Node, need: Need) -> bool:
    """Return True if the rule grants the need. `resourceNames` may match: a file cannot tell that they do
    not.
    """
    wanted = {"apiGroups": need.group, "resources": need.resource, "verbs": need.verb}
    return all({value, "*"} & {item.text() for item in rule[key].elements()} for key, value in wanted.items())
