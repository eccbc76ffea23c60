"""Traps between a reference and its template: one that no file has, that is another namespace's, or of another kind."""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.uses import analyses, clustered, gathered


def references(manifests: Manifests) -> Iterator[Trap]:
    """Of each reference of a Rollout or an Experiment, and of those that its templates make from its namespace."""
    namespace = manifests.document.namespace
    for each in analyses(manifests):
        for reference in each.references:
            yield from _reference(manifests, reference, namespace)
            for inner in gathered(manifests, (reference,), namespace).missing:
                if inner.steps != reference.steps and manifests.templates(inner["templateName"].text(), cluster=clustered(inner)):
                    what = f"{_name(reference)} names {_name(inner)}, which is not in the namespace {namespace}: Argo does not find it"
                    yield Trap(reference, what, f"put {_name(inner)} into {namespace}, or make it a ClusterAnalysisTemplate")
        if not each.references:
            yield Trap(each.node, "an analysis that names no template: Argo fails it, for it has no metrics", "name one under templates")


def nested(manifests: Manifests) -> Iterator[Trap]:
    """Of a template that names others."""
    document = manifests.document
    namespace = "" if document.kind == "ClusterAnalysisTemplate" else document.namespace
    inner = document.root["spec"]["templates"].each()
    for each in inner:
        yield from _reference(manifests, each, namespace)
    for each in inner:
        if any(document is found for found in gathered(manifests, (each,), namespace).templates):
            what = f"{_name(each)} leads back to {document.name}: Argo never comes to an end with it"
            yield Trap(each, what, "leave one of the references out")


def _reference(manifests: Manifests, reference: Node, namespace: str) -> Iterator[Trap]:
    name, cluster = _name(reference), clustered(reference)
    if not name:
        yield Trap(reference, "a reference without a templateName: Argo finds no template", "add templateName")
    elif manifests.template(name, cluster=cluster, namespace=namespace):
        return
    elif manifests.template(name, cluster=not cluster, namespace=namespace):
        kind = "an AnalysisTemplate" if cluster else "a ClusterAnalysisTemplate"
        what = f"{name} is {kind} here, and clusterScope says otherwise: Argo would not find it"
        yield Trap(reference, what, "leave clusterScope out" if cluster else "add clusterScope: true")
    elif others := manifests.templates(name, cluster=cluster):
        what = f"{name} is in the namespace {others[0].namespace}, and is looked for in {namespace}: Argo does not find it"
        advice = f"put it into {namespace}, or make it a ClusterAnalysisTemplate and add clusterScope: true"
        yield Trap(reference, what, advice)
    else:
        kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
        where = "the cluster" if cluster else f"the namespace {namespace}" if namespace else "the same namespace"
        what = f"the {kind} {name} is in no file here: Argo refuses what names it until it is there"
        yield Trap(reference, what, f"give its file, too, or see that it is in {where}", "note")


def _name(reference: Node) -> str:
    return reference["templateName"].text()
