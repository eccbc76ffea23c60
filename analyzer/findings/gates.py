"""Gates: what the figures of Prometheus must hold to, and what is made of figures that are missing.

Three forms: bounds on the canary's own figure, a relation to stable's figure, and Mann-Whitney's test on the points of a range.
Over a range the first two look at the median of all points and at that of the last few, since one point is noise: a gate fails when
either does, and the failure goes on when the latter does. What there was before the first canary pod was created is left out, so that
both sides are watched alike. No data is of three kinds, each with its policy, and none of them passes by default:

- broken: the query was refused, or its answer is none to it
- no traffic: one side has no figure (no series, or 0/0) while the other shows that there could be one; or the canary's have ceased
- absent: neither side has a series
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import fmean, median
from typing import Literal

from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods
from analyzer.evidence.prometheus import Figures, Metrics
from analyzer.findings.compare import standing
from analyzer.findings.figures import FEWEST, LATEST, ceased, figures_of, middle_and_latest, shown, summary, warnings
from analyzer.findings.interface import Finding, Rule, Scope
from analyzer.findings.statistics import classify, shift
from analyzer.settings import Direction, Gate, Rules, Statistical
from analyzer.target import ROLES

EQUAL = 1e-9  # of a figure: what arithmetic may add

NoFigures = Literal["broken", "no_traffic", "absent", "not asked"]


@dataclass(frozen=True)
class Outcome:
    """What a gate came to: whether it holds, in words, and each side's figure; or which kind of data is missing."""

    holds: bool
    text: str
    stable: str
    canary: str
    ongoing: bool = True
    scope: Scope = "canary"
    missing: NoFigures | None = None


def check(gate: Gate) -> None:
    """Raises UsageError unless the gate has exactly one form."""
    forms = sum((gate.at_least is not None or gate.at_most is not None, gate.relative is not None, gate.statistical is not None))
    if forms != 1:
        raise UsageError(
            f"the gate for {gate.query!r} has {forms or 'no'} forms, and needs one", advice="at_least and at_most, relative, or statistical"
        )


def gates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """One finding for each gate, whether it holds, fails or cannot be told."""
    for gate in rules.gates:
        check(gate)
        stable, canary = figures_of(evidence, gate.query, "stable"), figures_of(evidence, gate.query, "canary")
        outcome = _missing(gate, stable, canary) or _still(gate, _judged(gate, stable, canary), stable, canary)
        yield _finding(gate, outcome, (stable, canary), settled=_settled(evidence, rules))


