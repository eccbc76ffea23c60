"""Spec: what each side's pod template says, as fields that can be compared and cannot give a secret away.

A field shows its text only where that can hold no secret: images, resources, probes, ports, names of
references, which commit an image was built from; commands are redacted. Of everything else (values of
environment variables and ConfigMaps, headers, annotations …) there is only a digest, by BLAKE2b with a random
key. The key is drawn for one gathering and never kept. So a digest shows whether a value changed, and without
the key no guess can be tried against it. Secrets are not read at all.
"""

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Literal

import msgspec

from analyzer.cluster.errors import ClusterError, Denied, MissingResource
from analyzer.common.selectors import selected_labels
from analyzer.common.short import cut
from analyzer.common.value import UNREADABLE, Json, Value
from analyzer.evidence.fields import format_command, parse_time
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.pods import Pods
from analyzer.evidence.references import list_references
from analyzer.evidence.template import Group, Leaf, list_leaves
from analyzer.target import Side

CONFIG_MAPS = 20  # read at most: who has more has them as files
TEXT = 200  # characters of a field's text
# argo-rollouts, utils/replicaset/canary.go: what it put on these pods for now
EPHEMERAL = "rollout.argoproj.io/ephemeral-metadata"


class Field(Value):
    """One field of the template. `container` is empty for a field of the pod; `text` is what may be shown of
    its value, or empty.
    """

    container: str = ""
    group: Group
    name: str
    text: str = ""
    digest: str


class Reference(Value):
    """A ConfigMap or Secret that the template names. `place` is where it does: by it the two sides'
    references are paired.

    `key` is empty where all keys are used. `container` is empty for a volume.
    """

    kind: Literal["ConfigMap", "Secret"]
    name: str
    place: str
    container: str = ""
    key: str = ""
    optional: bool = False


class ConfigMapState(Value):
    """A ConfigMap: the digest of each key's value. `found` is false where there is none of that name."""

    name: str
    found: bool
    keys: dict[str, str] = msgspec.field(default_factory=dict)


class Spec(Part, tag="spec"):
    """One side's pod template, and the ConfigMaps it refers to that could be read.

    Digests can be compared only within one evidence.
    """

    replicaset: str
    fields: tuple[Field, ...]
    references: tuple[Reference, ...] = ()
    configmaps: tuple[ConfigMapState, ...] = ()


Digester = Callable[[str, object], str]


class SpecSource:
    """Reads each side's ReplicaSet and the ConfigMaps that either refers to."""

    name = "spec"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's template, and gaps. Every gap is minor: a template explains faults and shows
        none.
        """
        digest = partial(_digest, secrets.token_bytes(32))
        templates: dict[Side, Json] = {}
        for side in scene.sides():
            try:
                replicaset = _replicaset(scene, side)
            except ClusterError as error:
                yield gap_from_error(self.name, side.role, error, minor=True)
                continue
            if replicaset is None:
                reason = "there is no ReplicaSet of this side, so what its pods are made from is not known"
                yield Gap(source=self.name, side=side.role, reason=reason, minor=True)
            else:
                templates[side] = replicaset
        refs = {side: tuple(_references(replicaset)) for side, replicaset in templates.items()}
        names = sorted(
            {
                reference.name
                for side_refs in refs.values()
                for reference in side_refs
                if reference.kind == "ConfigMap"
            }
        )
        configmaps: dict[str, ConfigMapState] = {}
        for outcome in _configmaps(self.name, scene, names, digest):
            if isinstance(outcome, Gap):
                yield outcome
            else:
                configmaps[outcome.name] = outcome
        for side, replicaset in templates.items():
            own = sorted(
                {reference.name for reference in refs[side] if reference.kind == "ConfigMap"}
                & configmaps.keys()
            )
            yield Spec(
                side=side.role,
                replicaset=replicaset["metadata"]["name"],
                fields=tuple(_fields(replicaset, _role_labels(scene), scene.redact, digest)),
                references=refs[side],
                configmaps=tuple(configmaps[name] for name in own),
            )


def _replicaset(scene: SourceContext, side: Side) -> Json | None:
    """Return the newest of a side's ReplicaSets that should have pods, or None. Raises ClusterError.

    They are found by the side's selector, and where that finds none, as the owners of its pods: Argo writes
    the labels of a role on pods, and not on ReplicaSets.
    """
    path = f"/apis/apps/v1/namespaces/{scene.target.namespace}/replicasets"
    replicasets = list(scene.cluster.list(path, labelSelector=side.selector))
    if not replicasets:
        pods = scene.part(Pods, side.role)
        owners = {
            pod.owner.partition("/")[2]
            for pod in (pods.pods if pods else ())
            if pod.owner.startswith("ReplicaSet/")
        }
        replicasets = [
            item
            for name in sorted(owners)
            for item in scene.cluster.list(path, fieldSelector=f"metadata.name={name}")
        ]
    return max(replicasets, key=_rank, default=None)


def _rank(replicaset: Json) -> tuple[bool, float, str]:
    """Return what ReplicaSets are ordered by: whether it should have pods, when it was created, its name."""
    metadata = replicaset["metadata"]
    created = parse_time(metadata.get("creationTimestamp"))
    wanted = int((replicaset.get("spec") or {}).get("replicas") or 0) > 0
    return wanted, created.timestamp() if created else 0.0, metadata["name"]


def _template(replicaset: Json) -> Json:
    template: Json = (replicaset.get("spec") or {}).get("template") or {}
    return template


def _role_labels(scene: SourceContext) -> frozenset[str]:
    """Return the labels that the sides are selected by. They differ on purpose."""
    return frozenset(key for side in scene.sides() for key in selected_labels(side.selector))


def _ephemeral(replicaset: Json) -> dict[str, Json]:
    """Return the labels and annotations that Argo puts on this side's pods for as long as it has its role."""
    text = ((replicaset["metadata"].get("annotations")) or {}).get(EPHEMERAL) or "{}"
    try:
        return msgspec.json.decode(text, type=dict[str, Json])
    except UNREADABLE:
        return {}


