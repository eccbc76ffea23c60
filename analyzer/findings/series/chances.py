"""The chances of a false alarm, and how they are spent over tests, gates and looks.

All of them together are to be at most 1 less `confidence` for a healthy canary that is judged up to 30 times
while its points grow to some hundred, as where neighbouring points resemble each other. Each look at nearly
the same points agrees with the one before, so a look's nominal chance is far below the sum that may be spent,
yet far above a thirtieth of it (S. J. Pocock, Biometrika 64, 1977, 191). It depends on the points alone, as a
spending function's does: K. Kim and D. L. DeMets, Biometrika 74, 1987, 149. The more points, the less is
spent on the level, which they tell better, and on a change of level, which then has more places. On fewer
than `ENOUGH_POINTS` points whatever looks for a course spends less, by the square of their share. The
constants are measured, not derived: bench/metric_cases.py says what rate they come to. Where fewer looks are
planned, each spends more. An interval that is made with such a chance holds at every look at once, a repeated
confidence interval (C. Jennison and B. W. Turnbull, J. R. Statist. Soc. B 51, 1989, 305).
"""

from dataclasses import dataclass
from math import log, sqrt

LOOKS = 30  # that the constants below are for
ONCE = 2.5  # times as much is spent where there is one look alone; in between a power of their number
FEWEST_POINTS, ENOUGH_POINTS = 12, 31  # points
USUAL = 0.05  # all chances together, which the constants below are for


@dataclass(frozen=True)
class Chances:
    """The chance of a false alarm, for one look and in one direction, by test."""

    level: float = 0.0022  # of up to `FEWEST_POINTS` points
    recent: float = 0.00014  # a level of the last points, after a change that was looked for
    change: float = 0.00007  # of level
    slope: float = 0.003  # of a drift, which is also asked to be high by now
    height: float = 0.0003
    spread: float = 0.0006
    excursions: float = 0.003


def spend_chances(points: int, confidence: float, parts: int, looks: int = LOOKS) -> Chances:
    """Return the chance of each look, at so many points: the chance to spend in as many equal parts."""
    part = (1 - confidence) / USUAL / parts * ONCE ** (1 - log(looks) / log(LOOKS))
    share, places = min(1.0, points / ENOUGH_POINTS) ** 2 * part, min(1.0, ENOUGH_POINTS / points)
    usual = Chances()
    return Chances(
        level=usual.level * sqrt(min(1.0, FEWEST_POINTS / points)) * part,
        recent=usual.recent * share * places,
        change=usual.change * share * places,
        slope=usual.slope * share,
        height=usual.height * share * sqrt(places),
        spread=usual.spread * share,
        excursions=usual.excursions * share,
    )
