"""What a fleet's figures are made of: the measurements of one run.

A process that ends after one run starts each counter anew, so every run is a series of its own, and what is
asked of them is their sum over time, not their increase (docs/telemetry.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.report.words import models_differ
from analyzer.telemetry.finished import FinishedRun
from analyzer.verdicts.verdict import Opinion, Verdict

Attribute = str | bool | int | float
Attributes = dict[str, Attribute]

# Of conventions that are not ours: https://github.com/open-telemetry/semantic-conventions-genai
PROVIDERS = {"gemini": "gcp.gemini"}
TOKENS = tuple(float(4**power) for power in range(14))
LATENCIES = tuple(0.01 * 2**power for power in range(14))
MINUTES = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)


@dataclass(frozen=True)
class Instrument:
    """A metric. `unit` is UCUM's, in braces a plain word. `buckets` are a histogram's upper bounds."""

    name: str
    unit: str
    description: str
    kind: Literal["counter", "histogram"] = "counter"
    buckets: tuple[float, ...] = ()


@dataclass(frozen=True)
class Measurement:
    """One figure of one metric."""

    instrument: Instrument
    value: float
    attributes: Attributes


RUNS = Instrument("rollout_analyzer.runs", "{run}", "Finished runs, by their outcome.")
DURATION = Instrument(
    "rollout_analyzer.run.duration", "s", "Time that a run took.", kind="histogram", buckets=MINUTES
)
STAGES = Instrument("rollout_analyzer.stage.duration", "s", "Time spent in each stage of runs.")
VERDICTS = Instrument(
    "rollout_analyzer.model.verdicts",
    "{verdict}",
    "What models said, and whether the run's outcome was that.",
)
COST = Instrument("rollout_analyzer.model.cost", "{USD}", "Cost of models in USD, by list prices.")
MODEL_DURATION = Instrument(
    "gen_ai.client.operation.duration",
    "s",
    "Time until a model had answered, tool calls and a repair included.",
    kind="histogram",
    buckets=LATENCIES,
)
MODEL_TOKENS = Instrument(
    "gen_ai.client.token.usage",
    "{token}",
    "Tokens that a model was sent and returned, over all turns.",
    kind="histogram",
    buckets=TOKENS,
)


def measure(run: FinishedRun, labels: dict[str, str]) -> tuple[Measurement, ...]:
    """Return the measurements of a run, each with the team's own labels."""
    return tuple(_measure(run, describe_target(run, labels)))


def describe_target(run: FinishedRun, labels: dict[str, str]) -> Attributes:
    """Return whose run it is."""
    return {**labels, "k8s.namespace.name": run.namespace, "rollout_analyzer.rollout": run.rollout}


def describe_model(opinion: Opinion) -> Attributes:
    """Return a model as the conventions name it. A judge that is no model stands for both parts."""
    adapter, _, model = opinion.model.partition(":")
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": PROVIDERS.get(adapter, adapter),
        "gen_ai.request.model": model or adapter,
    }


def verdict_of(opinion: Opinion) -> str:
    """Return a model's verdict, or `abstention` or `failed`."""
    if isinstance(opinion, Verdict):
        return opinion.answer.verdict
    return str(opinion.__struct_config__.tag)


def _measure(run: FinishedRun, target: Attributes) -> Iterator[Measurement]:
    outcome: Attributes = {"rollout_analyzer.outcome": run.decision.outcome}
    told = {
        **target,
        **outcome,
        "rollout_analyzer.rule": run.decision.rule,
        "rollout_analyzer.exit_code": run.exit_code,
        "rollout_analyzer.dry_run": run.analysis is not None and run.analysis.dry_run,
        "rollout_analyzer.models_differ": models_differ(run.opinions),
    }
    yield Measurement(RUNS, 1, told)
    yield Measurement(DURATION, run.seconds, target | outcome)
    for stage, seconds in run.timings.items():
        yield Measurement(STAGES, seconds, {**target, "rollout_analyzer.stage": stage})
    for opinion in run.opinions:
        yield from _measure_model(opinion, run.decision.outcome, target | describe_model(opinion))


def _measure_model(opinion: Opinion, outcome: str, model: Attributes) -> Iterator[Measurement]:
    spent, verdict = opinion.spent, verdict_of(opinion)
    agrees = verdict == outcome or (verdict == "cannot_tell" and outcome == "inconclusive")
    said: Attributes = {"rollout_analyzer.verdict": verdict, "rollout_analyzer.agrees": agrees}
    failed: Attributes = {} if isinstance(opinion, Verdict) else {"error.type": verdict}
    yield Measurement(VERDICTS, 1, model | said)
    yield Measurement(MODEL_DURATION, spent.latency, model | failed)
    for kind, tokens in (("input", spent.tokens_in), ("output", spent.tokens_out)):
        if tokens is not None:
            yield Measurement(MODEL_TOKENS, tokens, {**model, "gen_ai.token.type": kind})
    if spent.cost is not None:
        yield Measurement(COST, spent.cost, model)
