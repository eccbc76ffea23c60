"""Grading: how much each finding weighs, and in what order findings are told."""

from collections.abc import Iterable, Mapping
from math import log2

from analyzer.findings.interface import Finding, Graded, Scope, Severity
from analyzer.findings.kinds import KINDS, Kind

_SEVERITIES: tuple[Severity, ...] = ("blocking", "hold", "warning", "info")
_ORDER = {kind: number for number, kind in enumerate(KINDS)}
_LAST = "image-differs"  # every release's, so it says least
_NONE = 99  # a step behind that of each share
_SCOPES: tuple[Scope, ...] = ("canary", "uncompared", "both", "stable")


def weigh_finding(finding: Finding, kinds: Mapping[str, Kind] = KINDS) -> Severity:
    """Return how much a finding weighs. Stable's own faults are information: they do not speak against the
    canary.

    A blocking kind blocks when only the canary has it, it goes on, and the pods are old enough to tell. It is
    a warning when it has stopped. Otherwise it holds: it is too early, stable has it as well, or there is
    nothing of stable to compare with. A team may set a kind to hold: it is then weighed like a blocking one,
    and never blocks.
    """
    default = kinds[finding.kind].severity
    if finding.scope == "stable":
        return "info"
    if default not in ("blocking", "hold"):
        return "info" if finding.scope == "both" else default
    if not finding.ongoing:
        return "warning"
    return default if finding.scope == "canary" and finding.settled else "hold"


def override_severities(severities: Mapping[str, Severity]) -> Mapping[str, Kind]:
    """Return the table with a team's severities in place of its own. Each kind must be in the table."""
    return KINDS | {
        name: Kind(severity=severity, meaning=KINDS[name].meaning) for name, severity in severities.items()
    }


def grade_findings(findings: Iterable[Finding], kinds: Mapping[str, Kind] = KINDS) -> tuple[Graded, ...]:
    """Return the findings with their severities, numbered F1, F2 …

    The most severe come first, then the canary's own, then those that touch the largest share of its lines or
    requests, in steps of two, then they are in the order of the table. `image-differs` is last.
    `kinds` is the table that applies.
    """
    severities = [(weigh_finding(finding, kinds), finding) for finding in findings]
    return tuple(
        Graded(id=f"F{number}", severity=severity, finding=finding, default=_find_replaced(finding, severity))
        for number, (severity, finding) in enumerate(sorted(severities, key=_make_sort_key), start=1)
    )


def _make_sort_key(item: tuple[Severity, Finding]) -> tuple[int, bool, int, int, int, float, str, str]:
    severity, finding = item
    return (
        _SEVERITIES.index(severity),
        finding.kind == _LAST,
        _SCOPES.index(finding.scope),
        _find_step(finding.share),
        _ORDER[finding.kind],
        -finding.share,
        finding.key,
        repr(finding),
    )


def _find_step(share: float) -> int:
    """Return the step of a share, the largest first. Some shares are counted on a sample of lines, which is
    another where equal times are in another order: so shares that are nearly alike order nothing.
    """
    return -round(log2(share)) if share else _NONE


def _find_replaced(finding: Finding, severity: Severity) -> Severity | None:
    """Return the table's own severity of a finding where a team's setting gave it another, else None."""
    default = weigh_finding(finding)
    return default if default != severity else None
