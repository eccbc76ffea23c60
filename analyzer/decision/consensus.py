"""The count of the verdicts: by confidence, by majority, or unanimous. The formulas are in the table of
`analyzer.decision`.
"""

from collections.abc import Callable
from math import fsum

from msgspec.structs import replace

from analyzer import reason
from analyzer.common.counted import counted
from analyzer.decision.interface import Decision, DecisionInput
from analyzer.decision.rules import DIGITS, decide_rollback, mean_confidence, quorum
from analyzer.findings.ignore import drop_ignored
from analyzer.models.builtin import BUILTIN
from analyzer.reason.opinions import describe_voices
from analyzer.reason.text import LONGEST_SENTENCE, cut_sentence
from analyzer.verdicts.verdict import Verdict


def consensus(case: DecisionInput) -> Decision:
    """Return what the verdicts amount to, by the way of counting that was set. A promote must also pass two
    checks that are the same in every way of counting.
    """
    decision = CONSENSUS[case.rules.consensus](case)
    if decision.outcome != "promote":
        return decision
    return _check_promotes(case) or _check_models_alone(case) or decision


def _check_promotes(case: DecisionInput) -> Decision | None:
    """Return inconclusive if fewer models say promote than the quorum."""
    heads = sum(verdict.answer.verdict == "promote" for verdict in case.verdicts())
    if heads >= case.quorum():
        return None
    return _decide_neither(
        case,
        "quorum",
        f"{heads} of {counted(len(case.opinions), 'model')} said promote, {case.quorum()} needed for that",
    )


def _check_models_alone(case: DecisionInput) -> Decision | None:
    """Return a decision if the models beside the built-in judge would not promote without it; else None. A
    quorum above their number asks for all of them.
    """
    models = tuple(opinion for opinion in case.opinions if opinion.model != BUILTIN)
    if not models or len(models) == len(case.opinions):
        return None
    without_builtin = replace(
        case, opinions=models, rules=replace(case.rules, quorum=min(case.rules.quorum, len(models)))
    )
    own = quorum(without_builtin) or consensus(without_builtin)
    if own.outcome == "promote":
        return None
    sentence = cut_sentence(
        f"the built-in judge cannot promote for the models: {own.reason}", LONGEST_SENTENCE
    )
    return Decision(
        outcome="error" if own.outcome == "error" else "inconclusive", rule=own.rule, reason=sentence
    )


def by_confidence(case: DecisionInput) -> Decision:
    """Decide by sums of confidence times weight. A side needs more than half of the sum; a promote also needs
    `min_share` of it and `min_confidence`.
    """
    return _decide_by_share(case, "confidence", lambda verdict: verdict.weight * verdict.answer.confidence)


def by_majority(case: DecisionInput) -> Decision:
    """Decide by sums of weights, with the same bounds."""
    return _decide_by_share(case, "majority", lambda verdict: verdict.weight)


def unanimous(case: DecisionInput) -> Decision:
    """Decide only if every model asked says the same, the silent ones included. The bound on the mean
    confidence stays.
    """
    choices = {verdict.answer.verdict for verdict in case.verdicts()}
    if len(case.verdicts()) < len(case.opinions) or len(choices) != 1:
        return _decide_neither(case, "unanimous", "the models do not all agree")
    return _decide_by_share(case, "unanimous", lambda verdict: verdict.weight)


def _decide_by_share(case: DecisionInput, rule: str, votes: Callable[[Verdict], float]) -> Decision:
    """Decide by each side's share of the votes, where a verdict has `votes(verdict)`."""
    total = fsum(map(votes, case.verdicts()))
    sides = {
        choice: [verdict for verdict in case.verdicts() if verdict.answer.verdict == choice]
        for choice in ("promote", "rollback")
    }
    share = {
        choice: round(fsum(map(votes, side)) / total, DIGITS) if total else 0.0
        for choice, side in sides.items()
    }
    if share["rollback"] > 0.5:
        return decide_rollback(case, rule, sides["rollback"])
    if not share["promote"] > 0.5:
        return _decide_neither(case, rule, "" if len(case.opinions) == 1 else "no side has a majority")
    if not share["promote"] >= case.rules.min_share:
        return _decide_neither(
            case, rule, f"a share of {share['promote']:.2f} for promote is below {case.rules.min_share:g}"
        )
    if not mean_confidence(sides["promote"]) >= case.rules.min_confidence:
        mean = f"{mean_confidence(sides['promote']):.0f} %"
        return _decide_neither(
            case,
            rule,
            f"too unsure: a mean confidence of {mean}, and a promote needs {case.rules.min_confidence:g} %",
        )
    side = sides["promote"]
    sentence = reason.explain_promote(
        drop_ignored(case.evidence, case.rules.ignore), case.findings, describe_voices(side, case.opinions)
    )
    return Decision(outcome="promote", rule=rule, reason=sentence, confidence=mean_confidence(side))


def _decide_neither(case: DecisionInput, rule: str, why: str) -> Decision:
    """Return inconclusive, with each model's view and citations, and the gaps in the evidence."""
    sentence = reason.explain_undecided(why, case.opinions, case.findings, case.evidence.gaps)
    return Decision(outcome="inconclusive", rule=rule, reason=sentence)


CONSENSUS: dict[str, Callable[[DecisionInput], Decision]] = {
    "confidence": by_confidence,
    "majority": by_majority,
    "unanimous": unanimous,
    "any-rollback": by_confidence,  # reached only when no model vetoed
}
