"""What was meant to change: the two pod templates and the ConfigMaps they refer to, field by field. Images have a rule of their own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.spec import ConfigMap, Field, Reference, Spec
from analyzer.findings.interface import Finding
from analyzer.settings import Rules

NAMED = 8  # changes of one group that are told one by one
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
class Change:
    """One field that differs. A side's text is None where it does not have the field, and empty where it may not be shown.

    `container` is empty for what is the whole pod's. Group "config" is a key of a ConfigMap, named "ConfigMap/key".
    """

    container: str
    group: str
    name: str
    stable: str | None
    canary: str | None

    def words(self) -> str:
        """ "memory limit 512Mi -> 128Mi", "LOG_LEVEL changed"."""
        if self.stable or self.canary:
            return f"{self.label()} {ABSENT if self.stable is None else self.stable} -> {ABSENT if self.canary is None else self.canary}"
        return f"{self.label()} {'added' if self.stable is None else 'removed' if self.canary is None else 'changed'}"

    def label(self) -> str:
        """The field as a person says it."""
        kind, _, resource = self.name.partition(".")
        if self.group == "resources" and resource:
            return f"{resource} {kind.removesuffix('s')}"
        return self.name

    def where(self) -> str:
        """ "container app", or "the pod"."""
        return f"container {self.container}" if self.container else "the pod"


def changes(evidence: Evidence) -> tuple[Change, ...]:
    """Everything that differs between the two templates; nothing where either was not read."""
    stable, canary = evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    return (*_fields(stable, canary), *_config(stable, canary)) if stable and canary else ()


def spec_changes(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """One finding for each container and group of fields that differ."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes(evidence):
        if change.group != "image":
            groups.setdefault((change.container, change.group), []).append(change)
    for (container, group), found in sorted(groups.items()):
        noun = _NOUNS.get(group, group)
        about = found[0].where() if group == "container" else f"{found[0].where()}, {noun}"
        yield Finding(
            kind="spec-change",
            key="/".join(filter(None, ("spec-change", container, group))),
            sentence=f"{about}: {_listed([change.words() for change in found])}",
            stable=_listed([f"{change.label()} {_figure(change.stable)}" for change in found]),
            canary=_listed([f"{change.label()} {_figure(change.canary)}" for change in found]),
        )


def missing_references(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """ConfigMaps, or keys of them, that the canary's template needs and that are not there. Secrets are not looked at."""
    stable, canary = evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    theirs = {(each.name, each.key) for each in missing(stable)} if stable else set()
    for name, key in sorted({(each.name, each.key) for each in missing(canary)} if canary else ()):
        what = f"key {key} of ConfigMap {name}" if key else f"ConfigMap {name}"
        places = sorted({each.place for each in (canary.references if canary else ()) if (each.name, each.key) == (name, key)})
        yield Finding(
            kind="missing-reference",
            key=f"missing-reference/{'/'.join(filter(None, (name, key)))}",
            sentence=f"{what} is not there, and the canary's pods need it ({_listed(places)})",
            stable="not seen" if stable is None else "needs it too" if (name, key) in theirs else "does not need it",
            canary="needs it",
            scope="uncompared" if stable is None else "both" if (name, key) in theirs else "canary",
        )


def missing(spec: Spec | None) -> tuple[Reference, ...]:
    """The references without which a pod cannot start, and whose ConfigMap or key was found not to be there."""
    if spec is None:
        return ()
    known = {each.name: each for each in spec.configmaps}
    wanted = (each for each in spec.references if each.kind == "ConfigMap" and not each.optional and each.name in known)
    return tuple(each for each in wanted if not _found(known[each.name], each.key))


def _found(configmap: ConfigMap, key: str) -> bool:
    return configmap.found and (not key or key in configmap.keys)


def _fields(stable: Spec, canary: Spec) -> Iterator[Change]:
    """Fields of a container that only one side has are not told one by one, nor is the name of a ConfigMap whose keys are compared."""
    sides = [{(field.container, field.group, field.name): field for field in spec.fields} for spec in (stable, canary)]
    renamed = {(one.name, two.name) for _, one, two in _paired(stable, canary) if one.name != two.name}
    containers = [{field.container for field in spec.fields if field.group == "container"} | {""} for spec in (stable, canary)]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        one, two = sides[0].get(key), sides[1].get(key)
        whole = key[1] == "container" or key[0] in containers[0] & containers[1]
        if whole and (one is None or two is None or (one.digest != two.digest and not _only_renamed(one.text, two.text, renamed))):
            yield Change(*key, stable=_shown(one), canary=_shown(two))


def _only_renamed(one: str, two: str, names: Iterable[tuple[str, str]]) -> bool:
    return any(old in one and one.replace(old, new) == two for old, new in names)


def _config(stable: Spec, canary: Spec) -> Iterator[Change]:
    """Keys that differ between the ConfigMaps that both sides name at one place: names often carry a hash of the content."""
    found: set[Change] = set()
    for reference, one, two in _paired(stable, canary):
        for key in one.keys.keys() | two.keys.keys():
            if one.keys.get(key) != two.keys.get(key) and reference.key in {"", key}:
                sides = ("" if key in one.keys else None, "" if key in two.keys else None)
                found.add(Change(reference.container, "config", f"{two.name}/{key}", *sides))
    yield from sorted(found, key=lambda change: (change.container, change.name))


def _paired(stable: Spec, canary: Spec) -> Iterator[tuple[Reference, ConfigMap, ConfigMap]]:
    """The canary's references, with the ConfigMap that each side has at that place, where both were read."""
    theirs = {each.place: each for each in stable.references if each.kind == "ConfigMap"}
    known = [{each.name: each for each in spec.configmaps if each.found} for spec in (stable, canary)]
    for each in canary.references:
        if each.kind == "ConfigMap" and each.place in theirs:
            one, two = known[0].get(theirs[each.place].name), known[1].get(each.name)
            if one is not None and two is not None:
                yield each, one, two


def _shown(field: Field | None) -> str | None:
    return None if field is None else field.text


def _figure(text: str | None) -> str:
    return ABSENT if text is None else text or "set"


def _listed(phrases: Sequence[str]) -> str:
    more = len(phrases) - NAMED
    return "; ".join(phrases[:NAMED]) + (f"; and {more} more" if more > 0 else "")
