"""The comparison with an earlier evaluation, case by case."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from analyzer.common.value import UNREADABLE, Value
from analyzer.errors import UsageError
from analyzer.evaluation.statistics import mcnemar
from analyzer.evidence.bundle import read_content

WRITE = "--baseline names the eval.json that an earlier 'eval --output' has written"


class Comparison(Value):
    """Two evaluations of the same `cases`: those that only the baseline had right (`worse`, by name), those
    that only this one has right (`better`), and how likely chance alone makes such a difference.
    """

    product: str
    cases: int
    worse: tuple[str, ...]
    better: tuple[str, ...]
    chance: float

    def is_worse(self) -> bool:
        """Return whether fewer cases are right now, and chance is less than 5 % likely to do that."""
        return len(self.worse) > len(self.better) and self.chance < 0.05


class _Answer(Value, forbid_unknown_fields=False):
    name: str
    outcomes: tuple[str, ...]
    correct: int


class Baseline(Value, forbid_unknown_fields=False):
    """What is read of an earlier report."""

    schema: str
    product: str
    answers: tuple[_Answer, ...]

    def right(self) -> dict[str, bool]:
        """Return which of its cases were right."""
        return {answer.name: 2 * answer.correct > len(answer.outcomes) for answer in self.answers}


def read_baseline(path: Path) -> Baseline:
    """Return an earlier report. Raise UsageError for anything else."""
    try:
        baseline = msgspec.json.decode(read_content(path, WRITE), type=Baseline)
    except UNREADABLE as error:
        raise UsageError(f"{path} is no report of an evaluation: {error}", advice=WRITE) from error
    if baseline.schema != "rollout-analyzer/evaluation":
        raise UsageError(
            f"{path} is no report of an evaluation: its schema is {baseline.schema[:80]!r}", advice=WRITE
        )
    return baseline


def compare(baseline: Baseline, now: Mapping[str, bool]) -> Comparison:
    """Return the comparison with what is right now, by case. Raise UsageError where no case is in both."""
    before = baseline.right()
    both = sorted(set(before) & set(now))
    if not both:
        raise UsageError("no case of this evaluation is in --baseline", advice="is it of the same folder?")
    worse = tuple(name for name in both if before[name] and not now[name])
    better = tuple(name for name in both if now[name] and not before[name])
    chance = mcnemar(len(worse), len(better))
    return Comparison(product=baseline.product, cases=len(both), worse=worse, better=better, chance=chance)
