"""One case judged once: read as a replay reads it, judged as `analyze` judges, and put beside its label."""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec

from analyzer.common.deadline import Deadline, within
from analyzer.common.short import cut
from analyzer.errors import AnalyzerError, UsageError
from analyzer.evaluation.case import Case
from analyzer.evaluation.result import CaseOutcome, Result, Voice
from analyzer.evidence.bundle import read_content
from analyzer.findings.interface import Graded
from analyzer.records.record import Judgement
from analyzer.records.record_store import StoredRecord
from analyzer.run.judge import Jury, build_investigation, judge
from analyzer.run.runs import parse_replay
from analyzer.settings import Settings
from analyzer.verdicts.verdict import Failed, Opinion, Verdict

MAX_KEPT_REASON = 400  # characters of a reason


def judge_case(case: Case, turn: int, settings: Settings, jury: Jury) -> Result:
    """Return what the jury makes of a case. Raise nothing: what goes wrong is the result."""
    begun, digest = time.monotonic(), ""
    deadline = Deadline.after(settings.deadline)
    try:
        kept = StoredRecord(case.path, read_content(Path(case.path)))
        digest = digest_of(kept.raw)
        evidence = within(partial(parse_replay, kept, settings), deadline, "the bundle was not read")
    except UsageError as error:
        return _without_answer(case, turn, digest, "unread", str(error))
    except Exception as error:  # noqa: BLE001 - no bundle may end the evaluation of the others
        return _without_answer(case, turn, digest, "error", _describe(error))
    try:
        investigation = build_investigation(evidence, settings, deadline, kept)
        prepared = replace(jury, investigation=investigation)
        judgement = judge(evidence, settings, prepared, deadline, lambda _: None)
    except Exception as error:  # noqa: BLE001 - as above
        return _without_answer(case, turn, digest, "error", _describe(error))
    return _result(case, turn, digest, judgement, time.monotonic() - begun)


def _describe(error: Exception) -> str:
    """Return what went wrong: in its own words where it is understood, else as the bug that it is."""
    return str(error) if isinstance(error, AnalyzerError) else f"a bug: {type(error).__name__}: {error}"


def digest_of(raw: bytes) -> str:
    """Return the digest by which a bundle is known again."""
    return blake2b(raw, digest_size=16).hexdigest()


def _without_answer(case: Case, turn: int, digest: str, outcome: CaseOutcome, reason: str) -> Result:
    return Result(case=case, turn=turn, digest=digest, outcome=outcome, reason=cut(reason, MAX_KEPT_REASON))


def _result(case: Case, turn: int, digest: str, judgement: Judgement, seconds: float) -> Result:
    decision = judgement.decision
    wanted = case.label.finding
    matching = [graded for graded in judgement.findings if is_finding(graded, wanted)] if wanted else []
    outcome: CaseOutcome = "promote" if decision.outcome == "started" else decision.outcome
    return Result(
        case=case,
        turn=turn,
        digest=digest,
        outcome=outcome,
        rule=decision.rule,
        reason=cut(decision.reason, MAX_KEPT_REASON),
        confidence=_confidence(judgement),
        found=bool(matching) if wanted else None,
        cited=_is_cited(matching, judgement) if wanted else None,
        voices=tuple(map(_voice, judgement.opinions)),
        seconds=round(seconds, 3),
    )


def is_finding(graded: Graded, wanted: str) -> bool:
    """Return whether a finding is the one that a label names: by its kind, its key, or words that stand in
    its sentence or in a sample.
    """
    finding = graded.finding
    if wanted in (finding.kind, finding.key):
        return True
    words = wanted.casefold()
    return any(words in text.casefold() for text in (finding.sentence, finding.because, *finding.samples))


def _is_cited(matching: Sequence[Graded], judgement: Judgement) -> bool:
    """Return whether the answer rests on one of these: it blocks or holds, or a verdict for the outcome cites
    it.
    """
    outcome = judgement.decision.outcome
    cited = {
        number
        for opinion in judgement.opinions
        if isinstance(opinion, Verdict) and _outcome_of(opinion) == outcome
        for number in opinion.answer.findings
    }
    strong = {"rollback": "blocking", "inconclusive": "hold"}.get(outcome, "")
    return any(graded.id in cited or graded.severity == strong for graded in matching)


def _confidence(judgement: Judgement) -> float | None:
    """Return how sure the outcome is: by the decision, or if a rule decided, by the verdicts that agree."""
    decision = judgement.decision
    if decision.confidence is not None:
        return decision.confidence
    agreeing = [
        opinion.answer.confidence
        for opinion in judgement.opinions
        if isinstance(opinion, Verdict) and _outcome_of(opinion) == decision.outcome
    ]
    return sum(agreeing) / len(agreeing) if agreeing else None


def _outcome_of(verdict: Verdict) -> str:
    said = verdict.answer.verdict
    return "inconclusive" if said == "cannot_tell" else said


def _voice(opinion: Opinion) -> Voice:
    spent = opinion.spent
    voice = Voice(
        model=opinion.model,
        said="failed" if isinstance(opinion, Failed) else "abstained",
        seconds=round(spent.latency, 3),
        tokens_in=spent.tokens_in,
        tokens_out=spent.tokens_out,
        cost=spent.cost,
    )
    if isinstance(opinion, Verdict):
        answer = opinion.answer
        return msgspec.structs.replace(voice, said=answer.verdict, confidence=answer.confidence)
    return msgspec.structs.replace(voice, reason=cut(opinion.reason, MAX_KEPT_REASON))
