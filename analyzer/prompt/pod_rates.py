"""How much a pod of each side does: a canary that gets half or twice its due shows in it, whatever the
weights say.
"""

from collections.abc import Iterator, Sequence

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.own_containers import SIDECARS
from analyzer.findings.work_rates import Rates, compute_rates
from analyzer.target import Role

MINUTE = 60.0  # seconds


def describe_rate(evidence: Evidence, role: Role) -> Iterator[str]:
    """Yield how many requests, or else lines, a Ready pod of a side logs in a minute; nothing where the logs
    do not tell it of both sides.
    """
    rates = _find_rates(evidence)
    if rates is None:
        return
    rows = rates.stable if role == "stable" else rates.canary
    due = ""
    if role == "canary" and rates.noun == "request" and rates.expected is not None:
        expected = [count for row in rows for count in rates.expected[row.since :]]
        if any(expected):
            due = f"; {_per_minute(expected, rates)} would be its share"
    counts = [count for row in rows for count in row.counts]
    yield f"{rates.noun}s per Ready pod and minute: {_per_minute(counts, rates)}{due}"


def _find_rates(evidence: Evidence) -> Rates | None:
    """Return the rates of the container that logs most, the injected ones apart where there are others."""
    logs = evidence.part(Logs, "stable")
    lines = {entry.container: entry.digest.lines for entry in (logs.containers if logs else ())}
    own = lines.keys() - SIDECARS or lines.keys()
    busiest = max(sorted(own), key=lambda name: lines[name], default="")
    return compute_rates(busiest, evidence) if busiest else None


def _per_minute(counts: Sequence[float], rates: Rates) -> str:
    """Return the mean of counts by the span as a rate per minute, to two digits or in whole numbers."""
    rate = sum(counts) * MINUTE / (len(counts) * rates.span)
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
