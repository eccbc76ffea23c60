"""Traps of what the Job's account is granted, where its Role and RoleBinding were given as well: what a run cannot do without."""

from collections.abc import Iterator

from analyzer.check.documents import Document, Node
from analyzer.check.needs import Need, needed
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.check.traps.reading import settings
from analyzer.errors import UsageError

RBAC = "rbac.authorization.k8s.io"


def grants(manifests: Manifests) -> Iterator[Trap]:
    """Of each account that runs this product. A Role that was not given is one that nothing can be said of."""
    for each in ours(manifests):
        account = each.account
        roles = [_role(binding, manifests) for binding in _bindings(account.text(), manifests)]
        given = [role for role in roles if role is not None]
        if not given or len(given) < len(roles):
            continue
        for need in _needed(each, manifests):
            if not any(_grants(rule, need) for role in given for rule in role.root["rules"].each()):
                what = f"the account {account.text()} may not {need.name()}: {need.why}"
                yield Trap(account, what, f"add to the {given[0].root['kind'].text()} {given[0].name}: {need.rule()}")


def _needed(each: Ours, manifests: Manifests) -> tuple[Need, ...]:
    try:
        known = settings(each, manifests.lines)
    except UsageError:
        return ()  # told where the Job is looked at
    return tuple(need for need in needed(known, guard=each.command == "guard") if need.must) if known else ()


def _bindings(account: str, manifests: Manifests) -> Iterator[Document]:
    for document in manifests.every:
        subjects = document.root["subjects"].each()
        bound = any(each["kind"].text() == "ServiceAccount" and each["name"].text() == account for each in subjects)
        if document.kind in (f"{RBAC}/RoleBinding", f"{RBAC}/ClusterRoleBinding") and bound:
            yield document


def _role(binding: Document, manifests: Manifests) -> Document | None:
    reference = binding.root["roleRef"]
    kind, name = f"{RBAC}/{reference['kind'].text()}", reference["name"].text()
    return next((each for each in manifests.every if each.kind == kind and each.name == name), None)


def _grants(rule: Node, need: Need) -> bool:
    """`resourceNames` may be the very ones: that they are not, a file cannot tell."""
    wanted = {"apiGroups": need.group, "resources": need.resource, "verbs": need.verb}
    return all({value, "*"} & {each.text() for each in rule[key].each()} for key, value in wanted.items())
