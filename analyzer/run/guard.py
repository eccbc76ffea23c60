"""A guard for a canary's start: it looks repeatedly until the canary is available or broken in kind. No model
is asked.

A canary that crashes at its start is never available, so the Rollout never reaches an analysis step and hangs
until its progress deadline. A background analysis starts at once, before there is a pod, and so can end that.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import msgspec

from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline, within
from analyzer.decision import Decision, DecisionInput, blocking_finding, holding_finding, same_sides
from analyzer.errors import InfrastructureError
from analyzer.evidence import Evidence
from analyzer.evidence.events import EventSource
from analyzer.evidence.exits import Exits, add_ended_runs
from analyzer.evidence.interface import Gap, Part
from analyzer.evidence.logs import LogSource
from analyzer.evidence.pods import Container, Pods, PodSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.findings import find
from analyzer.findings.side_pods import select_standing_pods
from analyzer.prompt import Prompt
from analyzer.records import record_store, retention
from analyzer.records.record import Judgement
from analyzer.run.context import RunContext, Say, prepare
from analyzer.run.gather import read_sources
from analyzer.run.stages import run_stage
from analyzer.settings import Rules, Settings
from analyzer.target import is_full_promotion, promoted_canary

STAGES = ((PodSource(), ReplicaSetSource()), (EventSource(),))
EVERY = 2.0  # seconds from one look to the next
WAITING = 0.95  # of the deadline: the last look and the report need the rest
READING = 10.0  # seconds at most for the logs of what failed
LOG_PODS, LOG_BYTES = 3, 256 * 1024  # of so many pods, and so much of each log


def guard(settings: Settings, deadline: Deadline, say: Say) -> tuple[Evidence, Judgement]:
    """Return the evidence of the look that decided, and its judgement.

    The outcome is rollback as soon as a blocking finding is ongoing. It is promote once the canary is
    available, one of its pods has run for `min_fault_age` and nothing holds, or once Argo promoted it and
    nothing holds. It is inconclusive if the Rollout moved on in another way, or at the deadline.

    Raise UsageError, or InfrastructureError if the first look sees no pod list. The next look makes up for a
    later one that fails.
    """
    record_store.check_writable_place(settings.tell.save)
    # a start is judged by `min_fault_age` alone
    rules = msgspec.structs.replace(settings.rules, gates=(), min_ready_time=0.0)
    context, until = prepare(settings, deadline, say), deadline.share(WAITING)
    say(f"guarding the start of {context.scene.target.name()}: {context.scene.target.how}")
    case: DecisionInput | None = None
    announced = failed = ""
    while True:
        try:
            look = add_exits(case.evidence if case else None, read_sources(context, STAGES))
            case, failed = build_case(look, rules, deadline), ""
        except InfrastructureError as error:
            if case is None:
                raise
            failed = f"; the last look failed: {error}"
        decision = None if failed else decide_now(case)
        if decision is None and until.expired():
            decision = decide_at_deadline(case, failed)
        if decision is not None:
            if decision.outcome == "rollback":
                case = add_failure_logs(case, context, deadline)
            prompt = Prompt(text="", tokens=0)
            judgement = Judgement(
                findings=case.findings, prompt=prompt, exchanges=(), opinions=(), decision=decision
            )
            return case.evidence, judgement
        progress = f"waiting: {describe_progress(case)}{failed}"
        if progress != announced:
            say(progress)
        announced = progress
        threading.Event().wait(min(EVERY, until.remaining()))


def build_case(evidence: Evidence, rules: Rules, deadline: Deadline) -> DecisionInput:
    """Return what a decision is made from. Raise InfrastructureError if the findings are not there by the
    deadline.
    """
    findings = within(partial(find, evidence, rules), deadline, "the evidence was not judged")
    return DecisionInput(evidence=evidence, findings=findings, opinions=(), rules=rules)


def add_exits(earlier: Evidence | None, evidence: Evidence) -> Evidence:
    """Return a look with how the canary's first runs ended, as far as this look and those before it show."""
    pods, known_exits = evidence.part(Pods, "canary"), earlier.part(Exits, "canary") if earlier else None
    ended = add_ended_runs(known_exits, pods) if pods else known_exits
    return msgspec.structs.replace(evidence, parts=(*evidence.parts, ended)) if ended else evidence


