"""Warning events that the canary has and stable has not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod
from analyzer.findings.compare import Fault, compare_sides, survey_pods
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import events_by_pod
from analyzer.settings import Rules
from analyzer.target import Role

# Reasons that have a rule of their own, or that the state of a pod or ReplicaSet shows better: an event may
# be long over.
SAID_ELSEWHERE = frozenset(
    {
        "BackOff",
        "Evicted",
        "Failed",
        "FailedAttachVolume",
        "FailedCreate",
        "FailedMapVolume",
        "FailedMount",
        "FailedScheduling",
        "InspectFailed",
        "NodeNotReady",
        "Preempting",
        "TaintManagerEviction",
        "Unhealthy",
    }
)


def warning_events(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the Warning events of pods that no other rule tells, by reason. Those of a start are left out."""
    events = events_by_pod(evidence)

    def name_reason(event: Event) -> tuple[str, str] | None:
        return None if event.reason in SAID_ELSEWHERE else (event.reason, f"Warning event {event.reason}")

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        warned = select_warnings(evidence, events.get((role, pod.name), ()))
        later = [event for event in warned if not is_of_start(event.last, pod, rules)]
        for (subject, text), alike in group_events(later, name_reason).items():
            ongoing = is_ongoing(alike, evidence, rules)
            samples = tuple(event.message for event in alike)
            yield Fault("warning-event", subject, text, ongoing=ongoing, samples=samples)

    return compare_sides(survey_pods(evidence, find_faults, needs=(Events,)))


def select_warnings(evidence: Evidence, events: Iterable[Event]) -> list[Event]:
    """Return the Warning events that were seen within the window, or at no known time, in their order."""
    start, end = evidence.window.start, evidence.window.end
    return [event for event in events if event.type == "Warning" and (event.last or end) >= start]


def group_events(
    events: Iterable[Event], name_event: Callable[[Event], tuple[str, str] | None]
) -> dict[tuple[str, str], list[Event]]:
    """Return the events by what `name_event` gives: a name and its words, or None for an event of another
    rule. Each group keeps their order.
    """
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        named = name_event(event)
        if named is not None:
            groups.setdefault(named, []).append(event)
    return groups


def is_ongoing(events: Sequence[Event], evidence: Evidence, rules: Rules) -> bool:
    """Return whether the first of these events, the newest, was seen within `min_fault_age`."""
    end = evidence.window.end
    return (end - (events[0].last or end)).total_seconds() <= rules.min_fault_age


def is_of_start(at: datetime | None, pod: Pod, rules: Rules) -> bool:
    """Return whether a time is within the start of a pod that is Ready now.

    Events of stable's start are gone, since the API keeps an hour of them. A start ends `min_fault_age`, or
    what the probes allow, after the last container began: until then a node may have been pulling its image.
    """
    if at is None or not pod.ready():
        return False
    allowed = max([rules.min_fault_age, *(container.startup_seconds for container in pod.containers)])
    begun = [
        started.state.started_at
        for started in pod.containers
        if started.state.started_at and not started.restarts and started.type != "ephemeral"
    ]
    return (at - max((pod.created_at, *begun))).total_seconds() <= allowed
