"""The Rollout: what its controller says of it, as one frozen value (Argo's RolloutStatus)."""

import difflib
from typing import Any

from analyzer import selectors
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, Denied, Missing
from analyzer.errors import UsageError
from analyzer.value import Value

HASH_LABEL = "rollouts-pod-template-hash"
HOW = "give --rollout NAME, or --stable-hash and --canary-hash, or --stable-selector and --canary-selector"
HASHES = "or give --stable-hash and --canary-hash, which need no Rollout"


class Hashes(Value):
    """The pod template hashes of a Rollout's two versions; empty where it has none (`stable`, on a first deploy)."""

    stable: str
    canary: str


class Rollout(Value):
    """A Rollout at one time, its `version` (`resourceVersion`). `selector` picks its own pods, of any version.

    `active` is the hash that a blue-green one's active Service leads to.

    `experiments` are those of its canary steps, the current step's first: each experiment's templates, and the version each runs.
    """

    namespace: str
    name: str
    uid: str
    selector: str
    hashes: Hashes
    aborted: bool = False
    promoting: bool = False
    paused: bool = False
    active: str = ""
    dynamic_stable: bool = False
    version: str = ""
    experiments: tuple[dict[str, str], ...] = ()


def get(cluster: Cluster, namespace: str, name: str) -> Rollout:
    """One Rollout as it is now. Raises ClusterError, Missing among them."""
    return _rollout(cluster.get(f"{_path(namespace)}/{name}"), namespace)


def pause(cluster: Cluster, found: Rollout) -> None:
    """Pauses this very Rollout, as it was read: Conflict where it has changed since. Raises ClusterError."""
    metadata = {"uid": found.uid, "resourceVersion": found.version}
    cluster.patch(f"{_path(found.namespace)}/{found.name}", {"metadata": metadata, "spec": {"paused": True}})


def every(cluster: Cluster, namespace: str) -> tuple[Rollout, ...]:
    """All of a namespace, by name. Raises ClusterError."""
    return tuple(sorted((_rollout(item, namespace) for item in cluster.list(_path(namespace))), key=lambda each: each.name))


def asked_for(cluster: Cluster, namespace: str, name: str) -> Rollout:
    """The one a person named. UsageError, with what there is instead, where it is not there; ClusterError."""
    try:
        return get(cluster, namespace, name)
    except Denied as error:
        raise Denied(str(error), advice=f"{error.advice}, {HASHES}") from error
    except Missing as error:
        if not error.name:
            raise UsageError("this cluster has no Argo Rollouts", advice=f"check --context, {HASHES}") from error
        require_namespace(cluster, namespace)
        near = _near(cluster, _path(namespace), name, f"--namespace ({namespace})")
        raise UsageError(f"no Rollout {name!r} in namespace {namespace!r}", advice=near) from error


def require_namespace(cluster: Cluster, namespace: str) -> None:
    """A list in a namespace that does not exist is empty, not an error. Who may not read namespaces is taken at their word."""
    try:
        cluster.get(f"/api/v1/namespaces/{namespace}")
    except Denied:
        return
    except Missing as error:
        near = _near(cluster, "/api/v1/namespaces", namespace, "--context")
        raise UsageError(f"no namespace {namespace!r} in this cluster", advice=near) from error


def _path(namespace: str) -> str:
    return f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts"


def _rollout(found: dict[str, Any], namespace: str) -> Rollout:
    metadata, status = found["metadata"], found.get("status") or {}
    canary = ((found.get("spec") or {}).get("strategy") or {}).get("canary") or {}
    return Rollout(
        namespace=namespace,
        name=metadata["name"],
        uid=metadata["uid"],
        selector=_selector(found),
        hashes=Hashes(stable=str(status.get("stableRS") or ""), canary=str(status.get("currentPodHash") or "")),
        aborted=bool(status.get("abort")),
        promoting=bool(status.get("promoteFull")),
        paused=bool((found.get("spec") or {}).get("paused")),
        active=str((status.get("blueGreen") or {}).get("activeSelector") or ""),
        dynamic_stable=bool(canary.get("dynamicStableScale")),
        version=str(metadata.get("resourceVersion") or ""),
        experiments=_experiments(canary.get("steps") or [], status.get("currentStepIndex") or 0),
    )


def _experiments(steps: list[dict[str, Any]], current: int) -> tuple[dict[str, str], ...]:
    ordered = [*steps[current : current + 1], *steps[:current], *steps[current + 1 :]]
    found = (step["experiment"].get("templates") or () for step in ordered if step.get("experiment"))
    return tuple({str(template["name"]): str(template["specRef"]) for template in templates} for templates in found)


def _selector(found: dict[str, Any]) -> str:
    """The Rollout's own. With `workloadRef` it is in the status alone, and in blue-green that one carries the active hash too."""
    selector = (found.get("spec") or {}).get("selector")
    if selector:
        return selectors.of(selector)
    told = selectors.split(str((found.get("status") or {}).get("selector") or ""))
    return ",".join(term for term in told if HASH_LABEL not in term and selectors.is_selector(term))


def _near(cluster: Cluster, path: str, name: str, otherwise: str) -> str:
    """What there is instead; a list that cannot be read is no second error."""
    try:
        names = sorted(str(item["metadata"]["name"]) for item in cluster.list(path))
    except ClusterError:
        return f"check its spelling and {otherwise}; what is there may not be listed"
    near = difflib.get_close_matches(name, names, n=3) or names[:5]
    return f"did you mean {' or '.join(near)}?" if near else f"there is none at all: check {otherwise}"
