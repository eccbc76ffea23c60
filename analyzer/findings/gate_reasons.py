"""Why a gate that does not hold does not block either, in words, and what would settle it."""

from datetime import UTC
from math import ceil
from typing import Literal

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods
from analyzer.findings.side_pods import select_standing_pods
from analyzer.settings import Gate, Rules

NoFigures = Literal["broken", "no_traffic", "absent", "not asked"]
Held = tuple[str, str]  # why, and what would settle it

NOT_HELD: Held = ("", "")
ALSO_STABLE: Held = (
    "stable is out of bounds as well, so that says nothing of the canary",
    "correct the bound, or hold the canary to stable's figure (relative)",
)
_ADVICE: dict[NoFigures, tuple[str, str]] = {  # what to do, and where that is needless
    "broken": ("correct the query ('rollout-analyzer check' asks it)", "where that is no fault"),
    "no_traffic": ("judge again when both sides have had requests", "where there may be none"),
    "absent": ("correct the metric's name and labels", "where it may be missing"),
    "not asked": ("see why Prometheus gave no answer, under what was not seen, and judge again", ""),
}


def explain_too_young(evidence: Evidence, rules: Rules) -> Held:
    """Return why no pod of the canary is old enough to be measured, and when one is; `NOT_HELD` where one
    is.
    """
    created = min(
        (pod.created_at for pod in select_standing_pods(evidence.part(Pods, "canary"))), default=None
    )
    if created is None:
        return (
            "the canary has no pod whose figures these could be",
            "judge again when it has one that is Ready",
        )
    age = (evidence.window.end - created).total_seconds()
    if age >= rules.min_fault_age:
        return NOT_HELD
    ago = f"{age:.0f} s ago, at {created.astimezone(UTC):%H:%M:%S} UTC"
    why = (
        f"that is too early to tell: the canary's first pod was created {ago}, and a failure counts from"
        f" {rules.min_fault_age:g} s on"
    )
    return (
        why,
        (
            f"judge again in {ceil(rules.min_fault_age - age)} s, when the pod is {rules.min_fault_age:g} s"
            " old (--min-fault-age)"
        ),
    )


def advise_unanswered(gate: Gate) -> str:
    """Return what would settle a gate whose query the evidence knows nothing of: it was not configured."""
    return (
        f"the evidence has no answer to the query {gate.query}: collect it with the query configured"
        " (collect --config FILE), or judge without this gate"
    )


def advise_without_figures(missing: NoFigures, gate: Gate) -> str:
    """Return what would settle a gate that holds for lack of figures."""
    advice, needless = _ADVICE[missing]
    return f"{advice}; {needless}, give the gate for {gate.query} '{missing}: pass'" if needless else advice
