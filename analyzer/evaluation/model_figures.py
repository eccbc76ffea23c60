"""What each model said in an evaluation: how often it was right, and what it took."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from analyzer.common.value import Value
from analyzer.evaluation.result import Result
from analyzer.evaluation.statistics import Share, quantile, share_of

N = TypeVar("N", int, float)


class ModelFigures(Value):
    """What one model said, whatever was decided: how often what (`said`), how often it was right, what it
    took. `seconds` and `slowest` are the median and the 95th percentile of its replies. Tokens and USD are
    sums, None where none are known.
    """

    model: str
    said: dict[str, int]
    right: Share
    seconds: float | None = None
    slowest: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None


def figures_by_model(results: Sequence[Result]) -> tuple[ModelFigures, ...]:
    """Return the figures of each model, in the order in which they were first asked."""
    names = dict.fromkeys(voice.model for result in results for voice in result.voices)
    return tuple(_of_model(name, results) for name in names)


def _of_model(name: str, results: Sequence[Result]) -> ModelFigures:
    pairs = [(voice, result) for result in results for voice in result.voices if voice.model == name]
    said: dict[str, int] = {}
    for voice, _ in pairs:
        said[voice.said] = said.get(voice.said, 0) + 1
    answered = [(voice, result) for voice, result in pairs if voice.said not in ("failed", "abstained")]
    right = [
        ("inconclusive" if voice.said == "cannot_tell" else voice.said) in result.case.label.right()
        for voice, result in answered
    ]
    seconds = [voice.seconds for voice, _ in answered]
    return ModelFigures(
        model=name,
        said=said,
        right=share_of(right, len({result.case.name for _, result in answered})),
        seconds=quantile(seconds, 0.5),
        slowest=quantile(seconds, 0.95),
        tokens_in=sum_known([voice.tokens_in for voice, _ in pairs]),
        tokens_out=sum_known([voice.tokens_out for voice, _ in pairs]),
        cost=sum_known([voice.cost for voice, _ in pairs]),
    )


def sum_known(values: Iterable[N | None]) -> N | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None
