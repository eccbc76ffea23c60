"""The lines of the text reports: what each thing of a record is called, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence.interface import Gap
from analyzer.exits import describe_exit
from analyzer.findings.interface import Graded
from analyzer.findings.kinds import KINDS
from analyzer.logs.lines import safe
from analyzer.records.record import Receipt, Record
from analyzer.verdicts.verdict import Failed, Opinion, Verdict

COMMAND = "command"


@dataclass(frozen=True)
class Line:
    """One line, made by `make_line`. `weight` names what it is about (a severity, an outcome), for colours;
    `indent` is in steps.

    A line of weight `COMMAND` is to be copied, so it stays one line.
    """

    text: str
    weight: str = ""
    indent: int = 0


def make_line(text: str, weight: str = "", indent: int = 0) -> Line:
    """Return a line that is safe to show, whatever a workload or a model wrote into it."""
    return Line(one_line(text), weight, indent)


def one_line(text: str) -> str:
    """Return the text on one line, without characters that control a terminal."""
    return safe(text.replace("\n", " "))


def headline(record: Record) -> str:
    """Return the outcome, the confidence, the target, and the reason."""
    return one_line(record.judgement.decision.headline(record.evidence.target.name()))


def standing_line(record: Record) -> str:
    """Return the exit code, whether Argo uses it, and the rule that decided."""
    return one_line(
        describe_exit(
            record.exit_code,
            record.judgement.decision.rule,
            record.passed_by(),
            record.evidence.target.analysis,
        )
    )


def models_differ(opinions: Sequence[Opinion]) -> bool:
    """Return True if the models do not all give the same verdict. A model without one differs."""
    return len({opinion.answer.verdict if isinstance(opinion, Verdict) else None for opinion in opinions}) > 1


def voice_line(opinion: Opinion, *, alone: bool = True) -> str:
    """Return a model's verdict and confidence in one line, or the reason why it gave none; with its weight
    unless it was asked `alone`.
    """
    name = opinion.model if alone else f"{opinion.model} (weight {opinion.weight:g})"
    if isinstance(opinion, Verdict):
        dropped = f", {counted(opinion.dropped_quotes, 'quote')} dropped" if opinion.dropped_quotes else ""
        dropped += ", a cause dropped that nothing bears out" if opinion.dropped_causes else ""
        return f"{name}: {opinion.answer.verdict}, {opinion.answer.confidence} %{dropped}"
    kind = "abstained" if opinion.__struct_config__.tag == "abstention" else "failed"
    return f"{name}: {kind}: {opinion.reason}"


def opinion_line(opinion: Opinion, *, alone: bool = True) -> str:
    """Return a model's verdict with its summary, or advice if it failed."""
    if isinstance(opinion, Verdict):
        return f"{voice_line(opinion, alone=alone)}: {opinion.answer.summary}"
    advice = f" ({opinion.advice})" if isinstance(opinion, Failed) and opinion.advice else ""
    return f"{voice_line(opinion, alone=alone)}{advice}"


def override_lines(record: Record) -> tuple[str, ...]:
    """Return each kind of finding whose severity a team changed from the published table, whether such a
    finding exists or not.
    """
    severities = record.settings.rules.severity
    return tuple(
        f"{kind}: {severities[kind]} instead of {KINDS[kind].severity}"
        for kind in sorted(severities)
        if kind in KINDS and severities[kind] != KINDS[kind].severity
    )


def gap_line(gap: Gap) -> str:
    """Return what was not seen, of which side, why, and advice."""
    advice = f" ({gap.advice})" if gap.advice else ""
    return f"{gap.source}{f' of the {gap.side} side' if gap.side else ''}: {gap.reason}{advice}"


def receipt_line(receipt: Receipt) -> str:
    """Return what an effect did, or that it did not, why, and advice."""
    advice = f" ({receipt.advice})" if receipt.advice else ""
    return f"{receipt.effect}: {'' if receipt.done else 'NOT DONE: '}{receipt.detail}{advice}"


def finding_line(graded: Graded) -> str:
    """Return a finding in one line, its number first."""
    finding = graded.finding
    default = f" ({graded.default} by default)" if graded.default else ""
    return f"{graded.id} {graded.severity}{default} {finding.kind}: {finding.sentence}"
