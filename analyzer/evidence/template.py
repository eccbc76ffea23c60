"""A pod template as leaves: each value, its place, and whether its text may be shown. Pure: it reads no
cluster.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from analyzer.common.value import Json
from analyzer.target.rollout import HASH_LABEL

Group = Literal[
    "container",
    "image",
    "pull",
    "command",
    "env",
    "resources",
    "probe",
    "ports",
    "mounts",
    "volumes",
    "service-account",
    "security",
    "scheduling",
    "metadata",
    "other",
]

REVISION = "org.opencontainers.image.revision"
SOURCE = "org.opencontainers.image.source"
VERSIONS = ("org.opencontainers.image.version", "app.kubernetes.io/version")
# labels and annotations that say which commit an image was built from
_PUBLIC = (
    REVISION,
    SOURCE,
    *VERSIONS,
)

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_SCHEDULING = {
    "nodeSelector",
    "nodeName",
    "tolerations",
    "topologySpreadConstraints",
    "priorityClassName",
    "priority",
    "preemptionPolicy",
}
_SCHEDULING |= {"schedulerName", "runtimeClassName", "resourceClaims"}
_READ_APART = {  # fields of a pod that have a function of their own
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "serviceAccount",
    "serviceAccountName",
    "affinity",
}
_READ_APART |= {"securityContext", "imagePullSecrets"}
_VOLUMES = frozenset(
    {
        "configMap",
        "secret",
        "persistentVolumeClaim",
        "emptyDir",
        "hostPath",
        "projected",
        "downwardAPI",
        "ephemeral",
    }
)


@dataclass(frozen=True)
class Leaf:
    """One value of a template. `shown` is false where it may be a secret, or hold one."""

    container: str
    group: Group
    name: str
    value: Any
    shown: bool = True


def list_leaves(template: Json) -> Iterator[Leaf]:
    """Yield every value of a pod template. No two have the same container, group and name."""
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    for kind in ("labels", "annotations"):
        for name, value in sorted((metadata.get(kind) or {}).items()):
            if name != HASH_LABEL:
                yield Leaf("", "metadata", f"{kind[:-1]} {name}", value, shown=name in _PUBLIC)
    for kind in ("initContainers", "containers"):
        for container in spec.get(kind) or ():
            yield Leaf(
                container["name"],
                "container",
                "container",
                "init container" if kind == "initContainers" else "container",
            )
            yield from _container(container)
    yield from _pod(spec)


def _container(container: Json) -> Iterator[Leaf]:
    name = container["name"]
    for key, value in container.items():
        if key in _PLAIN:
            yield Leaf(name, _PLAIN[key], key, value)
        elif key in _FLAT:
            yield from _flat(name, _FLAT[key], "", value)
        elif key in _PROBES:
            yield from _flat(name, "probe", key, value, hide=("httpHeaders",))
        elif key in _LISTS:
            yield from _LISTS[key](name, value)
        elif key != "name":
            yield from _numbers(name, key, value)


def _ports(container: str, ports: list[Json]) -> Iterator[Leaf]:
    for port in ports:
        number = f"{port['containerPort']}/{port.get('protocol') or 'TCP'}"
        host = f" on the node's {port['hostPort']}" if port.get("hostPort") else ""
        yield Leaf(container, "ports", port.get("name") or number, number + host)


def _mounts(container: str, mounts: list[Json]) -> Iterator[Leaf]:
    for mount in mounts:
        options = {field: value for field, value in mount.items() if field not in {"mountPath", "devicePath"}}
        yield Leaf(container, "mounts", mount.get("mountPath") or mount.get("devicePath") or "", options)


def _env(container: str, variables: list[Json]) -> Iterator[Leaf]:
    """Yield each variable. One that is set twice has its last value."""
    for name, variable in {variable["name"]: variable for variable in variables}.items():
        source = variable.get("valueFrom")
        yield Leaf(container, "env", name, source or variable.get("value") or "", shown=bool(source))


def _env_from(container: str, sources: list[Json]) -> Iterator[Leaf]:
    for number, source in enumerate(sources):
        yield from _flat(container, "env", f"envFrom {number}", source)


_PLAIN: dict[str, Group] = {
    "image": "image",
    "imagePullPolicy": "pull",
    "command": "command",
    "args": "command",
}
_FLAT: dict[str, Group] = {"resources": "resources", "securityContext": "security"}
_LISTS: dict[str, Callable[[str, list[Json]], Iterator[Leaf]]] = {
    "env": _env,
    "envFrom": _env_from,
    "ports": _ports,
    "volumeMounts": _mounts,
    "volumeDevices": _mounts,
}


def _pod(spec: Json) -> Iterator[Leaf]:
    for volume in spec.get("volumes") or ():
        yield from _volume(volume)
    yield Leaf("", "service-account", "serviceAccountName", spec.get("serviceAccountName") or "default")
    yield from _flat("", "security", "", spec.get("securityContext"))
    yield from _flat(
        "",
        "pull",
        "imagePullSecrets",
        [secret.get("name", "") for secret in spec.get("imagePullSecrets") or ()],
    )
    yield from _flat("", "scheduling", "affinity", _without_argo_terms(spec.get("affinity")))
    for key, value in spec.items():
        if key in _SCHEDULING:
            yield from _flat("", "scheduling", key, value)
        elif key not in _READ_APART:
            yield from _numbers("", key, value)


def _volume(volume: Json) -> Iterator[Leaf]:
    """Yield a volume's sources. One with options of a driver's own may hold a password, and is not shown."""
    for kind, source in volume.items():
        if kind in _VOLUMES:
            yield from _flat("", "volumes", f"{volume['name']} {kind}", source or "default")
        elif kind != "name":
            yield Leaf("", "volumes", f"{volume['name']} {kind}", source, shown=False)


def _flat(container: str, group: Group, name: str, value: Any, hide: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield a leaf for each value that is no object, named by its path. Empty values are left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(container, group, f"{name}.{key}" if name else key, inner, hide)
    elif value not in (None, []):
        yield Leaf(container, group, name, value, shown=name.rpartition(".")[2] not in hide)


def _numbers(container: str, name: str, value: Any) -> Iterator[Leaf]:
    """Yield the leaves of a field without a group. Numbers and flags are shown; text may be a secret."""
    for leaf in _flat(container, "other", name, value):
        yield (
            leaf
            if isinstance(leaf.value, int | float)
            else Leaf(container, "other", leaf.name, leaf.value, shown=False)
        )


def _without_argo_terms(affinity: Any) -> Any:
    """Return an affinity without the terms by which Argo keeps a canary off stable's nodes (`antiAffinity`).

    They name the other side's hash, and so always differ.
    """
    if isinstance(affinity, dict):
        return {key: _without_argo_terms(value) for key, value in affinity.items()}
    if isinstance(affinity, list):
        return [term for term in affinity if HASH_LABEL not in msgspec.json.encode(term).decode()]
    return affinity
