"""Whether the canary is reached: its share, its Service's endpoints, and requests in its logs. What is not reached is not proven."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.traffic import Traffic, Weight
from analyzer.findings.compare import standing
from analyzer.findings.interface import Finding, Rule, Scope
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import Digest
from analyzer.logs.methods import ANY_METHOD
from analyzer.settings import Rules
from analyzer.target import Role

EXPECTED = 10.0  # requests: with so many expected, none is seen by chance in 1 case of 20,000 (exp(-10)), of 150 if they come in pairs

# An access log's line: a request line (RFC 9112, 3) or its beginning and the status (Express, Serilog, ASP.NET, Gin), or a method and a
# status under names of their own.
_METHOD = rf"(?:{ANY_METHOD})"
_ASKED, _TOLD = rf"method\W{{1,5}}{_METHOD}\b", r"status\w{0,16}\W{1,5}[1-5][0-9][0-9]\b"
_REQUEST = re.compile(
    rf"\b{_METHOD} /\S* HTTP/[0-9]|\b{_METHOD} (?:/|http)\S*(?: responded| -)? [1-5][0-9][0-9](?: |$)"
    rf"|\[GIN\] (?:(?!\[GIN\] ).)*\b{_METHOD}\b"
    rf"|{_ASKED}(?:(?!{_ASKED}).)*{_TOLD}|{_TOLD}(?:(?!{_TOLD}).)*{_ASKED}"
)
_PROBE = re.compile(r"kube-probe|HealthCheck|GoogleHC|Prometheus/|/(?:health|live|ready|metrics|ping|status)z?\b", re.IGNORECASE)


def weight(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """What share of the requests the canary is sent: for whoever weighs how much its silence says."""
    canary, stable = evidence.part(Traffic, "canary"), evidence.part(Traffic, "stable")
    if canary is None or canary.weight is None:
        return
    step = f", at step {canary.step} of {canary.steps}" if canary.step is not None and canary.steps else ""
    yield Finding(
        kind="traffic-weight",
        key="traffic-weight",
        sentence=f"the Rollout sends the canary {canary.weight} % of the requests{_since(canary, evidence.window)}{step}",
        stable=f"{stable.weight} %" if stable and stable.weight is not None else "not seen",
        canary=f"{canary.weight} %",
    )


def no_endpoints(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """A canary Service that leads to none of the canary's pods, although some are Ready.

    Settled, and so blocking, when it leads nowhere at all while it is sent requests, for which someone gets errors, and pods
    have been Ready for `min_age`: a new version whose labels the Service does not select would take stable's place like that.
    """
    canary = evidence.part(Traffic, "canary")
    ready = ready_since(evidence, "canary")
    if canary is None or canary.endpoints is None or not ready or _led_to(evidence, "canary"):
        return
    since = min(ready.values())
    settled = bool(canary.weight) and not canary.endpoints.ready and (evidence.window.end - since).total_seconds() >= rules.min_age
    others = len(canary.endpoints.ready)
    leads = f"leads to {others} pods, none of them the canary's" if others else "has no ready endpoint"
    caveat = "" if canary.weight else "; it is sent no requests yet"
    yield Finding(
        kind="no-endpoints",
        key="no-endpoints",
        sentence=f"the canary's Service {canary.service} {leads}, although {len(ready)} canary pods are Ready{caveat}",
        stable=_endpoints(evidence, "stable"),
        canary=_endpoints(evidence, "canary"),
        scope=_scope(evidence),
        settled=settled,
    )


def no_traffic(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Requests in stable's log and none in the canary's, although it should have a share: too little to judge by, or a routing fault.

    Expected is stable's count, by the canary's share and the times that both could be watched for.
    """
    traffic, stable, canary = evidence.part(Traffic, "canary"), evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    share = _share(evidence)
    if not share or stable is None or canary is None:
        return
    digests = {each.container: each.digest for each in canary.containers}
    sent = f", which is sent {traffic.weight} % of them{_since(traffic, evidence.window)}" if traffic else ""
    for each in stable.containers:
        theirs, mine = _requests(each.digest, digests.get(each.container))
        expected = rate_of(each.digest, theirs) * share
        if mine == 0 and expected >= EXPECTED:
            yield Finding(
                kind="no-traffic",
                key=f"no-traffic/{each.container}",
                sentence=f"container {each.container} logs requests in stable and none in the canary{sent}:"
                " they do not reach it, or it does not log them; either way it is not proven",
                stable=f"{theirs:,} requests logged",
                canary=f"0 requests logged, about {expected:,.0f} expected",
            )


