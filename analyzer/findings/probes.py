"""Probes that fail on the canary and not on stable, apart from those that timed out once on a pod that stayed
Ready.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from analyzer.common.units import duration_in_words
from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.pods import Pod
from analyzer.findings.compare import Fault, SideFaults, compare_sides, survey_pods
from analyzer.findings.events import group_events, is_of_start, is_ongoing, select_warnings
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import events_by_pod, find_ready_times
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

PROBES = frozenset({"readiness", "liveness", "startup"})  # the first word of the kubelet's message
FAILURE, BLIP = "probe-failure", "probe-timeout"
HARMLESS_TIMEOUTS = 2  # time-outs: by default the third in a row makes a pod un-Ready, or kills its container
# Seconds from one failure to the next, at the most on average, of a probe that has failed without a break:
# with a longer pause the pod may have been Ready between them (periodSeconds is 10 by default).
DENSE = 30.0

# The kubelet's words for HTTP and TCP, gRPC's, and the runtimes' for a command (pkg/probe of Kubernetes 1.34)
_TIMED_OUT = re.compile(
    r"deadline ?exceeded|i/o timeout|client\.timeout|tls handshake timeout|timed out|\btimeout: ",
    re.IGNORECASE,
)


def probe_failures(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the probes that fail (reason Unhealthy), by the probe: readiness, liveness or startup.

    What ended before the pod became Ready belongs to its start. A probe that timed out once or twice on one
    pod, which stayed Ready, is information: a busy node does that.
    """
    events = events_by_pod(evidence)
    ready = {role: find_ready_times(evidence, role) for role in ROLES}

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        since = ready[role].get(pod.name)
        warned = select_warnings(evidence, events.get((role, pod.name), ()))
        for (subject, text), failures in group_events(warned, _name_probe).items():
            later = [event for event in failures if not is_of_start(event.last, pod, rules)]
            if not later or _ended_with_start(failures, pod, since, rules):
                continue
            ongoing, samples = is_ongoing(later, evidence, rules), tuple(event.message for event in later)
            ended = max((event.last for event in failures if event.last), default=None)
            failure = Fault(FAILURE, subject, text, ongoing=ongoing, samples=samples, ended=ended)
            yield _as_blip(failure, rules) if _is_blip(later, pod, since, rules) else failure

    return compare_sides(_tell_alike(survey_pods(evidence, find_faults, needs=(Events,))))


def _as_blip(failure: Fault, rules: Rules) -> Fault:
    """Return the fault of a probe that timed out on a pod that stayed Ready. A recent one is not settled:
    whether it comes again is not known yet.
    """
    return replace(
        failure,
        kind=FAILURE if failure.ongoing else BLIP,
        text=f"{failure.text.removesuffix('failed')}timed out, and the pod stayed Ready",
        settled=not failure.ongoing,
        advice=f"judge again {duration_in_words(rules.min_fault_age)} after it, or let the run wait"
        " for that (--wait)",
    )


def _name_probe(event: Event) -> tuple[str, str] | None:
    if event.reason != "Unhealthy":
        return None
    probe = event.message.partition(" ")[0].lower()
    return (probe, f"its {probe} probe failed") if probe in PROBES else ("other", "a probe failed")


def _ended_with_start(failures: Sequence[Event], pod: Pod, since: datetime | None, rules: Rules) -> bool:
    """Return whether a pod's probe has failed from its start on, without a break, until it became Ready.

    A readiness probe may fail for as long as a start takes: it stops nothing.
    """
    if since is None or any(container.restarts for container in pod.containers):
        return False
    firsts = [event.first for event in failures if event.first is not None]
    lasts = [event.last for event in failures if event.last is not None]
    if not len(firsts) == len(lasts) == len(failures):
        return False
    dense = (max(lasts) - min(firsts)).total_seconds() <= DENSE * sum(event.count for event in failures)
    return is_of_start(min(firsts), pod, rules) and dense and max(lasts) <= since


def _is_blip(failures: Sequence[Event], pod: Pod, since: datetime | None, rules: Rules) -> bool:
    """Return whether a probe timed out a few times on a pod that was Ready and has stayed so.

    The kubelet counts equal messages together, so one of the start may be the first of an event.
    """
    if since is None or sum(event.count for event in failures) > HARMLESS_TIMEOUTS:
        return False
    return all(
        event.first is not None
        and event.last is not None
        and event.last >= since
        and (event.first >= since or is_of_start(event.first, pod, rules))
        and _TIMED_OUT.search(event.message)
        for event in failures
    )


def _tell_alike(sides: Mapping[Role, SideFaults]) -> dict[Role, SideFaults]:
    """Return the faults with one kind for each probe, so that stable's are compared with the canary's.

    They are blips if one pod of the canary has one and no other fails at that probe; where none of the canary
    does, if that is so of stable.
    """
    told: dict[str, tuple[str, bool]] = {}
    for role in ("stable", "canary"):
        by_subject: dict[str, list[Fault]] = {}
        for fault in sides[role].faults if role in sides else ():
            by_subject.setdefault(fault.subject, []).append(fault)
        for subject, faults in by_subject.items():
            told[subject] = (faults[0].kind, faults[0].settled) if len(faults) == 1 else (FAILURE, True)
    return {
        role: replace(side, faults=tuple(_retell(fault, *told[fault.subject]) for fault in side.faults))
        for role, side in sides.items()
    }


def _retell(fault: Fault, kind: str, settled: bool) -> Fault:
    return replace(fault, kind=kind, settled=settled)
