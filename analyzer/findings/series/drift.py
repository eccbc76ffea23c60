"""A drift: a series that is level up to a time, and rises from there on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.findings.series.course import join_noise
from analyzer.findings.series.noise import draw_in
from analyzer.findings.series.regression import (
    Estimate,
    Regression,
    equations_of_line,
    regress,
)

BEGINNINGS = (0.0, 0.3, 0.5, 0.6, 0.7)  # shares of the series after which a drift may begin
MIN_DRIFT_POINTS = 6  # points in which a drift can be seen, and that a drift lasts
LATEST = 8  # the height of a drift by now is that of the last eighth of the points


@dataclass(frozen=True)
class Drift:
    """Where a drift begins, how high it is by now and how steep."""

    begin: int
    height: Estimate
    slope: Estimate


def measure_drift(values: Sequence[float], companions: Sequence[float]) -> Drift | None:
    """Return the likeliest drift, None where the points are too few. `companions` are the sides' sums."""
    n = len(values)
    begins = sorted({int(share * n) for share in BEGINNINGS if n - int(share * n) >= MIN_DRIFT_POINTS})
    if not begins:
        return None
    level = sum(draw_in(values)) / n
    rest = [value - level for value in values]
    lines: list[tuple[float, int, float, Regression, list[float]]] = []
    for begin in begins:
        hinge = [max(0.0, float(at - begin)) for at in range(n)]
        middle, last = sum(hinge) / n, max(2, n // LATEST)
        slope = [at - middle for at in hinge]
        line = regress(equations_of_line(rest, slope, 1))
        lines.append((max(line.logs), begin, sum(hinge[-last:]) / last - middle, line, slope))
    _, begin, reach, line, slope = max(lines, key=lambda one: one[0])
    logs = join_noise(line, regress(equations_of_line(companions, slope, 1)), companions, 2)
    height = line.estimate((1.0, reach), logs).raised(level)
    return Drift(begin, replace(height, plain=height.centre), line.estimate((0.0, 1.0), logs))
