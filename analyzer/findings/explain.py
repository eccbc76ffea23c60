"""Because: the change that explains a symptom. A step after the rules and before grading; pure.

It names only changes to the failing container, or to its pod, that can cause this kind of fault. What the
cluster's message names comes first. Every release changes its image and its version variables, so these
explain nothing but an image that cannot be pulled.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from analyzer.evidence import Evidence
from analyzer.evidence.spec import Spec
from analyzer.findings.explain_containers import explain_config, explain_exit, explain_memory, explain_pull
from analyzer.findings.explain_pods import (
    explain_creation,
    explain_ports,
    explain_probe,
    explain_scheduling,
    explain_storage,
    explain_volume,
)
from analyzer.findings.explanation import ExplanationInput
from analyzer.findings.interface import Finding
from analyzer.findings.spec import find_changes

MOST_CHANGES = 2  # changes that explain one finding

EXPLANATIONS: dict[str, Callable[[ExplanationInput], Iterator[str]]] = {
    "oom-kill": explain_memory,
    "storage-limit": explain_storage,
    "memory-near-limit": explain_memory,
    "memory-climbing": explain_memory,
    "crash-loop": explain_exit,
    "container-exit": explain_exit,
    "image-pull": explain_pull,
    "config-error": explain_config,
    "not-ready": explain_probe,
    "probe-failure": explain_probe,
    "unschedulable": explain_scheduling,
    "failed-create": explain_creation,
    "volume": explain_volume,
    "service-port": explain_ports,
}


def explain_findings(findings: Iterable[Finding], evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings, each with the change that explains it, where one does.

    A change explains only what the canary alone has.
    """
    known = tuple(findings)
    changes = find_changes(evidence)
    stable, canary = evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    return tuple(_with_cause(ExplanationInput(finding, known, changes, stable, canary)) for finding in known)


def _with_cause(case: ExplanationInput) -> Finding:
    explain = EXPLANATIONS.get(case.finding.kind)
    if explain is None or case.finding.scope != "canary" or case.finding.because:
        return case.finding
    causes = list(dict.fromkeys(explain(case)))[:MOST_CHANGES]
    return msgspec.structs.replace(case.finding, because="; ".join(causes)) if causes else case.finding
