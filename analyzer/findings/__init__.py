"""Findings: what differs between the sides, graded and numbered.

A new finding is a rule in a file beside this one, its line in `RULES`, and its kind in `grade.KINDS`.
"""

from analyzer import settings
from analyzer.evidence import Evidence
from analyzer.evidence.events import Events
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.evidence.spec import Spec
from analyzer.findings import (
    addressed,
    containers,
    context,
    creation,
    enough,
    events,
    gates,
    logs,
    novel,
    observed,
    pods,
    rates,
    silent,
    spec,
    traffic,
    usage,
)
from analyzer.findings.because import explained
from analyzer.findings.grade import grade, overridden
from analyzer.findings.ignored import told, without
from analyzer.findings.interface import Graded, Rule

RULES: tuple[Rule, ...] = (
    Rule(containers.faults, needs=(Pods,)),
    Rule(containers.restarts, needs=(Pods,)),
    Rule(containers.images, needs=(Pods,)),
    Rule(pods.unschedulable, needs=(Pods,)),
    Rule(pods.volumes, needs=(Pods, Events)),
    Rule(pods.not_ready, needs=(Pods,)),
    Rule(pods.evicted, needs=(Pods,)),
    Rule(pods.storage_limits, needs=(Pods,)),
    Rule(creation.failed_create, needs=(ReplicaSets,)),
    Rule(events.probe_failures, needs=(Pods, Events)),
    Rule(events.warning_events, needs=(Pods, Events)),
    *novel.RULES,
    *logs.RULES,
    *rates.RULES,
    Rule(spec.spec_changes, needs=(Spec,)),
    Rule(spec.missing_references, needs=(Spec,)),
    *usage.RULES,
    *traffic.RULES,
    *silent.RULES,
    *gates.RULES,
    *observed.RULES,
    *enough.RULES,
    *context.RULES,
    *addressed.RULES,
)


def find(evidence: Evidence, rules: settings.Rules) -> tuple[Graded, ...]:
    """Every rule's findings, graded and numbered, in one order whatever the order of the evidence.

    What `rules.ignore` leaves out no rule sees; what `rules.severity` says replaces the table's severity.
    """
    seen = without(evidence, rules.ignore)
    found = [*(finding for rule in RULES for finding in rule(seen, rules)), *told(evidence, seen)]
    return grade(explained(found, evidence), overridden(rules.severity))
