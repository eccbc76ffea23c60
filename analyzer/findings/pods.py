"""Pods that wait for their volumes, and pods that do not become Ready."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.exits import Exits
from analyzer.evidence.pods import Condition, Container, Pod, Pods
from analyzer.findings.compare import Fault, compare_sides, survey_pods
from analyzer.findings.container_faults import PodHistory, fault_of, is_healthy
from analyzer.findings.interface import Finding
from analyzer.findings.last_lines import lines_of_present_run, streams_by_pod
from analyzer.findings.permanent import lacks_reference
from analyzer.findings.readiness import has_failed_for_long
from analyzer.findings.sandboxes import SANDBOX, select_memory_refusals
from analyzer.findings.scheduling import unscheduled_condition
from analyzer.findings.side_pods import ELSEWHERE, events_by_pod, most_pods_pass, select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

VOLUME_REASONS = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
NOT_STARTED = frozenset({"ContainerCreating", "PodInitializing"})
WAITS = "see what the init container waits for, and judge again when it has finished"
INIT_REMEDY = "See what the init container waits for: the last lines of its log say."


def volumes(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the pods whose containers wait to be created while the kubelet says that a volume fails.

    Settled when the pod is `min_fault_age` old, or when the ConfigMap, Secret or key has been missing for
    long enough. Not settled where at least half of its side's pods have their volumes.
    """
    events = events_by_pod(evidence)
    sides = {role: select_standing_pods(evidence.part(Pods, role)) for role in ROLES}

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        pod_events = events.get((role, pod.name), ())
        messages = _volume_messages(pod, pod_events)
        if messages:
            settled = _age(pod, evidence) >= rules.min_fault_age or lacks_reference(
                pod_events, evidence.window.end
            )
            fault = Fault(
                "volume",
                "",
                "containers wait for a volume that cannot be mounted",
                settled=settled,
                samples=messages,
            )
            yield (
                replace(fault, settled=False, doubt=ELSEWHERE)
                if settled and most_pods_pass(sides[role], _has_volumes)
                else fault
            )

    return compare_sides(survey_pods(evidence, find_faults, needs=(Events,)))


def not_ready(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the pods that are not Ready and show no other blocking fault, by the container that is not ready.

    Settled when the container runs and has not been Ready for `min_fault_age` and for as long as its own
    probes allow; altogether, where it was Ready in between. A container that has not started may still be
    pulling its image, and an init container may still work: it is too early to tell. A pod younger than
    `min_fault_age` is left out where half of its side's pods are Ready: the version can become Ready, and
    this pod is only starting.
    """
    events, streams = events_by_pod(evidence), streams_by_pod(evidence)
    can_be_ready = {role: _mostly_ready(select_standing_pods(evidence.part(Pods, role))) for role in ROLES}

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        ready = _ready_condition(pod)
        starting = can_be_ready[role] and _age(pod, evidence) < rules.min_fault_age
        pod_events = events.get((role, pod.name), ())
        if pod.ready() or starting or _has_other_fault(evidence, role, pod, pod_events):
            return
        probes = (event.message for event in pod_events if event.reason in ("Unhealthy", SANDBOX))
        samples = (*probes, ready.message if ready else "", pod.message)
        awaited = _awaited_containers(pod)
        for container in awaited:
            settled = _is_settled(pod, container, rules.min_fault_age, evidence.window.end)
            again = not settled and has_failed_for_long(evidence, role, container, pod_events, rules)
            waits = container.type == "init"
            logged = lines_of_present_run(streams.get((role, pod.name), ()), container) if waits else ()
            text, reason = _describe_wait(pod, container)
            text += ", as its readiness probe has failed again and again" if again else ""
            yield Fault(
                "not-ready",
                container.name,
                text,
                settled=settled or again,
                samples=(*logged, *samples),
                reason=reason,
                advice=WAITS if waits else "",
                remedy=INIT_REMEDY if waits else "",
            )
        if not awaited:
            reason = ready.reason if ready and ready.reason else pod.phase
            settled = (
                pod.phase == "Running"
                and (evidence.window.end - _unready_since(pod)).total_seconds() >= rules.min_fault_age
            )
            text = "the pod is not Ready"
            yield Fault("not-ready", "", text, settled=settled, samples=samples, reason=reason)

    return compare_sides(survey_pods(evidence, find_faults))


def _ready_condition(pod: Pod) -> Condition | None:
    return next((condition for condition in pod.conditions if condition.type == "Ready"), None)


def _mostly_ready(pods: Sequence[Pod]) -> bool:
    return 2 * sum(pod.ready() for pod in pods) >= len(pods)


def _has_other_fault(evidence: Evidence, role: Role, pod: Pod, events: Sequence[Event]) -> bool:
    history = PodHistory(evidence.part(Exits, role), events, evidence.window.end)
    faults = (fault_of(pod, container, history, since=pod.created_at) for container in pod.containers)
    blocked = any(fault is not None and fault.ongoing and fault.kind != "container-exit" for fault in faults)
    return (
        blocked
        or unscheduled_condition(pod) is not None
        or bool(_volume_messages(pod, events) or select_memory_refusals(pod, events))
    )


def _volume_messages(pod: Pod, events: Iterable[Event]) -> tuple[str, ...]:
    if not any(
        container.state.kind == "waiting" and container.state.reason in NOT_STARTED
        for container in pod.containers
    ):
        return ()
    if _has_volumes(pod):
        return ()
    return tuple(event.message for event in events if event.reason in VOLUME_REASONS)


def _has_volumes(pod: Pod) -> bool:
    """Return whether a pod's volumes are mounted: they are before the first of its containers runs."""
    return any(container.state.kind in {"running", "terminated"} for container in pod.containers)


def _awaited_containers(pod: Pod) -> list[Container]:
    """Return the containers that a pod waits for.

    That is the first init container that has not finished, or the sidecars before it; else every container
    that is not ready. The containers after a sidecar wait until it has started:
    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    sidecars = []
    for container in pod.containers:
        if container.type == "sidecar" and not container.ready:
            sidecars.append(container)
        if container.type == "init" and not (is_healthy(container) and container.state.kind == "terminated"):
            return sidecars if sidecars and container.state.reason in NOT_STARTED else [container]
    return [
        container
        for container in pod.containers
        if container.type in {"main", "sidecar"} and not container.ready
    ]


def _describe_wait(pod: Pod, container: Container) -> tuple[str, str]:
    """Return what keeps a pod from being Ready, and the API's word for it."""
    if container.type == "init":
        return f"init container {container.name} has not finished", ""
    if container.state.kind == "running":
        return f"container {container.name} runs and is not Ready", ""
    return f"container {container.name} has not started", container.state.reason or pod.phase


def _is_settled(pod: Pod, container: Container, min_fault_age: float, now: datetime) -> bool:
    started = container.state.started_at
    if container.type == "init" or container.state.kind != "running" or started is None:
        return False
    return (now - max(started, _unready_since(pod))).total_seconds() >= max(
        min_fault_age, container.startup_seconds
    )


def _unready_since(pod: Pod) -> datetime:
    ready = _ready_condition(pod)
    return max(pod.created_at, (ready.since if ready else None) or pod.created_at)


def _age(pod: Pod, evidence: Evidence) -> float:
    return (evidence.window.end - pod.created_at).total_seconds()
