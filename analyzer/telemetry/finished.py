"""A finished run, as telemetry tells it: an error is an outcome, too."""

from collections import Counter
from datetime import UTC, datetime

from analyzer.common.value import Moment, Value
from analyzer.decision import Decision
from analyzer.effects.interface import EffectContext
from analyzer.records.record import Record
from analyzer.target import Target
from analyzer.target.argo import Analysis
from analyzer.verdicts.verdict import Opinion


class FinishedRun(Value):
    """The answer and whom it is about, every text masked. `findings` counts them by severity. `seconds` are
    those of the whole run until `ended_at`, `timings` those of its stages.
    """

    decision: Decision
    exit_code: int
    namespace: str
    rollout: str
    stable: str
    canary: str
    analysis: Analysis | None
    opinions: tuple[Opinion, ...]
    findings: dict[str, int]
    gaps: int
    timings: dict[str, float]
    seconds: float
    ended_at: Moment


def from_record(record: Record, seconds: float) -> FinishedRun:
    """Return a run that has just ended with an answer, after so many seconds."""
    judgement, evidence = record.judgement, record.evidence
    return FinishedRun(
        decision=judgement.decision,
        exit_code=record.exit_code,
        namespace=evidence.target.namespace,
        rollout=evidence.target.rollout,
        **_hashes(evidence.target),
        analysis=evidence.target.analysis,
        opinions=judgement.opinions,
        findings=dict(Counter(graded.severity for graded in judgement.findings)),
        gaps=sum(not gap.minor for gap in evidence.gaps),
        timings=record.timings,
        seconds=seconds,
        ended_at=datetime.now(UTC),
    )


def from_error(context: EffectContext, seconds: float) -> FinishedRun:
    """Return a run that has just ended without an answer, after so many seconds. Where no target was found,
    it is the one that was asked for.
    """
    target, where = context.target, context.settings.where
    return FinishedRun(
        decision=context.decision,
        exit_code=context.exit_code(),
        namespace=target.namespace if target else where.namespace,
        rollout=target.rollout if target else where.rollout,
        **_hashes(target),
        analysis=context.analysis,
        opinions=(),
        findings={},
        gaps=0,
        timings={},
        seconds=seconds,
        ended_at=datetime.now(UTC),
    )


def _hashes(target: Target | None) -> dict[str, str]:
    sides = (target.stable, target.canary) if target else (None, None)
    return {role: side.hash if side else "" for role, side in zip(("stable", "canary"), sides, strict=True)}
