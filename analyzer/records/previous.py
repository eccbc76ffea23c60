"""`--previous`: answers about the same canary in records that were saved before.

A file that is no record is a usage error, because somebody named it. A record of another canary, or one that
is not earlier, is left out with a gap: a folder of records outlives a rollout, and a run must not fail over
that.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from analyzer.common.value import UNREADABLE, Value
from analyzer.errors import UsageError
from analyzer.evidence.bundle import read_content
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.previous_answers import Earlier, EarlierAnswer
from analyzer.records.partial import AnsweredRecord, PartialOpinion
from analyzer.target import Target

MOST_ANSWERS = 5  # answers, the latest: a sixth tells no more than that it goes on
LONGEST_REASON = 600  # characters
VOICES = 8  # models of one answer
ADVICE = "--previous takes what 'analyze --save FILE' wrote"


class Recorded(Value):
    """An earlier answer, its target, and its file."""

    file: str
    target: Target
    answer: Earlier


def read_previous(path: Path) -> Recorded:
    """Read the answer of a saved record. Raise UsageError for any other file."""
    raw = read_content(path, ADVICE)
    try:
        record = msgspec.json.decode(raw, type=AnsweredRecord)
    except msgspec.ValidationError as error:
        raise UsageError(f"--previous {path} is no record of this version: {error}", advice=ADVICE) from error
    except UNREADABLE as error:
        raise UsageError(f"--previous {path} is not whole JSON: {error}", advice=ADVICE) from error
    decision = record.judgement.decision
    answer = Earlier(
        at=record.evidence.window.end,
        outcome=decision.outcome,
        rule=decision.rule,
        reason=decision.reason[:LONGEST_REASON],
        voices=tuple(map(_read_voice, record.judgement.opinions[:VOICES])),
    )
    return Recorded(file=str(path), target=record.evidence.target, answer=answer)


def match_canary(
    recorded: Iterable[Recorded], target: Target, window: Window
) -> tuple[tuple[Earlier, ...], tuple[Gap, ...]]:
    """Return the answers about this canary, the latest first, and a minor gap for each file that is left out,
    with the reason.
    """
    ordered = sorted(recorded, key=lambda record: record.answer.at, reverse=True)
    why = {record.file: _why_left_out(record, target, window) for record in ordered}
    fitting = [record for record in ordered if not why[record.file]]
    why |= {record.file: f"only the latest {MOST_ANSWERS} are shown" for record in fitting[MOST_ANSWERS:]}
    gaps = (
        Gap(source="previous", side=None, reason=f"{file} is left out: {reason}", minor=True)
        for file, reason in why.items()
        if reason
    )
    return tuple(record.answer for record in fitting[:MOST_ANSWERS]), tuple(gaps)


def _why_left_out(recorded: Recorded, target: Target, window: Window) -> str:
    """Return why a record says nothing about this canary now; empty if it does."""
    theirs, ours = (
        target.canary.hash or target.canary.selector if target.canary else ""
        for target in (recorded.target, target)
    )
    if (recorded.target.namespace, recorded.target.rollout) != (target.namespace, target.rollout):
        return f"it is about {recorded.target.name()}"
    if not ours or theirs != ours:
        return f"it is about another canary ({theirs or 'none'})"
    return "" if recorded.answer.at < window.end else "it is not earlier"


def _read_voice(opinion: PartialOpinion) -> EarlierAnswer:
    answer = opinion.answer
    if opinion.type == "verdict" and answer is not None:
        return EarlierAnswer(model=opinion.model, said=answer.verdict, confidence=answer.confidence)
    return EarlierAnswer(model=opinion.model, said="failed" if opinion.type == "failed" else "abstained")
