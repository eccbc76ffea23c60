"""The forms of a gate, and what the figures of both sides come to by each.

The forms are bounds on the canary's own figure, a relation to stable's figure, and a judgement of the points
of a range (`gate_series.py`, `gate_kayenta.py`). Over a range the first two compare the median of all points
and that of the last few, since one point is noise. Such a gate fails when either is out of bounds, and the
failure goes on when the latter is.
"""

from dataclasses import dataclass

from analyzer.evidence.figures import QueryFigures
from analyzer.findings.figures import describe_figures, middle_and_latest
from analyzer.findings.gate_reasons import NoFigures
from analyzer.findings.interface import Scope
from analyzer.settings import Direction, Gate

EQUAL = 1e-9  # of a figure: the error that arithmetic may add


@dataclass(frozen=True)
class GateOutcome:
    """The outcome of a gate: whether it holds, the reason in words, and each side's figure in words.

    `missing` is the kind of data that the gate lacks, or None. `advice` says how to get that data, where its
    kind alone does not. `alike`: both sides' series are alike over all their points.
    """

    holds: bool
    text: str
    stable: str
    canary: str
    ongoing: bool = True
    scope: Scope = "canary"
    missing: NoFigures | None = None
    advice: str = ""
    retryable: bool = False
    alike: bool = False


def compare_with_bounds(gate: Gate, stable: QueryFigures | None, canary: QueryFigures) -> GateOutcome:
    """Compare the canary's figure with fixed bounds. Where stable's is out of them, too, that says nothing of
    the canary.
    """

    def outside(figure: float) -> bool:
        low = gate.at_least is not None and _exceeds(gate.at_least, figure)
        return low or (gate.at_most is not None and _exceeds(figure, gate.at_most))

    bounds = " and ".join(
        f"{name} {bound:g}"
        for name, bound in (("at least", gate.at_least), ("at most", gate.at_most))
        if bound is not None
    )
    failed = [outside(figure) for figure in middle_and_latest(canary)]
    both = stable is not None and stable.state == "values" and any(map(outside, middle_and_latest(stable)))
    text = f"{describe_figures(canary)}, where {bounds} is asked" + (
        f"; stable has {describe_figures(stable)}" if stable else ""
    )
    return GateOutcome(
        not any(failed),
        text,
        describe_figures(stable),
        describe_figures(canary),
        ongoing=failed[-1],
        scope="both" if both else "canary",
    )


def compare_with_stable(gate: Gate, stable: QueryFigures, canary: QueryFigures) -> GateOutcome:
    """Compare the canary's figure with stable's: it may differ by a share of it plus a slack.

    The slack is what counts where stable's figure is 0: no percentage can be taken of that, so without a
    slack it says nothing of a canary that has another.
    """
    limit = gate.relative
    assert limit is not None
    if not limit.slack and not any(middle_and_latest(stable)) and any(middle_and_latest(canary)):
        return GateOutcome(
            holds=False,
            text="stable measures 0, of which no percentage can be taken;"
            f" the canary has {describe_figures(canary)}",
            stable=describe_figures(stable),
            canary=describe_figures(canary),
            scope="uncompared",
            missing="no_traffic",
            advice="judge again when stable has requests, or say what counts where it has none (slack)",
        )
    failed = [
        _is_apart(mine, theirs, abs(theirs) * limit.percent / 100 + limit.slack, limit.direction)
        for mine, theirs in zip(middle_and_latest(canary), middle_and_latest(stable), strict=True)
    ]
    slack = f" plus {limit.slack:g}" if limit.slack else ""
    way = {"increase": "above", "decrease": "below", "either": "away from"}[limit.direction]
    text = (
        f"{describe_figures(canary)}, where at most {limit.percent:g} %{slack} {way} stable's"
        f" {describe_figures(stable)} is asked"
    )
    return GateOutcome(
        not any(failed), text, describe_figures(stable), describe_figures(canary), ongoing=failed[-1]
    )


def _exceeds(figure: float, bound: float) -> bool:
    return figure - bound > EQUAL * max(abs(figure), abs(bound))


def _is_apart(mine: float, theirs: float, most: float, direction: Direction) -> bool:
    above, below = _exceeds(mine, theirs + most), _exceeds(theirs - most, mine)
    return {"increase": above, "decrease": below, "either": above or below}[direction]
