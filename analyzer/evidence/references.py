"""The ConfigMaps and Secrets that a pod template names, and where.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Iterator

from analyzer.common.value import Json


def list_references(template: Json) -> Iterator[Json]:
    """Yield each ConfigMap and Secret that a pod template names, as the arguments of a `Reference`."""
    spec = template.get("spec") or {}
    for container in [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]:
        name = container["name"]
        for number, source in enumerate(container.get("envFrom") or ()):
            yield from _reference(
                source, ("configMapRef", "secretRef"), f"envFrom {number} of container {name}", name
            )
        for variable in container.get("env") or ():
            source, place = variable.get("valueFrom") or {}, f"env {variable['name']} of container {name}"
            yield from _reference(source, ("configMapKeyRef", "secretKeyRef"), place, name)
    for volume in spec.get("volumes") or ():
        for number, source in enumerate([volume, *((volume.get("projected") or {}).get("sources") or ())]):
            yield from _reference(
                source,
                ("configMap", "secret"),
                f"volume {volume['name']}{f' part {number}' if number else ''}",
                "",
            )


def _reference(source: Json, kinds: tuple[str, str], place: str, container: str) -> Iterator[Json]:
    for kind, field in zip(("ConfigMap", "Secret"), kinds, strict=True):
        named = source.get(field)
        if not named:
            continue
        name, optional = named.get("name") or named.get("secretName") or "", bool(named.get("optional"))
        for key in _keys(named):
            yield {
                "kind": kind,
                "name": name,
                "place": place,
                "container": container,
                "key": key,
                "optional": optional,
            }


def _keys(named: Json) -> list[str]:
    """Return the keys that a reference uses; one that is empty where it uses all."""
    if named.get("key"):
        return [named["key"]]
    return [item["key"] for item in named.get("items") or ()] or [""]
