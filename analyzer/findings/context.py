"""Context: errors that shared pods log since the canary is there. Told as information: what both sides share, neither is to blame for."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.pods import Pods
from analyzer.findings.interface import Finding, Rule
from analyzer.settings import Rules

ERRORS = ("fatal", "error")
SAMPLES = 3


def new_errors(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Error templates of a context that came first after the first canary pod, where its log goes back further."""
    canary = evidence.part(Pods, "canary")
    since = min((pod.created_at for pod in canary.pods), default=None) if canary else None
    for part in evidence.parts:
        if since is None or not isinstance(part, ContextLogs):
            continue
        found = [
            (each.container, group)
            for each in part.containers
            if each.digest.first is not None and each.digest.first < since
            for group in each.digest.groups
            if group.level in ERRORS and group.first is not None and group.first >= since
        ]
        if not found:
            continue
        found.sort(key=lambda item: (-item[1].count, item[0], item[1].template))
        container, worst = found[0]
        more = f", and {len(found) - 1} more" if found[1:] else ""
        yield Finding(
            kind="context-errors",
            key=f"context-errors/{part.name}",
            sentence=f"{part.name} logs errors since the canary's first pod that it did not log before: "
            f"container {container}: {worst.template}{more}",
            stable="shared",
            canary=f"{sum(group.count for _, group in found):,} lines, shared",
            scope="uncompared",
            samples=tuple(dict.fromkeys(group.sample for _, group in found))[:SAMPLES],
        )


RULES: tuple[Rule, ...] = (Rule(new_errors, needs=(Pods,)),)
