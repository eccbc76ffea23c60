"""Gates: what the figures of Prometheus must hold to, and what follows where figures are missing.

`gate_forms.py` has the forms of a gate, `gate_series.py`, `gate_kayenta.py` and `gate_together.py` the
judgement of a range's points, `gate_data.py` the kinds of missing data. What was measured before the first
canary pod was created is left out, so that both sides are compared over the same time.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.findings.figures import collect_warnings, describe_figures, figures_of
from analyzer.findings.gate_data import check_latest_figures, find_missing_figures
from analyzer.findings.gate_forms import GateOutcome, compare_with_bounds, compare_with_stable
from analyzer.findings.gate_kayenta import compare_by_kayenta
from analyzer.findings.gate_reasons import (
    ALSO_STABLE,
    NOT_HELD,
    Held,
    advise_without_figures,
    explain_too_young,
)
from analyzer.findings.gate_series import Terms, compare_series, is_series, terms_of
from analyzer.findings.gate_together import find_joint_shift
from analyzer.findings.interface import Finding, Rule, Scope
from analyzer.settings import Gate, Rules
from analyzer.target import ROLES


def check_gate(gate: Gate) -> None:
    """Raise UsageError unless the gate has exactly one form."""
    forms = sum(
        (
            gate.at_least is not None or gate.at_most is not None,
            gate.relative is not None,
            gate.statistical is not None,
        )
    )
    if forms != 1:
        raise UsageError(
            f"the gate for {gate.query!r} has {forms or 'no'} forms, and needs one",
            advice="at_least and at_most, relative, or statistical",
        )


def gates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield one finding for each gate, whether it holds, fails or cannot be told."""
    terms, alone = terms_of(evidence, rules.gates), []
    young = explain_too_young(evidence, rules)
    for gate in rules.gates:
        check_gate(gate)
        stable, canary = (
            figures_of(evidence, gate.query, "stable"),
            figures_of(evidence, gate.query, "canary"),
        )
        outcome = find_missing_figures(gate, evidence, stable, canary)
        if outcome is None:
            assert canary is not None
            outcome = check_latest_figures(gate, _compare(gate, stable, canary, terms), stable, canary)
            if outcome.alike and stable is not None:
                alone.append((gate, stable, canary))
        yield _finding(gate, outcome, (stable, canary), young)
    yield from (_hold_young(finding, young) for finding in find_joint_shift(alone, terms))


def _compare(gate: Gate, stable: QueryFigures | None, canary: QueryFigures, terms: Terms) -> GateOutcome:
    """Compare the figures by the gate's form. Only a gate of bounds does without stable's."""
    if gate.statistical is not None and stable is not None:
        if is_series(gate):
            return compare_series(gate.statistical, stable, canary, terms)
        return compare_by_kayenta(gate.statistical, stable, canary)
    if gate.relative is not None and stable is not None:
        return compare_with_stable(gate, stable, canary)
    return compare_with_bounds(gate, stable, canary)


def ungated(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the figures of each query that no gate looks at."""
    parts = [evidence.part(Metrics, role) for role in ROLES]
    names = dict.fromkeys(figures.query for part in parts if part for figures in part.figures)
    for name in names.keys() - {gate.query for gate in rules.gates}:
        stable, canary = figures_of(evidence, name, "stable"), figures_of(evidence, name, "canary")
        yield Finding(
            kind="metric",
            key=f"metric/{name}",
            sentence=f"{name}: the canary has {describe_figures(canary)}, stable {describe_figures(stable)};"
            " no gate looks at it",
            stable=describe_figures(stable),
            canary=describe_figures(canary),
            samples=collect_warnings(stable, canary),
        )


RULES = (Rule(gates, needs=()), Rule(ungated, needs=()))


def _finding(
    gate: Gate, outcome: GateOutcome, sides: tuple[QueryFigures | None, QueryFigures | None], young: Held
) -> Finding:
    name = gate.name or gate.query
    policy = _policy(gate, outcome)
    failed = "gate-failed" if gate.critical else "gate-warning"
    kind = {
        "": "gate-passed" if outcome.holds else failed,
        "fail": failed,
        "hold": "gate-no-data",
        "pass": "gate-skipped",
    }[policy]
    verb = {"gate-passed": "holds", "gate-no-data": "cannot be told", "gate-skipped": "is passed over"}.get(
        kind, "fails"
    )
    effects = {"pass": "; that lets it pass by its policy", "fail": "; that fails it by its policy"}
    scope: Scope = "canary" if policy == "fail" else outcome.scope
    why, advice = _explain_hold(kind, gate, outcome, scope, young)
    ended = "" if outcome.ongoing or outcome.holds or policy else "; the last figures are within it again"
    return Finding(
        kind=kind,
        key=f"{kind}/{name}",
        sentence=f"gate {name} {verb}: {outcome.text}{effects.get(policy, '')}{ended}{why}",
        stable=outcome.stable,
        canary=outcome.canary,
        scope=scope,
        ongoing=outcome.ongoing or outcome.holds,
        settled=young == NOT_HELD or kind != failed,
        samples=collect_warnings(*sides),
        advice=advice,
        retryable=outcome.retryable,
    )


def _hold_young(finding: Finding, young: Held) -> Finding:
    """Return a finding that does not block where the canary is too young to tell."""
    why, advice = young
    if young == NOT_HELD or finding.kind != "gate-failed":
        return finding
    return replace(finding, sentence=f"{finding.sentence}; {why}", settled=False, advice=advice)


def _policy(gate: Gate, outcome: GateOutcome) -> str:
    """Return the gate's policy for the kind of data that is missing, or empty if none is missing."""
    if outcome.missing == "not asked":
        return "hold"
    return str(getattr(gate, outcome.missing)) if outcome.missing else ""


def _explain_hold(kind: str, gate: Gate, outcome: GateOutcome, scope: Scope, young: Held) -> Held:
    """Return why a gate holds that would block otherwise, as the end of a sentence, and what would settle
    it.
    """
    if kind == "gate-no-data" and outcome.missing:
        return "", outcome.advice or advise_without_figures(outcome.missing, gate)
    if kind != "gate-failed" or not outcome.ongoing:
        return NOT_HELD
    why, advice = ALSO_STABLE if scope == "both" else young
    return f"; {why}" if why else "", advice
