"""Traps of an Experiment, by itself or as a step: when it ends, and which template is which side."""

from collections.abc import Iterator

from analyzer.check.container import PLACEHOLDER
from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.uses import find_uses

HASHES = ("--stable-hash", "--canary-hash")


def check_experiments(manifests: Manifests) -> Iterator[Trap]:
    """Check an Experiment, or a Rollout's steps that create one."""
    document = manifests.document
    spec = document.root["spec"]
    if document.kind == "Experiment":
        yield from _check_end(spec)
        yield from _check_placeholders(spec)
        yield from _check_sides(manifests)
    yield from _check_hashes(manifests)
    for step in spec["strategy"]["canary"]["steps"].elements():
        if step["experiment"]:
            yield from _check_end(step["experiment"])
            yield from _check_placeholders(step["experiment"])


def _check_end(experiment: Node) -> Iterator[Trap]:
    analyses = experiment["analyses"].elements()
    if not experiment["duration"] and not any(
        analysis["requiredForCompletion"].value is True for analysis in analyses
    ):
        what = "no duration, and no analysis that is requiredForCompletion: the experiment never ends"
        yield Trap(experiment, what, "set requiredForCompletion: true on the analysis")
    elif experiment["duration"]:
        for analysis in analyses:
            if analysis["requiredForCompletion"].value is not True:
                what = (
                    "the analysis is ended with the experiment, whether it has answered or not:"
                    " Successful up to Argo 1.9"
                )
                yield Trap(analysis, what, "set requiredForCompletion: true", "note")


def _check_placeholders(experiment: Node) -> Iterator[Trap]:
    names = [template["name"].text() for template in experiment["templates"].elements()]
    for text in experiment["analyses"].texts():
        for match in PLACEHOLDER.findall(text.value):
            parts = match.strip().split(".")
            if parts[0] == "templates" and (parts[1:2] or [""])[0] not in names:
                yield Trap(
                    text,
                    f"{{{{ {match.strip()} }}}} names no template of the experiment",
                    f"there are: {', '.join(names) or 'none'}",
                )


def _check_hashes(manifests: Manifests) -> Iterator[Trap]:
    """Check the hashes in an experiment's arguments. Its pods have hashes of their own, which only its status
    and these placeholders have.
    """
    for use in find_uses(manifests):
        for argument in use.args.elements() if use.where == "experiment" and use.judges() else ():
            if (value := argument["valueFrom"]["podTemplateHashValue"]).value is not None:
                what = (
                    f"podTemplateHashValue {value.text()} is the Rollout's own hash,"
                    " and the experiment's pods have others"
                )
                advice = (
                    "leave it out, for the step says which template is which side; or give value:"
                    ' "{{templates.NAME.podTemplateHash}}"'
                )
                yield Trap(value, what, advice)


def _check_sides(manifests: Manifests) -> Iterator[Trap]:
    """Check that an Experiment by itself says which template is which side. No Rollout does."""
    for use in find_uses(manifests):
        for call in use.calls():
            if call.command == "analyze" and not all(
                any(word.startswith(option) for word in call.arguments()) for option in HASHES
            ):
                what = "an Experiment by itself does not say which template is which side"
                advice = (
                    f"give {' and '.join(HASHES)} from {{{{templates.NAME.podTemplateHash}}}} (docs/argo.md)"
                )
                yield Trap(use.reference, what, advice)
