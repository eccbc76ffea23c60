"""Findings: what differs between the sides, graded and numbered.

A new finding is a rule in a file beside this one, its line in `RULES`, and its kind in `kinds.KINDS`.
"""

from analyzer import settings
from analyzer.evidence import Evidence
from analyzer.evidence.events import Events
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.evidence.spec import Spec
from analyzer.findings import (
    ceased_lines,
    containers,
    context,
    creation,
    events,
    evictions,
    few_requests,
    gates,
    grown_measures,
    images,
    injection,
    lacking_work,
    logs,
    missing_work,
    moved_values,
    new_templates,
    observed,
    pods,
    probes,
    rates,
    rewritten,
    sandboxes,
    scheduling,
    service_ports,
    shared_outage,
    shifted_slots,
    silence,
    spec,
    sufficiency,
    traffic,
    unexplained,
    usage,
)
from analyzer.findings.explain import explain_findings
from analyzer.findings.grade import grade_findings, override_severities
from analyzer.findings.ignore import drop_ignored, report_ignored
from analyzer.findings.interface import Graded, Rule

RULES: tuple[Rule, ...] = (
    Rule(containers.faults, needs=(Pods,)),
    Rule(containers.restarts, needs=(Pods,)),
    Rule(images.images, needs=(Pods,)),
    Rule(scheduling.unschedulable, needs=(Pods,)),
    Rule(pods.volumes, needs=(Pods, Events)),
    Rule(sandboxes.sandboxes, needs=(Pods, Events)),
    Rule(pods.not_ready, needs=(Pods,)),
    Rule(evictions.evicted, needs=(Pods,)),
    Rule(evictions.storage_limits, needs=(Pods,)),
    Rule(creation.failed_create, needs=(ReplicaSets,)),
    Rule(probes.probe_failures, needs=(Pods, Events)),
    Rule(events.warning_events, needs=(Pods, Events)),
    *new_templates.RULES,
    *logs.RULES,
    *rates.RULES,
    *unexplained.RULES,
    *rewritten.RULES,
    *shifted_slots.RULES,
    *grown_measures.RULES,
    *moved_values.RULES,
    Rule(spec.spec_changes, needs=(Spec,)),
    Rule(spec.missing_references, needs=(Spec,)),
    *usage.RULES,
    *traffic.RULES,
    *service_ports.RULES,
    *silence.RULES,
    *missing_work.RULES,
    *lacking_work.RULES,
    *ceased_lines.RULES,
    *shared_outage.RULES,
    *gates.RULES,
    *observed.RULES,
    *sufficiency.RULES,
    *few_requests.RULES,
    *context.RULES,
    *injection.RULES,
)


def find(evidence: Evidence, rules: settings.Rules) -> tuple[Graded, ...]:
    """Return every rule's findings, graded and numbered, in an order that does not depend on the evidence's.

    No rule sees the log templates of `rules.ignore`. `rules.severity` replaces the table's severities. A
    finding is left out where another one says the same better.
    """
    kept, kinds = drop_ignored(evidence, rules.ignore), override_severities(rules.severity)
    findings = explain_findings(
        [*(finding for rule in RULES for finding in rule(kept, rules)), *report_ignored(evidence, kept)],
        evidence,
    )
    return grade_findings(sufficiency.drop_better_said(findings, kinds), kinds)