def _fields(
    replicaset: Json, roles: frozenset[str], redact: Callable[[str], str], digest: Digester
) -> Iterator[Field]:
    ephemeral = _ephemeral(replicaset)
    for leaf in list_leaves(_template(replicaset)):
        kind, _, name = leaf.name.partition(" ")
        if leaf.group == "metadata" and (
            name in ephemeral.get(f"{kind}s", {}) or (kind == "label" and name in roles)
        ):
            continue
        value = digest(f"{leaf.container}\0{leaf.group}\0{leaf.name}", leaf.value)
        yield Field(
            container=leaf.container,
            group=leaf.group,
            name=leaf.name,
            text=_shown_text(leaf, redact),
            digest=value,
        )


def _shown_text(leaf: Leaf, redact: Callable[[str], str]) -> str:
    if not leaf.shown:
        return ""
    value = leaf.value
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        text = format_command(value, redact)
    else:
        text = redact(
            value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()
        )
    return cut(text, TEXT)


def _references(replicaset: Json) -> Iterator[Reference]:
    for arguments in list_references(_template(replicaset)):
        yield Reference(**arguments)


def _configmaps(
    source: str, scene: SourceContext, names: list[str], digest: Digester
) -> Iterator[ConfigMapState | Gap]:
    for name in names[:CONFIG_MAPS]:
        try:
            configmap = scene.cluster.get(f"/api/v1/namespaces/{scene.target.namespace}/configmaps/{name}")
        except MissingResource:
            yield ConfigMapState(name=name, found=False)
        except ClusterError as error:
            yield gap_from_error(source, None, error, minor=True)
            if isinstance(error, Denied):
                return
        else:
            data = {**(configmap.get("binaryData") or {}), **(configmap.get("data") or {})}
            yield ConfigMapState(
                name=name,
                found=True,
                keys={key: digest(f"ConfigMap\0{key}", data[key]) for key in sorted(data)},
            )
    if len(names) > CONFIG_MAPS:
        reason = f"{len(names)} ConfigMaps are referred to, and only {CONFIG_MAPS} were read"
        yield Gap(source=source, side=None, reason=reason, minor=True)


def _digest(key: bytes, place: str, value: object) -> str:
    """Return a value's keyed digest. `place` is part of it, so that equal values in two places look
    different.
    """
    return blake2b(msgspec.json.encode((place, value), order="sorted"), key=key, digest_size=8).hexdigest()
