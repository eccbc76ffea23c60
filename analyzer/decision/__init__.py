"""The decision: small rules in one order; the first that applies decides. All fail closed.

No model can override a rule above the veto. Only a quorate, confident majority of valid verdicts promotes.

Each verdict has a weight w (1 unless `--weight` gives another) and a confidence c. Sums are over all
verdicts, or those of one side:

| figure                     | is                                       |
| -------------------------- | ---------------------------------------- |
| a side's share, confidence | its sum of w · c, over the sum of w · c  |
| a side's share, majority   | its sum of w, over the sum of w          |
| a side's mean confidence   | its sum of w · c, over its sum of w      |
| the quorum, and unanimity  | heads: no weight makes two models of one |

So only the ratio of the weights matters. More weight on one side never moves the decision toward the other
side.

A promote needs two more things, in every way of counting:

- As many models as the quorum say promote. A model that cannot tell, or says rollback, is missing like one
  that failed. So a single answer never decides for two models.
- If models were asked beside the built-in judge, they would promote without it, by the same rules. The
  built-in judge may hold back their promote, and never makes one.
"""

from analyzer.decision.consensus import CONSENSUS, consensus
from analyzer.decision.interface import Decision, DecisionInput, DecisionRule, Outcome
from analyzer.decision.rules import (
    blocking_finding,
    holding_finding,
    nothing_to_judge,
    quorum,
    required_evidence,
    same_sides,
    unreachable_gate,
    veto,
)

__all__ = [
    "CONSENSUS",
    "ORDER",
    "Decision",
    "DecisionInput",
    "DecisionRule",
    "Outcome",
    "blocking_finding",
    "decide",
    "holding_finding",
    "nothing_to_judge",
    "same_sides",
]

ORDER: tuple[DecisionRule, ...] = (
    same_sides,
    blocking_finding,
    unreachable_gate,
    holding_finding,
    required_evidence,
    veto,
    quorum,
    consensus,
)


def decide(case: DecisionInput) -> Decision:
    """Return the decision of the first rule that applies. The last rule always has one."""
    for rule in ORDER:
        decision = rule(case)
        if decision is not None:
            return decision
    return Decision(outcome="inconclusive", rule="none", reason="no rule applied")
