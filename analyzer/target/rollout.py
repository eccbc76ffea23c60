"""The Rollout: what its controller reports, as one frozen value (Argo's RolloutStatus)."""

from typing import Any

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, Denied, MissingResource
from analyzer.common import selectors
from analyzer.common.nearest import several_nearest
from analyzer.common.value import Value
from analyzer.errors import UsageError

HASH_LABEL = "rollouts-pod-template-hash"
HOW = "give --rollout NAME, or --stable-hash and --canary-hash, or --stable-selector and --canary-selector"
HASHES = "or give --stable-hash and --canary-hash, which need no Rollout"


class Hashes(Value):
    """The pod template hashes of a Rollout's two versions; empty if a version does not exist (`stable`, on a
    first deploy).
    """

    stable: str
    canary: str


class Rollout(Value):
    """A Rollout at one time, given by its `version` (`resourceVersion`). `selector` picks its own pods, of
    any version.

    `active` is the hash that the active Service of a blue-green Rollout selects.

    `experiments` are those of its canary steps, the current step's first: each experiment's templates, and
    the version of each. `analyses` counts the AnalysisRuns that judge one canary; None where a background one
    does besides others.
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
    analyses: int | None = 0


def read_rollout(cluster: Cluster, namespace: str, name: str) -> Rollout:
    """Read one Rollout. Raise ClusterError, Missing among them."""
    return _parse_rollout(cluster.get(f"{_rollouts_path(namespace)}/{name}"), namespace)


def pause_rollout(cluster: Cluster, rollout: Rollout) -> None:
    """Pause this Rollout as it was read. Raise Conflict if it has changed since, and ClusterError."""
    metadata = {"uid": rollout.uid, "resourceVersion": rollout.version}
    cluster.patch(
        f"{_rollouts_path(rollout.namespace)}/{rollout.name}",
        {"metadata": metadata, "spec": {"paused": True}},
    )


def list_rollouts(cluster: Cluster, namespace: str) -> tuple[Rollout, ...]:
    """List the Rollouts of a namespace, by name. Raise ClusterError."""
    return tuple(
        sorted(
            (_parse_rollout(item, namespace) for item in cluster.list(_rollouts_path(namespace))),
            key=lambda rollout: rollout.name,
        )
    )


def read_named_rollout(cluster: Cluster, namespace: str, name: str) -> Rollout:
    """Read the Rollout that a person named. Raise UsageError with similar names if it does not exist, and
    ClusterError.
    """
    try:
        return read_rollout(cluster, namespace, name)
    except Denied as error:
        raise Denied(str(error), advice=f"{error.advice}, {HASHES}") from error
    except MissingResource as error:
        if not error.name:
            raise UsageError(
                "this cluster has no Argo Rollouts", advice=f"check --context, {HASHES}"
            ) from error
        require_namespace(cluster, namespace)
        near = _advise_near_names(cluster, _rollouts_path(namespace), name, f"--namespace ({namespace})")
        raise UsageError(f"no Rollout {name!r} in namespace {namespace!r}", advice=near) from error


def require_namespace(cluster: Cluster, namespace: str) -> None:
    """Raise UsageError if the namespace does not exist, because a list in such a namespace is empty, not an
    error. Skip the check if namespaces may not be read.
    """
    try:
        cluster.get(f"/api/v1/namespaces/{namespace}")
    except Denied:
        return
    except MissingResource as error:
        near = _advise_near_names(cluster, "/api/v1/namespaces", namespace, "--context")
        raise UsageError(f"no namespace {namespace!r} in this cluster", advice=near) from error


def _rollouts_path(namespace: str) -> str:
    return f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts"


def _parse_rollout(manifest: dict[str, Any], namespace: str) -> Rollout:
    metadata, status = manifest["metadata"], manifest.get("status") or {}
    strategy = (manifest.get("spec") or {}).get("strategy") or {}
    canary = strategy.get("canary") or {}
    return Rollout(
        namespace=namespace,
        name=metadata["name"],
        uid=metadata["uid"],
        selector=_parse_selector(manifest),
        hashes=Hashes(
            stable=str(status.get("stableRS") or ""), canary=str(status.get("currentPodHash") or "")
        ),
        aborted=bool(status.get("abort")),
        promoting=bool(status.get("promoteFull")),
        paused=bool((manifest.get("spec") or {}).get("paused")),
        active=str((status.get("blueGreen") or {}).get("activeSelector") or ""),
        dynamic_stable=bool(canary.get("dynamicStableScale")),
        version=str(metadata.get("resourceVersion") or ""),
        experiments=_parse_experiments(canary.get("steps") or [], status.get("currentStepIndex") or 0),
        analyses=_count_analyses(canary, strategy.get("blueGreen") or {}),
    )


def _count_analyses(canary: dict[str, Any], blue_green: dict[str, Any]) -> int | None:
    inline = sum(bool(step.get("analysis")) for step in canary.get("steps") or ())
    if canary.get("analysis"):
        return None if inline else 1
    return inline + sum(bool(blue_green.get(f"{when}PromotionAnalysis")) for when in ("pre", "post"))


def _parse_experiments(steps: list[dict[str, Any]], current: int) -> tuple[dict[str, str], ...]:
    ordered = [*steps[current : current + 1], *steps[:current], *steps[current + 1 :]]
    experiments = (step["experiment"].get("templates") or () for step in ordered if step.get("experiment"))
    return tuple(
        {str(template["name"]): str(template["specRef"]) for template in templates}
        for templates in experiments
    )


def _parse_selector(manifest: dict[str, Any]) -> str:
    """Return the Rollout's own selector. With `workloadRef` it is in the status alone, and in blue-green that
    one also has the active hash.
    """
    selector = (manifest.get("spec") or {}).get("selector")
    if selector:
        return selectors.from_label_selector(selector)
    requirements = selectors.split_requirements(str((manifest.get("status") or {}).get("selector") or ""))
    return ",".join(term for term in requirements if HASH_LABEL not in term and selectors.is_selector(term))


def _advise_near_names(cluster: Cluster, path: str, name: str, otherwise: str) -> str:
    """Return advice with similar names. Never raises: a list that cannot be read is no second error."""
    try:
        names = sorted(str(item["metadata"]["name"]) for item in cluster.list(path))
    except ClusterError:
        return f"check its spelling and {otherwise}; what is there may not be listed"
    near = several_nearest(name, names, 3) or names[:5]
    return f"did you mean {' or '.join(near)}?" if near else f"there is none at all: check {otherwise}"
