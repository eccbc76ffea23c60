"""What each model said, as every report for people shows it."""

from collections import Counter
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.records.record import Record
from analyzer.report.words import opinion_line
from analyzer.verdicts.verdict import Opinion, Verdict

Note = tuple[str, str]  # what it is, and the text


@dataclass(frozen=True)
class OpinionView:
    """What a model said: its line, its verdict (empty for none), what it cost, notes, and quotes that stand
    in the evidence.
    """

    model: str
    line: str
    verdict: str
    spent: str
    notes: tuple[Note, ...]
    quotes: tuple[str, ...]
    dropped: str
    cited: tuple[str, ...]


def view_opinion(opinion: Opinion, record: Record) -> OpinionView:
    """Return what a model said, as every report shows it."""
    answer = opinion.answer if isinstance(opinion, Verdict) else None
    notes = (
        ("looked closer", _tools_used(opinion.model, record)),
        ("cause", answer.root_cause if answer else ""),
        ("hypothesis", opinion.hypothesis if isinstance(opinion, Verdict) else ""),
        ("next", answer.remediation if answer else ""),
    )
    return OpinionView(
        model=opinion.model,
        line=opinion_line(opinion, alone=len(record.judgement.opinions) == 1),
        verdict=answer.verdict if answer else "",
        spent=_describe_spent(opinion, record),
        notes=tuple((name, text) for name, text in notes if text),
        quotes=answer.quotes if answer else (),
        dropped=_describe_dropped(opinion) if isinstance(opinion, Verdict) else "",
        cited=answer.findings if answer else (),
    )


def _describe_spent(opinion: Opinion, record: Record) -> str:
    spent, estimated = opinion.spent, record.judgement.prompt.tokens
    tokens = (
        ""
        if spent.tokens_in is None
        else f", {spent.tokens_in} tokens in (estimated {estimated}), {spent.tokens_out} out"
    )
    own = " by your own prices" if opinion.model in record.settings.ask.prices else ""
    cost = "" if spent.cost is None else f", ~{spent.cost:.4f} USD{own}"
    return f"{spent.latency:.1f} s{tokens}{cost}"


def _tools_used(model: str, record: Record) -> str:
    """Return which tools a model used before it answered, and how often."""
    calls = Counter(
        call.name
        for exchange in record.judgement.exchanges
        if exchange.model == model
        for turn in exchange.turns
        for call in turn.calls
    )
    return ", ".join(f"{name} ({count})" for name, count in calls.items())


def _describe_dropped(verdict: Verdict) -> str:
    """Return, in words, which parts of an answer were dropped; empty for none."""
    quotes, causes = verdict.dropped_quotes, verdict.dropped_causes
    parts = [f"{counted(quotes, 'quote')} not found in the evidence: dropped"] if quotes else []
    parts += [f"{counted(causes, 'cause')} that nothing in the evidence bears out: dropped"] if causes else []
    return "; ".join(parts)
