"""Pods that no node takes, and whether the version is why: its template asks for something else, or the nodes
have changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from analyzer.evidence import Evidence
from analyzer.evidence.fields import parse_quantity
from analyzer.evidence.pods import Condition, Container, Pod, Pods
from analyzer.evidence.spec import Spec
from analyzer.findings.compare import Fault, compare_sides, survey_pods
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import ELSEWHERE, events_by_pod, most_pods_pass, select_standing_pods
from analyzer.findings.spec import FieldChange, find_changes
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

# Of cluster-autoscaler (https://github.com/kubernetes/autoscaler) and Karpenter
# (pkg/controllers/provisioning/scheduling/events.go)
NODE_COMES = frozenset({"TriggeredScaleUp", "Nominated"})
INSUFFICIENT = re.compile(r"Insufficient ([\w./-]{1,317}\w)")
# What the scheduler complains of, and by group and name the changes that may cause it.
COMPLAINTS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (
        re.compile(r"node affinity|node selector|affinity rules|anti-affinity"),
        "scheduling",
        ("nodeSelector", "affinity"),
    ),
    (re.compile(r"taint"), "scheduling", ("tolerations",)),
    (re.compile(r"topology spread"), "scheduling", ("topologySpread",)),
    (re.compile(r"free ports"), "ports", ("",)),
    (re.compile(r"persistentvolumeclaim|PersistentVolume|volume"), "volumes", ("",)),
)
# Complaints of the nodes alone: a node is cordoned, full, gone, not up yet, or about to be removed.
# https://kubernetes.io/docs/reference/labels-annotations-taints/
_NODES = re.compile(
    r"^node\(s\) were (?:unschedulable|not ready)|^Too many pods"
    r"|taint\(?s?\)? \{(?:node\.kubernetes\.io/(?:not-ready|unreachable|unschedulable|out-of-service"
    r"|network-unavailable|(?:memory|disk|pid)-pressure)|node\.cloudprovider\.kubernetes\.io/"
    r"|ToBeDeletedByClusterAutoscaler|DeletionCandidateOfClusterAutoscaler|karpenter\.sh/)"
)
_NONE = "no nodes available to schedule pods"
_COUNTED = re.compile(r", (?=[0-9]{1,7} )")
_COUNT = re.compile(r"^[0-9]{1,7} ")
OF_THE_PLACE = "the nodes are why, and not the version"
ADVICE = "bring the nodes back or add some, and judge again"
REMEDY = "Bring the nodes back or add some: the version asks for no more than stable does."


def unschedulable(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the pods that no node takes (condition PodScheduled, reason Unschedulable).

    Not settled where at least half of its side's pods found a node, while an autoscaler adds one, and where
    the scheduler complains of nothing that the version asks for.
    """
    events = events_by_pod(evidence)
    sides = {role: select_standing_pods(evidence.part(Pods, role)) for role in ROLES}
    changed = find_changes(evidence) if all(evidence.part(Spec, role) for role in ROLES) else None

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        scheduled = unscheduled_condition(pod)
        if scheduled is None:
            return
        fault = Fault(
            "unschedulable", "", "no node takes the pod (Unschedulable)", samples=(scheduled.message,)
        )
        if blames_nodes(scheduled.message, pod, sides["stable"], changed):
            fault = replace(fault, settled=False, doubt=OF_THE_PLACE, advice=ADVICE, remedy=REMEDY)
        if (evidence.window.end - pod.created_at).total_seconds() < rules.min_fault_age:
            fault = replace(fault, settled=False)
        elif any(event.reason in NODE_COMES for event in events.get((role, pod.name), ())):
            fault = replace(fault, settled=False, doubt="an autoscaler is making room")
        elif most_pods_pass(sides[role], lambda other: unscheduled_condition(other) is None):
            fault = replace(fault, settled=False, doubt=ELSEWHERE)
        yield fault

    return compare_sides(survey_pods(evidence, find_faults))


def unscheduled_condition(pod: Pod) -> Condition | None:
    """Return the condition that says that no node takes the pod, or None."""
    conditions = (
        condition
        for condition in pod.conditions
        if (condition.type, condition.status, condition.reason) == ("PodScheduled", "False", "Unschedulable")
    )
    return next(conditions, None)


def blames_nodes(
    message: str, pod: Pod, stable: Sequence[Pod], changed: Sequence[FieldChange] | None
) -> bool:
    """Return whether the scheduler's message blames the nodes for something, and the version for nothing.

    The version is to blame where it requests more than every pod of stable does, or changed what the message
    complains of. `changed` are the changes of the template, None where they are not known.
    """
    blamed = {_find_blame(complaint, pod, stable, changed) for complaint in _complaints(message)}
    return "nodes" in blamed and "version" not in blamed


def _complaints(message: str) -> list[str]:
    """Return the scheduler's reasons, without their numbers of nodes: "0/3 nodes are available: 1 …, 2 …."

    The part about preemption repeats them, and is left out (pkg/scheduler/framework/types.go, FitError).
    """
    text = " ".join(message.split()).partition(" preemption: ")[0].rstrip(". ")
    if text == _NONE:
        return ["node(s) were not ready"]
    reasons = text.partition(" available: ")[2]
    return [_COUNT.sub("", reason, count=1) for reason in _COUNTED.split(reasons)] if reasons else []


def _find_blame(
    complaint: str, pod: Pod, stable: Sequence[Pod], changed: Sequence[FieldChange] | None
) -> Literal["nodes", "version", "nothing"]:
    """Return what a complaint blames. A taint or selector that did not change blames nothing."""
    if _NODES.search(complaint):
        return "nodes"
    lacking = INSUFFICIENT.search(complaint)
    if lacking:
        requested, theirs = _request(pod, lacking[1]), [_request(other, lacking[1]) for other in stable]
        return "nodes" if 0 < requested <= max(theirs, default=0.0) else "version"
    groups = [(group, names) for says, group, names in COMPLAINTS if says.search(complaint)]
    if not groups or changed is None:
        return "version"
    explains = any(
        change.group == group and change.name.startswith(names)
        for change in changed
        for group, names in groups
    )
    return "version" if explains else "nothing"


def _request(pod: Pod, resource: str) -> float:
    """Return how much a pod requests of a resource: its containers together, or one init container if that is
    more.

    https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
    """

    def amount(container: Container) -> float:
        return parse_quantity(container.requests.get(resource, "")) or 0.0

    lasting = sum(amount(container) for container in pod.containers if container.type in ("main", "sidecar"))
    return max([lasting, *(amount(container) for container in pod.containers if container.type == "init")])
