"""The machine's report: one JSON object. Its JSON Schema is published as docs/schema/result.json."""

from typing import Literal

import msgspec

from analyzer import __version__
from analyzer.decision import Outcome
from analyzer.evidence.interface import Gap, Window
from analyzer.findings.interface import Graded, Severity
from analyzer.records.record import Receipt, Record
from analyzer.report.words import differ
from analyzer.target import Target
from analyzer.value import Value
from analyzer.verdict import Opinion

RESULT: Literal["rollout-analyzer/result"] = "rollout-analyzer/result"


class PromptSize(Value):
    """`tokens` is estimated; what was left out stands in the prompt, too. `unshown`: ids of findings, for which no promote by it counts."""

    tokens: int
    left_out: tuple[str, ...]
    unshown: tuple[str, ...] = ()


class Result(Value):
    """Everything but the evidence and the prompt. `timings` in seconds by stage; `confidence` in percent.

    `disagree`: the models do not all say the same; one that abstained or failed does not. Each is in `verdicts`, with its weight.
    `overridden` are severities that the settings replace; `passed_by` is the option by which what is no promote exits 0.
    `replay` is the command that judges the same evidence again.
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
    """The record's result as one JSON object."""
    judgement, evidence = record.judgement, record.evidence
    return encode(
        Result(
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
            disagree=differ(judgement.opinions),
            gaps=evidence.gaps,
            masked=evidence.masked,
            overridden=record.settings.rules.severity,
            prompt=PromptSize(tokens=judgement.prompt.tokens, left_out=judgement.prompt.left_out, unshown=judgement.prompt.unshown),
            effects=record.receipts,
            replay=record.replay(),
            timings=record.timings,
        )
    )


def encode(result: Result) -> str:
    """One object and a newline. A run that ended in an error before anything was judged gives one, too (`rule`: "error")."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"
