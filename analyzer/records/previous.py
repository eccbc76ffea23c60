"""`--previous`: what saved records say was answered about the same canary before.

A file that is no record is a usage error, for somebody named it. A record of another canary, or one that is not earlier, is left out
and said: a folder of records outlives a rollout, and a run must not fail over that.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from analyzer.errors import UsageError
from analyzer.evidence.bundle import content
from analyzer.evidence.earlier import Earlier, Voice
from analyzer.evidence.interface import Gap, Window
from analyzer.target import Target
from analyzer.value import UNREADABLE, Value

MOST = 5  # answers, the latest: a sixth tells no more than that it goes on
LONGEST_REASON = 600  # characters
VOICES = 8  # models of one answer
ADVICE = "--previous takes what 'analyze --save FILE' wrote"


class Recorded(Value):
    """An earlier answer, whose it was, and its file."""

    file: str
    target: Target
    answer: Earlier


def read(path: Path) -> Recorded:
    """The answer of a saved record. UsageError, in one line, for any other file."""
    raw = content(path, ADVICE)
    try:
        record = msgspec.json.decode(raw, type=_Record)
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
        voices=tuple(map(_voice, record.judgement.opinions[:VOICES])),
    )
    return Recorded(file=str(path), target=record.evidence.target, answer=answer)


def matched(recorded: Iterable[Recorded], target: Target, window: Window) -> tuple[tuple[Earlier, ...], tuple[Gap, ...]]:
    """The answers about this very canary, the latest first, and a minor gap for each file that is left out, with why."""
    ordered = sorted(recorded, key=lambda each: each.answer.at, reverse=True)
    why = {each.file: _why_not(each, target, window) for each in ordered}
    fitting = [each for each in ordered if not why[each.file]]
    why |= {each.file: f"only the latest {MOST} are shown" for each in fitting[MOST:]}
    gaps = (Gap(source="previous", side=None, reason=f"{file} is left out: {reason}", minor=True) for file, reason in why.items() if reason)
    return tuple(each.answer for each in fitting[:MOST]), tuple(gaps)


def _why_not(recorded: Recorded, target: Target, window: Window) -> str:
    """Why a record tells nothing about this canary now, or empty."""
    theirs, ours = (each.canary.hash or each.canary.selector if each.canary else "" for each in (recorded.target, target))
    if (recorded.target.namespace, recorded.target.rollout) != (target.namespace, target.rollout):
        return f"it is about {recorded.target.name()}"
    if not ours or theirs != ours:
        return f"it is about another canary ({theirs or 'none'})"
    return "" if recorded.answer.at < window.end else "it is not earlier"


def _voice(opinion: "_Opinion") -> Voice:
    answer = opinion.answer
    if opinion.type == "verdict" and answer is not None:
        return Voice(model=opinion.model, said=answer.verdict, confidence=answer.confidence)
    return Voice(model=opinion.model, said="failed" if opinion.type == "failed" else "abstained")


# ---- as much of a record as is read; what else it holds is another's business


class _Some(Value, forbid_unknown_fields=False):
    pass


class _Seen(_Some):
    target: Target
    window: Window


class _Answer(_Some):
    verdict: Literal["promote", "rollback", "cannot_tell"]
    confidence: int


class _Opinion(_Some):
    type: Literal["verdict", "abstention", "failed"]
    model: str
    answer: _Answer | None = None


class _Decision(_Some):
    outcome: Literal["promote", "rollback", "inconclusive", "error"]
    rule: str
    reason: str


class _Judgement(_Some):
    opinions: tuple[_Opinion, ...]
    decision: _Decision


class _Record(_Some):
    schema: Literal["rollout-analyzer/record"]
    version: Literal[1]
    evidence: _Seen
    judgement: _Judgement
