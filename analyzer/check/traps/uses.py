"""Where a Rollout or an Experiment asks for an analysis, and what its template says where that was given, too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.documents import Document, Node
from analyzer.check.traps.interface import PRODUCT, Manifests, Ours, ours

Where = Literal["step", "background", "pre-promotion", "post-promotion", "experiment"]


@dataclass(frozen=True)
class Use:
    """One reference to a template. `reference` names it, `args` are what it is given, `step` the index of the step, if it is one."""

    where: Where
    reference: Node
    args: Node
    template: Document | None
    step: int = 0

    @property
    def name(self) -> str:
        """The template's."""
        return self.reference["templateName"].text()

    def ours(self) -> tuple[Ours, ...]:
        """Its metrics that run this product, as far as the template was given."""
        return tuple(ours(self.template)) if self.template else ()

    def judges(self) -> bool:
        """Whether it judges a canary, and does not only guard its start; by its name where the template was not given."""
        return any(each.command == "analyze" for each in self.ours()) if self.template else self.name == PRODUCT

    def waits(self) -> bool:
        """Whether each metric that judges waits a while before it does."""
        judging = [each for each in self.ours() if each.command == "analyze"]
        return bool(judging) and all(each.metric["initialDelay"] for each in judging)


def uses(manifests: Manifests) -> Iterator[Use]:
    """Each of a document, in its order."""
    document = manifests.document
    spec = document.root["spec"]
    if document.kind == "Experiment":
        yield from _of_experiment(manifests, spec, 0)
    if document.kind != "Rollout":
        return
    canary, blue_green = spec["strategy"]["canary"], spec["strategy"]["blueGreen"]
    yield from _of("background", manifests, canary["analysis"])
    yield from _of("pre-promotion", manifests, blue_green["prePromotionAnalysis"])
    yield from _of("post-promotion", manifests, blue_green["postPromotionAnalysis"])
    for index, step in enumerate(canary["steps"].each()):
        yield from _of("step", manifests, step["analysis"], index)
        yield from _of_experiment(manifests, step["experiment"], index)


def _of(where: Where, manifests: Manifests, analysis: Node, step: int = 0) -> Iterator[Use]:
    for reference in analysis["templates"].each():
        yield Use(where, reference, analysis["args"], _template(manifests, reference), step)


def _of_experiment(manifests: Manifests, experiment: Node, step: int) -> Iterator[Use]:
    for each in experiment["analyses"].each():
        yield Use("experiment", each, each["args"], _template(manifests, each), step)


def _template(manifests: Manifests, reference: Node) -> Document | None:
    return manifests.template(reference["templateName"].text(), cluster=reference["clusterScope"].value is True)
