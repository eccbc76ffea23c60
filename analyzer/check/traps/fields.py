"""Traps of names: a field that is misspelt, or stands in the wrong place, is dropped, and its default counts in silence."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.names import FIELDS, TYPES

NEAR = 0.7  # of difflib's ratio
ALIKE = 0.85  # nearer than to stand in the wrong place
MOST = 12  # names that are listed
LONGEST = 60  # characters of a name that is compared
DIRECTIVE = "$"  # begins what a patch says to Kustomize
INSTEAD = {("metric", "timeout"): "set activeDeadlineSeconds on the Job, and our --deadline below it"}


def fields(manifests: Manifests) -> Iterator[Trap]:
    """Of a whole document, as far as its parts are known."""
    yield from _part(manifests.document.root, manifests.document.kind, manifests.document.kind)


def _part(node: Node, part: str, kind: str) -> Iterator[Trap]:
    known = FIELDS[part]
    for item in node.each():
        yield from _part(item, part, kind)
    for name, child in node.items():
        if name not in known:
            if not name.startswith(DIRECTIVE):
                yield Trap(child, f"there is no field {name[:LONGEST]!r} in {_named(part)}: Kubernetes drops it", _advice(name, part, kind))
        elif known[name] in TYPES:
            yield from _typed(child, name, known[name])
        elif known[name]:
            yield from _part(child, known[name], kind)


def _typed(node: Node, name: str, wanted: str) -> Iterator[Trap]:
    """YAML reads 5 as a number and yes as a truth, and "5" as neither."""
    every = (*node.each(), *(child for _, child in node.items())) if wanted == "text" else ()
    for each in every or (node,):
        value = each.value
        if wanted == "text" and isinstance(value, bool | int | float | date):
            what = f"{name} has to be text, and {str(value)[:40]} is none to YAML: Kubernetes refuses it"
            yield Trap(each, what, "write it in quotes")
        elif wanted == "int" and isinstance(value, str | bool | float):
            what = f"{name} has to be a whole number, and {str(value)[:40]!r} is none: Kubernetes refuses it"
            yield Trap(each, what, "an argument cannot stand for it" if "{{" in str(value) else "write a number without quotes")
        elif wanted == "bool" and isinstance(value, str | int) and not isinstance(value, bool):
            what = f"{name} has to be true or false, and {str(value)[:40]!r} is neither: Kubernetes refuses it"
            yield Trap(each, what, "write true or false, without quotes")


def _advice(name: str, part: str, kind: str) -> str:
    if (part, name) in INSTEAD:
        return INSTEAD[part, name]
    if near := _near(name, part, ALIKE):
        return f"did you mean {near}?"
    if place := next((other for other in _below(kind) if name in FIELDS[other] and other != part), ""):
        return f"{name[:LONGEST]} belongs into {_named(place)}"
    if near := _near(name, part, NEAR):
        return f"did you mean {near}?"
    return f"leave it out; there are: {', '.join(FIELDS[part])}" if len(FIELDS[part]) <= MOST else "leave it out, or check its name"


def _near(name: str, part: str, cutoff: float) -> str:
    letters = {each.lower(): each for each in FIELDS[part]}
    found = get_close_matches(name[:LONGEST].lower().replace("_", "").replace("-", ""), letters, n=1, cutoff=cutoff)
    return letters[found[0]] if found else ""


def _below(part: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A part and all beneath it, each once, from the outside in."""
    found = (*above, part)
    for inner in FIELDS[part].values():
        if inner in FIELDS and inner not in found:
            found = _below(inner, found)
    return found


def _named(part: str) -> str:
    """As people say it."""
    return SAID.get(part) or f"the {part.replace('_', ' ')}"


SAID = {
    "analysis_run": "the AnalysisRun's spec",
    "blue_green": "blueGreen",
    "canary": "canary",
    "container": "a container",
    "experiment": "the Experiment's spec",
    "job": "the Job's spec",
    "metric": "a metric",
    "pod": "the pod's spec",
    "pod_template": "the Job's template",
    "provider": "a metric's provider",
    "provider_job": "a metric's provider.job",
    "rollout": "the Rollout's spec",
    "step": "a step",
    "template": "the template's spec",
}
