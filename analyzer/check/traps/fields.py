"""Traps of names: Kubernetes drops a field that is misspelt or in the wrong place, and its default applies
silently.
"""

from collections.abc import Iterator
from datetime import date

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.names import FIELDS, TYPES
from analyzer.common.nearest import nearest
from analyzer.common.short import cut

NEAR_FIELD = 0.7  # of difflib's ratio
ALIKE = 0.85  # nearer than to stand in the wrong place
MOST_LISTED = 12  # names that are listed
LONGEST_FIELD = 60  # characters of a name that is compared
DIRECTIVE = "$"  # begins what a patch says to Kustomize
INSTEAD = {("metric", "timeout"): "set activeDeadlineSeconds on the Job, and our --deadline below it"}


def check_fields(manifests: Manifests) -> Iterator[Trap]:
    """Check a whole document, as far as its parts are known."""
    yield from _check_part(manifests.document.root, manifests.document.kind, manifests.document.kind)


def _check_part(node: Node, part: str, kind: str) -> Iterator[Trap]:
    fields_of_part = FIELDS[part]
    for item in node.elements():
        yield from _check_part(item, part, kind)
    for name, child in node.items():
        if name not in fields_of_part:
            if not name.startswith(DIRECTIVE):
                yield Trap(
                    child,
                    (
                        f"there is no field {cut(name, LONGEST_FIELD)!r} in {_name_part(part)}:"
                        " Kubernetes drops it"
                    ),
                    _advise(name, part, kind),
                )
        elif fields_of_part[name] in TYPES:
            yield from _check_type(child, name, fields_of_part[name])
        elif fields_of_part[name]:
            yield from _check_part(child, fields_of_part[name], kind)


def _check_type(node: Node, name: str, wanted: str) -> Iterator[Trap]:
    """Check the type of a value. YAML reads 5 as a number, yes as a boolean, and "5" as neither."""
    every = (*node.elements(), *(child for _, child in node.items())) if wanted == "text" else ()
    for item in every or (node,):
        value = item.value
        if wanted == "text" and isinstance(value, bool | int | float | date):
            what = f"{name} has to be text, and {cut(str(value), 40)} is none to YAML: Kubernetes refuses it"
            yield Trap(item, what, "write it in quotes")
        elif wanted == "int" and isinstance(value, str | bool | float):
            what = (
                f"{name} has to be a whole number, and {cut(str(value), 40)!r} is none: Kubernetes refuses it"
            )
            yield Trap(
                item,
                what,
                "an argument cannot stand for it" if "{{" in str(value) else "write a number without quotes",
            )
        elif wanted == "bool" and isinstance(value, str | int) and not isinstance(value, bool):
            what = (
                f"{name} has to be true or false, and {cut(str(value), 40)!r} is neither:"
                " Kubernetes refuses it"
            )
            yield Trap(item, what, "write true or false, without quotes")


def _advise(name: str, part: str, kind: str) -> str:
    if (part, name) in INSTEAD:
        return INSTEAD[part, name]
    if near := _nearest_field(name, part, ALIKE):
        return f"did you mean {near}?"
    if place := next((other for other in _parts_below(kind) if name in FIELDS[other] and other != part), ""):
        return f"{cut(name, LONGEST_FIELD)} belongs into {_name_part(place)}"
    if near := _nearest_field(name, part, NEAR_FIELD):
        return f"did you mean {near}?"
    return (
        f"leave it out; there are: {', '.join(FIELDS[part])}"
        if len(FIELDS[part]) <= MOST_LISTED
        else "leave it out, or check its name"
    )


def _nearest_field(name: str, part: str, cutoff: float) -> str:
    letters = {field.lower(): field for field in FIELDS[part]}
    near = nearest(name[:LONGEST_FIELD].lower().replace("_", "").replace("-", ""), letters, cutoff)
    return letters[near] if near else ""


def _parts_below(part: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return a part and all beneath it, each once, from the outside in."""
    parts = (*above, part)
    for inner in FIELDS[part].values():
        if inner in FIELDS and inner not in parts:
            parts = _parts_below(inner, parts)
    return parts


def _name_part(part: str) -> str:
    """Return the part's name as people say it."""
    return PART_NAMES.get(part) or f"the {part.replace('_', ' ')}"


PART_NAMES = {
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
