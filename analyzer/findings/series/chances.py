"""The chances of a false alarm, and how they are spent over tests, gates and looks.

All of them together are at most 1 less `confidence` for a healthy canary that is judged up to 30 times while its
points grow to some hundred: each look has the same nominal chance, as S. J. Pocock proposed (Biometrika 64, 1977,
191), which is far below the sum that may be spent, because looks at nearly the same points agree. On fewer than
`ENOUGH` points a look spends less, by the square of their share: the power family of spending functions (K. Kim
and D. L. DeMets, Biometrika 74, 1987, 149). The constants are measured, not derived: bench/metric_cases.py says
what rate they come to. An interval that is made with such a chance holds at every look at once, a repeated
confidence interval (C. Jennison and B. W. Turnbull, J. R. Statist. Soc. B 51, 1989, 305).
"""

from dataclasses import dataclass

ENOUGH = 31  # points
USUAL = 0.05  # all chances together, which the constants below are for


@dataclass(frozen=True)
class Chances:
    """The chance of a false alarm, for one look and in one direction, by test."""

    level: float = 0.0013
    recent: float = 0.0001  # a level of the last points, after a change that was looked for
    change: float = 0.00005  # of level
    slope: float = 0.0002
    spread: float = 0.0016
    excursions: float = 0.0015


def spend_chances(points: int, confidence: float, parts: int) -> Chances:
    """Return the chances for one look at so many points; all that may be spent has that many equal parts."""
    share = min(1.0, points / ENOUGH) ** 2 * (1 - confidence) / USUAL / parts
    usual = Chances()
    return Chances(
        level=usual.level * share,
        recent=usual.recent * share,
        change=usual.change * share,
        slope=usual.slope * share,
        spread=usual.spread * share,
        excursions=usual.excursions * share,
    )
