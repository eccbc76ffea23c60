"""What pods do: cannot be scheduled, wait for their volumes, never become Ready, are taken by their node."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Condition, Container, Pod, Pods
from analyzer.findings.compare import ELSEWHERE, Fault, Seen, compared, disrupted, passed, pod_events, standing, survey
from analyzer.findings.containers import fault_of, healthy
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

# Of cluster-autoscaler (https://github.com/kubernetes/autoscaler) and Karpenter (pkg/controllers/provisioning/scheduling/events.go)
NODE_COMES = frozenset({"TriggeredScaleUp", "Nominated"})
VOLUME_REASONS = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
_OWN_LIMIT = re.compile(r"local ephemeral storage limit|storage usage exceeds the total limit of containers|EmptyDir volume .* exceeds the")
NOT_STARTED = frozenset({"ContainerCreating", "PodInitializing"})


def unschedulable(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Pods that no node takes (condition PodScheduled, reason Unschedulable).

    Not settled where at least half of its side's pods found one, nor while an autoscaler says that it makes one.
    """
    events = pod_events(evidence)
    sides = {role: standing(evidence.part(Pods, role)) for role in ROLES}

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        scheduled = _unscheduled(pod)
        if scheduled:
            fault = Fault("unschedulable", "", "no node takes the pod (Unschedulable)", samples=(scheduled.message,))
            if _age(pod, evidence) < rules.min_age:
                fault = replace(fault, settled=False)
            elif any(event.reason in NODE_COMES for event in events.get((role, pod.name), ())):
                fault = replace(fault, settled=False, doubt="an autoscaler is making room")
            elif passed(sides[role], lambda each: _unscheduled(each) is None):
                fault = replace(fault, settled=False, doubt=ELSEWHERE)
            yield fault

    return compared(survey(evidence, look))


def volumes(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Pods whose containers wait to be created while the kubelet says that a volume fails.

    Not settled where at least half of its side's pods have theirs.
    """

    events = pod_events(evidence)
    sides = {role: standing(evidence.part(Pods, role)) for role in ROLES}

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        messages = _volume_messages(pod, events.get((role, pod.name), ()))
        if messages:
            old = _age(pod, evidence) >= rules.min_age
            fault = Fault("volume", "", "containers wait for a volume that cannot be mounted", settled=old, samples=messages)
            yield replace(fault, settled=False, doubt=ELSEWHERE) if old and passed(sides[role], _mounted) else fault

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

    def look(pod: Pod) -> Fault | None:
        why = pod.reason or ("disrupted" if pod.phase == "Failed" else "it fell silent")
        text = f"taken by the node ({why})"
        return None if _outgrew(pod) else Fault("evicted", "", text, ongoing=False, samples=(pod.message,))

    return compared(_gone(evidence, look))


def storage_limits(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Pods that were evicted because they outgrew a limit of their own, which is a fault of what they run.

    It goes on until twice the time has passed that such a pod lived for. What was evicted before the first canary pod was created
    is left out, so that both sides are watched for the same time.
    """
    canary = evidence.part(Pods, "canary")
    first = min((pod.created_at for pod in (canary.pods if canary else ())), default=evidence.window.start)
    text = "evicted for using more local storage than its own limit"

    def look(pod: Pod) -> Fault | None:
        at = _taken_at(pod, evidence)
        if not _outgrew(pod) or at < first:
            return None
        ongoing = evidence.window.end - at <= 2 * (at - pod.created_at)
        return Fault("storage-limit", "", text, ongoing, samples=(pod.message,))

    return compared(_gone(evidence, look))


def _gone(evidence: Evidence, look: Callable[[Pod], Fault | None]) -> dict[Role, Seen]:
    """Each side by the pods that its nodes took, beside those that stand."""
    sides: dict[Role, Seen] = {}
    for role in ROLES:
        part = evidence.part(Pods, role)
        if part is not None:
            taken = sorted((pod for pod in part.pods if disrupted(pod)), key=lambda pod: pod.name)
            sides[role] = Seen(len(standing(part)) + len(taken), tuple(fault for pod in taken if (fault := look(pod))))
    return sides


def _outgrew(pod: Pod) -> bool:
    """By the kubelet's own words (pkg/kubelet/eviction/helpers.go): every other eviction is for what the node lacks."""
    return pod.reason == "Evicted" and _OWN_LIMIT.search(pod.message) is not None


def _taken_at(pod: Pod, evidence: Evidence) -> datetime:
    ends = [container.state.finished_at for container in pod.containers if container.state.finished_at]
    since = [condition.since for condition in pod.conditions if condition.type == "DisruptionTarget" and condition.since]
    return max((*ends, *since), default=evidence.window.end)


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
    if _mounted(pod):
        return ()
    return tuple(event.message for event in events if event.reason in VOLUME_REASONS)


def _mounted(pod: Pod) -> bool:
    """A pod's volumes are there before the first of its containers runs."""
    return any(container.state.kind in {"running", "terminated"} for container in pod.containers)


def _culprits(pod: Pod) -> list[Container]:
    """The containers to wait for: the first init container that has not finished, or the sidecars it waits for; else what is not ready.

    A sidecar holds up what comes after it until it has started:
    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    sidecars = []
    for container in pod.containers:
        if container.type == "sidecar" and not container.ready:
            sidecars.append(container)
        if container.type == "init" and not (healthy(container) and container.state.kind == "terminated"):
            return sidecars if sidecars and container.state.reason in NOT_STARTED else [container]
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
