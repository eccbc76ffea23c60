"""The words of the text reports: one record as a headline and sections of lines, for the plain and the console report alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.evidence.context import ContextLogs
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pods
from analyzer.exits import standing
from analyzer.findings.grade import KINDS
from analyzer.findings.interface import Graded
from analyzer.logs.lines import safe
from analyzer.records.record import Receipt, Record
from analyzer.target import ROLES
from analyzer.verdict import Opinion, Verdict

COMMAND = "command"


@dataclass(frozen=True)
class Line:
    """One line, made by `line`. `weight` names what it is about (a severity, an outcome), for colours; `indent` is in steps.

    One of weight `COMMAND` is there to be copied, so it stays one line.
    """

    text: str
    weight: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Section:
    """A title and its lines."""

    title: str
    lines: tuple[Line, ...]


def line(text: str, weight: str = "", indent: int = 0) -> Line:
    """A line that is safe to show, whatever a workload or a model wrote into it."""
    return Line(one_line(text), weight, indent)


def one_line(text: str) -> str:
    """Text on one line, without characters that a terminal obeys."""
    return safe(text.replace("\n", " "))


def headline(record: Record) -> str:
    """The outcome, how sure, of what, the exit code, and whether Argo heeds it."""
    decision, target = record.judgement.decision, record.evidence.target
    stands = standing(record.exit_code, record.passed_by(), target.analysis)
    return one_line(f"{decision.outcome.upper()}{decision.sure()}: {target.name()}, {stands}")


def why(record: Record) -> str:
    """The rule that decided, and its reason."""
    decision = record.judgement.decision
    return f"{decision.rule}: {decision.reason}"


def sections(record: Record) -> Iterable[Section]:
    """Everything below the headline, most decisive first. Empty sections are left out."""
    judgement, evidence = record.judgement, record.evidence
    found = (
        Section("Sides", tuple(_sides(record))),
        Section("Findings", tuple(each for graded in judgement.findings for each in _finding(graded)) or (line("none"),)),
        Section(
            one_line(f"Models ({record.judges}){': they differ' if differ(judgement.opinions) else ''}"),
            tuple(each for opinion in judgement.opinions for each in _opinion(opinion, record)),
        ),
        Section("Severities that the settings override", tuple(line(each, "warning") for each in overrides(record))),
        Section("Not seen", tuple(line(gap_line(gap), "warning") for gap in evidence.gaps)),
        Section("Left out of the prompt", tuple(_left_out(record))),
        Section("Masked", tuple(line(f"{count} {kind}") for kind, count in sorted(evidence.masked.items()))),
        Section("Effects", tuple(line(receipt_line(each), "" if each.done else "warning") for each in record.receipts)),
        Section("To judge it again", (line(record.replay(), COMMAND),) if record.replay() else ()),
    )
    return (section for section in found if section.lines)


def differ(opinions: Sequence[Opinion]) -> bool:
    """Whether the models asked do not all say the same. One that is silent does not."""
    return len({opinion.answer.verdict if isinstance(opinion, Verdict) else None for opinion in opinions}) > 1


def voice(opinion: Opinion, *, alone: bool = True) -> str:
    """A model's word in one line: its verdict and how sure, or a silent one's reason; its weight unless it was asked `alone`."""
    name = opinion.model if alone else f"{opinion.model} (weight {opinion.weight:g})"
    if isinstance(opinion, Verdict):
        dropped = f", {_count(opinion.dropped_quotes, 'quote')} dropped" if opinion.dropped_quotes else ""
        return f"{name}: {opinion.answer.verdict}, {opinion.answer.confidence} %{dropped}"
    kind = "abstained" if opinion.__struct_config__.tag == "abstention" else "failed"
    return f"{name}: {kind}: {opinion.reason}"


def opinion_line(opinion: Opinion, *, alone: bool = True) -> str:
    """A model's word, and its summary where it gave a verdict."""
    return f"{voice(opinion, alone=alone)}{f': {opinion.answer.summary}' if isinstance(opinion, Verdict) else ''}"


def overrides(record: Record) -> tuple[str, ...]:
    """Each kind of finding that a team weighs otherwise than the published table, whether there is one of it or not."""
    given = record.settings.rules.severity
    return tuple(f"{kind}: {given[kind]} instead of {KINDS[kind].severity}" for kind in sorted(given) if kind in KINDS)


