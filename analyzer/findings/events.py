"""Warning events that the canary has and stable has not."""

from collections.abc import Callable, Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod
from analyzer.findings.compare import Fault, compare_sides, survey_pods
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import events_by_pod
from analyzer.settings import Rules
from analyzer.target import Role

PROBES = frozenset({"readiness", "liveness", "startup"})  # the first word of the kubelet's message
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


def probe_failures(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the probes that fail (reason Unhealthy), by the probe: readiness, liveness or startup."""

    def name_probe(event: Event) -> tuple[str, str] | None:
        if event.reason != "Unhealthy":
            return None
        probe = event.message.partition(" ")[0].lower()
        return (probe, f"its {probe} probe failed") if probe in PROBES else ("other", "a probe failed")

    return _find_named_events(evidence, rules, "probe-failure", name_probe)


def warning_events(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the other Warning events of pods, by reason."""

    def name_reason(event: Event) -> tuple[str, str] | None:
        return None if event.reason in SAID_ELSEWHERE else (event.reason, f"Warning event {event.reason}")

    return _find_named_events(evidence, rules, "warning-event", name_reason)


def _find_named_events(
    evidence: Evidence, rules: Rules, kind: str, name_event: Callable[[Event], tuple[str, str] | None]
) -> Iterator[Finding]:
    """Yield one finding for each name that `name_event` gives to Warning events of the window.

    `name_event` returns a name and its words, or None for an event of another rule. Events of a pod's start
    are left out.
    """
    start, end = evidence.window.start, evidence.window.end
    events = events_by_pod(evidence)

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        groups: dict[tuple[str, str], list[Event]] = {}
        for event in events.get((role, pod.name), ()):
            named = name_event(event) if event.type == "Warning" else None
            if named is not None and (event.last or end) >= start and not _is_of_start(event, pod, rules):
                groups.setdefault(named, []).append(event)
        for (subject, text), named_events in groups.items():
            ongoing = (end - (named_events[0].last or end)).total_seconds() <= rules.min_fault_age
            yield Fault(
                kind, subject, text, ongoing=ongoing, samples=tuple(event.message for event in named_events)
            )

    return compare_sides(survey_pods(evidence, find_faults, needs=(Events,)))


def _is_of_start(event: Event, pod: Pod, rules: Rules) -> bool:
    """Return whether an event belongs only to the start of a pod that is Ready now.

    Such events of stable are gone, since the API keeps an hour of them. A start ends `min_fault_age`, or what
    the probes allow, after the last container began: until then a node may have been pulling its image.
    """
    if event.last is None or not pod.ready():
        return False
    allowed = max([rules.min_fault_age, *(container.startup_seconds for container in pod.containers)])
    begun = [
        started.state.started_at
        for started in pod.containers
        if started.state.started_at and not started.restarts and started.type != "ephemeral"
    ]
    return (event.last - max((pod.created_at, *begun))).total_seconds() <= allowed