def ungated(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """What the queries gave that no gate looks at."""
    seen = {role: part.figures if (part := evidence.part(Metrics, role)) else () for role in ROLES}
    names = dict.fromkeys(figures.query for role in ROLES for figures in seen[role])
    for name in names.keys() - {gate.query for gate in rules.gates}:
        stable, canary = figures_of(evidence, name, "stable"), figures_of(evidence, name, "canary")
        yield Finding(
            kind="metric",
            key=f"metric/{name}",
            sentence=f"{name}: the canary has {shown(canary)}, stable {shown(stable)}; no gate looks at it",
            stable=shown(stable),
            canary=shown(canary),
            samples=warnings(stable, canary),
        )


RULES = (Rule(gates, needs=()), Rule(ungated, needs=()))


def _settled(evidence: Evidence, rules: Rules) -> bool:
    """Whether the canary has been there long enough to have figures of its own."""
    pods = standing(evidence.part(Pods, "canary"))
    return any(pod.created_at <= evidence.window.end - timedelta(seconds=rules.min_age) for pod in pods)


def _missing(gate: Gate, stable: Figures | None, canary: Figures | None) -> Outcome | None:
    """Which kind of data a gate lacks; None when it has what it needs."""
    needed = (canary,) if gate.relative is None and gate.statistical is None else (stable, canary)
    there = [each for each in needed if each is not None]
    if len(there) < len(needed):
        return _lacks("not asked", f"{'it' if canary is None else 'stable'} was not measured", stable, canary)
    problem = next((each.problem for each in there if each.state == "broken"), "")
    if problem:
        return _lacks("broken", f"its query is broken: {problem}", stable, canary)
    if all(each.state == "values" for each in there):
        return None
    if all(each is None or each.state in ("empty", "broken") for each in (stable, canary)):
        return _lacks("absent", "there is no series of it on either side" if stable else "there is no series of it", stable, canary)
    without = [role for role, each in (("canary", canary), ("stable", stable)) if each and each.state != "values"]
    return _lacks("no_traffic", f"there was no traffic to measure on {' and '.join(without)}", stable, canary)


def _lacks(missing: NoFigures, text: str, stable: Figures | None, canary: Figures | None) -> Outcome:
    return Outcome(holds=False, text=text, stable=shown(stable), canary=shown(canary), scope="uncompared", missing=missing)


def _judged(gate: Gate, stable: Figures | None, canary: Figures | None) -> Outcome:
    assert canary is not None
    if gate.statistical is not None and stable is not None:
        return _statistical(gate.statistical, stable, canary)
    if gate.relative is not None and stable is not None:
        return _relative(gate, stable, canary)
    return _bounds(gate, stable, canary)


def _still(gate: Gate, outcome: Outcome, stable: Figures | None, canary: Figures | None) -> Outcome:
    """The outcome; of a gate that holds by what the canary measured until it ceased, that its latest figures are missing."""
    counted = gate.statistical is not None and gate.statistical.nan == "replace"
    if not outcome.holds or counted or canary is None or not ceased(canary, stable):
        return outcome
    where = "" if stable is None else ", where stable's go on"
    return _lacks("no_traffic", f"the canary's figures have ceased{where}: {shown(canary)}", stable, canary)


def _bounds(gate: Gate, stable: Figures | None, canary: Figures) -> Outcome:
    """The canary's figure against fixed bounds. Where stable's is out of them too, the bound says nothing of the canary."""

    def outside(figure: float) -> bool:
        low = gate.at_least is not None and _exceeds(gate.at_least, figure)
        return low or (gate.at_most is not None and _exceeds(figure, gate.at_most))

    bounds = " and ".join(
        f"{name} {bound:g}" for name, bound in (("at least", gate.at_least), ("at most", gate.at_most)) if bound is not None
    )
    failed = [outside(figure) for figure in middle_and_latest(canary)]
    both = stable is not None and stable.state == "values" and any(map(outside, middle_and_latest(stable)))
    text = f"{shown(canary)}, where {bounds} is asked" + (f"; stable has {shown(stable)}" if stable else "")
    return Outcome(not any(failed), text, shown(stable), shown(canary), ongoing=failed[-1], scope="both" if both else "canary")


def _relative(gate: Gate, stable: Figures, canary: Figures) -> Outcome:
    """The canary's figure against stable's: away by at most a share of it plus a slack, which is what counts beside 0."""
    asked = gate.relative
    assert asked is not None
    failed = [
        _apart(mine, theirs, abs(theirs) * asked.percent / 100 + asked.slack, asked.direction)
        for mine, theirs in zip(middle_and_latest(canary), middle_and_latest(stable), strict=True)
    ]
    slack = f" plus {asked.slack:g}" if asked.slack else ""
    way = {"increase": "above", "decrease": "below", "either": "away from"}[asked.direction]
    text = f"{shown(canary)}, where at most {asked.percent:g} %{slack} {way} stable's {shown(stable)} is asked"
    return Outcome(not any(failed), text, shown(stable), shown(canary), ongoing=failed[-1])


def _statistical(asked: Statistical, stable: Figures, canary: Figures) -> Outcome:
    """Points against points."""
    mine, theirs = _points(canary, asked), _points(stable, asked)
    outcome = partial(Outcome, stable=summary(theirs), canary=summary(mine))
    if min(len(mine), len(theirs)) < asked.min_points:
        text = f"there are {len(mine)} points of the canary and {len(theirs)} of stable, where {asked.min_points} are asked of each"
        return outcome(holds=False, text=text, scope="uncompared", missing="no_traffic")
    if mine == theirs:
        return outcome(holds=True, text=f"{summary(mine)}, the same as stable's point by point")
    found = shift(mine, theirs, asked.confidence)
    verdict = classify(found, asked.tolerance)
    wrong = verdict in {"increase": ("high",), "decrease": ("low",), "either": ("high", "low")}[asked.direction]
    little = wrong and abs(fmean(mine) - fmean(theirs)) < asked.percent / 100 * abs(fmean(theirs))
    latest = median(mine[-max(FEWEST, len(mine) // LATEST) :]) - median(theirs)
    ongoing = abs(latest) > asked.tolerance * abs(found.estimate) and (latest > 0) == (found.estimate > 0)
    what = {"high": "higher than", "low": "lower than", "same": "no different from"}[verdict]
    interval = f"between {found.lower:.4g} and {found.upper:.4g} at {asked.confidence:g} confidence"
    text = f"{summary(mine)}, {what} stable's {summary(theirs)}: shifted by {found.estimate:.4g}, {interval} (p {found.p:.2g})"
    text += f", and the means are less than {asked.percent:g} % apart" if little else ""
    return outcome(holds=little or not wrong, text=text, ongoing=ongoing)


def _points(figures: Figures, asked: Statistical) -> list[float]:
    return [0.0 if point is None else point for point in figures.points if point is not None or asked.nan == "replace"]


def _exceeds(figure: float, bound: float) -> bool:
    return figure - bound > EQUAL * max(abs(figure), abs(bound))


def _apart(mine: float, theirs: float, most: float, direction: Direction) -> bool:
    above, below = _exceeds(mine, theirs + most), _exceeds(theirs - most, mine)
    return {"increase": above, "decrease": below, "either": above or below}[direction]


def _finding(gate: Gate, outcome: Outcome, sides: tuple[Figures | None, Figures | None], *, settled: bool) -> Finding:
    name = gate.name or gate.query
    policy = "hold" if outcome.missing == "not asked" else getattr(gate, outcome.missing) if outcome.missing else ""
    failed = "gate-failed" if gate.critical else "gate-warning"
    kind = {"": "gate-passed" if outcome.holds else failed, "fail": failed, "hold": "gate-no-data", "pass": "gate-skipped"}[policy]
    verb = {"gate-passed": "holds", "gate-no-data": "cannot be told", "gate-skipped": "is passed over"}.get(kind, "fails")
    more = "; that lets it pass by its policy" if policy == "pass" else "; that fails it by its policy" if policy == "fail" else ""
    ended = "" if outcome.ongoing or outcome.holds or policy else "; the last figures are within it again"
    return Finding(
        kind=kind,
        key=f"{kind}/{name}",
        sentence=f"gate {name} {verb}: {outcome.text}{more}{ended}",
        stable=outcome.stable,
        canary=outcome.canary,
        scope="canary" if policy == "fail" else outcome.scope,
        ongoing=outcome.ongoing or outcome.holds,
        settled=settled or kind != failed,
        samples=warnings(*sides),
    )
