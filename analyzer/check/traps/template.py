"""Traps between a reference and its template: one that is in no file, in another namespace, or of another
kind.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.uses import find_analyses, gather_templates, is_cluster_scoped
from analyzer.common.nearest import nearest

NEAR_ARGUMENT = 0.85  # of difflib's ratio: a letter or two


def check_references(manifests: Manifests) -> Iterator[Trap]:
    """Check each reference of a Rollout or an Experiment, and those that its templates make from its
    namespace.
    """
    namespace = manifests.document.namespace
    for analysis in find_analyses(manifests):
        for reference in analysis.references:
            yield from _check_reference(manifests, reference, namespace)
            for inner in gather_templates(manifests, (reference,), namespace).missing:
                if inner.steps != reference.steps and manifests.templates(
                    inner["templateName"].text(), cluster=is_cluster_scoped(inner)
                ):
                    outer_name, name = _template_name(reference), _template_name(inner)
                    what = (
                        f"{outer_name} names {name}, which is not in the namespace {namespace}:"
                        " Argo does not find it"
                    )
                    advice = f"put {name} into {namespace}, or make it a ClusterAnalysisTemplate"
                    yield Trap(reference, what, advice)
        if not analysis.references:
            yield Trap(
                analysis.node,
                "an analysis that names no template: Argo fails it, for it has no metrics",
                "name one under templates",
            )


def check_nested(manifests: Manifests) -> Iterator[Trap]:
    """Check the references of a template to other templates."""
    document = manifests.document
    namespace = "" if document.kind == "ClusterAnalysisTemplate" else document.namespace
    inner = document.root["spec"]["templates"].elements()
    for reference in inner:
        yield from _check_reference(manifests, reference, namespace)
    for reference in inner:
        if any(
            document is template
            for template in gather_templates(manifests, (reference,), namespace).templates
        ):
            what = f"{_template_name(reference)} leads back to {document.name}: Argo follows it without end"
            yield Trap(reference, what, "leave one of the references out")


def _check_reference(manifests: Manifests, reference: Node, namespace: str) -> Iterator[Trap]:
    name, cluster = _template_name(reference), is_cluster_scoped(reference)
    if not name:
        yield Trap(
            reference, "a reference without a templateName: Argo finds no template", "add templateName"
        )
    elif manifests.template(name, cluster=cluster, namespace=namespace):
        return
    elif manifests.template(name, cluster=not cluster, namespace=namespace):
        kind = "an AnalysisTemplate" if cluster else "a ClusterAnalysisTemplate"
        what = f"{name} is {kind} here, and clusterScope says otherwise: Argo would not find it"
        yield Trap(reference, what, "leave clusterScope out" if cluster else "add clusterScope: true")
    elif others := manifests.templates(name, cluster=cluster):
        what = (
            f"{name} is in the namespace {others[0].namespace}, and is looked for in {namespace}:"
            " Argo does not find it"
        )
        advice = f"put it into {namespace}, or make it a ClusterAnalysisTemplate and add clusterScope: true"
        yield Trap(reference, what, advice)
    else:
        kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
        where = f"the namespace {namespace}" if namespace else "the same namespace"
        if cluster:
            where = "the cluster"
        what = f"the {kind} {name} is in no file here: Argo refuses what names it until it is there"
        near = nearest(
            name,
            [candidate.name for candidate in manifests.documents if candidate.kind == kind],
            NEAR_ARGUMENT,
        )
        meant = f"did you mean {near}? else " if near else ""
        yield Trap(reference, what, f"{meant}give its file, too, or see that it is in {where}", "note")


def _template_name(reference: Node) -> str:
    return reference["templateName"].text()
