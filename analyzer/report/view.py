"""One reading of a record, which every report for people shows: in text, in Markdown, as a page.

Texts are as they are in the record. Each report makes them safe for its own reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.common.address import is_link
from analyzer.common.counted import counted
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pods
from analyzer.exits import warn_of_pass
from analyzer.findings.interface import Graded
from analyzer.findings.kinds import KINDS
from analyzer.records.record import PAUSE, Record
from analyzer.report.decisive import find_decisive
from analyzer.report.opinions import Note, OpinionView, view_opinion
from analyzer.report.words import (
    finding_line,
    gap_line,
    headline,
    models_differ,
    override_lines,
    receipt_line,
    standing_line,
)
from analyzer.target import ROLES, Role

Entry = tuple[str, bool]  # a text, and whether it warns


@dataclass(frozen=True)
class SideView:
    """A side of the target: how many pods it has and which, its images by container, and notes."""

    role: Role
    summary: str
    images: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class FindingView:
    """A finding: its line, both sides' figures, notes on its cause and remedy, and its samples.

    `meaning` is that of its kind, empty for a kind that this version does not know. `link` leads to the kind
    in the documentation, empty where `--findings-link` does not say where that is.
    """

    id: str
    severity: str
    kind: str
    line: str
    sentence: str
    stable: str
    canary: str
    meaning: str
    link: str
    notes: tuple[Note, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ListView:
    """One of the lists behind the findings and the models: its anchor, its title, and its entries."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]

    def texts(self) -> tuple[str, ...]:
        """Return the entries' texts."""
        return tuple(text for text, _ in self.entries)


@dataclass(frozen=True)
class View:
    """A record, as it is told. `alerts` are what must be as visible as the verdict, in sentences."""

    outcome: str
    headline: str
    standing: str
    target: str
    reason: str
    rule: str
    confidence: str
    alerts: tuple[str, ...]
    decisive: FindingView | None
    how: str
    sides: tuple[SideView, ...]
    contexts: tuple[Note, ...]
    findings: tuple[FindingView, ...]
    judges: str
    differ: bool
    opinions: tuple[OpinionView, ...]
    lists: tuple[ListView, ...]
    replay: str
    timings: tuple[tuple[str, float], ...]


def read_view(record: Record) -> View:
    """Return what a report for people tells of a record."""
    judgement, evidence = record.judgement, record.evidence
    decision, decisive = judgement.decision, find_decisive(record)
    return View(
        outcome=decision.outcome,
        headline=headline(record),
        standing=standing_line(record),
        target=evidence.target.name(),
        reason=decision.reason,
        rule=decision.rule,
        confidence="" if decision.confidence is None else f"{decision.confidence:.0f} %",
        alerts=tuple(_alerts(record)),
        decisive=_view_finding(decisive, record) if decisive else None,
        how=evidence.target.how,
        sides=tuple(_view_side(role, record) for role in ROLES),
        contexts=tuple(
            (f"context {part.name}", part.sample.words() if part.sample else counted(part.pods, "pod"))
            for part in evidence.parts
            if isinstance(part, ContextLogs)
        ),
        findings=tuple(_view_finding(graded, record) for graded in judgement.findings),
        judges=record.judges,
        differ=models_differ(judgement.opinions),
        opinions=tuple(view_opinion(opinion, record) for opinion in judgement.opinions),
        lists=tuple(each for each in _list_more(record) if each.entries),
        replay=record.replay(),
        timings=tuple(record.timings.items()),
    )


def _list_more(record: Record) -> Iterable[ListView]:
    """Yield the lists behind the findings and the models, in the order in which every report has them."""
    prompt, evidence = record.judgement.prompt, record.evidence
    overrides = tuple((line, True) for line in override_lines(record))
    yield ListView("overrides", "Severities that the settings override", overrides)
    yield ListView("not-seen", "Not seen", tuple((gap_line(gap), True) for gap in evidence.gaps))
    left_out = (
        *((text, False) for text in prompt.left_out),
        *((text, True) for text in _prompt_cautions(record)),
    )
    yield ListView("left-out", "Left out of the prompt", left_out)
    masked = tuple((f"{count} {kind}", False) for kind, count in sorted(evidence.masked.items()))
    yield ListView("masked", "Masked", masked)
    effects = tuple((receipt_line(receipt), not receipt.done) for receipt in record.receipts)
    yield ListView("effects", "Effects", effects)


def _alerts(record: Record) -> Iterable[str]:
    """Yield what makes the verdict less certain, or of less effect, than it looks."""
    target, evidence = record.evidence.target, record.evidence
    if passed := warn_of_pass(record.passed_by()):
        yield passed
    if target.analysis and target.analysis.dry_run:
        yield "DRY RUN: Argo heeds no answer"
    if evidence.mismatch:
        yield f"not the sides that were asked about: {evidence.mismatch}"
    yield from (receipt_line(receipt) for receipt in record.receipts if receipt.effect == PAUSE)
    if models_differ(record.judgement.opinions):
        yield "the models differ"
    serious = [gap for gap in evidence.gaps if not gap.minor]
    if serious:
        yield f"{counted(len(serious), 'gap')} in the evidence: {gap_line(serious[0])}"
    if record.judgement.prompt.unshown:
        yield f"the prompt does not show {counted(len(record.judgement.prompt.unshown), 'finding')}"


def _view_finding(graded: Graded, record: Record) -> FindingView:
    finding, place = graded.finding, record.settings.tell.findings_link
    known = finding.kind in KINDS
    notes = (
        ("explained by", finding.because),
        ("to settle it", finding.advice),
        ("what to do", finding.remedy),
    )
    return FindingView(
        id=graded.id,
        severity=graded.severity,
        kind=finding.kind,
        line=finding_line(graded),
        sentence=finding.sentence,
        stable=finding.stable,
        canary=finding.canary,
        meaning=KINDS[finding.kind].meaning if known else "",
        link=f"{place}#{finding.kind}" if known and is_link(place) else "",
        notes=tuple((name, text) for name, text in notes if text),
        samples=finding.samples,
    )


def _prompt_cautions(record: Record) -> Iterable[str]:
    """Yield what a reader must know of a prompt that is too long or does not show everything."""
    prompt, budget = record.judgement.prompt, record.settings.ask.prompt_tokens
    if prompt.tokens > budget:
        yield (
            f"it takes about {prompt.tokens} tokens, more than --prompt-tokens {budget}: that is the least"
            " that states the question"
        )
    if prompt.unshown:
        yield (
            f"not shown: {', '.join(prompt.unshown)}, so no promote by this prompt counts"
            " (raise --prompt-tokens)"
        )


def _view_side(role: Role, record: Record) -> SideView:
    """Return how many pods a side has, which they are, and how far its logs were read and it was watched."""
    evidence = record.evidence
    side, pods = evidence.target.side(role), evidence.part(Pods, role)
    logs, observed = evidence.part(Logs, role), evidence.part(Observed, role)
    if side is None:
        summary = "no such side"
    else:
        count = counted(len(pods.pods), "pod") if pods else "pods could not be read"
        summary = f"{count}, {side.hash or side.selector}"
    notes = (
        ("logs", ", ".join(logs.bounds()) if logs else ""),
        ("watched", observed.summary() if observed else ""),
    )
    containers = [container for pod in pods.pods for container in pod.lasting()] if pods else []
    return SideView(
        role=role,
        summary=summary,
        images=tuple(dict.fromkeys(f"{container.name}: {container.image}" for container in containers)),
        notes=tuple((name, text) for name, text in notes if text),
    )
