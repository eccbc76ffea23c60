"""Pods that were never created: a quota, or an admission webhook, refuses them."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings.compare import Fault, Seen, compared
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES, Role


def failed_create(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """ReplicaSets whose controller says ReplicaFailure, reason FailedCreate; it takes the condition back once it succeeds.

    Settled when it has said so for `min_age`. A ReplicaSet that should have no pods is no comparison.
    """
    sides: dict[Role, Seen] = {}
    for role in ROLES:
        part = evidence.part(ReplicaSets, role)
        if part is not None:
            wanted = sorted((one for one in part.replicasets if one.desired > 0), key=lambda one: one.name)
            sides[role] = Seen(len(wanted), tuple(fault for one in wanted for fault in _faults(one, evidence, rules)))
    return compared(sides, "ReplicaSets")


def _faults(replicaset: ReplicaSet, evidence: Evidence, rules: Rules) -> Iterator[Fault]:
    for condition in replicaset.conditions:
        if (condition.type, condition.status, condition.reason) == ("ReplicaFailure", "True", "FailedCreate"):
            age = evidence.window.end - (condition.since or replicaset.created_at)
            text = f"pods cannot be created (FailedCreate), {replicaset.current} of {replicaset.desired} exist"
            yield Fault("failed-create", "", text, settled=age.total_seconds() >= rules.min_age, samples=(condition.message,))
            return
