"""Whether a gate has the figures that it needs.

Missing data is of three kinds. Each has its policy, and none of them passes by default:

- broken: the server refused the query, or its answer does not fit the query
- no traffic: one side has no figure (no series, or 0/0) while the other shows that there could be one; or the
  canary's figures have ceased
- absent: neither side has a series

A fourth kind, "not asked", has no policy: nobody answered.
"""

from dataclasses import replace

from analyzer.evidence import Evidence
from analyzer.evidence.figures import QueryFigures
from analyzer.evidence.prometheus import gaps_of_query
from analyzer.findings.figures import describe_figures, has_ceased
from analyzer.findings.gate_forms import GateOutcome
from analyzer.findings.gate_reasons import NoFigures, advise_unanswered
from analyzer.settings import Gate


def find_missing_figures(
    gate: Gate, evidence: Evidence, stable: QueryFigures | None, canary: QueryFigures | None
) -> GateOutcome | None:
    """Return the outcome of a gate that lacks figures, with the kind of data and the reason; None where it
    lacks none.
    """
    needed = (canary,) if gate.relative is None and gate.statistical is None else (stable, canary)
    measured = [figures for figures in needed if figures is not None]
    if len(measured) < len(needed):
        gaps = gaps_of_query(gate.query, evidence.gaps)
        why = "; ".join(gap.reason for gap in gaps)
        text = f"{'it' if canary is None else 'stable'} was not measured{f': {why}' if why else ''}"
        unmeasured = _outcome_without("not asked", text, stable, canary)
        if not gaps and stable is canary is None:
            return replace(unmeasured, advice=advise_unanswered(gate))
        return replace(unmeasured, retryable=bool(gaps) and all(gap.retryable for gap in gaps))
    problem = next((figures.problem for figures in measured if figures.state == "broken"), "")
    if problem:
        return _outcome_without("broken", f"its query is broken: {problem}", stable, canary)
    if all(figures.state == "values" for figures in measured):
        return None
    if all(figures is None or figures.state in ("empty", "broken") for figures in (stable, canary)):
        return _outcome_without(
            "absent",
            "there is no series of it on either side" if stable else "there is no series of it",
            stable,
            canary,
        )
    without = [
        role
        for role, figures in (("canary", canary), ("stable", stable))
        if figures and figures.state != "values"
    ]
    return _outcome_without(
        "no_traffic", f"there was no traffic to measure on {' and '.join(without)}", stable, canary
    )


def check_latest_figures(
    gate: Gate, outcome: GateOutcome, stable: QueryFigures | None, canary: QueryFigures | None
) -> GateOutcome:
    """Return the outcome of a gate; where it holds and the canary's figures have ceased, that these are
    missing.
    """
    as_zero = gate.statistical is not None and gate.statistical.nan == "replace"
    if not outcome.holds or as_zero or canary is None or not has_ceased(canary, stable):
        return outcome
    where = "" if stable is None else ", where stable's go on"
    return _outcome_without(
        "no_traffic", f"the canary's figures have ceased{where}: {describe_figures(canary)}", stable, canary
    )


def _outcome_without(
    missing: NoFigures, text: str, stable: QueryFigures | None, canary: QueryFigures | None
) -> GateOutcome:
    return GateOutcome(
        holds=False,
        text=text,
        stable=describe_figures(stable),
        canary=describe_figures(canary),
        scope="uncompared",
        missing=missing,
    )
