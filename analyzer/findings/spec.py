"""Changes of the pod template, and of the ConfigMaps it refers to, field by field. Images have a rule of
their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.spec import ConfigMapState, Field, Reference, Spec
from analyzer.findings.interface import Finding, Scope
from analyzer.settings import Rules

NAMED = 8  # changes of one group that are named
ABSENT = "none"
_NOUNS = {
    "pull": "image pull",
    "env": "environment",
    "ports": "ports",
    "mounts": "mounts",
    "config": "configuration",
    "service-account": "service account",
    "security": "security context",
    "metadata": "labels and annotations",
    "other": "other settings",
}


@dataclass(frozen=True)
class FieldChange:
    """One field that differs. A side's text is None where the side does not have the field, and empty where
    it may not be shown.

    `container` is empty for a field of the pod. Group "config" is a key of a ConfigMap, named
    "ConfigMap/key".
    """

    container: str
    group: str
    name: str
    stable: str | None
    canary: str | None

    def describe(self) -> str:
        """Return the change in words: "memory limit 512Mi -> 128Mi", "LOG_LEVEL changed"."""
        if self.stable or self.canary:
            return (
                f"{self.label()} {ABSENT if self.stable is None else self.stable} ->"
                f" {ABSENT if self.canary is None else self.canary}"
            )
        if self.stable is None:
            return f"{self.label()} added"
        return f"{self.label()} {'removed' if self.canary is None else 'changed'}"

    def label(self) -> str:
        """Return the field's name as a person says it."""
        kind, _, resource = self.name.partition(".")
        if self.group == "resources" and resource:
            return f"{resource} {kind.removesuffix('s')}"
        return self.name

    def where(self) -> str:
        """Return "container app", or "the pod"."""
        return f"container {self.container}" if self.container else "the pod"


def find_changes(evidence: Evidence) -> tuple[FieldChange, ...]:
    """Return everything that differs between the two templates; nothing where either was not read."""
    stable, canary = evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    return (*_field_changes(stable, canary), *_config_changes(stable, canary)) if stable and canary else ()


