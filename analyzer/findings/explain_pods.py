"""Changes that explain the faults of a pod: its storage, its probes, its place, its creation, its volumes,
its ports.
"""

import re
from collections.abc import Iterator
from math import inf

from analyzer.findings.explanation import (
    NOT_FOUND,
    ExplanationInput,
    describe_change,
    describe_changes,
    describe_lack,
    is_less,
)
from analyzer.findings.scheduling import COMPLAINTS, INSUFFICIENT

# What the quota or the admission plugin complains of, and the groups of changes that may be why.
_UNCREATED = (
    (re.compile(r"quota|maximum|minimum|limit|request", re.IGNORECASE), ("resources",)),
    (
        re.compile(r"PodSecurity|privileged|security|runAs|capabilit|hostPath|hostNetwork", re.IGNORECASE),
        ("security", "volumes", "other"),
    ),
    (re.compile(r"service ?account", re.IGNORECASE), ("service-account",)),
)


def explain_storage(case: ExplanationInput) -> Iterator[str]:
    """Yield a lower limit of a container's storage, else changed volumes: an emptyDir has a limit as well."""
    lowered = [
        change
        for change in case.changes
        if change.name == "limits.ephemeral-storage" and is_less(change.canary, change.stable, absent=inf)
    ]
    yield from describe_changes(lowered or [change for change in case.changes if change.group == "volumes"])


def explain_probe(case: ExplanationInput) -> Iterator[str]:
    """Yield a probe that changed, or a port."""
    probe = case.finding.key.partition("/")[2] if case.finding.kind == "probe-failure" else ""
    subject = case.changes if probe else case.changes_in("probe", "ports")
    wanted = (probe,) if probe else ("readiness", "startup")
    yield from describe_changes(
        change for change in subject if change.group == "probe" and change.name.startswith(wanted)
    )
    yield from describe_changes(change for change in subject if change.group == "ports")


def explain_scheduling(case: ExplanationInput) -> Iterator[str]:
    """Yield only changes that the scheduler's message complains of."""
    text = case.messages()
    for resource in INSUFFICIENT.findall(text):
        yield from (
            describe_change(change)
            for change in case.changes
            if change.name == f"requests.{resource}" and is_less(change.stable, change.canary)
        )
    for complaint, group, names in COMPLAINTS:
        if complaint.search(text):
            yield from describe_changes(
                change for change in case.changes if change.group == group and change.name.startswith(names)
            )


def explain_creation(case: ExplanationInput) -> Iterator[str]:
    """Yield only changes that the quota or the admission plugin complains of."""
    text = case.messages()
    for complaint, groups in _UNCREATED:
        if complaint.search(text):
            yield from describe_changes(
                change for group in groups for change in case.changes if change.group == group
            )


def explain_volume(case: ExplanationInput) -> Iterator[str]:
    """Yield the volume, ConfigMap, Secret or claim that the message names, else any volume that changed."""
    text = case.messages()
    for match in NOT_FOUND.finditer(text):
        yield describe_lack(case, match["kind"], match["name"], "")
    volumes = [change for change in case.changes if change.group == "volumes"]
    named = [change for change in volumes if f'"{change.name.partition(" ")[0]}"' in text]
    yield from describe_changes(named or volumes)


def explain_ports(case: ExplanationInput) -> Iterator[str]:
    """Yield every port that changed."""
    yield from describe_changes(change for change in case.changes if change.group == "ports")
