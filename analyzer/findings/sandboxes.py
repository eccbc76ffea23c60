"""Pods whose sandbox cannot be created because a memory limit is too low: the sandbox counts against it.

A network or a runtime that is not ready stops a sandbox as well, and passes. The event, and the pod that is
not Ready, have findings of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.compare import Fault, compare_sides, survey_pods
from analyzer.findings.interface import Finding
from analyzer.findings.permanent import RAISE_MEMORY, has_lasted, says_too_little_memory
from analyzer.findings.side_pods import ELSEWHERE, events_by_pod, most_pods_pass, select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

SANDBOX = "FailedCreatePodSandBox"  # pkg/kubelet/events/event.go


def sandboxes(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the pods whose newest failure of a sandbox blames a memory limit.

    Settled when the pod is `min_fault_age` old, or the kubelet has said so twice or more and for 15 seconds.
    Not settled where at least half of its side's pods have a sandbox.
    """
    events = events_by_pod(evidence)
    sides = {role: select_standing_pods(evidence.part(Pods, role)) for role in ROLES}

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        refused = select_memory_refusals(pod, events.get((role, pod.name), ()))
        if refused:
            age = (evidence.window.end - pod.created_at).total_seconds()
            settled = age >= rules.min_fault_age or has_lasted(refused, evidence.window.end)
            fault = Fault(
                "config-error",
                "",
                f"a memory limit is too low for the pod to start ({SANDBOX})",
                settled=settled,
                samples=tuple(_cut_to_cause(event.message) for event in refused),
                remedy=RAISE_MEMORY,
            )
            elsewhere = settled and most_pods_pass(sides[role], _has_begun)
            yield replace(fault, settled=False, doubt=ELSEWHERE) if elsewhere else fault

    return compare_sides(survey_pods(evidence, find_faults, needs=(Events,)))


def select_memory_refusals(pod: Pod, events: Sequence[Event]) -> list[Event]:
    """Return the events that blame a memory limit for a missing sandbox; none where the newest blames another
    cause.

    `events` are the pod's. Both they and the result have the newest first.
    """
    failures = [event for event in events if event.reason == SANDBOX]
    if not failures or _has_begun(pod) or not says_too_little_memory(failures[0].message):
        return []
    return [event for event in failures if says_too_little_memory(event.message)]


def _has_begun(pod: Pod) -> bool:
    """Return whether the pod has had a sandbox: a container of it runs or ran."""
    return any(container.state.kind in ("running", "terminated") for container in pod.containers)


def _cut_to_cause(message: str) -> str:
    """Return the end of a runtime's nested message, which has the cause."""
    head, _, tail = message.rpartition("container init")
    return f"container init{tail}" if head else message
