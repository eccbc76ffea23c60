"""The trace of a run: what it did, one step after the other, and what came of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from analyzer.common.value import Moment, Value
from analyzer.telemetry.finished import FinishedRun
from analyzer.telemetry.measurements import Attributes, describe_model, describe_target, verdict_of
from analyzer.verdicts.verdict import Opinion, Verdict

JUDGING = "judge"  # the stage that asks the models


class TraceStep(Value):
    """A span: from when to when, with what attributes, and the steps within it. `error` is why it came to
    nothing, empty if it did not. `remote`: somebody else was asked.
    """

    name: str
    start: Moment
    end: Moment
    attributes: Attributes
    error: str = ""
    remote: bool = False
    steps: tuple["TraceStep", ...] = ()


def trace_run(run: FinishedRun, labels: dict[str, str]) -> TraceStep:
    """Return the whole run as one step, with its stages and the models that were asked within it."""
    start = run.ended_at - timedelta(seconds=run.seconds)
    return TraceStep(
        name="canary analysis",
        start=start,
        end=run.ended_at,
        attributes=describe_target(run, labels) | _describe(run),
        error=run.decision.reason if run.decision.outcome == "error" else "",
        steps=tuple(_trace_stages(run, start)),
    )


def _describe(run: FinishedRun) -> Attributes:
    decision, analysis = run.decision, run.analysis
    described: Attributes = {
        "outcome": decision.outcome,
        "rule": decision.rule,
        "reason": decision.reason,
        "exit_code": run.exit_code,
        "stable": run.stable,
        "canary": run.canary,
        "gaps": run.gaps,
        **{f"findings.{severity}": count for severity, count in run.findings.items()},
    }
    if decision.confidence is not None:
        described["confidence"] = decision.confidence
    if analysis:
        described |= {
            "analysis_run": analysis.name,
            "metric": analysis.metric,
            "dry_run": analysis.dry_run,
        }
    return {f"rollout_analyzer.{name}": value for name, value in described.items()}


def _trace_stages(run: FinishedRun, start: datetime) -> Iterator[TraceStep]:
    for stage, seconds in run.timings.items():
        end = start + timedelta(seconds=seconds)
        asked = _trace_models(run.opinions, end) if stage == JUDGING else ()
        yield TraceStep(name=stage, start=start, end=end, attributes={}, steps=tuple(asked))
        start = end


def _trace_models(opinions: tuple[Opinion, ...], end: datetime) -> Iterator[TraceStep]:
    """Yield a step for each model. All are asked at the same time, and the slowest ends the stage."""
    start = end - timedelta(seconds=max((opinion.spent.latency for opinion in opinions), default=0.0))
    for opinion in opinions:
        model, spent, verdict = describe_model(opinion), opinion.spent, verdict_of(opinion)
        counted: Attributes = {
            f"gen_ai.usage.{kind}_tokens": tokens
            for kind, tokens in (("input", spent.tokens_in), ("output", spent.tokens_out))
            if tokens is not None
        }
        cost: Attributes = {} if spent.cost is None else {"rollout_analyzer.cost": spent.cost}
        yield TraceStep(
            name=f"chat {model['gen_ai.request.model']}",
            start=start,
            end=start + timedelta(seconds=spent.latency),
            attributes=model | counted | cost | {"rollout_analyzer.verdict": verdict},
            error=_explain(opinion, verdict),
            remote=True,
        )


def _explain(opinion: Opinion, verdict: str) -> str:
    """Return why a model gave no verdict. The reason of an abstention quotes the model, so it is not told."""
    if isinstance(opinion, Verdict):
        return ""
    return verdict if verdict == "abstention" else opinion.reason
