"""What the figures have to hold to. A figure that could not be measured holds to nothing."""

from typing import TYPE_CHECKING

from analyzer.common.value import Value

if TYPE_CHECKING:
    from analyzer.evaluation.figures import EvalReport
    from analyzer.settings.evaluation import Evaluation


DIGITS = 9  # of a figure: 0.15 is 0.15, whatever the order of the sums


class Threshold(Value):
    """A bound, the figure it is for (None: not measured), and whether it holds."""

    option: str
    bound: float
    figure: float | None
    holds: bool


def check_thresholds(report: "EvalReport", wanted: "Evaluation") -> tuple[Threshold, ...]:
    """Return each threshold that was set."""
    figures = report.figures
    highest = {
        "max_false_promote": figures.false_promote.share,
        "max_false_rollback": figures.false_rollback.share,
        "max_inconclusive": figures.inconclusive.share,
        "max_unanswered": figures.unanswered.share,
        "max_brier": report.brier,
        "max_calibration_error": report.calibration_error,
    }
    lowest = {
        "min_right": figures.right.share,
        "min_recall": figures.recall.share,
        "min_family": min((family.figures.right.share or 0.0 for family in report.families), default=None),
        "min_finding_recall": figures.found.share,
        "min_agreement": report.agreement,
    }
    checks = [
        *(_check(wanted, name, figure, highest=True) for name, figure in highest.items()),
        *(_check(wanted, name, figure, highest=False) for name, figure in lowest.items()),
    ]
    worse = [_compared(report)] if wanted.no_worse else []
    return tuple(
        [check for check in checks if check.bound != float(check.option.startswith("--max"))] + worse
    )


def _check(wanted: "Evaluation", name: str, figure: float | None, *, highest: bool) -> Threshold:
    bound = float(getattr(wanted, name))
    figure = None if figure is None else round(figure, DIGITS)
    holds = figure is not None and (figure <= bound if highest else figure >= bound)
    return Threshold(option=f"--{name.replace('_', '-')}", bound=bound, figure=figure, holds=holds)


def _compared(report: "EvalReport") -> Threshold:
    comparison = report.comparison
    chance = comparison.chance if comparison else None
    holds = comparison is not None and not comparison.is_worse()
    return Threshold(option="--no-worse", bound=0.05, figure=chance, holds=holds)
