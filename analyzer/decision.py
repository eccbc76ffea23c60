"""The decision: small rules in one order, the first that applies decides. All fail closed.

No model can override a rule above the veto; nothing but a quorate, confident majority of checked verdicts promotes.

Each verdict has a weight w (1 unless `--weight` gives another) and a confidence c. Sums are over all verdicts, or those of one side:

| figure                     | is                                       |
| -------------------------- | ---------------------------------------- |
| a side's share, confidence | its sum of w · c, over the sum of w · c  |
| a side's share, majority   | its sum of w, over the sum of w          |
| a side's mean confidence   | its sum of w · c, over its sum of w      |
| the quorum, and unanimity  | heads: no weight makes two models of one |

So only the ratio of the weights matters, and more weight on one side never moves the decision toward the other.

A promote needs two things more, in every way of counting:

- as many models that say promote as the quorum: who cannot tell is missing as one that failed is, and who says rollback stands no nearer
  to a promote than who cannot tell. A lone survivor never decides for two;
- where models were asked beside the built-in judge, that they would promote without it, by the same rules: it may hold a promote of
  theirs, never make one.
"""

from collections.abc import Callable, Sequence
from math import fsum
from typing import Literal

from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.findings.interface import Graded
from analyzer.missing import missing_sides, missing_sources
from analyzer.models.builtin import BUILTIN
from analyzer.settings import Rules
from analyzer.value import Value
from analyzer.verdict import Failed, Opinion, Verdict

Outcome = Literal["promote", "rollback", "inconclusive", "error"]
DIGITS = 9  # of a share or a mean: 0.6 is 0.6, whatever the order of the sums


class Decision(Value):
    """What was decided. `confidence` is the mean of the verdicts on its side, in percent, None where a rule decided alone."""

    outcome: Outcome
    rule: str
    reason: str
    confidence: float | None = None

    def sure(self) -> str:
        """How sure, as it stands behind the outcome; empty where a rule decided alone."""
        return "" if self.confidence is None else f" ({self.confidence:.0f} % confident)"


