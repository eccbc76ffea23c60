"""A pod template as leaves: each thing it says, where, and whether its text may be shown. Pure; knows the API's shape and no cluster.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from analyzer.evidence.fields import Json
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

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_SCHEDULING = {"nodeSelector", "nodeName", "tolerations", "topologySpreadConstraints", "priorityClassName", "priority", "preemptionPolicy"}
_SCHEDULING |= {"schedulerName", "runtimeClassName", "resourceClaims"}
_TOLD = {"containers", "initContainers", "ephemeralContainers", "volumes", "serviceAccount", "serviceAccountName", "affinity"}
_TOLD |= {"securityContext", "imagePullSecrets"}
_VOLUMES = frozenset({"configMap", "secret", "persistentVolumeClaim", "emptyDir", "hostPath", "projected", "downwardAPI", "ephemeral"})


@dataclass(frozen=True)
class Leaf:
    """One value. Not `shown`: it may be a secret, or hold one."""

    container: str
    group: Group
    name: str
    value: Any
    shown: bool = True


def leaves(template: Json) -> Iterator[Leaf]:
    """Every value, its place unique."""
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    for kind in ("labels", "annotations"):
        for name, value in sorted((metadata.get(kind) or {}).items()):
            if name != HASH_LABEL:
                yield Leaf("", "metadata", f"{kind[:-1]} {name}", value, shown=False)
    for kind in ("initContainers", "containers"):
        for container in spec.get(kind) or ():
            yield Leaf(container["name"], "container", "container", "init container" if kind == "initContainers" else "container")
            yield from _container(container)
    yield from _pod(spec)


def references(template: Json) -> Iterator[Json]:
    """Each ConfigMap and Secret that it names, as the arguments of a `Reference`."""
    spec = template.get("spec") or {}
    for container in [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]:
        name = container["name"]
        for number, each in enumerate(container.get("envFrom") or ()):
            yield from _reference(each, ("configMapRef", "secretRef"), f"envFrom {number} of container {name}", name)
        for each in container.get("env") or ():
            told, place = each.get("valueFrom") or {}, f"env {each['name']} of container {name}"
            yield from _reference(told, ("configMapKeyRef", "secretKeyRef"), place, name)
    for volume in spec.get("volumes") or ():
        for number, source in enumerate([volume, *((volume.get("projected") or {}).get("sources") or ())]):
            yield from _reference(source, ("configMap", "secret"), f"volume {volume['name']}{f' part {number}' if number else ''}", "")


def _reference(source: Json, kinds: tuple[str, str], place: str, container: str) -> Iterator[Json]:
    for kind, field in zip(("ConfigMap", "Secret"), kinds, strict=True):
        told = source.get(field)
        if not told:
            continue
        name, optional = told.get("name") or told.get("secretName") or "", bool(told.get("optional"))
        keys = [told["key"]] if told.get("key") else [item["key"] for item in told.get("items") or ()] or [""]
        for key in keys:
            yield {"kind": kind, "name": name, "place": place, "container": container, "key": key, "optional": optional}


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
        told = {field: each for field, each in mount.items() if field not in {"mountPath", "devicePath"}}
        yield Leaf(container, "mounts", mount.get("mountPath") or mount.get("devicePath") or "", told)


def _env(container: str, variables: list[Json]) -> Iterator[Leaf]:
    """A variable set twice has its last value."""
    for name, each in {each["name"]: each for each in variables}.items():
        source = each.get("valueFrom")
        yield Leaf(container, "env", name, source or each.get("value") or "", shown=bool(source))


def _env_from(container: str, sources: list[Json]) -> Iterator[Leaf]:
    for number, each in enumerate(sources):
        yield from _flat(container, "env", f"envFrom {number}", each)


_PLAIN: dict[str, Group] = {"image": "image", "imagePullPolicy": "pull", "command": "command", "args": "command"}
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
    yield from _flat("", "pull", "imagePullSecrets", [each.get("name", "") for each in spec.get("imagePullSecrets") or ()])
    yield from _flat("", "scheduling", "affinity", _without_own(spec.get("affinity")))
    for key, value in spec.items():
        if key in _SCHEDULING:
            yield from _flat("", "scheduling", key, value)
        elif key not in _TOLD:
            yield from _numbers("", key, value)


def _volume(volume: Json) -> Iterator[Leaf]:
    """Sources that take options of a driver's own may hold a password."""
    for kind, source in volume.items():
        if kind in _VOLUMES:
            yield from _flat("", "volumes", f"{volume['name']} {kind}", source or "default")
        elif kind != "name":
            yield Leaf("", "volumes", f"{volume['name']} {kind}", source, shown=False)


def _flat(container: str, group: Group, name: str, value: Any, hide: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """A leaf for each value that is no object, by its path. What is empty says nothing."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(container, group, f"{name}.{key}" if name else key, inner, hide)
    elif value not in (None, []):
        yield Leaf(container, group, name, value, shown=name.rpartition(".")[2] not in hide)


def _numbers(container: str, name: str, value: Any) -> Iterator[Leaf]:
    """What has no group of its own: numbers and flags may be shown, text may be anything."""
    for leaf in _flat(container, "other", name, value):
        yield leaf if isinstance(leaf.value, int | float) else Leaf(container, "other", leaf.name, leaf.value, shown=False)


def _without_own(affinity: Any) -> Any:
    """Less the terms with which Argo keeps a canary off stable's nodes (`antiAffinity`): they name the other side's hash."""
    if isinstance(affinity, dict):
        return {key: _without_own(value) for key, value in affinity.items()}
    if isinstance(affinity, list):
        return [each for each in affinity if HASH_LABEL not in msgspec.json.encode(each).decode()]
    return affinity