def add_failure_logs(case: DecisionInput, context: RunContext, deadline: Deadline) -> DecisionInput:
    """Return a rollback's case with the last log lines of the canary's failing pods, which are gone by the
    time a person asks.

    They decide nothing. A log that is not read is a gap.
    """
    evidence, scene = case.evidence, context.scene
    pods = tuple(pod for pod in select_standing_pods(evidence.part(Pods, "canary")) if not pod.ready())
    scene_of_failing = replace(
        scene,
        target=msgspec.structs.replace(scene.target, stable=None),
        window=evidence.window,
        look=msgspec.structs.replace(
            scene.look, log_pods=LOG_PODS, log_bytes=min(LOG_BYTES, scene.look.log_bytes)
        ),
        deadline=Deadline.after(min(READING, deadline.share(WAITING).remaining())),
        parts=(Pods(side="canary", pods=pods[:LOG_PODS]),),
    )
    try:
        results = run_stage((LogSource(),), scene_of_failing)
        parts, gaps = (
            tuple(result for result in results if isinstance(result, kind)) for kind in (Part, Gap)
        )
        whole = msgspec.structs.replace(
            evidence, parts=(*evidence.parts, *parts), gaps=(*evidence.gaps, *gaps)
        )
        return build_case(retention.mask_evidence(whole, scene.redact), case.rules, deadline)
    except InfrastructureError:
        return case


def decide_now(case: DecisionInput) -> Decision | None:
    """Return what one look decides, None while it is too early."""
    # promoted in full: it still has to start, and somebody waits for that
    on_its_way = is_full_promotion(case.evidence.target, case.evidence.mismatch)
    early = (None if on_its_way else same_sides(case)) or blocking_finding(case)
    if early is not None:
        return _decide_promoted(case) or early
    if holding_finding(case) is not None or not (_is_available(case.evidence) and _has_run_long_enough(case)):
        return None
    return Decision(
        outcome="started",
        rule="available",
        reason=f"{describe_progress(case)}, and nothing speaks against the canary; nothing else was judged",
    )


def _decide_promoted(case: DecisionInput) -> Decision | None:
    """Return the decision if Argo promoted the canary, else None. Argo promotes a version when all its pods
    are available (argo-rollouts, rollout/sync.go: shouldFullPromote), so it has started.
    """
    promoted = promoted_canary(case.evidence.target, case.evidence.mismatch)
    if not promoted or blocking_finding(case) or holding_finding(case):
        return None
    reason = f"{promoted} is stable by now: all its pods were available, and Argo promoted it"
    return Decision(
        outcome="started",
        rule="promoted",
        reason=f"{reason}; nothing speaks against the canary, and nothing else was judged",
    )


def decide_at_deadline(case: DecisionInput, failed: str = "") -> Decision:
    """Return what the last look decides when the time is over. `failed` says why the look after it failed."""
    holding = holding_finding(case)
    reason = f"no start in time: {describe_progress(case)}{f'; {holding.reason}' if holding else ''}{failed}"
    return Decision(outcome="inconclusive", rule="cannot be told yet", reason=reason)


def describe_progress(case: DecisionInput) -> str:
    """Return in words how far the canary is."""
    owners = case.evidence.part(ReplicaSets, "canary")
    if owners is None:
        return next(_unread_reasons(case.evidence), "the canary's ReplicaSets could not be read")
    available, desired = (
        sum(getattr(owner, name) for owner in owners.replicasets) for name in ("available", "desired")
    )
    age_note = (
        ""
        if _has_run_long_enough(case) or not available
        else f", none of them for {case.rules.min_fault_age:.0f} s yet (--min-fault-age)"
    )
    return (
        f"{available} of {counted(desired, 'canary pod is', 'canary pods are')} available{age_note}"
        if desired
        else "the canary should have no pods yet"
    )


def _is_available(evidence: Evidence) -> bool:
    """Return whether the canary is available, by Argo's count: all the pods it should have now, at least one,
    are Ready for `minReadySeconds`.
    """
    owners = evidence.part(ReplicaSets, "canary")
    if owners is None:
        return False
    desired = sum(owner.desired for owner in owners.replicasets)
    return 0 < desired <= sum(owner.available for owner in owners.replicasets)


def _has_run_long_enough(case: DecisionInput) -> bool:
    """Return whether one pod has run for `min_fault_age` without a restart. A container without a readiness
    probe is Ready until it crashes.

    One pod is enough: new ones come with each step, and waiting for the youngest would take until the
    deadline.
    """
    since = case.evidence.window.end - timedelta(seconds=case.rules.min_fault_age)
    return any(
        pod.ready() and all(_runs_since(container, since) for container in pod.lasting())
        for pod in select_standing_pods(case.evidence.part(Pods, "canary"))
    )


def _runs_since(container: Container, moment: datetime) -> bool:
    """Return whether a container has run since `moment` without a restart."""
    started = container.state.started_at
    return container.state.kind == "running" and started is not None and started <= moment


def _unread_reasons(evidence: Evidence) -> Iterator[str]:
    """Yield why the canary's ReplicaSets could not be read, with the advice."""
    return (
        f"{gap.reason} ({gap.advice})"
        for gap in evidence.gaps
        if gap.source == "replicasets" and gap.side in (None, "canary")
    )
