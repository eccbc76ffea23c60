"""Pods: owner, phase, conditions, and each container's states, restarts, image and exit codes."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from analyzer.cluster.errors import ClusterError
from analyzer.common.counted import counted
from analyzer.common.value import Json, Moment, Value
from analyzer.evidence.fields import controller_of, parse_time
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.target import ROLES
from analyzer.target.rollout import HASH_LABEL

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
    """One container. `startup_seconds` is how long its own probes allow it to take until it is ready, 0 where
    it has none.

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
    """One pod. `owner` is "Kind/name" of its controller, or empty; `deleted_at` is set while it is being
    deleted.
    """

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
        """Return whether its Ready condition is true; of a pod that reports none, whether its containers are.

        The kubelet reports one of every pod that it runs; what somebody wrote by hand may have none.
        """
        reported = [condition.status == "True" for condition in self.conditions if condition.type == "Ready"]
        if reported:
            return all(reported)
        return bool(self.lasting()) and all(container.ready for container in self.lasting())

    def lasting(self) -> tuple[Container, ...]:
        """Return its containers that run for as long as it does: the main ones and sidecars."""
        return tuple(container for container in self.containers if container.type in ("main", "sidecar"))


class Pods(Part, tag="pods"):
    """Every pod of one side, by name. No pods is a fact; no pod list is a gap."""

    pods: tuple[Pod, ...]


def first_created_at(pods: Pods | None) -> datetime | None:
    """Return when the first pod was created that has not finished and is not being deleted, or None.

    None stands for no such pod, and for pods that were not read.
    """
    running = (
        pod
        for pod in (pods.pods if pods else ())
        if pod.deleted_at is None and pod.phase not in ("Succeeded", "Failed")
    )
    return min((pod.created_at for pod in running), default=None)


class PodSource:
    """Lists each side's pods by its selector."""

    name = "pods"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's pods, or a gap where they could not be listed."""
        for side in scene.sides():
            try:
                yield Pods(side=side.role, pods=list_pods(scene, side.selector))
            except ClusterError as error:
                yield gap_from_error(self.name, side.role, error)


def list_pods(scene: SourceContext, selector: str) -> tuple[Pod, ...]:
    """Return the pods of the target's namespace that a selector matches, by name. Raises ClusterError."""
    path = f"/api/v1/namespaces/{scene.target.namespace}/pods"
    pods = (_pod(item, scene) for item in scene.cluster.list(path, labelSelector=selector))
    return tuple(sorted(pods, key=lambda pod: pod.name))


def _pod(item: Json, scene: SourceContext) -> Pod:
    metadata, status = item["metadata"], item.get("status") or {}
    return Pod(
        name=metadata["name"],
        owner=controller_of(metadata),
        phase=status.get("phase") or "Unknown",
        hash=(metadata.get("labels") or {}).get(HASH_LABEL, ""),
        node=(item.get("spec") or {}).get("nodeName") or "",
        reason=status.get("reason") or "",
        message=scene.redact(status.get("message") or ""),
        created_at=parse_time(metadata.get("creationTimestamp")) or scene.window.end,
        started_at=parse_time(status.get("startTime")),
        deleted_at=parse_time(metadata.get("deletionTimestamp")),
        conditions=read_conditions(status, scene.redact),
        containers=tuple(_containers(item.get("spec") or {}, status, scene.redact)),
    )


def read_conditions(status: Json, redact: Callable[[str], str]) -> tuple[Condition, ...]:
    """Return the conditions of an object's status, in the API's order, their messages redacted."""
    return tuple(
        Condition(
            type=str(condition.get("type", "")),
            status=str(condition.get("status", "")),
            reason=condition.get("reason") or "",
            message=redact(condition.get("message") or ""),
            since=parse_time(condition.get("lastTransitionTime")),
        )
        for condition in status.get("conditions") or ()
    )


def _containers(spec: Json, status: Json, redact: Callable[[str], str]) -> Iterator[Container]:
    """Yield every container of the spec, in the order they start, whether a status is reported for it or
    not.
    """
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        statuses = {reported["name"]: reported for reported in status.get(f"{kind[:-1]}Statuses") or ()}
        for container in spec.get(kind) or ():
            reported = statuses.get(container["name"]) or {}
            yield Container(
                name=container["name"],
                type=_type(kind, container),
                image=container.get("image") or "",
                image_id=reported.get("imageID") or "",
                ready=bool(reported.get("ready")),
                restarts=int(reported.get("restartCount") or 0),
                state=_state(reported.get("state") or {}, redact),
                last_state=_state(reported["lastState"], redact) if reported.get("lastState") else None,
                startup_seconds=startup_seconds(container),
                requests=(container.get("resources") or {}).get("requests") or {},
                limits=(container.get("resources") or {}).get("limits") or {},
            )


def _type(kind: str, container: Json) -> ContainerType:
    """Return a container's type. An init container that always restarts is a sidecar
    (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
    """
    if kind == "initContainers":
        return "sidecar" if container.get("restartPolicy") == "Always" else "init"
    return "main" if kind == "containers" else "ephemeral"


def _state(state: Json, redact: Callable[[str], str]) -> State:
    for kind in KINDS:
        details = state.get(kind)
        if details is not None:
            return State(
                kind=kind,
                reason=details.get("reason") or "",
                message=redact(details.get("message") or ""),
                exit_code=details.get("exitCode"),
                signal=details.get("signal"),
                started_at=parse_time(details.get("startedAt")),
                finished_at=parse_time(details.get("finishedAt")),
            )
    return State(kind="unknown")


def startup_seconds(container: Json) -> float:
    """Return how long a container's probes let it take to start, in seconds; 0 where it has no such probe.

    It is initialDelaySeconds + failureThreshold * periodSeconds (defaults 0, 3 and 10) of the startup probe,
    else of the readiness probe. After that time Kubernetes gives a starting container up:
    https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
    """
    probe = container.get("startupProbe") or container.get("readinessProbe")
    if not probe:
        return 0.0
    return float(probe.get("initialDelaySeconds") or 0) + (probe.get("failureThreshold") or 3) * (
        probe.get("periodSeconds") or 10
    )


def describe_overlap(scene: SourceContext) -> str:
    """Return why the sides cannot be told apart, namely that a pod is on both of them, or empty."""
    stable, canary = (scene.part(Pods, role) for role in ROLES)
    if stable is None or canary is None:
        return ""
    both = sorted({pod.name for pod in stable.pods} & {pod.name for pod in canary.pods})
    if not both:
        return ""
    return (
        f"{counted(len(both), 'pod is', 'pods are')} on both sides, {both[0]} among them: the selectors do"
        " not tell them apart"
    )
