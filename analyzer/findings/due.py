"""What the sides are compared by: requests or lines, and how many lines the canary is due for each line of
stable's, were both one version.
"""

from dataclasses import dataclass
from functools import lru_cache

from analyzer.evidence import Evidence
from analyzer.evidence.traffic import Traffic
from analyzer.findings.canary_share import compute_expected_seconds, measure_length, measure_ready_times
from analyzer.findings.log_pairs import LogPair
from analyzer.findings.logged_requests import count_requests
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.work import explain_no_work

REQUESTS = 100  # on each side, before anything is taken per request


@dataclass(frozen=True)
class RateBase:
    """What the rates of one container are taken per: `unit` is `request` or `line`, and each side has so
    many.
    """

    unit: str
    stable: int
    canary: int


@dataclass(frozen=True)
class Due:
    """`ratio`: lines of the canary for each of stable's; 0 where none are due, or nothing tells. `sure` is
    false where only the number of pods tells.
    """

    ratio: float
    sure: bool


@lru_cache(maxsize=16)  # asked by several rules
def find_base(pair: LogPair) -> RateBase | None:
    """Return what rates are taken per: the requests where both sides log enough of them, else the lines; None
    where a side has no line.
    """
    stable, canary = count_requests(pair.stable), count_requests(pair.canary)
    if min(stable, canary) >= REQUESTS:
        return RateBase("request", stable, canary)
    if pair.stable_lines and pair.canary_lines:
        return RateBase("line", pair.stable_lines, pair.canary_lines)
    return None


def find_due(pair: LogPair, evidence: Evidence) -> Due:
    """Return what is due of one container: by the requests that both log, by the canary's share of the work,
    or else as much for each pod of the canary as for one of stable's. Of the first two the larger counts.
    """
    if explain_no_work(evidence):
        return Due(0.0, sure=True)
    base = find_base(pair)
    by_requests = base.canary / base.stable if base and base.unit == "request" else 0.0
    by_share = _compute_ratio(compute_expected_seconds(evidence), pair, evidence)
    if by_requests or by_share:
        return Due(max(by_requests, by_share), sure=True)
    traffic = evidence.part(Traffic, "canary")
    if traffic is not None and traffic.weight is not None:
        return Due(0.0, sure=True)
    pods = len(find_ready_times(evidence, "stable"))
    seconds = sum(measure_ready_times(evidence, "canary")) / pods if pods else 0.0
    return Due(_compute_ratio(seconds, pair, evidence), sure=False)


def _compute_ratio(seconds: float, pair: LogPair, evidence: Evidence) -> float:
    """Return the lines of so many seconds of stable's rate, as a part of all of stable's; of as many seconds
    as the canary's log covers.
    """
    length, watched = measure_length(pair.stable), max(measure_ready_times(evidence, "canary"), default=0.0)
    if not length or not watched:
        return 0.0
    return seconds * min(1.0, measure_length(pair.canary) / watched) / length