def _share(evidence: Evidence) -> float:
    """For how many seconds of stable's rate the canary should have had requests: by the weights; with selectors alone, by the pods."""
    traffic, ready = evidence.part(Traffic, "canary"), ready_since(evidence, "canary")
    watched = [(evidence.window.end - max(since, evidence.window.start)).total_seconds() for since in ready.values()]
    if traffic is not None or evidence.target.rollout:
        return share_of(traffic, evidence.window, max(watched, default=0.0))
    return sum(watched) / max(1, len(ready_since(evidence, "stable")))


def _requests(stable: Digest, canary: Digest | None) -> tuple[int, int | None]:
    """Each side's requests, probes apart; None where the canary's log was not read, or not whole enough to say none."""
    rows = [row for row in compare(stable, canary or Digest()) if _REQUEST.search(row.sample)]
    theirs = sum(row.stable for row in rows if not _PROBE.search(row.sample))
    if canary is None or canary.other:
        return theirs, None
    return theirs, sum(row.canary for row in rows if _counts(row))


def _counts(row: Compared) -> bool:
    """A template of probes counts as well where stable has none like it: it may be more than probes."""
    return not row.stable or not _PROBE.search(row.sample)


def share_of(traffic: Traffic | None, window: Window, seconds: float) -> float:
    """For how many seconds of stable's rate the canary was sent requests in its last so many seconds, by the weights it had meanwhile.

    Where nothing tells since when the weight is what it is, it counts for the whole; where that is known, and not what was before,
    nothing counts before. 0 where it is sent none now, or stable none to compare with.
    """
    if traffic is None or not traffic.weight or traffic.weight >= 100:
        return 0.0
    weights = traffic.weights or (Weight(at=window.start, weight=traffic.weight),)
    changes = [*zip(weights, (*(each.at for each in weights[1:]), window.end), strict=True)]
    whole = (window.end - window.start).total_seconds()

    def sent(last: float) -> float:
        """Seconds of the last so many, each by the canary's share of the requests."""
        since = window.end - timedelta(seconds=last)
        spans = ((each.weight, (min(until, window.end) - max(each.at, since)).total_seconds()) for each, until in changes)
        return sum(weight / 100 * max(0.0, span) for weight, span in spans)

    stable = whole - sent(whole) if min(seconds, whole) > 0 else 0.0
    return whole * sent(min(seconds, whole)) / stable if stable > 0 else 0.0


def _since(traffic: Traffic, window: Window) -> str:
    """Since when it is sent its share, where that is known and within the window."""
    since = next((each.at for each in reversed(traffic.weights) if each.weight == traffic.weight), None)
    return f", for the last {(window.end - since).total_seconds():.0f} s" if since and window.start < since <= window.end else ""


def rate_of(digest: Digest, count: int) -> float:
    """So many lines of a log by the second."""
    seconds = (digest.last - digest.first).total_seconds() if digest.first and digest.last else 0.0
    return count / seconds if seconds > 0 else 0.0


def requests(digest: Digest) -> int:
    """How many requests a log tells of, probes apart."""
    return sum(group.count for group in digest.groups if _REQUEST.search(group.sample) and not _PROBE.search(group.sample))


def refuses(line: str) -> bool:
    """Whether a log's line tells of a request that was answered with 4xx, probes apart."""
    if not _REQUEST.search(line) or _PROBE.search(line):
        return False
    from analyzer.logs.levels import status_level  # for nothing but an access log

    return status_level(line) == "warning"


def ready_since(evidence: Evidence, role: Role) -> dict[str, datetime]:
    """The side's Ready pods, and since when they are."""
    return {pod.name: since for pod in standing(evidence.part(Pods, role)) if (since := _ready(pod)) is not None}


def _ready(pod: Pod) -> datetime | None:
    ready = next((each for each in pod.conditions if each.type == "Ready" and each.status == "True"), None)
    return (ready.since or pod.created_at) if ready else None


def _led_to(evidence: Evidence, role: Role) -> int:
    """How many of a side's own pods its Service leads to."""
    traffic, pods = evidence.part(Traffic, role), evidence.part(Pods, role)
    names = {pod.name for pod in (pods.pods if pods else ())}
    return len(names & set(traffic.endpoints.ready)) if traffic and traffic.endpoints else 0


def _scope(evidence: Evidence) -> Scope:
    stable = evidence.part(Traffic, "stable")
    if stable is None or stable.endpoints is None or not ready_since(evidence, "stable"):
        return "uncompared"
    return "canary" if _led_to(evidence, "stable") else "both"


def _endpoints(evidence: Evidence, role: Role) -> str:
    traffic = evidence.part(Traffic, role)
    if traffic is None or traffic.endpoints is None:
        return "not seen"
    return f"Service {traffic.service} leads to {_led_to(evidence, role)} of {len(ready_since(evidence, role))} Ready pods"


RULES: tuple[Rule, ...] = (
    Rule(weight, needs=(Traffic,)),
    Rule(no_endpoints, needs=(Traffic, Pods)),
    Rule(no_traffic, needs=(Pods, Logs)),
)
