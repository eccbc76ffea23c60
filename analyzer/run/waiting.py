"""Waiting for what a judgement needs and only time can bring, instead of judging too early. It is bounded and
reported.

What is missing follows from the findings (`reasons_to_wait`). Until the canary has been Ready for long
enough, only the pods are read; then everything is, and the last look is the evidence.
"""

import threading
import time
from dataclasses import dataclass
from functools import partial

import msgspec

from analyzer.common.deadline import Deadline, within
from analyzer.decision import DecisionInput, blocking_finding, same_sides
from analyzer.errors import InfrastructureError
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods, PodSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.findings import find
from analyzer.findings.figures import figures_of
from analyzer.findings.interface import Graded
from analyzer.findings.side_pods import select_standing_pods
from analyzer.run import gather as gathering
from analyzer.run.context import RunContext, Say
from analyzer.settings import Rules, Settings
from analyzer.target import ROLES

STAGES = ((PodSource(), ReplicaSetSource()),)
EVERY, AGAIN = 2.0, 12.0  # seconds from one look at the pods to the next, and from one whole look
PART = 0.5  # of the deadline, where the run itself says how long: looking and asking need the rest

TIME_BRINGS = {
    "too-young": "for the canary to have been Ready for long enough",
    "no-work-seen": "for the canary to show work",
    "too-little-traffic": "for the canary to have had enough requests",
    "no-traffic": "for the canary to have had requests",
    "silent": "for the canary to log its work",
    "missing-work": "for every pod of the canary to do its work",
    "shared-outage": "for an outage of both sides to end",
}
LOGGED = ("no-work-seen", "too-little-traffic")


@dataclass(frozen=True)
class Waited:
    """The evidence of the last look, and how many seconds were spent waiting."""

    evidence: Evidence
    seconds: float


def gather(settings: Settings, deadline: Deadline, say: Say) -> Waited:
    """Return what can be seen of both sides, once it is enough to judge or the time to wait is over. Raise
    what `gathering.gather` raises.

    The next look makes up for one that fails after the first.
    """
    context, begun = gathering.begin_run(settings, deadline, say), time.monotonic()
    until = _wait_deadline(settings, context, deadline)
    announced = _wait_for_pods(context, settings.rules, until, say)
    waited = time.monotonic() - begun
    watch = gathering.watch_pods(context, settings, say)
    evidence: Evidence | None = None
    while True:
        began = time.monotonic()
        try:
            evidence = gathering.read_everything(context, deadline, say, watch)
        except InfrastructureError:
            if evidence is None:
                raise
        took = time.monotonic() - began
        if until.remaining() <= took:
            return Waited(evidence, waited)
        reasons = reasons_to_wait(_build_case(evidence, settings.rules, deadline))
        if not reasons:
            return Waited(evidence, waited)
        announced = _announce(say, announced, reasons, until)
        threading.Event().wait(min(AGAIN, until.remaining() - took))
        waited += time.monotonic() - began


def longest_wait(settings: Settings, deadline: float, *, by_argo: bool) -> float:
    """Return how many seconds a run waits at most. `deadline` is the time left in seconds; `by_argo` is true
    if an AnalysisRun asks.
    """
    wait = settings.look.wait
    if wait != "auto":
        return wait
    return max(0.0, deadline - settings.look.observe) * PART if by_argo else 0.0


def reasons_to_wait(case: DecisionInput) -> tuple[str, ...]:
    """Return what to wait for, a phrase each. Return nothing if the evidence is enough, or if time would not
    help: a finding blocks, the sides cannot be compared, or something else holds.
    """
    target = case.evidence.target
    if same_sides(case) or blocking_finding(case) or target.stable is None or target.canary is None:
        return ()
    pods = tuple(_missing_pods(case))
    if any(not phrase for phrase in pods):
        return ()
    holds = [_reason_to_wait(graded, case) for graded in case.findings if graded.severity == "hold"]
    return tuple(dict.fromkeys((*pods, *holds, *_open_warnings(case)))) if all(holds) else ()


