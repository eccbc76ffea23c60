"""Where a Rollout or an Experiment starts an analysis, and the templates of it that are among the files.

A template may name others, which are then part of it. Each counts once, however often it is named (Argo's
rollout/analysis.go).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.container import UNKNOWN
from analyzer.check.documents import Document, Node
from analyzer.check.shell.programs import PRODUCT
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests

Where = Literal["step", "background", "pre-promotion", "post-promotion", "experiment"]


@dataclass(frozen=True)
class Gathered:
    """The templates behind references, as far as they are among the files. Those of a namespace come first,
    as in Argo.

    `missing` are the references to templates that are in no file.
    """

    templates: tuple[Document, ...] = ()
    missing: tuple[Node, ...] = ()


@dataclass(frozen=True)
class DeclaredAnalysis:
    """One AnalysisRun that will be created. `node` is where it is declared, `rules` where its `dryRun` and
    `measurementRetention` stand.
    """

    where: Where
    node: Node
    references: tuple[Node, ...]
    args: Node
    rules: Node
    gathered: Gathered
    step: int = 0


@dataclass(frozen=True)
class Use:
    """One reference to a template. `reference` names it, `args` are its arguments, `step` is the index of the
    step, if it is one.
    """

    where: Where
    reference: Node
    args: Node
    templates: tuple[Document, ...]
    manifests: Manifests
    step: int = 0

    @property
    def name(self) -> str:
        """Return the template's name."""
        return self.reference["templateName"].text()

    def argument_values(self) -> dict[str, str]:
        """Return the arguments' values, UNKNOWN for a value that is filled in later."""
        written = ((argument["name"].text(), argument["value"].text()) for argument in self.args.elements())
        return {name: UNKNOWN if "{{" in value or not value else value for name, value in written}

    def calls(self) -> tuple[AnalyzerCall, ...]:
        """Return the calls of this product in its templates, as far as they are among the files."""
        return tuple(
            call
            for template in self.templates
            for call in find_calls(self.manifests, template, self.argument_values())
        )

    def judges(self) -> bool:
        """Return True if it judges a canary, and does not only guard its start. The template's name decides
        if it is in no file.
        """
        return (
            any(call.command == "analyze" for call in self.calls())
            if self.templates
            else self.name == PRODUCT
        )

    def waits(self) -> bool:
        """Return True if each metric that judges has an initial delay."""
        judging = [call for call in self.calls() if call.command == "analyze"]
        return bool(judging) and all(call.metric["initialDelay"] for call in judging)


def find_analyses(manifests: Manifests) -> Iterator[DeclaredAnalysis]:
    """Yield each analysis of a document, in its order."""
    spec = manifests.document.root["spec"]
    if manifests.document.kind == "Experiment":
        yield from _declared_in_experiment(manifests, spec, 0)
    if manifests.document.kind != "Rollout":
        return
    canary, blue_green = spec["strategy"]["canary"], spec["strategy"]["blueGreen"]
    yield from _declared_in("background", manifests, canary["analysis"])
    yield from _declared_in("pre-promotion", manifests, blue_green["prePromotionAnalysis"])
    yield from _declared_in("post-promotion", manifests, blue_green["postPromotionAnalysis"])
    for index, step in enumerate(canary["steps"].elements()):
        yield from _declared_in("step", manifests, step["analysis"], index)
        yield from _declared_in_experiment(manifests, step["experiment"], index)


def find_uses(manifests: Manifests) -> Iterator[Use]:
    """Yield each reference of a document, in its order."""
    for analysis in find_analyses(manifests):
        for reference in analysis.references:
            behind = gather_templates(manifests, (reference,), manifests.document.namespace)
            yield Use(analysis.where, reference, analysis.args, behind.templates, manifests, analysis.step)


def gather_templates(manifests: Manifests, references: tuple[Node, ...], namespace: str) -> Gathered:
    """Return the templates that references lead to, seen from a namespace. A reference back to its own
    template is not followed again.
    """
    templates: list[Document] = []
    missing: list[Node] = []
    left = list(references)
    while left:
        reference = left.pop(0)
        template = manifests.template(
            reference["templateName"].text(), cluster=is_cluster_scoped(reference), namespace=namespace
        )
        if template is None:
            missing.append(reference)
        elif not any(template is other for other in templates):
            templates.append(template)
            left += template.root["spec"]["templates"].elements()
    templates.sort(key=lambda document: document.kind == "ClusterAnalysisTemplate")
    return Gathered(tuple(templates), tuple(missing))


def is_cluster_scoped(reference: Node) -> bool:
    """Return True if a reference means a ClusterAnalysisTemplate."""
    return reference["clusterScope"].value is True


def _declared_in(
    where: Where, manifests: Manifests, analysis: Node, step: int = 0
) -> Iterator[DeclaredAnalysis]:
    references = analysis["templates"].elements()
    if analysis:
        behind = gather_templates(manifests, references, manifests.document.namespace)
        yield DeclaredAnalysis(where, analysis, references, analysis["args"], analysis, behind, step)


def _declared_in_experiment(manifests: Manifests, experiment: Node, step: int) -> Iterator[DeclaredAnalysis]:
    for analysis in experiment["analyses"].elements():
        behind = gather_templates(manifests, (analysis,), manifests.document.namespace)
        yield DeclaredAnalysis(
            "experiment", analysis, (analysis,), analysis["args"], experiment, behind, step
        )
