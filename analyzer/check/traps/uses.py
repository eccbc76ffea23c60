"""Where a Rollout or an Experiment asks for an analysis, and what its templates say where those were given, too.

A template may name others, which are then part of it; each counts once, however often it is named (Argo's rollout/analysis.go).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.container import UNKNOWN
from analyzer.check.documents import Document, Node
from analyzer.check.shell.programs import PRODUCT
from analyzer.check.traps.interface import Manifests
from analyzer.check.traps.ours import Ours, ours

Where = Literal["step", "background", "pre-promotion", "post-promotion", "experiment"]


@dataclass(frozen=True)
class Gathered:
    """The templates behind some references, as far as they were given: those of a namespace first, as Argo has them.

    `missing` are the references that no file answers.
    """

    templates: tuple[Document, ...] = ()
    missing: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """One AnalysisRun that will be asked for. `node` is where, `rules` where its `dryRun` and `measurementRetention` stand."""

    where: Where
    node: Node
    references: tuple[Node, ...]
    args: Node
    rules: Node
    gathered: Gathered
    step: int = 0


@dataclass(frozen=True)
class Use:
    """One reference to a template. `reference` names it, `args` are what it is given, `step` the index of the step, if it is one."""

    where: Where
    reference: Node
    args: Node
    templates: tuple[Document, ...]
    manifests: Manifests
    step: int = 0

    @property
    def name(self) -> str:
        """The template's."""
        return self.reference["templateName"].text()

    def given(self) -> dict[str, str]:
        """The arguments' values, UNKNOWN where a value is filled in later."""
        written = ((each["name"].text(), each["value"].text()) for each in self.args.each())
        return {name: UNKNOWN if "{{" in value or not value else value for name, value in written}

    def ours(self) -> tuple[Ours, ...]:
        """Its metrics that run this product, as far as the templates were given."""
        return tuple(found for each in self.templates for found in ours(self.manifests, each, self.given()))

    def judges(self) -> bool:
        """Whether it judges a canary, and does not only guard its start; by its name where the template was not given."""
        return any(each.command == "analyze" for each in self.ours()) if self.templates else self.name == PRODUCT

    def waits(self) -> bool:
        """Whether each metric that judges waits a while before it does."""
        judging = [each for each in self.ours() if each.command == "analyze"]
        return bool(judging) and all(each.metric["initialDelay"] for each in judging)


def analyses(manifests: Manifests) -> Iterator[Analysis]:
    """Each of a document, in its order."""
    spec = manifests.document.root["spec"]
    if manifests.document.kind == "Experiment":
        yield from _of_experiment(manifests, spec, 0)
    if manifests.document.kind != "Rollout":
        return
    canary, blue_green = spec["strategy"]["canary"], spec["strategy"]["blueGreen"]
    yield from _of("background", manifests, canary["analysis"])
    yield from _of("pre-promotion", manifests, blue_green["prePromotionAnalysis"])
    yield from _of("post-promotion", manifests, blue_green["postPromotionAnalysis"])
    for index, step in enumerate(canary["steps"].each()):
        yield from _of("step", manifests, step["analysis"], index)
        yield from _of_experiment(manifests, step["experiment"], index)


def uses(manifests: Manifests) -> Iterator[Use]:
    """Each reference of a document, in its order."""
    for each in analyses(manifests):
        for reference in each.references:
            found = gathered(manifests, (reference,), manifests.document.namespace)
            yield Use(each.where, reference, each.args, found.templates, manifests, each.step)


def gathered(manifests: Manifests, references: tuple[Node, ...], namespace: str) -> Gathered:
    """What some references lead to, seen from a namespace; one that leads back to its own template is not followed again."""
    found: list[Document] = []
    missing: list[Node] = []
    left = list(references)
    while left:
        reference = left.pop(0)
        template = manifests.template(reference["templateName"].text(), cluster=clustered(reference), namespace=namespace)
        if template is None:
            missing.append(reference)
        elif not any(template is each for each in found):
            found.append(template)
            left += template.root["spec"]["templates"].each()
    found.sort(key=lambda each: each.kind == "ClusterAnalysisTemplate")
    return Gathered(tuple(found), tuple(missing))


def clustered(reference: Node) -> bool:
    """Whether a reference means a ClusterAnalysisTemplate."""
    return reference["clusterScope"].value is True


def _of(where: Where, manifests: Manifests, analysis: Node, step: int = 0) -> Iterator[Analysis]:
    references = analysis["templates"].each()
    if analysis:
        found = gathered(manifests, references, manifests.document.namespace)
        yield Analysis(where, analysis, references, analysis["args"], analysis, found, step)


def _of_experiment(manifests: Manifests, experiment: Node, step: int) -> Iterator[Analysis]:
    for each in experiment["analyses"].each():
        found = gathered(manifests, (each,), manifests.document.namespace)
        yield Analysis("experiment", each, (each,), each["args"], experiment, found, step)
