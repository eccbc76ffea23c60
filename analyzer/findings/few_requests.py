"""Whether a canary that logs requests has had more than a few: two without a failure show nothing."""

from collections.abc import Iterator

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.failing import fails
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import pair_logs_after_start
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.sufficiency import TOO_FEW_KEY
from analyzer.findings.work import count_lines_after_start, count_side_requests, explain_no_work, measure_work
from analyzer.settings import Rules
from analyzer.target import Role

# Requests: a fault that touches one in four is seen in 94 of 100 such canaries (1 - 0.75 ** 10).
ENOUGH = 10


def few_requests(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield a canary whose log tells of fewer requests than `ENOUGH`, and of hardly anything else.

    Left out where a team says how many are enough (`min_requests`) or lets idling pass (`idle_ok`), where a
    query counts its work, where it is sent none, and where what it logs fails: of that other rules tell.
    """
    if rules.min_requests or rules.idle_ok or explain_no_work(evidence):
        return
    count, stable = count_side_requests(evidence, "canary"), count_side_requests(evidence, "stable")
    if count is None or count >= ENOUGH or _count_work_lines(evidence, "canary") >= ENOUGH:
        return
    if not find_ready_times(evidence, "canary") or measure_work(evidence, "canary").above:
        return
    if _fails(evidence, rules) or (not count and not _serves(evidence, stable)):
        return
    yield Finding(
        kind="too-little-traffic",
        key=TOO_FEW_KEY,
        sentence=f"the canary logged {counted(count, 'request')}, which are too few to tell:"
        f" {ENOUGH} are enough to see a fault of one request in four",
        stable="not seen" if stable is None else f"{counted(stable, 'request')} logged",
        canary=f"{counted(count, 'request')} logged, {ENOUGH} are enough",
        advice=f"send it more requests, judge again once it has had {ENOUGH}, or let the run wait"
        " for them (--wait); where so few are right, say how many are enough (--min-requests 1) or --idle-ok",
    )


def _count_work_lines(evidence: Evidence, role: Role) -> int:
    """Return how many lines a side wrote after its start, probes apart."""
    logs = evidence.part(Logs, role)
    return sum(
        count_lines_after_start(evidence, role, entry.container, entry.digest)
        for entry in (logs.containers if logs else ())
    )


def _serves(evidence: Evidence, requests: int | None) -> bool:
    """Return whether so many requests are most of what stable logs: then they are what the canary lacks."""
    return bool(requests) and 2 * (requests or 0) >= _count_work_lines(evidence, "stable")


def _fails(evidence: Evidence, rules: Rules) -> bool:
    """Return whether the canary logs a failure that stable does not."""
    return any(
        row.canary and not row.stable and fails(row)
        for pair in pair_logs_after_start(evidence, rules)
        for row in pair.comparison
    )


RULES: tuple[Rule, ...] = (Rule(few_requests, needs=(Pods, Logs)),)
