"""Whether enough was seen of the canary to judge it, by the team's own thresholds (0: none).

Both hold: too little is a reason for inconclusive. In pre-promotion leave them at 0, for the pods there have no production traffic.
"""

from collections.abc import Iterator
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.compare import standing
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.traffic import ready_since, requests
from analyzer.settings import Rules
from analyzer.target import Role


def age(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """The time since the first canary pod that is Ready became so."""
    if not rules.min_canary_age or not standing(evidence.part(Pods, "canary")):
        return
    since = _first_ready(evidence, "canary")
    seconds = (evidence.window.end - since).total_seconds() if since else 0.0
    if seconds >= rules.min_canary_age:
        return
    state = f"has been Ready for {seconds:.0f} s" if since else "has no Ready pod yet"
    stable = _first_ready(evidence, "stable")
    yield Finding(
        kind="too-young",
        key="too-young",
        sentence=f"the canary {state}, and it is judged after {rules.min_canary_age:.0f} s",
        stable=f"Ready for {(evidence.window.end - stable).total_seconds():.0f} s" if stable else "not Ready, or not seen",
        canary=f"Ready for {seconds:.0f} s" if since else "not Ready",
    )


def traffic(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """The requests that the canary logged in the window, probes apart. What was not read, or not logged, counts as none."""
    if not rules.min_requests or not standing(evidence.part(Pods, "canary")):
        return
    count, stable = _requests(evidence, "canary"), _requests(evidence, "stable")
    if count is not None and count >= rules.min_requests:
        return
    if count is None:
        state = "the canary's logs were not read, so how many requests it had is not known"
    elif not count and not stable:
        state = "neither side logs requests, so how many the canary had is not known"
    else:
        state = f"the canary logged {count:,} requests"
    yield Finding(
        kind="too-little-traffic",
        key="too-little-traffic",
        sentence=f"{state}, and it is judged after {rules.min_requests:,}",
        stable=_figure(stable),
        canary=_figure(count),
    )


def _first_ready(evidence: Evidence, role: Role) -> datetime | None:
    return min(ready_since(evidence, role).values(), default=None)


def _requests(evidence: Evidence, role: Role) -> int | None:
    """As the container logs them that logs most: a proxy beside the application logs the same ones."""
    logs = evidence.part(Logs, role)
    return max((requests(each.digest) for each in logs.containers), default=0) if logs else None


def _figure(count: int | None) -> str:
    return "not seen" if count is None else f"{count:,} requests logged"


RULES: tuple[Rule, ...] = (Rule(age, needs=(Pods,)), Rule(traffic, needs=(Pods,)))
