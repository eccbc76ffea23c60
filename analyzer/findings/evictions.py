"""Pods that their node took: for what the node lacks, or for a limit of their own."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.compare import Fault, SideFaults, compare_sides
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import is_disrupted, select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

_OWN_LIMIT = re.compile(
    r"local ephemeral storage limit|storage usage exceeds the total limit of containers"
    r"|EmptyDir volume \S{1,80} exceeds the"
)


def evicted(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the pods that their node, or a pod of higher priority, took away: no fault of the version they
    run.
    """

    def find_fault(pod: Pod) -> Fault | None:
        why = pod.reason or ("disrupted" if pod.phase == "Failed" else "it fell silent")
        fault = Fault("evicted", "", "taken by the node", ongoing=False, samples=(pod.message,), reason=why)
        return None if _outgrew(pod) else fault

    return compare_sides(_survey_taken_pods(evidence, find_fault))


def storage_limits(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the pods that were evicted because they outgrew a limit of their own: a fault of what they run.

    It goes on until twice the time has passed for which such a pod ran. Pods that were evicted before the
    first canary pod was created are left out, so that both sides are watched for the same time.
    """
    canary = evidence.part(Pods, "canary")
    first = min((pod.created_at for pod in (canary.pods if canary else ())), default=evidence.window.start)
    text = "evicted for using more local storage than its own limit"

    def find_fault(pod: Pod) -> Fault | None:
        at = _taken_at(pod, evidence)
        if not _outgrew(pod) or at < first:
            return None
        ongoing = evidence.window.end - at <= 2 * (at - pod.created_at)
        return Fault("storage-limit", "", text, ongoing, samples=(pod.message,))

    return compare_sides(_survey_taken_pods(evidence, find_fault))


def _survey_taken_pods(
    evidence: Evidence, find_fault: Callable[[Pod], Fault | None]
) -> dict[Role, SideFaults]:
    """Return each side's faults of the pods that its nodes took. Its total includes its other pods."""
    sides: dict[Role, SideFaults] = {}
    for role in ROLES:
        part = evidence.part(Pods, role)
        if part is not None:
            taken = sorted((pod for pod in part.pods if is_disrupted(pod)), key=lambda pod: pod.name)
            sides[role] = SideFaults(
                len(select_standing_pods(part)) + len(taken),
                tuple(filter(None, map(find_fault, taken))),
            )
    return sides


def _outgrew(pod: Pod) -> bool:
    """Return whether a pod was evicted for a limit of its own; other evictions are for what the node lacks.

    The kubelet's message shows it (pkg/kubelet/eviction/helpers.go).
    """
    return pod.reason == "Evicted" and _OWN_LIMIT.search(pod.message) is not None


def _taken_at(pod: Pod, evidence: Evidence) -> datetime:
    """Return when a pod was taken; the end of the window where nothing says when."""
    ends = [container.state.finished_at for container in pod.containers if container.state.finished_at]
    since = [
        condition.since
        for condition in pod.conditions
        if condition.type == "DisruptionTarget" and condition.since
    ]
    return max((*ends, *since), default=evidence.window.end)