def gap_line(gap: Gap) -> str:
    """What was not seen, of whom, why, and what to do about it."""
    advice = f" ({gap.advice})" if gap.advice else ""
    return f"{gap.source}{f' of the {gap.side} side' if gap.side else ''}: {gap.reason}{advice}"


def receipt_line(receipt: Receipt) -> str:
    """What an effect did, or that it did not, why, and what to do about it."""
    advice = f" ({receipt.advice})" if receipt.advice else ""
    return f"{receipt.effect}: {'' if receipt.done else 'NOT DONE: '}{receipt.detail}{advice}"


def finding_line(graded: Graded) -> str:
    """A finding in one line, its number first."""
    finding = graded.finding
    default = f" ({graded.default} by default)" if graded.default else ""
    return f"{graded.id} {graded.severity}{default} {finding.kind}: {finding.sentence}"


def _finding(graded: Graded) -> Iterable[Line]:
    finding = graded.finding
    yield line(finding_line(graded), graded.severity)
    yield line(f"stable: {finding.stable}; canary: {finding.canary}", indent=1)
    if finding.because:
        yield line(f"explained by: {finding.because}", indent=1)
    for sample in finding.samples:
        for text in sample.splitlines():
            yield line(f"| {text}", "quote", indent=1)


def _opinion(opinion: Opinion, record: Record) -> Iterable[Line]:
    spent, estimated = opinion.spent, record.judgement.prompt.tokens
    tokens = "" if spent.tokens_in is None else f", {spent.tokens_in} tokens in (estimated {estimated}), {spent.tokens_out} out"
    own = " by your own prices" if opinion.model in record.settings.ask.prices else ""
    cost = "" if spent.cost is None else f", ~{spent.cost:.4f} USD{own}"
    yield line(
        f"{opinion_line(opinion, alone=len(record.judgement.opinions) == 1)} [{spent.latency:.1f} s{tokens}{cost}]",
        opinion.answer.verdict if isinstance(opinion, Verdict) else "warning",
    )
    looked = _looked(opinion.model, record)
    if looked:
        yield line(f"looked closer: {looked}", indent=1)
    if not isinstance(opinion, Verdict):
        return
    if opinion.answer.root_cause:
        yield line(f"cause: {opinion.answer.root_cause}", indent=1)
    if opinion.answer.remediation:
        yield line(f"next: {opinion.answer.remediation}", indent=1)
    for quote in opinion.answer.quotes:
        yield line(f"| {quote}", "quote", indent=1)
    if opinion.dropped_quotes:
        yield line(f"{_count(opinion.dropped_quotes, 'quote')} not found in the evidence: dropped", "warning", indent=1)


def _looked(model: str, record: Record) -> str:
    """Which tools a model used before it answered, and how often."""
    calls = Counter(call.name for each in record.judgement.exchanges if each.model == model for turn in each.turns for call in turn.calls)
    return ", ".join(f"{name} ({count})" for name, count in calls.items())


def _left_out(record: Record) -> Iterable[Line]:
    prompt, budget = record.judgement.prompt, record.settings.ask.prompt_tokens
    yield from (line(left) for left in prompt.left_out)
    if prompt.tokens > budget:
        yield line(
            f"it takes about {prompt.tokens} tokens all the same, more than --prompt-tokens {budget}: no less says what is asked", "warning"
        )
    if prompt.unshown:
        yield line(f"not shown: {', '.join(prompt.unshown)}, so no promote by this prompt counts (raise --prompt-tokens)", "warning")


def _sides(record: Record) -> Iterable[Line]:
    target = record.evidence.target
    yield line(target.how)
    for role in ROLES:
        side, pods = target.side(role), record.evidence.part(Pods, role)
        count = "no such side" if side is None else "pods could not be read" if pods is None else _count(len(pods.pods), "pod")
        yield line(f"{role}: {count}{f', {side.hash or side.selector}' if side else ''}")
        logs, observed = record.evidence.part(Logs, role), record.evidence.part(Observed, role)
        if logs and logs.bounds():
            yield line(f"logs: {', '.join(logs.bounds())}", indent=1)
        if observed:
            yield line(f"watched: {observed.summary()}", indent=1)
    for part in record.evidence.parts:
        if isinstance(part, ContextLogs):
            yield line(f"context {part.name}: {part.sample.words() if part.sample else _count(part.pods, 'pod')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
