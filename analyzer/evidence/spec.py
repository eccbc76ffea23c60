"""Spec: what each side's pod template says, as fields that can be compared and cannot give a secret away.

A field shows its text only where that can hold no secret: images, resources, probes, ports, names of references; commands are
redacted. Of everything else (values of environment variables and ConfigMaps, headers, annotations …) there is a digest alone:
BLAKE2b keyed with random bytes that are drawn for one gathering and never kept, so that a digest tells equal from changed and
nothing more: without the key no value can be tried against it. Secrets are not read at all.
"""

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Literal

import msgspec

from analyzer.cluster.errors import ClusterError, Denied, Missing
from analyzer.evidence.fields import Json, command_line, moment
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.evidence.pods import Pods
from analyzer.evidence.template import Group, Leaf, leaves, references
from analyzer.selectors import selected_labels
from analyzer.target import Side
from analyzer.value import UNREADABLE, Value

CONFIG_MAPS = 20  # read at most: who has more has them as files
TEXT = 200  # characters of a field's text
EPHEMERAL = "rollout.argoproj.io/ephemeral-metadata"  # argo-rollouts, utils/replicaset/canary.go: what it put on these pods for now


class Field(Value):
    """One thing the template says. `container` is empty for the pod's own; `text` is what may be shown of it, or empty."""

    container: str = ""
    group: Group
    name: str
    text: str = ""
    digest: str


class Reference(Value):
    """A ConfigMap or Secret that the template names, and `place`, where it does, by which the two sides' are paired.

    `key` is empty where all keys are taken. `container` is empty for a volume.
    """

    kind: Literal["ConfigMap", "Secret"]
    name: str
    place: str
    container: str = ""
    key: str = ""
    optional: bool = False


class ConfigMap(Value):
    """A ConfigMap as found: each key with its value's digest, or `found` false where there is none of that name."""

    name: str
    found: bool
    keys: dict[str, str] = msgspec.field(default_factory=dict)


class Spec(Part, tag="spec"):
    """One side's pod template, and those of the ConfigMaps it refers to that could be read. Digests compare within one evidence."""

    replicaset: str
    fields: tuple[Field, ...]
    references: tuple[Reference, ...] = ()
    configmaps: tuple[ConfigMap, ...] = ()


Digester = Callable[[str, object], str]


class SpecSource:
    """Reads each side's ReplicaSet and the ConfigMaps that either refers to."""

    name = "spec"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """What is missing explains less, and hides no fault: every gap is minor."""
        digest = partial(_digest, secrets.token_bytes(32))
        templates: dict[Side, Json] = {}
        for side in scene.sides():
            try:
                replicaset = _replicaset(scene, side)
            except ClusterError as error:
                yield unread(self.name, side.role, error, minor=True)
                continue
            if replicaset is None:
                reason = "there is no ReplicaSet of this side, so what its pods are made from is not known"
                yield Gap(source=self.name, side=side.role, reason=reason, minor=True)
            else:
                templates[side] = replicaset
        found = {side: tuple(_references(replicaset)) for side, replicaset in templates.items()}
        names = sorted({each.name for refs in found.values() for each in refs if each.kind == "ConfigMap"})
        configmaps: dict[str, ConfigMap] = {}
        for seen in _configmaps(self.name, scene, names, digest):
            if isinstance(seen, Gap):
                yield seen
            else:
                configmaps[seen.name] = seen
        for side, replicaset in templates.items():
            own = sorted({each.name for each in found[side] if each.name in configmaps and each.kind == "ConfigMap"})
            yield Spec(
                side=side.role,
                replicaset=replicaset["metadata"]["name"],
                fields=tuple(_fields(replicaset, _roles(scene), scene.redact, digest)),
                references=found[side],
                configmaps=tuple(configmaps[name] for name in own),
            )


