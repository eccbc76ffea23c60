"""Warning events that the canary has and stable has not."""

from collections.abc import Callable, Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod
from analyzer.findings.compare import Fault, compared, pod_events, survey
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import Role

PROBES = frozenset({"readiness", "liveness", "startup"})  # the first word of the kubelet's message
# Told by the state of a pod or ReplicaSet, and better (the event alone may long be over), or by a rule of its own.
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
    """Probes that fail (reason Unhealthy), by the probe: readiness, liveness or startup."""

    def name(event: Event) -> tuple[str, str] | None:
        if event.reason != "Unhealthy":
            return None
        probe = event.message.partition(" ")[0].lower()
        return (probe, f"its {probe} probe failed") if probe in PROBES else ("other", "a probe failed")

    return _by_name(evidence, rules, "probe-failure", name)


def warning_events(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Other Warning events of pods, by reason."""

    def name(event: Event) -> tuple[str, str] | None:
        return None if event.reason in SAID_ELSEWHERE else (event.reason, f"Warning event {event.reason}")

    return _by_name(evidence, rules, "warning-event", name)


def _by_name(evidence: Evidence, rules: Rules, kind: str, name: Callable[[Event], tuple[str, str] | None]) -> Iterator[Finding]:
    """One finding for each name (and its words) that `name` gives to a Warning event of the window, start-up noise apart."""
    start, end = evidence.window.start, evidence.window.end
    events = pod_events(evidence)

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        named: dict[tuple[str, str], list[Event]] = {}
        for event in events.get((role, pod.name), ()):
            called = name(event) if event.type == "Warning" else None
            if called is not None and (event.last or end) >= start and not _starting(event, pod, rules):
                named.setdefault(called, []).append(event)
        for (subject, text), found in named.items():
            ongoing = (end - (found[0].last or end)).total_seconds() <= rules.min_age
            yield Fault(kind, subject, text, ongoing=ongoing, samples=tuple(event.message for event in found))

    return compared(survey(evidence, look, needs=(Events,)))


def _starting(event: Event, pod: Pod, rules: Rules) -> bool:
    """Whether it only belongs to the start of a pod that is Ready by now: stable's own are long forgotten (the API keeps an hour).

    The start ends so long after the last container began: a node may have been pulling its image until then.
    """
    if event.last is None or not pod.ready():
        return False
    allowed = max([rules.min_age, *(container.startup_seconds for container in pod.containers)])
    begun = [each.state.started_at for each in pod.containers if each.state.started_at and not each.restarts and each.type != "ephemeral"]
    return (event.last - max((pod.created_at, *begun))).total_seconds() <= allowed
