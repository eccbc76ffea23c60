"""A guard for a canary's start: looks again and again, until it is available or broken in kind. No model is asked.

A canary that crashes at start is never available, so the Rollout never reaches an analysis step: it hangs until its progress
deadline. A background analysis starts at once, before there is a pod, and so can end that.
"""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import msgspec

from analyzer.arrival import Say, arrive
from analyzer.deadline import Deadline, within
from analyzer.decision import Case, Decision, blocking_finding, held, same_sides
from analyzer.errors import InfrastructureError
from analyzer.evidence import Evidence
from analyzer.evidence.events import EventSource
from analyzer.evidence.pods import Container, Pod, Pods, PodSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.findings import find
from analyzer.findings.compare import standing
from analyzer.pipeline import look
from analyzer.prompt import Prompt
from analyzer.records import kept
from analyzer.records.record import Judgement
from analyzer.settings import Settings
from analyzer.target import in_full, overtaken

STAGES = ((PodSource(), ReplicaSetSource()), (EventSource(),))
EVERY = 2.0  # seconds from one look to the next
WAITING = 0.95  # of the deadline: the last look and the report need the rest


def guard(settings: Settings, deadline: Deadline, say: Say) -> tuple[Evidence, Judgement]:
    """What the look that decided saw, and its answer. UsageError; InfrastructureError when the first look sees no pod list.

    Rollback as soon as a blocking finding is ongoing, promote once the canary is available, one of its pods has run for `min_age` and
    nothing holds, or once Argo promoted it and nothing holds, inconclusive when the Rollout moved on in another way, or at the deadline.
    A look that fails later is made up for by the next one.
    """
    kept.check_here(settings.tell.save)
    rules = msgspec.structs.replace(settings.rules, gates=())
    arrival, until = arrive(settings, deadline, say), deadline.share(WAITING)
    say(f"guarding the start of {arrival.scene.target.name()}: {arrival.scene.target.how}")
    case: Case | None = None
    told = failed = ""
    while True:
        try:
            evidence = look(arrival, STAGES)
            findings = within(partial(find, evidence, rules), deadline, "the evidence was not judged")
            case, failed = Case(evidence=evidence, findings=findings, opinions=(), rules=rules), ""
        except InfrastructureError as error:
            if case is None:
                raise
            failed = f"; the last look failed: {error}"
        decision = None if failed else decided(case)
        if decision is None and until.expired():
            decision = at_the_end(case, failed)
        if decision is not None:
            prompt = Prompt(text="", tokens=0)
            judgement = Judgement(findings=case.findings, prompt=prompt, exchanges=(), opinions=(), decision=decision)
            return case.evidence, judgement
        if told != (told := f"waiting: {state(case)}{failed}"):
            say(told)
        threading.Event().wait(min(EVERY, until.remaining()))


def decided(case: Case) -> Decision | None:
    """What one look decides; None while it is too early."""
    on_its_way = in_full(case.evidence.target, case.evidence.mismatch)  # it still has to start, and somebody waits to know whether it did
    early = (None if on_its_way else same_sides(case)) or blocking_finding(case)
    if early is not None:
        return _promoted(case) or early
    if held(case) is not None or not (_available(case.evidence) and _proven(case)):
        return None
    return Decision(outcome="promote", rule="available", reason=f"{state(case)}, and nothing speaks against them; nothing else was judged")


def _promoted(case: Case) -> Decision | None:
    """Argo promotes a version when all its pods are available (argo-rollouts, rollout/sync.go: shouldFullPromote): so it has started."""
    promoted = overtaken(case.evidence.target, case.evidence.mismatch)
    if not promoted or blocking_finding(case) or held(case):
        return None
    reason = f"{promoted} is stable by now: all its pods were available, and Argo promoted it"
    return Decision(outcome="promote", rule="promoted", reason=f"{reason}; nothing speaks against them, and nothing else was judged")


def at_the_end(case: Case, failed: str = "") -> Decision:
    """What the last look comes to, when the time is over."""
    known = held(case)
    reason = f"no start in time: {state(case)}{f'; {known.reason}' if known else ''}{failed}"
    return Decision(outcome="inconclusive", rule="cannot be told yet", reason=reason)


def state(case: Case) -> str:
    """How far the canary is, in words."""
    owners = case.evidence.part(ReplicaSets, "canary")
    if owners is None:
        return next(_unread(case.evidence), "the canary's ReplicaSets could not be read")
    available, desired = (sum(getattr(each, name) for each in owners.replicasets) for name in ("available", "desired"))
    young = "" if _proven(case) or not available else f", none of them for {case.rules.min_age:.0f} s yet (--min-age)"
    return f"{available} of {desired} canary pods are available{young}" if desired else "the canary should have no pods yet"


def _available(evidence: Evidence) -> bool:
    """As Argo counts: all the pods that the canary should have now, Ready for `minReadySeconds`; one at least."""
    owners = evidence.part(ReplicaSets, "canary")
    if owners is None:
        return False
    desired = sum(each.desired for each in owners.replicasets)
    return 0 < desired <= sum(each.available for each in owners.replicasets)


def _proven(case: Case) -> bool:
    """Whether one pod has run for `min_age` without a restart: a container without a readiness probe is Ready until it crashes.

    One will do: new pods come with each step, and a guard that waited for the youngest would run into its deadline.
    """
    since = case.evidence.window.end - timedelta(seconds=case.rules.min_age)
    return any(
        pod.ready() and all(_runs_since(each, since) for each in _lasting(pod)) for pod in standing(case.evidence.part(Pods, "canary"))
    )


def _lasting(pod: Pod) -> Iterator[Container]:
    return (each for each in pod.containers if each.type in ("main", "sidecar"))


def _runs_since(container: Container, moment: datetime) -> bool:
    started = container.state.started_at
    return container.state.kind == "running" and started is not None and started <= moment


def _unread(evidence: Evidence) -> Iterator[str]:
    return (f"{gap.reason} ({gap.advice})" for gap in evidence.gaps if gap.source == "replicasets" and gap.side in (None, "canary"))
