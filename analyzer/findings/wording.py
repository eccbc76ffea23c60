"""Words and figures that the log rules share."""

import re

from analyzer.common.counted import counted
from analyzer.logs.compare import Compared
from analyzer.logs.digest import ERRORS
from analyzer.logs.parse import parse_fields
from analyzer.logs.severities import stated
from analyzer.logs.sketch import Unit

# Occurrences: with so many expected, none is seen by chance in 5 % of cases ("rule of three", exp(-3)).
EXPECTED = 3.0
TINY = 4  # times fewer lines than the canary's: stable, which has most of the traffic, has hardly logged
KEY_CHARACTERS = 80  # of a template's words in a key

_SCALES: dict[Unit, tuple[tuple[float, str], ...]] = {
    "s": ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
    "B": ((1024.0**3, "GiB"), (1024.0**2, "MiB"), (1024.0, "KiB"), (1.0, "B")),
}
_HOLE, _NO_LETTERS = re.compile(r"<[^<>]*>"), re.compile(r"[^a-z]+")


def make_slug(template: str) -> str:
    """Return the words of a template for a key: lower-case letters and hyphens, without numbers and names."""
    return _NO_LETTERS.sub("-", _HOLE.sub("", template.lower())).strip("-")[:KEY_CHARACTERS]


def describe_line(row: Compared) -> str:
    """Return `a line` for the level unknown, else such as `an error line`; `an error at level info` where the
    line's own field says another level than what it tells.
    """
    level = row.level
    if level == "unknown":
        return "a line"
    own = stated(parse_fields(row.sample) or {}) if level in ERRORS else None
    if own and own not in ERRORS:
        return f"an error at level {own}"
    article = "an" if level in ("error", "info") else "a"
    return f"{article} {level} line"


def scale_measure(number: float, unit: Unit) -> tuple[float, str]:
    """Return a measure to two digits, as exact as its bucket, and the unit that people say it in: 31 and `ms`
    for 0.0312 s.
    """
    scales = _SCALES.get(unit, ((1.0, unit),))
    factor, name = next((scale for scale in scales if number >= scale[0]), scales[-1])
    return float(f"{number / factor:.2g}"), name


def format_percent(share: float) -> str:
    """Return a share (0 to 1) as a percentage: two digits below 10 %, else a whole number."""
    return f"{share * 100:.2g} %" if share < 0.1 else f"{share * 100:.0f} %"


def round_share(count: int, total: int) -> float:
    """Return count by total as a share (0 to 1) of four digits; 0 if the total is 0."""
    return round(min(1.0, count / total), 4) if total > 0 else 0.0


def describe_doubt(row: Compared, stable_lines: int, canary_lines: int) -> str:
    """Return what "never" is worth: little where stable logged so much less that it would hardly show the
    line anyway. Empty where there is no doubt.
    """
    expected = row.canary * stable_lines / max(1, canary_lines)
    if expected >= EXPECTED or stable_lines * TINY >= canary_lines:
        return ""
    lines = counted(stable_lines, "line")
    return (
        f" (stable logged only {lines}, where {expected:.1f} of these would be expected:"
        " weak grounds for new)"
    )
