"""Pods: owner, phase, conditions, and each container's states, restarts, image and exit codes."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from analyzer.cluster.errors import ClusterError
from analyzer.evidence.fields import Json, controller, moment
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.target.rollout import HASH_LABEL
from analyzer.value import Moment, Value

ContainerType = Literal["main", "init", "sidecar", "ephemeral"]
KINDS: tuple[Literal["waiting", "running", "terminated"], ...] = ("waiting", "running", "terminated")


class State(Value):
    """A container's state as the API reports it; `kind` "unknown" where it reports none. Text is redacted."""

    kind: Literal["waiting", "running", "terminated", "unknown"]
    reason: str = ""
    message: str = ""
    exit_code: int | None = None
    signal: int | None = None
    started_at: Moment | None = None
    finished_at: Moment | None = None


class Container(Value):
    """One container. `startup_seconds` is what its own probes allow it to take until it is ready (0: it has none).

    `requests` and `limits` are Kubernetes quantities by resource ("cpu": "500m"), as the pod was admitted.
    """

    name: str
    type: ContainerType
    image: str
    image_id: str = ""
    ready: bool = False
    restarts: int = 0
    state: State
    last_state: State | None = None
    startup_seconds: float = 0.0
    requests: dict[str, str] = msgspec.field(default_factory=dict)
    limits: dict[str, str] = msgspec.field(default_factory=dict)


class Condition(Value):
    """A condition of a pod or a ReplicaSet; `message` is redacted."""

    type: str
    status: str
    reason: str = ""
    message: str = ""
    since: Moment | None = None


class Pod(Value):
    """One pod. `owner` is "Kind/name" of its controller, or empty; `deleted_at` is set while it is being deleted."""

    name: str
    owner: str
    phase: str
    hash: str = ""
    node: str = ""
    reason: str = ""
    message: str = ""
    created_at: Moment
    started_at: Moment | None = None
    deleted_at: Moment | None = None
    conditions: tuple[Condition, ...] = ()
    containers: tuple[Container, ...] = ()

    def ready(self) -> bool:
        """Whether its Ready condition is true; a pod that reports none is not."""
        return any(condition.type == "Ready" and condition.status == "True" for condition in self.conditions)


class Pods(Part, tag="pods"):
    """Every pod of one side, by name. No pods is a fact; no pod list is a gap."""

    pods: tuple[Pod, ...]


def born(pods: Pods | None) -> datetime | None:
    """When the first pod was created of those that neither finished nor are being deleted; None where there is none, or none was seen."""
    there = (pod for pod in (pods.pods if pods else ()) if pod.deleted_at is None and pod.phase not in ("Succeeded", "Failed"))
    return min((pod.created_at for pod in there), default=None)


class PodSource:
    """Lists each side's pods by its selector."""

    name = "pods"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """A side whose pods could not be listed is a gap."""
        for side in scene.sides():
            try:
                yield Pods(side=side.role, pods=pods_of(scene, side.selector))
            except ClusterError as error:
                yield unread(self.name, side.role, error)


def pods_of(scene: Scene, selector: str) -> tuple[Pod, ...]:
    """The pods of the target's namespace that a selector finds, by name. Raises ClusterError."""
    path = f"/api/v1/namespaces/{scene.target.namespace}/pods"
    found = (_pod(item, scene) for item in scene.cluster.list(path, labelSelector=selector))
    return tuple(sorted(found, key=lambda pod: pod.name))


def _pod(item: Json, scene: Scene) -> Pod:
    metadata, status = item["metadata"], item.get("status") or {}
    return Pod(
        name=metadata["name"],
        owner=controller(metadata),
        phase=status.get("phase") or "Unknown",
        hash=(metadata.get("labels") or {}).get(HASH_LABEL, ""),
        node=(item.get("spec") or {}).get("nodeName") or "",
        reason=status.get("reason") or "",
        message=scene.redact(status.get("message") or ""),
        created_at=moment(metadata.get("creationTimestamp")) or scene.window.end,
        started_at=moment(status.get("startTime")),
        deleted_at=moment(metadata.get("deletionTimestamp")),
        conditions=conditions(status, scene.redact),
        containers=tuple(_containers(item.get("spec") or {}, status, scene.redact)),
    )


def conditions(status: Json, redact: Callable[[str], str]) -> tuple[Condition, ...]:
    """In the order the API gives."""
    return tuple(
        Condition(
            type=str(each.get("type", "")),
            status=str(each.get("status", "")),
            reason=each.get("reason") or "",
            message=redact(each.get("message") or ""),
            since=moment(each.get("lastTransitionTime")),
        )
        for each in status.get("conditions") or ()
    )


def _containers(spec: Json, status: Json, redact: Callable[[str], str]) -> Iterator[Container]:
    """Every container of the spec, in the order they start, a status reported for it or not."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        reported = {each["name"]: each for each in status.get(f"{kind[:-1]}Statuses") or ()}
        for container in spec.get(kind) or ():
            told = reported.get(container["name"]) or {}
            yield Container(
                name=container["name"],
                type=_type(kind, container),
                image=container.get("image") or "",
                image_id=told.get("imageID") or "",
                ready=bool(told.get("ready")),
                restarts=int(told.get("restartCount") or 0),
                state=_state(told.get("state") or {}, redact),
                last_state=_state(told["lastState"], redact) if told.get("lastState") else None,
                startup_seconds=startup_seconds(container),
                requests=(container.get("resources") or {}).get("requests") or {},
                limits=(container.get("resources") or {}).get("limits") or {},
            )


def _type(kind: str, container: Json) -> ContainerType:
    """An init container that always restarts is a sidecar (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)."""
    if kind == "initContainers":
        return "sidecar" if container.get("restartPolicy") == "Always" else "init"
    return "main" if kind == "containers" else "ephemeral"


def _state(state: Json, redact: Callable[[str], str]) -> State:
    for kind in KINDS:
        told = state.get(kind)
        if told is not None:
            return State(
                kind=kind,
                reason=told.get("reason") or "",
                message=redact(told.get("message") or ""),
                exit_code=told.get("exitCode"),
                signal=told.get("signal"),
                started_at=moment(told.get("startedAt")),
                finished_at=moment(told.get("finishedAt")),
            )
    return State(kind="unknown")


def startup_seconds(container: Json) -> float:
    """initialDelaySeconds + failureThreshold * periodSeconds of the startup probe, else of the readiness probe; 0 without either.

    The time after which Kubernetes gives a starting container up (defaults 0, 3 and 10):
    https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
    """
    probe = container.get("startupProbe") or container.get("readinessProbe")
    if not probe:
        return 0.0
    return float(probe.get("initialDelaySeconds") or 0) + (probe.get("failureThreshold") or 3) * (probe.get("periodSeconds") or 10)