def spec_changes(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield one finding for each container and group of fields that differ."""
    groups: dict[tuple[str, str], list[FieldChange]] = {}
    for change in find_changes(evidence):
        if change.group != "image":
            groups.setdefault((change.container, change.group), []).append(change)
    for (container, group), members in sorted(groups.items()):
        noun = _NOUNS.get(group, group)
        about = members[0].where() if group == "container" else f"{members[0].where()}, {noun}"
        yield Finding(
            kind="spec-change",
            key="/".join(filter(None, ("spec-change", container, group))),
            sentence=f"{about}: {_join([change.describe() for change in members])}",
            stable=_join([f"{change.label()} {_figure(change.stable)}" for change in members]),
            canary=_join([f"{change.label()} {_figure(change.canary)}" for change in members]),
        )


def missing_references(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the ConfigMaps, or keys of them, that the canary's template needs and that are missing. Secrets
    are never read.
    """
    stable, canary = evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    theirs = (
        {(reference.name, reference.key) for reference in find_missing_references(stable)}
        if stable
        else set()
    )
    for name, key in sorted(
        {(reference.name, reference.key) for reference in find_missing_references(canary)} if canary else ()
    ):
        what = f"key {key} of ConfigMap {name}" if key else f"ConfigMap {name}"
        places = sorted(
            {
                reference.place
                for reference in (canary.references if canary else ())
                if (reference.name, reference.key) == (name, key)
            }
        )
        figure, scope = _compare_need(stable, needed=(name, key) in theirs)
        yield Finding(
            kind="missing-reference",
            key=f"missing-reference/{'/'.join(filter(None, (name, key)))}",
            sentence=f"{what} is not there, and the canary's pods need it ({_join(places)})",
            stable=figure,
            canary="needs it",
            scope=scope,
        )


def _compare_need(stable: Spec | None, *, needed: bool) -> tuple[str, Scope]:
    """Return, in words, whether stable needs a missing reference, too, and the scope that follows."""
    if stable is None:
        return "not seen", "uncompared"
    return ("needs it too", "both") if needed else ("does not need it", "canary")


def find_missing_references(spec: Spec | None) -> tuple[Reference, ...]:
    """Return the references that a pod needs to start, and whose ConfigMap or key does not exist."""
    if spec is None:
        return ()
    known = {configmap.name: configmap for configmap in spec.configmaps}
    wanted = (
        reference
        for reference in spec.references
        if reference.kind == "ConfigMap" and not reference.optional and reference.name in known
    )
    return tuple(reference for reference in wanted if not _exists(known[reference.name], reference.key))


def _exists(configmap: ConfigMapState, key: str) -> bool:
    return configmap.found and (not key or key in configmap.keys)


def _field_changes(stable: Spec, canary: Spec) -> Iterator[FieldChange]:
    """Yield the fields that differ.

    The fields of a container that only one side has are left out, and so is the name of a ConfigMap whose
    keys are compared.
    """
    sides = [
        {(field.container, field.group, field.name): field for field in spec.fields}
        for spec in (stable, canary)
    ]
    renamed = {
        (one.name, two.name) for _, one, two in _pair_configmaps(stable, canary) if one.name != two.name
    }
    containers = [
        {field.container for field in spec.fields if field.group == "container"} | {""}
        for spec in (stable, canary)
    ]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        one, two = sides[0].get(key), sides[1].get(key)
        whole = key[1] == "container" or key[0] in containers[0] & containers[1]
        if whole and (
            one is None
            or two is None
            or (one.digest != two.digest and not _only_renamed(one.text, two.text, renamed))
        ):
            yield FieldChange(*key, stable=_shown_text(one), canary=_shown_text(two))


def _only_renamed(one: str, two: str, names: Iterable[tuple[str, str]]) -> bool:
    return any(old in one and one.replace(old, new) == two for old, new in names)


def _config_changes(stable: Spec, canary: Spec) -> Iterator[FieldChange]:
    """Yield the keys that differ between the ConfigMaps that both sides name at the same place.

    Their names may differ, for they often contain a hash of the content.
    """
    differing: set[FieldChange] = set()
    for reference, one, two in _pair_configmaps(stable, canary):
        for key in one.keys.keys() | two.keys.keys():
            if one.keys.get(key) != two.keys.get(key) and reference.key in {"", key}:
                sides = ("" if key in one.keys else None, "" if key in two.keys else None)
                differing.add(FieldChange(reference.container, "config", f"{two.name}/{key}", *sides))
    yield from sorted(differing, key=lambda change: (change.container, change.name))


def _pair_configmaps(
    stable: Spec, canary: Spec
) -> Iterator[tuple[Reference, ConfigMapState, ConfigMapState]]:
    """Yield each reference of the canary, with stable's and the canary's ConfigMap at its place.

    References whose ConfigMap was not read, on either side, are left out.
    """
    theirs = {reference.place: reference for reference in stable.references if reference.kind == "ConfigMap"}
    known = [
        {configmap.name: configmap for configmap in spec.configmaps if configmap.found}
        for spec in (stable, canary)
    ]
    for reference in canary.references:
        if reference.kind == "ConfigMap" and reference.place in theirs:
            one, two = known[0].get(theirs[reference.place].name), known[1].get(reference.name)
            if one is not None and two is not None:
                yield reference, one, two


def _shown_text(field: Field | None) -> str | None:
    return None if field is None else field.text


def _figure(text: str | None) -> str:
    return ABSENT if text is None else text or "set"


def _join(phrases: Sequence[str]) -> str:
    more = len(phrases) - NAMED
    return "; ".join(phrases[:NAMED]) + (f"; and {more} more" if more > 0 else "")
