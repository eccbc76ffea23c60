"""From when to when each pod's containers start.

A start ends when the pod is Ready; where no probe says when that is, `START` after the container began.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.target import Role

# Seconds that a start may take where no probe tells when it has ended: a virtual machine's, with its classes.
START = 30.0
SECOND = timedelta(seconds=1)  # the API's times are cut to it

Span = tuple[datetime, datetime | None]  # from when, and to when; None while the container starts


def find_start_spans(evidence: Evidence, role: Role) -> dict[tuple[str, str], Span]:
    """Return from when to when each container of a side's pods starts, by pod and container."""
    ready = find_ready_times(evidence, role)
    return {
        (pod.name, container.name): _find_span(pod, container, ready.get(pod.name))
        for pod in select_standing_pods(evidence.part(Pods, role))
        for container in pod.containers
    }


def select_spans(spans: Mapping[tuple[str, str], Span], container: str) -> list[Span]:
    """Return the starts of the containers of a name."""
    return [span for (_, name), span in spans.items() if name == container]


def is_after_start(at: datetime, spans: Iterable[Span]) -> bool:
    """Return whether a time lies behind one start, and within none."""
    ended = False
    for begin, end in spans:
        if begin <= at and (end is None or at < end):
            return False
        ended = ended or (end is not None and end <= at)
    return ended


def end_start(container: Container, begin: datetime, ready: datetime) -> datetime:
    """Return when the start of a container is over that began at `begin` and whose pod is Ready since."""
    allowed = timedelta(seconds=0.0 if container.startup_seconds else START)
    return max(ready + SECOND, begin + allowed)


def _find_span(pod: Pod, container: Container, ready: datetime | None) -> Span:
    begin = container.state.started_at or pod.started_at or pod.created_at
    if ready is None:
        return begin, None
    return begin, end_start(container, begin, ready)
