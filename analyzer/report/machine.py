"""The report for machines: one JSON object. Its JSON Schema is docs/schema/result.json."""

from typing import Literal

import msgspec

from analyzer import __version__
from analyzer.common.value import Value
from analyzer.decision import Outcome
from analyzer.evidence.interface import Gap, Window
from analyzer.findings.interface import Graded, Severity
from analyzer.records.record import Receipt, Record
from analyzer.report.words import models_differ
from analyzer.target import Target
from analyzer.verdicts.verdict import Opinion

RESULT: Literal["rollout-analyzer/result"] = "rollout-analyzer/result"


class PromptSize(Value):
    """The size of the prompt. `tokens` is an estimate. `left_out` also stands in the prompt. `unshown` has
    the ids of findings for which no promote by this prompt counts.
    """

    tokens: int
    left_out: tuple[str, ...]
    unshown: tuple[str, ...] = ()


class JsonResult(Value):
    """Everything but the evidence and the prompt. `timings` are in seconds by stage; `confidence` is in
    percent.

    `disagree`: the models do not all give the same verdict; one that abstained or failed gives none. Each is
    in `verdicts`, with its weight. `overridden` are severities that the settings replace. `passed_by` is the
    option by which an outcome other than promote exits with 0. `replay` is the command that judges the same
    evidence again.
    """

    schema: Literal["rollout-analyzer/result"] = RESULT
    version: Literal[1] = 1
    product: str = __version__
    outcome: Outcome
    rule: str
    reason: str
    advice: str = ""
    confidence: float | None = None
    exit_code: int
    passed_by: str = ""
    target: Target | None = None
    window: Window | None = None
    judges: str = ""
    findings: tuple[Graded, ...] = ()
    verdicts: tuple[Opinion, ...] = ()
    disagree: bool = False
    gaps: tuple[Gap, ...] = ()
    masked: dict[str, int] = msgspec.field(default_factory=dict)
    overridden: dict[str, Severity] = msgspec.field(default_factory=dict)
    prompt: PromptSize | None = None
    effects: tuple[Receipt, ...] = ()
    replay: str = ""
    timings: dict[str, float] = msgspec.field(default_factory=dict)


def render(record: Record) -> str:
    """Return the record's result as one JSON object."""
    judgement, evidence = record.judgement, record.evidence
    return encode(
        JsonResult(
            product=record.product,
            outcome=judgement.decision.outcome,
            rule=judgement.decision.rule,
            reason=judgement.decision.reason,
            confidence=judgement.decision.confidence,
            exit_code=record.exit_code,
            passed_by=record.passed_by(),
            target=evidence.target,
            window=evidence.window,
            judges=record.judges,
            findings=judgement.findings,
            verdicts=judgement.opinions,
            disagree=models_differ(judgement.opinions),
            gaps=evidence.gaps,
            masked=evidence.masked,
            overridden=record.settings.rules.severity,
            prompt=PromptSize(
                tokens=judgement.prompt.tokens,
                left_out=judgement.prompt.left_out,
                unshown=judgement.prompt.unshown,
            ),
            effects=record.receipts,
            replay=record.replay(),
            timings=record.timings,
        )
    )


def encode(result: JsonResult) -> str:
    """Return one JSON object and a newline. A run that ended in an error before anything was judged also
    gives one (`rule`: "error").
    """
    return msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"
