"""How much of stable's work the canary should have had, as seconds of stable's rate."""

from collections.abc import Sequence
from datetime import timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.weights import Weight
from analyzer.findings.side_pods import find_ready_times
from analyzer.logs.digest import Digest
from analyzer.target import Role


def compute_rate(digest: Digest, count: int) -> float:
    """Return so many lines of a log as a rate per second of the time that the log covers; 0 without times."""
    seconds = measure_length(digest)
    return count / seconds if seconds > 0 else 0.0


def measure_length(digest: Digest) -> float:
    """Return the seconds between the first and the last line of a log; 0 without times."""
    return (digest.last - digest.first).total_seconds() if digest.first and digest.last else 0.0


def measure_ready_times(evidence: Evidence, role: Role) -> list[float]:
    """Return for how many seconds of the window each pod of a side was Ready."""
    since = find_ready_times(evidence, role).values()
    return [(evidence.window.end - max(at, evidence.window.start)).total_seconds() for at in since]


def compute_expected_seconds(evidence: Evidence) -> float:
    """Return for how many seconds of stable's rate the canary should have had requests: by the weights; with
    selectors alone, by the pods.
    """
    traffic, watched = evidence.part(Traffic, "canary"), measure_ready_times(evidence, "canary")
    if traffic is not None or evidence.target.rollout:
        return compute_weighted_seconds(traffic, evidence.window, max(watched, default=0.0))
    return sum(watched) / max(1, len(find_ready_times(evidence, "stable")))


def compute_weighted_seconds(traffic: Traffic | None, window: Window, seconds: float) -> float:
    """Return for how many seconds of stable's rate the canary was sent requests in its last so many
    `seconds`, by the weights it had meanwhile.

    Where nothing tells since when the weight is what it is, it counts for the whole; where that is known, and
    not what was before, nothing counts before. 0 where it is sent none now, or stable none to compare with.
    """
    if traffic is None or not traffic.weight or traffic.weight >= 100:
        return 0.0
    whole = (window.end - window.start).total_seconds()
    if min(seconds, whole) <= 0:
        return 0.0
    weights = traffic.weights or (Weight(at=window.start, weight=traffic.weight),)
    stable = whole - _sum_weighted_seconds(weights, window, whole)
    sent = _sum_weighted_seconds(weights, window, min(seconds, whole))
    return whole * sent / stable if stable > 0 else 0.0


def _sum_weighted_seconds(weights: Sequence[Weight], window: Window, seconds: float) -> float:
    """Return the sum of the last so many seconds of the window, each times the canary's share (0 to 1) of the
    requests in it.
    """
    begin = window.end - timedelta(seconds=seconds)
    ends = (*(change.at for change in weights[1:]), window.end)
    total = 0.0
    for change, end in zip(weights, ends, strict=True):
        span = (min(end, window.end) - max(change.at, begin)).total_seconds()
        total += change.weight / 100 * max(0.0, span)
    return total