def _open_warnings(case: DecisionInput) -> tuple[str, ...]:
    """Return what to wait for if every warning may soon be none. With others the answer is not kept waiting:
    they may be a rollback.
    """
    warnings = [graded.finding for graded in case.findings if graded.severity == "warning"]
    soon = all(finding.scope == "canary" and not finding.settled for finding in warnings)
    return ("to see whether a probe times out again",) if warnings and soon else ()


def _missing_pods(case: DecisionInput) -> list[str]:
    """Return what to wait for on each side without pods, empty if none will come."""
    phrases = []
    for role in ROLES:
        pods, owners = case.evidence.part(Pods, role), case.evidence.part(ReplicaSets, role)
        if not select_standing_pods(pods):
            coming = (
                pods is not None and owners is not None and any(owner.desired for owner in owners.replicasets)
            )
            phrases.append(f"for pods of the {role} side" if coming else "")
    return phrases


def _reason_to_wait(graded: Graded, case: DecisionInput) -> str:
    """Return what has to happen for a finding to hold no longer, empty if time alone does not bring it."""
    finding = graded.finding
    if finding.kind in LOGGED and case.evidence.part(Logs, "canary") is None:
        return ""  # a log that nobody may read stays unread
    if finding.kind in TIME_BRINGS:
        return TIME_BRINGS[finding.kind]
    if finding.kind == "gate-no-data" and _may_be_measured(finding.key.partition("/")[2], case):
        return "for Prometheus to have figures of the canary"
    return "for a fault to last or to end" if finding.scope == "canary" and not finding.settled else ""


def _may_be_measured(name: str, case: DecisionInput) -> bool:
    """Return whether a gate lacks only figures that traffic brings: its query was answered."""
    query = next((gate.query for gate in case.rules.gates if name in (gate.name, gate.query)), "")
    figures = figures_of(case.evidence, query, "canary")
    return figures is not None and figures.state != "broken"


def _wait_deadline(settings: Settings, context: RunContext, deadline: Deadline) -> Deadline:
    """Return the deadline for waiting."""
    left = deadline.remaining()
    return Deadline.after(
        min(left, longest_wait(settings, left, by_argo=context.scene.target.analysis is not None))
    )


def _wait_for_pods(context: RunContext, rules: Rules, until: Deadline, say: Say) -> tuple[str, ...]:
    """Read the pods until they are old enough, the time is over, or there is nothing to wait for. Return the
    reasons that were announced.
    """
    cheap = msgspec.structs.replace(rules, gates=(), min_requests=0)  # only what the pods show
    announced: tuple[str, ...] = ()
    while not until.expired():
        try:
            reasons = reasons_to_wait(_build_case(gathering.read_sources(context, STAGES), cheap, until))
        except InfrastructureError:
            reasons = announced  # nothing if this is the first look: `gather` reports the error
        if not reasons:
            break
        announced = _announce(say, announced, reasons, until)
        threading.Event().wait(min(EVERY, until.remaining()))
    return announced


def _announce(
    say: Say, announced: tuple[str, ...], reasons: tuple[str, ...], until: Deadline
) -> tuple[str, ...]:
    """Announce the reasons that were not announced yet. Return all that are by now."""
    if not set(reasons) <= set(announced):
        say(f"waiting {', '.join(reasons)}: {until.remaining():.0f} s at most (--wait)")
    return tuple(dict.fromkeys((*announced, *reasons)))


def _build_case(evidence: Evidence, rules: Rules, deadline: Deadline) -> DecisionInput:
    """Return what a decision is made from. Raise InfrastructureError if the findings are not there by the
    deadline.
    """
    findings = within(partial(find, evidence, rules), deadline, "the evidence was not judged")
    return DecisionInput(evidence=evidence, findings=findings, opinions=(), rules=rules)
