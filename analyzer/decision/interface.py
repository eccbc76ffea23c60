"""What a rule gets and what it returns."""

from collections.abc import Callable
from typing import Literal

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.findings.interface import Graded
from analyzer.reason.text import cut_sentence
from analyzer.settings import Rules
from analyzer.verdicts.verdict import Opinion, Verdict

Outcome = Literal["promote", "started", "rollback", "inconclusive", "error"]
LONGEST_NAME = 200  # bytes of a target's


class Decision(Value):
    """What was decided, by which rule, and why, in one sentence (`reason`). `confidence` is the mean of the
    verdicts on its side, in percent, None if a rule decided alone. `started` is a guard's outcome: the canary
    runs, and nobody judged whether it does well.
    """

    outcome: Outcome
    rule: str
    reason: str
    confidence: float | None = None

    def headline(self, name: str) -> str:
        """Return the first line of every report: the outcome, the confidence, the target's `name`, and the
        reason.
        """
        confidence = "" if self.confidence is None else f" ({self.confidence:.0f} % confident)"
        return (
            f"{self.outcome.upper()}{confidence}{f' {cut_sentence(name, LONGEST_NAME)}' if name else ''}:"
            f" {self.reason}"
        )


class DecisionInput(Value):
    """Everything that a rule may use. `opinions` has one for each model asked, failed ones included."""

    evidence: Evidence
    findings: tuple[Graded, ...]
    opinions: tuple[Opinion, ...]
    rules: Rules

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the answers that are valid."""
        return tuple(opinion for opinion in self.opinions if isinstance(opinion, Verdict))

    def quorum(self) -> int:
        """Return how many verdicts are needed: as set, or a majority of the models asked; at least one."""
        return max(1, self.rules.quorum or len(self.opinions) // 2 + 1)


DecisionRule = Callable[[DecisionInput], Decision | None]