def _replicaset(scene: Scene, side: Side) -> Json | None:
    """The side's own: the newest of those that should have pods.

    By the side's selector; where that finds none, the owner of its pods: Argo writes a role's labels on pods, not on ReplicaSets.
    """
    path = f"/apis/apps/v1/namespaces/{scene.target.namespace}/replicasets"
    found = list(scene.cluster.list(path, labelSelector=side.selector))
    if not found:
        pods = scene.part(Pods, side.role)
        owners = {pod.owner.partition("/")[2] for pod in (pods.pods if pods else ()) if pod.owner.startswith("ReplicaSet/")}
        found = [item for name in sorted(owners) for item in scene.cluster.list(path, fieldSelector=f"metadata.name={name}")]
    return max(found, key=_current, default=None)


def _current(replicaset: Json) -> tuple[bool, float, str]:
    metadata = replicaset["metadata"]
    created = moment(metadata.get("creationTimestamp"))
    wanted = int((replicaset.get("spec") or {}).get("replicas") or 0) > 0
    return wanted, created.timestamp() if created else 0.0, metadata["name"]


def _template(replicaset: Json) -> Json:
    template: Json = (replicaset.get("spec") or {}).get("template") or {}
    return template


def _roles(scene: Scene) -> frozenset[str]:
    """The labels that tell the sides apart, and so differ by intent."""
    return frozenset(key for side in scene.sides() for key in selected_labels(side.selector))


def _ephemeral(replicaset: Json) -> dict[str, Json]:
    """The labels and annotations that Argo put on this side's pods for as long as it has its role."""
    text = ((replicaset["metadata"].get("annotations")) or {}).get(EPHEMERAL) or "{}"
    try:
        return msgspec.json.decode(text, type=dict[str, Json])
    except UNREADABLE:
        return {}


def _fields(replicaset: Json, roles: frozenset[str], redact: Callable[[str], str], digest: Digester) -> Iterator[Field]:
    ephemeral = _ephemeral(replicaset)
    for leaf in leaves(_template(replicaset)):
        kind, _, name = leaf.name.partition(" ")
        if leaf.group == "metadata" and (name in ephemeral.get(f"{kind}s", {}) or (kind == "label" and name in roles)):
            continue
        value = digest(f"{leaf.container}\0{leaf.group}\0{leaf.name}", leaf.value)
        yield Field(container=leaf.container, group=leaf.group, name=leaf.name, text=_text(leaf, redact), digest=value)


def _text(leaf: Leaf, redact: Callable[[str], str]) -> str:
    if not leaf.shown:
        return ""
    value = leaf.value
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        text = command_line(value, redact)
    else:
        text = redact(value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode())
    return text if len(text) <= TEXT else f"{text[:TEXT]} …"


def _references(replicaset: Json) -> Iterator[Reference]:
    for each in references(_template(replicaset)):
        yield Reference(**each)


def _configmaps(source: str, scene: Scene, names: list[str], digest: Digester) -> Iterator[ConfigMap | Gap]:
    for name in names[:CONFIG_MAPS]:
        try:
            found = scene.cluster.get(f"/api/v1/namespaces/{scene.target.namespace}/configmaps/{name}")
        except Missing:
            yield ConfigMap(name=name, found=False)
        except ClusterError as error:
            yield unread(source, None, error, minor=True)
            if isinstance(error, Denied):
                return
        else:
            data = {**(found.get("binaryData") or {}), **(found.get("data") or {})}
            yield ConfigMap(name=name, found=True, keys={key: digest(f"ConfigMap\0{key}", data[key]) for key in sorted(data)})
    if len(names) > CONFIG_MAPS:
        reason = f"{len(names)} ConfigMaps are referred to, and only {CONFIG_MAPS} were read"
        yield Gap(source=source, side=None, reason=reason, minor=True)


def _digest(key: bytes, place: str, value: object) -> str:
    """`place` is part of it, so that equal values in two places do not show as equal."""
    return blake2b(msgspec.json.encode((place, value), order="sorted"), key=key, digest_size=8).hexdigest()
