"""Traps between a reference and its template, where both were given: a name, a scope or an argument that does not fit."""

from collections.abc import Iterator

from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.uses import Use, uses


def references(manifests: Manifests) -> Iterator[Trap]:
    """Of each use of a template that is among the files."""
    for use in uses(manifests):
        yield from _scope(use, manifests)
        yield from _arguments(use)


def _scope(use: Use, manifests: Manifests) -> Iterator[Trap]:
    cluster = use.reference["clusterScope"].value is True
    if use.template is None and manifests.template(use.name, cluster=not cluster):
        kind = "AnalysisTemplate" if cluster else "ClusterAnalysisTemplate"
        what = f"{use.name} is a {kind} here, and clusterScope says otherwise: Argo would not find it"
        yield Trap(use.reference, what, "leave clusterScope out" if cluster else "add clusterScope: true")


def _arguments(use: Use) -> Iterator[Trap]:
    if use.template is None:
        return
    given = {each["name"].text() for each in use.args.each()}
    for argument in use.template.root["spec"]["args"].each():
        name = argument["name"].text()
        if name not in given and not argument["value"] and not argument["valueFrom"]:
            what = f"{use.name} needs the argument {name}, and is not given one: Argo fails the analysis"
            yield Trap(use.reference, what, f"add it to args: {{name: {name}, value: …}}")
