"""A gate on the points of a range by Kayenta's own reading, for teams that move from it (`kayenta.py`)."""

from functools import partial
from statistics import fmean, median

from analyzer.evidence.figures import QueryFigures
from analyzer.findings.figures import LATEST, MIN_RECENT_POINTS, describe_points
from analyzer.findings.gate_forms import GateOutcome
from analyzer.findings.gate_points import lack_points
from analyzer.findings.kayenta import classify_shift, estimate_shift
from analyzer.settings import Statistical, confidence_of, fewest_points


def compare_by_kayenta(test: Statistical, stable: QueryFigures, canary: QueryFigures) -> GateOutcome:
    """Compare the canary's points with stable's by Mann-Whitney's test."""
    mine, theirs = _points(canary, test), _points(stable, test)
    asked, confidence = fewest_points(test), confidence_of(test)
    outcome = partial(GateOutcome, stable=describe_points(theirs), canary=describe_points(mine))
    if min(len(mine), len(theirs)) < asked:
        return lack_points(asked, (stable, len(theirs)), (canary, len(mine)))
    if mine == theirs:
        return outcome(holds=True, text=f"{describe_points(mine)}, the same as stable's point by point")
    difference = estimate_shift(mine, theirs, confidence)
    verdict = classify_shift(difference, test.tolerance)
    wrong = (
        verdict in {"increase": ("high",), "decrease": ("low",), "either": ("high", "low")}[test.direction]
    )
    little = wrong and abs(fmean(mine) - fmean(theirs)) < test.percent / 100 * abs(fmean(theirs))
    latest = median(mine[-max(MIN_RECENT_POINTS, len(mine) // LATEST) :]) - median(theirs)
    ongoing = abs(latest) > test.tolerance * abs(difference.estimate) and (latest > 0) == (
        difference.estimate > 0
    )
    what = {"high": "higher than", "low": "lower than", "same": "no different from"}[verdict]
    interval = f"between {difference.lower:.4g} and {difference.upper:.4g} at {confidence:g} confidence"
    shift = f"shifted by {difference.estimate:.4g}, {interval} (p {difference.p:.2g})"
    text = f"{describe_points(mine)}, {what} stable's {describe_points(theirs)}: {shift}"
    text += f", and the means are less than {test.percent:g} % apart" if little else ""
    return outcome(holds=little or not wrong, text=text, ongoing=ongoing)


def _points(figures: QueryFigures, test: Statistical) -> list[float]:
    return [
        0.0 if point is None else point
        for point in figures.points
        if point is not None or test.nan == "replace"
    ]
