"""The order of a run, as three verbs: gather, judge, deliver. This module alone knows it."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import cast

import msgspec

from analyzer import target
from analyzer.answer import answer_schema
from analyzer.arrival import Arrival, Say, arrive, caller, connected
from analyzer.cluster import Cluster, kubeconfig
from analyzer.cluster.errors import ClusterError
from analyzer.deadline import Deadline, in_background, within
from analyzer.decision import Case, Decision, decide, nothing_to_judge
from analyzer.dialogue import ask_all
from analyzer.effects import carry_out, pause
from analyzer.effects.interface import Occasion
from analyzer.errors import AnalyzerError, InfrastructureError
from analyzer.evidence import STAGES, AnyPart, Evidence, check_required, context
from analyzer.evidence.interface import Gap, Part, Scene, Source, Window
from analyzer.evidence.pods import Pods
from analyzer.evidence.prometheus import check_asked
from analyzer.findings import find
from analyzer.findings.gates import check as check_gate
from analyzer.findings.ignored import without
from analyzer.investigate import Investigation
from analyzer.models.interface import Model, Question, Warm
from analyzer.models.prices import cost
from analyzer.prompt import Prompt, evidence_in, render
from analyzer.records import kept, recorded, retention
from analyzer.records.previous import Recorded, matched
from analyzer.records.record import Judgement, Record
from analyzer.settings import Hide, Settings
from analyzer.stages import Watch, check_time, observe, run
from analyzer.target import ROLES, Target
from analyzer.tools import Desk
from analyzer.verdict import Opinion

GATHERING = 0.5  # of the time there is: the models must have theirs
LOOKING = 0.5  # of the models' time, with --investigate: they must answer, too
ANSWERING = 0.9  # of the time that is left after gathering: effects need the rest


def gather(settings: Settings, deadline: Deadline, say: Say) -> Evidence:
    """What can be seen of both sides by the deadline. UsageError or InfrastructureError when there is nothing to look at."""
    for check in checks(settings).values():
        check()
    arrival = arrive(settings, deadline, say)
    scene, found, watch = arrival.scene, arrival.scene.target, Watch()
    if settings.look.observe:
        say(f"watching {found.name()} for {settings.look.observe:.0f} s")
        scene = observe(scene, settings.look.observe, watch)
    say(f"gathering evidence of {found.name()}: {found.how}")
    scene, gaps = _through(STAGES, replace(scene, deadline=deadline.share(GATHERING)))
    if settings.look.observe:
        scene = replace(scene, parts=watch.ended(scene))
    return _frozen(arrival, scene, (*watch.gaps(), *gaps), _mismatch(scene.cluster, found))


def checks(settings: Settings) -> dict[str, Callable[[], None]]:
    """What must hold of settings before anything is looked at, by what it is about. Each raises UsageError and asks nobody."""
    look, gates = settings.look, settings.rules.gates
    return {
        "prometheus": lambda: check_asked(look.prometheus, gates),
        **{f"gate {number} ({gate.query})": partial(check_gate, gate) for number, gate in enumerate(gates, 1)},
        "context selectors": lambda: context.check(look.context_selectors),
        "observe": lambda: check_time(look.observe, settings.deadline),
        "save": lambda: kept.check(settings.tell.save),
        "require": lambda: check_required(settings.rules.require),
    }


def look(arrival: Arrival, stages: Iterable[Sequence[Source]]) -> Evidence:
    """One look, now, by these sources alone. InfrastructureError when no pod list could be read, or the Rollout not asked again."""
    window = Window(start=arrival.scene.window.start, end=arrival.now())
    scene, gaps = _through(stages, replace(arrival.scene, window=window))
    return _frozen(arrival, scene, gaps, target.mismatch(scene.cluster, scene.target))


def _through(stages: Iterable[Sequence[Source]], scene: Scene) -> tuple[Scene, tuple[Gap, ...]]:
    gaps: list[Gap] = []
    for stage in stages:
        seen = run(stage, scene)
        gaps += (gap for gap in seen if isinstance(gap, Gap))
        scene = replace(scene, parts=(*scene.parts, *(part for part in seen if isinstance(part, Part))))
    return scene, tuple(gaps)


def _frozen(arrival: Arrival, scene: Scene, gaps: tuple[Gap, ...], mismatch: str) -> Evidence:
    """What was seen by now, as it may be kept. The end of its window is now."""
    if all(scene.part(Pods, role) is None for role in ROLES):
        raise _nothing_seen(gaps)
    evidence = Evidence(
        target=scene.target,
        window=Window(start=arrival.scene.window.start, end=arrival.now()),
        nonce=secrets.token_hex(8),
        parts=cast("tuple[AnyPart, ...]", scene.parts),
        gaps=(*arrival.gaps, *gaps),
        mismatch=mismatch or _overlap(scene),
    )
    return within(partial(retention.evidence, evidence, scene.redact), arrival.scene.deadline, "the evidence was not masked")


def remembered(evidence: Evidence, records: Sequence[Recorded], hide: Hide) -> Evidence:
    """The evidence with what these records say was answered before, in place of what it held of that; as it is where there are none."""
    if not records:
        return evidence
    answers, left_out = matched(records, evidence.target, evidence.window)
    gaps = (*(gap for gap in evidence.gaps if gap.source != "previous"), *left_out)
    return retention.evidence(msgspec.structs.replace(evidence, earlier=answers, gaps=gaps), retention.mask(hide))


def question(evidence: Evidence, settings: Settings) -> tuple[Prompt, Question]:
    """What the evidence shows, and what every model is asked about it. Pure: a replay asks the same."""
    findings = find(evidence, settings.rules)
    prompt = retention.prompt(render(without(evidence, settings.rules.ignore), findings, settings.ask))
    gaps = sum(not gap.minor for gap in evidence.gaps)
    shown = evidence_in(prompt.text, evidence.nonce)
    asked = Question(prompt=prompt.text, schema=answer_schema(), evidence=shown, findings=findings, unshown=prompt.unshown, gaps=gaps)
    return prompt, asked


def asked(evidence: Evidence, settings: Settings, deadline: Deadline) -> tuple[Prompt, Question]:
    """`question`, by the deadline: InfrastructureError where the evidence makes it take longer."""
    return within(partial(question, evidence, settings), deadline, "the evidence was not judged")


def warm(jury: tuple[Model, ...], deadline: Deadline) -> None:
    """Has the models that take long to load begin, while evidence is gathered. Nobody waits for them, and none can fail the run."""
    for model in jury:
        if isinstance(model, Warm):
            in_background(partial(model.warm, deadline))


def investigation(evidence: Evidence, settings: Settings, deadline: Deadline, replayed: kept.Kept | None) -> Investigation | None:
    """What models may look at before they answer, with --investigate; else None. `replayed` is what a replay has read."""
    if not settings.ask.investigate:
        return None
    keep, where = retention.mask(settings.hide), settings.where

    def connect(until: Deadline) -> Scene:
        return Scene(
            cluster=connected(where, until),
            target=evidence.target,
            window=evidence.window,
            look=settings.look,
            deadline=until,
            redact=keep,
            parts=evidence.parts,
        )

    desk = Desk(evidence=evidence, keep=keep, deadline=deadline, connect=None if replayed else connect)
    what = "what the models looked at was not read"
    before = within(lambda: recorded.results(replayed.raw, replayed.place, desk), deadline, what) if replayed else {}
    return Investigation(desk=desk, steps=settings.ask.investigate_steps, until=deadline.share(LOOKING), recorded=before)


@dataclass(frozen=True)
class Jury:
    """Who is asked, what they may look at before they answer, and their weights by name: 1 for one that is not there."""

    models: tuple[Model, ...]
    looking: Investigation | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


def judge(evidence: Evidence, settings: Settings, jury: Jury, deadline: Deadline, say: Say) -> Judgement:
    """What is to be made of the evidence. Models that do not answer by the deadline have failed; the rules decide over that.
    InfrastructureError where there are no findings by then for the rules to decide over.

    Where the sides are not two that could be compared, or one has no pods and nothing was found, no model is asked: no answer could matter.
    """
    prompt, put = asked(evidence, settings, deadline)
    case = Case(evidence=evidence, findings=put.findings, opinions=(), rules=settings.rules)
    models = () if nothing_to_judge(case) else jury.models
    say(f"{len(put.findings)} findings; asking {', '.join(model.name for model in models) or 'no model: there is nothing to judge'}")
    heard = ask_all(models, put, deadline, jury.looking) if models else ()
    opinions = tuple(_counted(opinion, jury.weights, settings) for _, opinion in heard)
    decision = decide(msgspec.structs.replace(case, opinions=opinions))
    exchanges = tuple(exchange for exchange, _ in heard)
    return Judgement(findings=put.findings, prompt=prompt, exchanges=exchanges, opinions=opinions, decision=decision)


def _counted(opinion: Opinion, weights: Mapping[str, float], settings: Settings) -> Opinion:
    """An opinion with its weight, and with what its tokens cost."""
    spent = opinion.spent
    price = cost(opinion.model, spent.tokens_in, spent.tokens_out, datetime.now(UTC).date(), settings.ask.prices)
    return msgspec.structs.replace(opinion, weight=weights.get(opinion.model, 1.0), spent=msgspec.structs.replace(spent, cost=price))


def answering(deadline: Deadline, *, live: bool) -> Deadline:
    """When the models must have answered: on a cluster, what is done about their answer needs the rest."""
    return deadline.share(ANSWERING) if live else deadline


def deliver(record: Record, deadline: Deadline, *, live: bool) -> Record:
    """The record as it may be kept and shown, with the receipts of every effect and the exit code that they leave.

    No effect can change the decision. A replay (not `live`) has none; of a pause it says so.
    """
    keep, begun = retention.mask(record.settings.hide), time.monotonic()
    clean = retention.record(record, keep)
    target, decision = clean.evidence.target, clean.judgement.decision
    occasion = Occasion(settings=clean.settings, decision=decision, target=target, analysis=target.analysis, record=clean)
    if live:
        occasion = carry_out(occasion, partial(connected, clean.settings.where), deadline)
    elif pause.asked(occasion):
        occasion = replace(occasion, receipts=(pause.refused("a replay changes nothing"),))
    timings = clean.timings | ({"effects": round(time.monotonic() - begun, 3)} if occasion.receipts else {})
    receipts = retention.receipts(occasion.receipts, keep)
    return msgspec.structs.replace(clean, receipts=receipts, exit_code=occasion.exit_code(), timings=timings)


def deliver_error(error: AnalyzerError, settings: Settings, deadline: Deadline, *, live: bool) -> Occasion:
    """What was done about a run that came to nothing: told where people look, as far as it is known where that is."""
    keep = retention.mask(settings.hide)
    clean = retention.settings(settings, keep)
    decision = Decision(outcome="error", rule="error", reason=keep(f"{error}{f' ({error.advice})' if error.advice else ''}"))
    occasion = Occasion(settings=clean, decision=decision, target=None, analysis=None, error=error)
    if not live or not (kubeconfig.in_pod() or pause.asked(occasion)):
        return occasion  # nobody waits for it but who asked
    try:
        cluster = connected(settings.where, deadline)
        analysis, _ = caller(cluster, settings.where, deadline)
        occasion = replace(occasion, analysis=analysis)
        occasion = replace(occasion, target=target.resolve(cluster, settings.where, datetime.now(UTC), analysis))
    except AnalyzerError:
        pass  # most likely the very error that is to be told
    told = carry_out(occasion, partial(connected, settings.where), deadline)
    return replace(told, receipts=retention.receipts(told.receipts, keep))


def _mismatch(cluster: Cluster, found: Target) -> str:
    try:
        return target.mismatch(cluster, found)
    except ClusterError as error:
        return f"whether the sides are still the ones asked about could not be checked: {error}"


def _overlap(scene: Scene) -> str:
    """Why the sides cannot be told apart, or empty: a pod on both of them."""
    names = [{pod.name for pod in part.pods} if (part := scene.part(Pods, role)) else set() for role in ROLES]
    both = sorted(names[0] & names[1])
    return f"{len(both)} pods are on both sides, {both[0]} among them: the selectors do not tell them apart" if both else ""


def _nothing_seen(gaps: Iterable[Gap]) -> InfrastructureError:
    gap = next((gap for gap in gaps if gap.source == "pods"), None)
    if gap is None:
        return InfrastructureError("there is neither a stable nor a canary side to look at", advice="nothing has been deployed yet")
    return InfrastructureError(f"no pod list could be read: {gap.reason}", advice=gap.advice)
