"""Traps of an Experiment, by itself or as a step: when it ends, and which template is which side."""

from collections.abc import Iterator

from analyzer.check.container import PLACEHOLDER
from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.uses import uses

HASHES = ("--stable-hash", "--canary-hash")


def experiments(manifests: Manifests) -> Iterator[Trap]:
    """Of an Experiment, or of a Rollout's steps that make one."""
    document = manifests.document
    spec = document.root["spec"]
    if document.kind == "Experiment":
        yield from _ends(spec)
        yield from _placeholders(spec)
        yield from _sides(manifests)
    yield from _hashes(manifests)
    for step in spec["strategy"]["canary"]["steps"].each():
        if step["experiment"]:
            yield from _ends(step["experiment"])
            yield from _placeholders(step["experiment"])


def _ends(experiment: Node) -> Iterator[Trap]:
    analyses = experiment["analyses"].each()
    if not experiment["duration"] and not any(each["requiredForCompletion"].value is True for each in analyses):
        what = "no duration, and no analysis that is requiredForCompletion: the experiment never ends"
        yield Trap(experiment, what, "set requiredForCompletion: true on the analysis")
    elif experiment["duration"]:
        for each in analyses:
            if each["requiredForCompletion"].value is not True:
                what = "the analysis is ended with the experiment, whether it has answered or not: Successful up to Argo 1.9"
                yield Trap(each, what, "set requiredForCompletion: true", "note")


def _placeholders(experiment: Node) -> Iterator[Trap]:
    names = [each["name"].text() for each in experiment["templates"].each()]
    for text in experiment["analyses"].texts():
        for match in PLACEHOLDER.findall(text.value):
            parts = match.strip().split(".")
            if parts[0] == "templates" and (parts[1:2] or [""])[0] not in names:
                yield Trap(
                    text, f"{{{{ {match.strip()} }}}} names no template of the experiment", f"there are: {', '.join(names) or 'none'}"
                )


def _hashes(manifests: Manifests) -> Iterator[Trap]:
    """Its pods have hashes of their own, which only its status and these placeholders tell."""
    for use in uses(manifests):
        for argument in use.args.each() if use.where == "experiment" and use.judges() else ():
            if (told := argument["valueFrom"]["podTemplateHashValue"]).value is not None:
                what = f"podTemplateHashValue {told.text()} is the Rollout's own hash, and the experiment's pods have others"
                advice = 'leave it out, for the step says which template is which side; or give value: "{{templates.NAME.podTemplateHash}}"'
                yield Trap(told, what, advice)


def _sides(manifests: Manifests) -> Iterator[Trap]:
    """No Rollout tells which template runs which version."""
    for use in uses(manifests):
        for each in use.ours():
            if each.command == "analyze" and not all(any(word.startswith(option) for word in each.arguments()) for option in HASHES):
                what = "an Experiment by itself does not say which template is which side"
                advice = f"give {' and '.join(HASHES)} from {{{{templates.NAME.podTemplateHash}}}} (docs/argo.md)"
                yield Trap(use.reference, what, advice)
