"""The figures of an evaluation: what was right, what was not, and how sure the answers were. Pure."""

from collections.abc import Callable, Sequence
from typing import Literal

from analyzer.common.value import Value
from analyzer.evaluation.case import ANSWERS
from analyzer.evaluation.comparison import Comparison
from analyzer.evaluation.model_figures import ModelFigures, figures_by_model
from analyzer.evaluation.result import Result
from analyzer.evaluation.statistics import (
    Bin,
    Share,
    agreement,
    bins_of,
    brier,
    calibration_error,
    share_of,
)
from analyzer.evaluation.thresholds import Threshold

SURE = 95  # percent: an answer that is so sure should hardly ever be wrong
OUTCOMES = (*ANSWERS, "error", "unread")
TRUTHS = ("fault", "harmless", "undecidable")
Schema = Literal["rollout-analyzer/evaluation"]


class Figures(Value):
    """The shares of one set of judgements.

    `false_promote` is of the judgements where a promote is not right, `false_rollback` of those where a
    rollback is not; `recall` is how many decidable faults were answered right, `inconclusive` is of all
    decidable cases, `undecided` how many undecidable ones were left undecided. `unanswered` had no outcome.
    `found` and `cited` are of the cases whose label names a finding.
    """

    right: Share
    false_promote: Share
    false_rollback: Share
    recall: Share
    inconclusive: Share
    undecided: Share
    unanswered: Share
    found: Share
    cited: Share


class Family(Value):
    """The figures of a family, and what each of its judgements came to (`outcomes`)."""

    name: str
    figures: Figures
    outcomes: dict[str, int]


class Answered(Value):
    """What came of one case: the outcomes of its judgements, what was right, and the reason of the first that
    was wrong, else of the first.
    """

    name: str
    family: str
    split: str
    truth: str
    right: tuple[str, ...]
    outcomes: tuple[str, ...]
    correct: int
    reason: str
    why: str

    def is_right(self) -> bool:
        """Return whether more than half of the judgements are right."""
        return 2 * self.correct > len(self.outcomes)


class EvalReport(Value):
    """What `eval` writes: the figures, and what came of each case.

    `left` counts judgements that were asked for and not made. `confusion` is by truth and outcome. `sure` is
    how often answers of 95 % and more are right. `seconds` is what judging took in all, on all processors.
    """

    schema: Schema = "rollout-analyzer/evaluation"
    version: Literal[1] = 1
    product: str
    models: tuple[str, ...]
    cases: int
    judgements: int
    left: int
    why_left: str = ""
    notes: tuple[str, ...] = ()
    confusion: dict[str, dict[str, int]]
    figures: Figures
    families: tuple[Family, ...]
    brier: float | None = None
    calibration_error: float | None = None
    bins: tuple[Bin, ...] = ()
    sure: Share
    agreement: float | None = None
    by_model: tuple[ModelFigures, ...]
    seconds: float
    comparison: Comparison | None = None
    thresholds: tuple[Threshold, ...] = ()
    answers: tuple[Answered, ...]


def truth_of(result: Result) -> str:
    """Return what the label says of a case: a fault, harmless, or undecidable."""
    label = result.case.label
    if not label.is_decidable():
        return "undecidable"
    return "fault" if label.outcome == "rollback" else "harmless"


def figures_of(results: Sequence[Result]) -> Figures:
    """Return the shares of some judgements."""
    decidable = [result for result in results if truth_of(result) != "undecidable"]
    return Figures(
        right=_share(results, Result.is_right),
        false_promote=_share(_wrong_if(results, "promote"), lambda result: result.outcome == "promote"),
        false_rollback=_share(_wrong_if(results, "rollback"), lambda result: result.outcome == "rollback"),
        recall=_share(_of_truth(results, "fault"), Result.is_right),
        inconclusive=_share(decidable, lambda result: result.outcome == "inconclusive"),
        undecided=_share(_of_truth(results, "undecidable"), lambda result: result.outcome == "inconclusive"),
        unanswered=_share(results, lambda result: not result.is_answer()),
        found=_share([result for result in results if result.found is not None], lambda one: bool(one.found)),
        cited=_share([result for result in results if result.cited is not None], lambda one: bool(one.cited)),
    )


def families_of(results: Sequence[Result]) -> tuple[Family, ...]:
    """Return each family's figures, the worst first."""
    families = [
        Family(name=name, figures=figures_of(inside), outcomes=_counts(inside))
        for name, inside in _grouped(results, lambda result: result.case.family())
    ]
    return tuple(sorted(families, key=lambda family: (family.figures.right.share or 0.0, family.name)))


def report_of(
    results: Sequence[Result], *, product: str, models: tuple[str, ...], left: int, why_left: str
) -> EvalReport:
    """Return the report of some results: the same for the same results, in whatever order they came."""
    ordered = sorted(results, key=lambda result: (result.case.name, result.turn))
    answers = tuple(_answered(inside) for _, inside in _grouped(ordered, lambda result: result.case.name))
    sure_answers = [
        (result.confidence / 100, result.is_right())
        for result in ordered
        if _is_sure(result) and result.confidence is not None
    ]
    bins = bins_of(sure_answers)
    return EvalReport(
        product=product,
        models=models,
        cases=len(answers),
        judgements=len(ordered),
        left=left,
        why_left=why_left,
        confusion={truth: _counts(_of_truth(ordered, truth)) for truth in TRUTHS},
        figures=figures_of(ordered),
        families=families_of(ordered),
        brier=brier(sure_answers),
        calibration_error=calibration_error(bins),
        bins=bins,
        sure=_share(
            [result for result in ordered if _is_sure(result) and (result.confidence or 0) >= SURE],
            Result.is_right,
        ),
        agreement=agreement([answered.outcomes for answered in answers]),
        by_model=figures_by_model(ordered),
        seconds=round(sum(result.seconds for result in ordered), 3),
        answers=answers,
    )


def _is_sure(result: Result) -> bool:
    """Return whether a result commits itself, with a confidence."""
    return result.outcome in ("promote", "rollback") and result.confidence is not None


def _answered(results: Sequence[Result]) -> Answered:
    first = results[0]
    shown = next((result for result in results if not result.is_right()), first)
    return Answered(
        name=first.case.name,
        family=first.case.family(),
        split=first.case.label.split,
        truth=truth_of(first),
        right=tuple(sorted(first.case.label.right())),
        outcomes=tuple(result.outcome for result in results),
        correct=sum(result.is_right() for result in results),
        reason=shown.reason,
        why=first.case.label.why,
    )


def _share(results: Sequence[Result], holds: Callable[[Result], bool]) -> Share:
    return share_of([holds(result) for result in results], len({result.case.name for result in results}))


def _of_truth(results: Sequence[Result], truth: str) -> list[Result]:
    return [result for result in results if truth_of(result) == truth]


def _wrong_if(results: Sequence[Result], outcome: str) -> list[Result]:
    """Return the results of cases for which an outcome is not right."""
    return [result for result in results if outcome not in result.case.label.right()]


def _counts(results: Sequence[Result]) -> dict[str, int]:
    return {outcome: sum(result.outcome == outcome for result in results) for outcome in OUTCOMES}


def _grouped(results: Sequence[Result], key: Callable[[Result], str]) -> list[tuple[str, list[Result]]]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return list(groups.items())
