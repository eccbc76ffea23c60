"""Context: errors that shared pods log since the canary is there. Told as information: what both sides share,
neither is to blame for.
"""

from collections.abc import Iterator
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.pods import Pods
from analyzer.findings.interface import Finding, Rule
from analyzer.logs.digest import ERRORS, TemplateGroup
from analyzer.settings import Rules

SAMPLES = 3


def new_errors(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield, of each context, the error templates that came first after the first canary pod, where its log
    goes back further.
    """
    canary = evidence.part(Pods, "canary")
    since = min((pod.created_at for pod in canary.pods), default=None) if canary else None
    if since is None:
        return
    for part in evidence.parts:
        if isinstance(part, ContextLogs):
            errors = sorted(_find_errors(part, since), key=_make_sort_key)
            if errors:
                yield _make_finding(part.name, errors)


def _find_errors(part: ContextLogs, since: datetime) -> Iterator[tuple[str, TemplateGroup]]:
    """Yield the container and the template of each error that came first since then."""
    for logs in part.containers:
        if logs.digest.first is not None and logs.digest.first < since:
            for group in logs.digest.groups:
                if group.level in ERRORS and group.first is not None and group.first >= since:
                    yield logs.container, group


def _make_sort_key(error: tuple[str, TemplateGroup]) -> tuple[int, str, str]:
    container, group = error
    return -group.count, container, group.template


def _make_finding(name: str, errors: list[tuple[str, TemplateGroup]]) -> Finding:
    """Return one finding for the errors of a context. The most frequent is first and is shown."""
    container, worst = errors[0]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Finding(
        kind="shared-pod-errors",
        key=f"shared-pod-errors/{name}",
        sentence=f"{name} logs errors since the canary's first pod that it did not log before: "
        f"container {container}: {worst.template}{more}",
        stable="shared",
        canary=f"{counted(sum(group.count for _, group in errors), 'line')}, shared",
        scope="uncompared",
        samples=tuple(dict.fromkeys(group.sample for _, group in errors))[:SAMPLES],
    )


RULES: tuple[Rule, ...] = (Rule(new_errors, needs=(Pods,)),)
