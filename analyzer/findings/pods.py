"""What pods do: cannot be scheduled, wait for their volumes, never become Ready, are taken by their node."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Condition, Container, Pod, Pods
from analyzer.findings.compare import Fault, Seen, compared, disrupted, pod_events, standing, survey
from analyzer.findings.containers import fault_of, healthy
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

VOLUME_REASONS = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
NOT_STARTED = frozenset({"ContainerCreating", "PodInitializing"})


def unschedulable(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Pods that no node takes (condition PodScheduled, reason Unschedulable)."""

    def look(_role: Role, pod: Pod) -> Iterator[Fault]:
        scheduled = _unscheduled(pod)
        if scheduled:
            settled = _age(pod, evidence) >= rules.min_age
            yield Fault("unschedulable", "", "no node takes the pod (Unschedulable)", settled=settled, samples=(scheduled.message,))

    return compared(survey(evidence, look))


def volumes(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Pods whose containers wait to be created while the kubelet says that a volume fails."""

    events = pod_events(evidence)

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        messages = _volume_messages(pod, events.get((role, pod.name), ()))
        if messages:
            text = "containers wait for a volume that cannot be mounted"
            yield Fault("volume", "", text, settled=_age(pod, evidence) >= rules.min_age, samples=messages)

    return compared(survey(evidence, look, needs=(Events,)))


def not_ready(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Pods that are not Ready and show no other blocking fault, by the container that keeps them from it.

    Settled when a container runs and has not been Ready for `min_age` and for as long as its own probes allow. A container
    that has not started may still be pulling its image, an init container may still work: too early to tell. A pod younger
    than `min_age` is left out where half of its side's pods are Ready: the version can, and this one is only starting.
    """
    events = pod_events(evidence)
    proven = {role: _mostly_ready(standing(evidence.part(Pods, role))) for role in ROLES}

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        ready = _ready(pod)
        starting = proven[role] and _age(pod, evidence) < rules.min_age
        mine = events.get((role, pod.name), ())
        if _is_ready(pod) or starting or _explained(evidence, pod, mine):
            return
        probes = (event.message for event in mine if event.reason == "Unhealthy")
        samples = (*probes, ready.message if ready else "", pod.message)
        culprits = _culprits(pod)
        for container in culprits:
            settled = _settled(pod, container, rules.min_age, evidence.window.end)
            yield Fault("not-ready", container.name, _why(pod, container), settled=settled, samples=samples)
        if not culprits:
            text = f"the pod is not Ready ({ready.reason if ready and ready.reason else pod.phase})"
            settled = pod.phase == "Running" and (evidence.window.end - _unready_since(pod)).total_seconds() >= rules.min_age
            yield Fault("not-ready", "", text, settled=settled, samples=samples)

    return compared(survey(evidence, look))


def evicted(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Pods that their node, or a pod that outranked them, took away: no fault of the version they run."""
    sides: dict[Role, Seen] = {}
    for role in ROLES:
        part = evidence.part(Pods, role)
        if part is not None:
            taken = sorted((pod for pod in part.pods if disrupted(pod)), key=lambda pod: pod.name)
            sides[role] = Seen(len(standing(part)) + len(taken), tuple(map(_taken, taken)))
    return compared(sides)


def _taken(pod: Pod) -> Fault:
    return Fault("evicted", "", f"taken by the node ({pod.reason or 'disrupted'})", ongoing=False, samples=(pod.message,))


def _ready(pod: Pod) -> Condition | None:
    return next((condition for condition in pod.conditions if condition.type == "Ready"), None)


def _is_ready(pod: Pod) -> bool:
    ready = _ready(pod)
    return ready is not None and ready.status == "True"


def _mostly_ready(pods: Sequence[Pod]) -> bool:
    return 2 * sum(map(_is_ready, pods)) >= len(pods)


def _explained(evidence: Evidence, pod: Pod, events: Iterable[Event]) -> bool:
    faults = (fault_of(pod, container, since=pod.created_at, now=evidence.window.end) for container in pod.containers)
    blocked = any(fault is not None and fault[2] and fault[0] != "container-exit" for fault in faults)
    return blocked or _unscheduled(pod) is not None or bool(_volume_messages(pod, events))


def _unscheduled(pod: Pod) -> Condition | None:
    conditions = (c for c in pod.conditions if c.type == "PodScheduled" and c.status == "False" and c.reason == "Unschedulable")
    return next(conditions, None)


def _volume_messages(pod: Pod, events: Iterable[Event]) -> tuple[str, ...]:
    if not any(container.state.kind == "waiting" and container.state.reason in NOT_STARTED for container in pod.containers):
        return ()
    if any(container.state.kind in {"running", "terminated"} for container in pod.containers):
        return ()
    return tuple(event.message for event in events if event.reason in VOLUME_REASONS)


def _culprits(pod: Pod) -> list[Container]:
    """The containers to wait for: the first init container that has not finished, else those that are not ready."""
    for container in pod.containers:
        if container.type == "init" and not (healthy(container) and container.state.kind == "terminated"):
            return [container]
    return [container for container in pod.containers if container.type in {"main", "sidecar"} and not container.ready]


def _why(pod: Pod, container: Container) -> str:
    if container.type == "init":
        return f"init container {container.name} has not finished"
    if container.state.kind == "running":
        return f"container {container.name} runs and is not Ready"
    return f"container {container.name} has not started ({container.state.reason or pod.phase})"


def _settled(pod: Pod, container: Container, min_age: float, now: datetime) -> bool:
    started = container.state.started_at
    if container.type == "init" or container.state.kind != "running" or started is None:
        return False
    return (now - max(started, _unready_since(pod))).total_seconds() >= max(min_age, container.startup_seconds)


def _unready_since(pod: Pod) -> datetime:
    ready = _ready(pod)
    return max(pod.created_at, (ready.since if ready else None) or pod.created_at)


def _age(pod: Pod, evidence: Evidence) -> float:
    return (evidence.window.end - pod.created_at).total_seconds()
