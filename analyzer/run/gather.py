"""Gathering: what can be seen of both sides, as it may be stored."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import msgspec

from analyzer import target
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.common.deadline import Deadline, within
from analyzer.errors import InfrastructureError
from analyzer.evidence import STAGES, AnyPart, Evidence
from analyzer.evidence.interface import Gap, Part, Source, SourceContext, Window
from analyzer.evidence.pods import Pods, describe_overlap
from analyzer.records import retention
from analyzer.records.previous import Recorded, match_canary
from analyzer.run.context import RunContext, Say, prepare
from analyzer.run.preflight import checks
from analyzer.run.stages import Watch, observe, run_stage
from analyzer.settings import Hide, Settings
from analyzer.target import ROLES, Target

GATHERING = 0.5  # of the remaining time: the models need the rest


def gather(settings: Settings, deadline: Deadline, say: Say) -> Evidence:
    """Return what can be seen of both sides by the deadline. Raise UsageError, or InfrastructureError if
    there is nothing to look at.
    """
    context = begin_run(settings, deadline, say)
    return read_everything(context, deadline, say, watch_pods(context, settings, say))


def begin_run(settings: Settings, deadline: Deadline, say: Say) -> RunContext:
    """Check the settings, and return the context of the run. Raise what `gather` raises."""
    for check in checks(settings).values():
        check()
    return prepare(settings, deadline, say)


def watch_pods(context: RunContext, settings: Settings, say: Say) -> Watch | None:
    """Watch the pods for as long as --observe says, and return what was seen; None without --observe."""
    seconds = settings.look.observe
    if not seconds:
        return None
    watch = Watch()
    say(f"watching {context.scene.target.name()} for {seconds:.0f} s")
    observe(_scene_now(context), seconds, watch)
    return watch


def read_everything(context: RunContext, deadline: Deadline, say: Say, watch: Watch | None) -> Evidence:
    """Read every source once, now, and return the evidence. Raise InfrastructureError if no pod list could be
    read.
    """
    compared = context.scene.target
    say(f"gathering evidence of {compared.name()}: {compared.how}")
    scene, gaps = _read_stages(STAGES, replace(_scene_now(context), deadline=deadline.share(GATHERING)))
    if watch:
        scene, gaps = replace(scene, parts=watch.finish(scene)), (*watch.gaps(), *gaps)
    return _build_evidence(context, scene, gaps, _check_sides(scene.cluster, compared))


def read_sources(context: RunContext, stages: Iterable[Sequence[Source]]) -> Evidence:
    """Read only the sources of `stages` once, now, and return the evidence.

    Raise InfrastructureError if no pod list could be read, or the Rollout could not be read again.
    """
    scene, gaps = _read_stages(stages, _scene_now(context))
    return _build_evidence(context, scene, gaps, target.find_mismatch(scene.cluster, scene.target))


def _scene_now(context: RunContext) -> SourceContext:
    """Return the scene with a window that ends now."""
    return replace(context.scene, window=Window(start=context.scene.window.start, end=context.now()))


def _read_stages(
    stages: Iterable[Sequence[Source]], scene: SourceContext
) -> tuple[SourceContext, tuple[Gap, ...]]:
    """Read the sources stage by stage. Return the scene with their parts, and the gaps."""
    gaps: list[Gap] = []
    for stage in stages:
        results = run_stage(stage, scene)
        gaps += (gap for gap in results if isinstance(gap, Gap))
        scene = replace(scene, parts=(*scene.parts, *(part for part in results if isinstance(part, Part))))
    return scene, tuple(gaps)


def _build_evidence(
    context: RunContext, scene: SourceContext, gaps: tuple[Gap, ...], mismatch: str
) -> Evidence:
    """Return what was seen, as it may be stored. Its window ends now."""
    if all(scene.part(Pods, role) is None for role in ROLES):
        raise _nothing_seen_error(gaps)
    evidence = Evidence(
        target=scene.target,
        window=Window(start=context.scene.window.start, end=context.now()),
        nonce=secrets.token_hex(8),
        parts=cast("tuple[AnyPart, ...]", scene.parts),
        gaps=(*context.gaps, *gaps),
        mismatch=mismatch or describe_overlap(scene),
    )
    return within(
        partial(retention.mask_evidence, evidence, scene.redact),
        context.scene.deadline,
        "the evidence was not masked",
    )


def add_previous_answers(evidence: Evidence, records: Sequence[Recorded], hide: Hide) -> Evidence:
    """Return the evidence with the earlier answers in `records`, in place of those it has. Without records,
    return it unchanged.
    """
    if not records:
        return evidence
    answers, left_out = match_canary(records, evidence.target, evidence.window)
    gaps = (*(gap for gap in evidence.gaps if gap.source != "previous"), *left_out)
    return retention.mask_evidence(
        msgspec.structs.replace(evidence, earlier=answers, gaps=gaps), retention.make_mask(hide)
    )


def _check_sides(cluster: Cluster, compared: Target) -> str:
    """Return why the sides are no longer the ones asked about, or why that could not be checked; empty if
    they are.
    """
    try:
        return target.find_mismatch(cluster, compared)
    except ClusterError as error:
        return f"whether the sides are still the ones asked about could not be checked: {error}"


def _nothing_seen_error(gaps: Iterable[Gap]) -> InfrastructureError:
    """Return the error for a run that could read no pod list."""
    gap = next((gap for gap in gaps if gap.source == "pods"), None)
    if gap is None:
        return InfrastructureError(
            "there is neither a stable nor a canary side to look at", advice="nothing has been deployed yet"
        )
    return InfrastructureError(f"no pod list could be read: {gap.reason}", advice=gap.advice)
