"""How long a container's readiness probe has failed altogether, where its pod became Ready in between."""

from collections.abc import Sequence

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container
from analyzer.evidence.spec import Spec
from analyzer.settings import Rules
from analyzer.target import Role

PART = (
    1 / 3
)  # of the time since the first failure: of a failure now and then an hour's event counts many as well
_PROBE = "Readiness probe failed"


def has_failed_for_long(
    evidence: Evidence, role: Role, container: Container, events: Sequence[Event], rules: Rules
) -> bool:
    """Return whether the readiness probe of a container's present run has failed, altogether, for as long as
    a fault must be old, and for as long as its probes allow.

    The kubelet counts each failure, and the pod template says how far apart its tries are. A container that
    was restarted has another fault.
    """
    period, started, now = (
        _find_period(evidence, role, container),
        container.state.started_at,
        evidence.window.end,
    )
    if not period or started is None or container.restarts:
        return False
    failures = [
        (event.first, event.last, event.count)
        for event in events
        if event.reason == "Unhealthy"
        and event.message.startswith(_PROBE)
        and event.container == container.name
    ]
    times = [(first, last, count) for first, last, count in failures if first and last and first >= started]
    if not times:
        return False
    seconds = sum(
        min(count * period, (last - first).total_seconds() + period) for first, last, count in times
    )
    lasted = (now - min(first for first, _, _ in times)).total_seconds()
    recent = (now - max(last for _, last, _ in times)).total_seconds() < rules.min_fault_age
    return recent and seconds >= max(rules.min_fault_age, container.startup_seconds, PART * lasted)


def _find_period(evidence: Evidence, role: Role, container: Container) -> float:
    """Return the seconds between two tries of the readiness probe; 0 where the pod template was not read."""
    spec = evidence.part(Spec, role)
    texts = (
        field.text
        for field in (spec.fields if spec else ())
        if field.container == container.name and field.name == "readinessProbe.periodSeconds"
    )
    text = next(texts, "")
    return float(text) if text.isdecimal() else 0.0
