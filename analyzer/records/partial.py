"""As much of a saved record as later runs read of it. Other fields are ignored, so that a record stays
readable when a field that nobody reads has changed.

The two readers need different parts, and one reads what the other must not depend on: so there are two roots.
"""

from typing import Literal

from analyzer.common.value import Value
from analyzer.evidence.interface import Window
from analyzer.models.interface import Turn
from analyzer.target import Target


class _Partial(Value, forbid_unknown_fields=False):
    pass


class PartialEvidence(_Partial):
    """Whom a record is about, and when."""

    target: Target
    window: Window


class PartialAnswer(_Partial):
    """A model's verdict and its confidence in percent."""

    verdict: Literal["promote", "rollback", "cannot_tell"]
    confidence: int


class PartialOpinion(_Partial):
    """One model's opinion. `answer` is there for a verdict alone."""

    type: Literal["verdict", "abstention", "failed"]
    model: str
    answer: PartialAnswer | None = None


class PartialDecision(_Partial):
    """What was decided, by which rule, and why."""

    outcome: Literal["promote", "started", "rollback", "inconclusive", "error"]
    rule: str
    reason: str


class PartialExchange(_Partial):
    """The conversation with one model."""

    model: str
    turns: tuple[Turn, ...]


class AnsweredJudgement(_Partial):
    """What the models said, and what was decided."""

    opinions: tuple[PartialOpinion, ...]
    decision: PartialDecision


class AnsweredRecord(_Partial):
    """A record, as `--previous` reads it."""

    schema: Literal["rollout-analyzer/record"]
    version: Literal[1]
    evidence: PartialEvidence
    judgement: AnsweredJudgement


class ExchangedJudgement(_Partial):
    """The conversations alone."""

    exchanges: tuple[PartialExchange, ...] = ()


class ExchangedRecord(_Partial):
    """A record as a replay reads it for its tool calls; or a bundle, which has no judgement."""

    judgement: ExchangedJudgement = ExchangedJudgement()
