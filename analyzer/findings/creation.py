"""Pods that were never created: a quota, or an admission webhook, refuses them."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings.compare import Fault, SideFaults, compare_sides
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES, Role


def failed_create(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the ReplicaSets whose condition is ReplicaFailure, reason FailedCreate. The controller removes it
    once it creates a pod.

    Settled when the condition is `min_fault_age` old. ReplicaSets that should have no pods are left out.
    """
    sides: dict[Role, SideFaults] = {}
    for role in ROLES:
        part = evidence.part(ReplicaSets, role)
        if part is not None:
            wanted = sorted(
                (replicaset for replicaset in part.replicasets if replicaset.desired > 0),
                key=lambda one: one.name,
            )
            sides[role] = SideFaults(
                len(wanted),
                tuple(fault for reference in wanted for fault in _faults(reference, evidence, rules)),
            )
    return compare_sides(sides, "ReplicaSet")


def _faults(replicaset: ReplicaSet, evidence: Evidence, rules: Rules) -> Iterator[Fault]:
    for condition in replicaset.conditions:
        if (condition.type, condition.status, condition.reason) == ("ReplicaFailure", "True", "FailedCreate"):
            age = evidence.window.end - (condition.since or replicaset.created_at)
            text = (
                f"pods cannot be created (FailedCreate), {replicaset.current} of {replicaset.desired} exist"
            )
            yield Fault(
                "failed-create",
                "",
                text,
                settled=age.total_seconds() >= rules.min_fault_age,
                samples=(condition.message,),
            )
            return
