"""Which pods count for a side, since when they are Ready, what they get past, and their events."""

from collections.abc import Callable, Sequence
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES, Role

ELSEWHERE = "at least half of its pods got past this, so it is where a pod runs and not what it is"


def is_disrupted(pod: Pod) -> bool:
    """Return whether a pod's node, or a pod of higher priority, took it: evicted, preempted, refused on
    arrival, node lost.

    These pods are Failed with a reason of their own (kubelet `eviction`, `lifecycle`) or the condition
    DisruptionTarget
    (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions); or their node
    no longer reports.
    """
    taken = any(
        condition.type == "DisruptionTarget" and condition.status == "True" for condition in pod.conditions
    )
    lost = pod.reason == "NodeLost" or _is_unheard(pod)
    return lost or (pod.phase == "Failed" and (taken or pod.reason not in {"", "DeadlineExceeded"}))


def _is_unheard(pod: Pod) -> bool:
    """Return whether the kubelet last reported a pod as well, and the node controller then set Ready to
    False.

    The node controller changes that condition's status and nothing else (`MarkPodsNotReady` in
    pkg/controller/util/node). The kubelet would give a reason, and would leave ContainersReady true only for
    a readiness gate.
    """
    states = {condition.type: (condition.status, condition.reason) for condition in pod.conditions}
    return states.get("Ready") == ("False", "") and states.get("ContainersReady", ("", ""))[0] == "True"


def select_standing_pods(pods: Pods | None) -> tuple[Pod, ...]:
    """Return the pods that count for a side, by name: not being deleted, not finished, not taken by their
    node.
    """
    every = pods.pods if pods else ()
    return tuple(
        sorted(
            (
                pod
                for pod in every
                if pod.deleted_at is None and pod.phase != "Succeeded" and not is_disrupted(pod)
            ),
            key=lambda pod: pod.name,
        )
    )


def find_ready_times(evidence: Evidence, role: Role) -> dict[str, datetime]:
    """Return the names of the side's Ready pods, and since when each is Ready."""
    return {
        pod.name: _find_ready_time(pod)
        for pod in select_standing_pods(evidence.part(Pods, role))
        if pod.ready()
    }


def _find_ready_time(pod: Pod) -> datetime:
    """Return the time in the condition; if a file that somebody made has none, that of its containers."""
    condition = next((condition for condition in pod.conditions if condition.type == "Ready"), None)
    if condition is not None:
        return condition.since or pod.created_at
    return max(container.state.started_at or pod.started_at or pod.created_at for container in pod.lasting())


def most_pods_pass(pods: Sequence[Pod], passes: Callable[[Pod], bool]) -> bool:
    """Return whether at least half of a side's pods got past what stops others of them.

    They are all made from one template. So what stops the rest is their place: a node, its registry, a full
    cluster.
    """
    return bool(pods) and 2 * sum(map(passes, pods)) >= len(pods)


def events_by_pod(evidence: Evidence) -> dict[tuple[Role, str], list[Event]]:
    """Return each pod's events, by its side and name, the newest first. An event without a time counts as
    new.
    """
    grouped: dict[tuple[Role, str], list[Event]] = {}
    for role in ROLES:
        part = evidence.part(Events, role)
        for event in part.events if part else ():
            kind, _, name = event.object.partition("/")
            if kind == "Pod":
                grouped.setdefault((role, name), []).append(event)
    for events in grouped.values():
        events.sort(
            key=lambda event: (event.last or evidence.window.end, event.reason, event.message), reverse=True
        )
    return grouped
