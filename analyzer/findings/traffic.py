"""Whether the canary is reached: its share, its Service's endpoints, and requests in its logs. What is not
reached is not proven.
"""

from collections.abc import Iterator

from analyzer.common.counted import counted
from analyzer.common.units import duration_in_words
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings.canary_share import compute_expected_seconds, compute_rate
from analyzer.findings.interface import Finding, Rule, Scope
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.logged_requests import count_requests, is_request_template
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.logs.requests import probes
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

# Requests: with so many expected, none is seen by chance in 1 case of 20,000 (exp(-10)), of 150 if they come
# in pairs.
EXPECTED = 10.0


def weight(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield what share of the requests the canary is sent: for whoever weighs how much its silence says.
    Without pods it is sent none.
    """
    canary, stable = evidence.part(Traffic, "canary"), evidence.part(Traffic, "stable")
    pods = evidence.part(Pods, "canary")
    if canary is None or canary.weight is None or (pods is not None and not select_standing_pods(pods)):
        return
    step = f", at step {canary.step} of {canary.steps}" if canary.step is not None and canary.steps else ""
    duration = _describe_duration(canary, evidence.window)
    pulled = "" if _logs_a_request(evidence) else "; of work that is pulled, as from a queue, it says nothing"
    yield Finding(
        kind="traffic-weight",
        key="traffic-weight",
        sentence=f"the Rollout sends the canary {canary.weight} % of the requests{duration}{step}{pulled}",
        stable=f"{stable.weight} %" if stable and stable.weight is not None else "not seen",
        canary=f"{canary.weight} %",
    )


def _logs_a_request(evidence: Evidence) -> bool:
    """Return whether a log tells of a request, probes apart; True where none was read."""
    read = [logs for role in ROLES if (logs := evidence.part(Logs, role)) is not None]
    return not read or any(count_requests(entry.digest) for logs in read for entry in logs.containers)


def no_endpoints(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield a canary Service that leads to none of the canary's pods, although some are Ready.

    It is settled, and so blocks, when it leads nowhere at all while it is sent requests, for which someone
    gets errors, and pods have been Ready for `min_fault_age`: a new version whose labels the Service does not
    select would take stable's place like that.
    """
    canary = evidence.part(Traffic, "canary")
    ready = find_ready_times(evidence, "canary")
    if canary is None or canary.endpoints is None or not ready or _count_endpoints(evidence, "canary"):
        return
    since = min(ready.values())
    settled = (
        bool(canary.weight)
        and not canary.endpoints.ready
        and (evidence.window.end - since).total_seconds() >= rules.min_fault_age
    )
    others = len(canary.endpoints.ready)
    healthy = counted(len(ready), "canary pod is", "canary pods are")
    leads = (
        f"leads to {counted(others, 'pod')}, none of them the canary's" if others else "has no ready endpoint"
    )
    caveat = "" if canary.weight else "; it is sent no requests yet"
    yield Finding(
        kind="no-endpoints",
        key="no-endpoints",
        sentence=f"the canary's Service {canary.service} {leads}, although {healthy} Ready{caveat}",
        stable=_describe_endpoints(evidence, "stable"),
        canary=_describe_endpoints(evidence, "canary"),
        scope=_find_scope(evidence),
        settled=settled,
    )


def no_traffic(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield each container with requests in stable's log and none in the canary's, although it should have a
    share: too little to judge by, or a routing fault.

    Expected is stable's count, by the canary's share and the times that both could be watched for.
    """
    seconds = compute_expected_seconds(evidence)
    if not seconds:
        return
    traffic = evidence.part(Traffic, "canary")
    sent = ""
    if traffic:
        duration = _describe_duration(traffic, evidence.window)
        sent = f", which is sent {traffic.weight} % of them{duration}"
    for pair in pair_logs(evidence):
        stable = _count_stable_requests(pair)
        expected = compute_rate(pair.stable, stable) * seconds
        if expected >= EXPECTED and _has_no_request(pair):
            yield Finding(
                kind="no-traffic",
                key=f"no-traffic/{pair.container}",
                sentence=f"container {pair.container} logs requests in stable and none in the canary{sent}:"
                " they do not reach it, or it does not log them; either way it is not proven",
                stable=f"{counted(stable, 'request')} logged",
                canary=f"0 requests logged, about {expected:,.0f} expected",
            )


def _count_stable_requests(pair: LogPair) -> int:
    """Return the number of stable's requests, probes apart."""
    rows = [row for row in pair.comparison if is_request_template(row)]
    return sum(row.stable for row in rows if not probes(row.sample))


def _has_no_request(pair: LogPair) -> bool:
    """Return whether the canary's log is whole enough to say that it has no request.

    A template of probes counts as a request if stable has none like it: it may be more than probes.
    """
    if pair.canary.other:
        return False
    rows = [row for row in pair.comparison if row.canary and is_request_template(row)]
    return all(row.stable and probes(row.sample) for row in rows)


def _describe_duration(traffic: Traffic, window: Window) -> str:
    """Return for how long the canary has been sent its share, if that is known and within the window; else
    empty.
    """
    starts = [change.at for change in traffic.weights if change.weight == traffic.weight]
    if not starts or not window.start < starts[-1] <= window.end:
        return ""
    return f", for the last {duration_in_words((window.end - starts[-1]).total_seconds())}"


def _count_endpoints(evidence: Evidence, role: Role) -> int:
    """Return how many of a side's own pods its Service leads to."""
    traffic, pods = evidence.part(Traffic, role), evidence.part(Pods, role)
    names = {pod.name for pod in (pods.pods if pods else ())}
    return len(names & set(traffic.endpoints.ready)) if traffic and traffic.endpoints else 0


def _find_scope(evidence: Evidence) -> Scope:
    stable = evidence.part(Traffic, "stable")
    if stable is None or stable.endpoints is None or not find_ready_times(evidence, "stable"):
        return "uncompared"
    return "canary" if _count_endpoints(evidence, "stable") else "both"


def _describe_endpoints(evidence: Evidence, role: Role) -> str:
    traffic = evidence.part(Traffic, role)
    if traffic is None or traffic.endpoints is None:
        return "not seen"
    reached, ready = _count_endpoints(evidence, role), len(find_ready_times(evidence, role))
    return f"Service {traffic.service} leads to {reached} of {ready} Ready pods"


RULES: tuple[Rule, ...] = (
    Rule(weight, needs=(Traffic,)),
    Rule(no_endpoints, needs=(Traffic, Pods)),
    Rule(no_traffic, needs=(Pods, Logs)),
)
