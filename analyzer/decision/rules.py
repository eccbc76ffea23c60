"""The rules before the count of verdicts. Each returns a decision, or None if it does not apply."""

from collections.abc import Sequence
from math import fsum

from analyzer import reason
from analyzer.common.counted import counted
from analyzer.decision.interface import Decision, DecisionInput
from analyzer.findings.missing import missing_sides, missing_sources
from analyzer.reason.findings import find_cited
from analyzer.reason.opinions import describe_voices
from analyzer.reason.text import LONGEST_SENTENCE, cut_sentence
from analyzer.verdicts.verdict import Failed, Verdict

DIGITS = 9  # of a share or a mean: 0.6 is 0.6, whatever the order of the sums


def same_sides(case: DecisionInput) -> Decision | None:
    """Return inconclusive if the sides are the same, or changed meanwhile: nothing was compared."""
    stable, canary = case.evidence.target.stable, case.evidence.target.canary
    mismatch = case.evidence.mismatch.strip()
    if (
        not mismatch
        and stable
        and canary
        and ((stable.hash and stable.hash == canary.hash) or stable.selector == canary.selector)
    ):
        mismatch = f"both sides are {canary.hash or canary.selector}"
    return (
        Decision(outcome="inconclusive", rule="sides", reason=cut_sentence(mismatch, LONGEST_SENTENCE))
        if mismatch
        else None
    )


def nothing_to_judge(case: DecisionInput) -> bool:
    """Return whether asking models is pointless: the sides are not two, or one was not seen and there are no
    findings to explain.
    """
    if same_sides(case):
        return True
    return any(missing_sides(case.evidence)) and all(graded.severity == "info" for graded in case.findings)


def blocking_finding(case: DecisionInput) -> Decision | None:
    """Return rollback for a blocking finding, whatever models say: the canary is worse in kind, and it goes
    on.
    """
    if all(graded.severity != "blocking" for graded in case.findings):
        return None
    return Decision(
        outcome="rollback", rule="blocking finding", reason=reason.explain_blocking(case.findings)
    )


def unreachable_gate(case: DecisionInput) -> Decision | None:
    """Return error if all that holds is a gate whose server could not be asked: another run may get its
    figures.
    """
    holding = [graded for graded in case.findings if graded.severity == "hold"]
    if not holding or not all(graded.finding.retryable for graded in holding):
        return None
    sentence = reason.explain_holding(holding, case.findings, case.evidence.gaps)
    return Decision(outcome="error", rule="out of reach", reason=sentence)


def holding_finding(case: DecisionInput) -> Decision | None:
    """Return inconclusive if a finding holds. It would block, but it is too early to tell, stable has it too,
    or there is nothing of stable to compare with.
    """
    holding = [graded for graded in case.findings if graded.severity == "hold"]
    if not holding:
        return None
    sentence = reason.explain_holding(holding, case.findings, case.evidence.gaps)
    return Decision(outcome="inconclusive", rule="cannot be told yet", reason=sentence)


def required_evidence(case: DecisionInput) -> Decision | None:
    """Return inconclusive if a side, its pods, or a source of `--require` is missing: what was not seen is
    not healthy.
    """
    missing = [*missing_sides(case.evidence), *missing_sources(case.evidence, case.rules.require)]
    if not missing:
        return None
    wanted = ("pods", *case.rules.require)
    advice = (gap.advice for gap in case.evidence.gaps if gap.source in wanted)
    return Decision(
        outcome="inconclusive", rule="missing evidence", reason=reason.explain_missing(missing, advice)
    )


def veto(case: DecisionInput) -> Decision | None:
    """Return rollback under `any-rollback` if one model says so, however few answered."""
    against = [verdict for verdict in case.verdicts() if verdict.answer.verdict == "rollback"]
    if case.rules.consensus != "any-rollback" or not against:
        return None
    return decide_rollback(case, "any-rollback", against)


def quorum(case: DecisionInput) -> Decision | None:
    """Return inconclusive or error if there are too few verdicts. It is an error only if every model without
    a verdict may give one another time, and they would be enough.
    """
    verdicts = case.verdicts()
    missing = case.quorum() - len(verdicts)
    if missing <= 0:
        return None
    others = [opinion for opinion in case.opinions if not isinstance(opinion, Verdict)]
    count = (
        f"{len(verdicts)} of {counted(len(case.opinions), 'model')} gave a verdict, {case.quorum()} needed"
    )
    sentence = reason.explain_quorum(count, others)
    retryable = [opinion for opinion in others if isinstance(opinion, Failed) and opinion.retryable]
    return Decision(
        outcome="error" if len(others) == len(retryable) >= missing else "inconclusive",
        rule="quorum",
        reason=sentence,
    )


def decide_rollback(case: DecisionInput, rule: str, side: Sequence[Verdict]) -> Decision:
    """Return rollback, with the findings or quotes of the verdicts on its `side`."""
    cited, voices = find_cited(case.findings, side), describe_voices(side, case.opinions)
    sentence = (
        reason.explain_rollback(cited, case.findings, voices)
        if cited
        else reason.explain_by_quotes(side, case.findings, voices)
    )
    return Decision(outcome="rollback", rule=rule, reason=sentence, confidence=mean_confidence(side))


def mean_confidence(side: Sequence[Verdict]) -> float:
    """Return the mean confidence in percent, each model by its weight."""
    weighed = fsum(verdict.weight * verdict.answer.confidence for verdict in side)
    return round(weighed / fsum(verdict.weight for verdict in side), DIGITS)
