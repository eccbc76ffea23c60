"""The start of a canary that stable's log says nothing of: its pods started before the window, so what every start logs looks new."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.findings.compare import standing
from analyzer.logs.compare import Compared
from analyzer.settings import Rules
from analyzer.target import Role


def only_at_start(each: Compared, container: str, evidence: Evidence, rules: Rules) -> bool:
    """Whether a template that stopped was logged at the start of the canary's pods, all Ready by now, and no pod of stable has started.

    A start takes `min_age`, or what the container's own probes allow it.
    """
    canary = tuple(_runs(evidence, "canary", container))
    if each.first is None or each.last is None or not all(pod.ready() and not run.restarts for pod, run in canary):
        return False
    starts = [(_started(pod, run), timedelta(seconds=max(rules.min_age, run.startup_seconds))) for pod, run in canary]
    near = [any(timedelta() <= at - start <= allowed for start, allowed in starts) for at in (each.first, each.last)]
    return all(near) and all(_started(pod, run) < evidence.window.start for pod, run in _runs(evidence, "stable", container))


def _runs(evidence: Evidence, role: Role, container: str) -> Iterator[tuple[Pod, Container]]:
    return ((pod, each) for pod in standing(evidence.part(Pods, role)) for each in pod.containers if each.name == container)


def _started(pod: Pod, container: Container) -> datetime:
    return container.state.started_at or pod.created_at