class Case(Value):
    """All that a rule may look at. `opinions` has one for each model asked, failed ones included."""

    evidence: Evidence
    findings: tuple[Graded, ...]
    opinions: tuple[Opinion, ...]
    rules: Rules

    def verdicts(self) -> tuple[Verdict, ...]:
        """The answers that held."""
        return tuple(opinion for opinion in self.opinions if isinstance(opinion, Verdict))

    def quorum(self) -> int:
        """Verdicts needed: as set, or a majority of the models asked; at least one."""
        return max(1, self.rules.quorum or len(self.opinions) // 2 + 1)


DecisionRule = Callable[[Case], Decision | None]


def decide(case: Case) -> Decision:
    """The first rule's decision. The last rule always has one."""
    for rule in ORDER:
        decision = rule(case)
        if decision is not None:
            return decision
    return Decision(outcome="inconclusive", rule="none", reason="no rule applied")


def same_sides(case: Case) -> Decision | None:
    """The sides moved while we looked, or are one: whatever was seen compares nothing."""
    stable, canary = case.evidence.target.stable, case.evidence.target.canary
    reason = case.evidence.mismatch
    if not reason and stable and canary and ((stable.hash and stable.hash == canary.hash) or stable.selector == canary.selector):
        reason = f"both sides are {canary.hash or canary.selector}"
    return Decision(outcome="inconclusive", rule="sides", reason=reason) if reason else None


def nothing_to_judge(case: Case) -> bool:
    """Whether no answer could matter, and there is nothing to explain: the sides are not two, or one was not seen and nothing was found."""
    if same_sides(case):
        return True
    return any(missing_sides(case.evidence)) and all(each.severity == "info" for each in case.findings)


def blocking_finding(case: Case) -> Decision | None:
    """The canary is worse in kind, and it goes on: rollback, whatever a model says or fails to say."""
    blocking = [graded for graded in case.findings if graded.severity == "blocking"]
    if not blocking:
        return None
    return Decision(outcome="rollback", rule="blocking finding", reason=_cite(blocking))


def held(case: Case) -> Decision | None:
    """It would block, but it is too early to tell, or stable has it too, or nothing of stable is there to compare with."""
    holding = [graded for graded in case.findings if graded.severity == "hold"]
    return Decision(outcome="inconclusive", rule="cannot be told yet", reason=_cite(holding)) if holding else None


def required_evidence(case: Case) -> Decision | None:
    """A side, its pods, or a source that `--require` names is missing: what was not seen is not healthy."""
    missing = [*missing_sides(case.evidence), *missing_sources(case.evidence, case.rules.require)]
    return Decision(outcome="inconclusive", rule="missing evidence", reason="; ".join(missing)) if missing else None


def veto(case: Case) -> Decision | None:
    """Under `any-rollback`, one model's rollback is enough, however few answered."""
    against = [verdict for verdict in case.verdicts() if verdict.answer.verdict == "rollback"]
    if case.rules.consensus != "any-rollback" or not against:
        return None
    return _consensus("rollback", "any-rollback", f"{_names(against)} said rollback", against)


def quorum(case: Case) -> Decision | None:
    """Too few verdicts. An error only when every model without one may answer another time, and they would be enough."""
    verdicts = case.verdicts()
    missing = case.quorum() - len(verdicts)
    if missing <= 0:
        return None
    rest = [opinion for opinion in case.opinions if not isinstance(opinion, Verdict)]
    why = "; ".join(f"{opinion.model}: {opinion.reason}" for opinion in rest) or "too few models were asked"
    reason = f"{len(verdicts)} of {len(case.opinions)} models gave a verdict, {case.quorum()} needed; {why}"
    retryable = [opinion for opinion in rest if isinstance(opinion, Failed) and opinion.retryable]
    return Decision(outcome="error" if len(rest) == len(retryable) >= missing else "inconclusive", rule="quorum", reason=reason)


def consensus(case: Case) -> Decision:
    """What the verdicts amount to, by the way that was asked for. Promote, only where nothing keeps it back."""
    decision = CONSENSUS[case.rules.consensus](case)
    return decision if decision.outcome != "promote" else _too_few_promotes(case) or _not_the_models_own(case) or decision


def _too_few_promotes(case: Case) -> Decision | None:
    heads = sum(verdict.answer.verdict == "promote" for verdict in case.verdicts())
    if heads >= case.quorum():
        return None
    reason = f"{heads} of {len(case.opinions)} models said promote, {case.quorum()} needed for that: {_tally(case)}"
    return Decision(outcome="inconclusive", rule="quorum", reason=reason)


def _not_the_models_own(case: Case) -> Decision | None:
    """Beside the built-in judge: what the models alone come to, where that is no promote. A quorum of more than there are asks for all."""
    models = tuple(opinion for opinion in case.opinions if opinion.model != BUILTIN)
    if not models or len(models) == len(case.opinions):
        return None
    alone = replace(case, opinions=models, rules=replace(case.rules, quorum=min(case.rules.quorum, len(models))))
    own = quorum(alone) or consensus(alone)
    if own.outcome == "promote":
        return None
    reason = f"the built-in judge cannot promote for the models: {own.reason}"
    return Decision(outcome="error" if own.outcome == "error" else "inconclusive", rule=own.rule, reason=reason)


def by_confidence(case: Case) -> Decision:
    """Sums of confidence times weight. A side needs more than half of the sum; promote, `min_share` of it and `min_confidence`."""
    return _by_share(case, "confidence", lambda verdict: verdict.weight * verdict.answer.confidence)


def by_majority(case: Case) -> Decision:
    """Sums of weights, heads where none was given. The same bounds."""
    return _by_share(case, "majority", lambda verdict: verdict.weight)


def unanimous(case: Case) -> Decision:
    """Every model asked says the same, the silent ones included; else nobody knows. The bound on the mean confidence stays."""
    said = {verdict.answer.verdict for verdict in case.verdicts()}
    if len(case.verdicts()) < len(case.opinions) or len(said) != 1:
        return Decision(outcome="inconclusive", rule="unanimous", reason=f"the models do not all agree: {_tally(case)}")
    return _by_share(case, "unanimous", lambda verdict: verdict.weight)


def _by_share(case: Case, rule: str, votes: Callable[[Verdict], float]) -> Decision:
    total = fsum(map(votes, case.verdicts()))
    sides = {said: [verdict for verdict in case.verdicts() if verdict.answer.verdict == said] for said in ("promote", "rollback")}
    share = {said: round(fsum(map(votes, side)) / total, DIGITS) if total else 0.0 for said, side in sides.items()}
    reason = _tally(case)
    if share["rollback"] > 0.5:
        return _consensus("rollback", rule, reason, sides["rollback"])
    if not share["promote"] > 0.5:
        return Decision(outcome="inconclusive", rule=rule, reason=f"no side has a majority: {reason}")
    if not share["promote"] >= case.rules.min_share:
        short = f"a share of {share['promote']:.2f} for promote is below {case.rules.min_share:g}"
    elif not _mean(sides["promote"]) >= case.rules.min_confidence:
        short = f"a mean confidence of {_mean(sides['promote']):.0f} is below {case.rules.min_confidence:g}"
    else:
        return _consensus("promote", rule, reason, sides["promote"])
    return Decision(outcome="inconclusive", rule=rule, reason=f"{short}: {reason}")


def _consensus(outcome: Outcome, rule: str, reason: str, side: Sequence[Verdict]) -> Decision:
    return Decision(outcome=outcome, rule=rule, reason=reason, confidence=_mean(side))


def _mean(side: Sequence[Verdict]) -> float:
    """The mean confidence in percent, each model by its weight."""
    weighed = fsum(verdict.weight * verdict.answer.confidence for verdict in side)
    return round(weighed / fsum(verdict.weight for verdict in side), DIGITS)


def _tally(case: Case) -> str:
    """Each verdict, with its weight where weights were given."""
    weighed = any(opinion.weight != 1 for opinion in case.opinions)
    return ", ".join(
        f"{verdict.model} {verdict.answer.verdict} ({verdict.answer.confidence} %{f', weight {verdict.weight:g}' if weighed else ''})"
        for verdict in case.verdicts()
    )


def _names(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(verdict.model for verdict in verdicts)


def _cite(findings: Sequence[Graded]) -> str:
    return "; ".join(f"{graded.id} {graded.finding.sentence}" for graded in findings)


CONSENSUS: dict[str, Callable[[Case], Decision]] = {
    "confidence": by_confidence,
    "majority": by_majority,
    "unanimous": unanimous,
    "any-rollback": by_confidence,  # reached only when no model vetoed
}

ORDER: tuple[DecisionRule, ...] = (same_sides, blocking_finding, held, required_evidence, veto, quorum, consensus)
