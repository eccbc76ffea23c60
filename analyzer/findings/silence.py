"""A canary that logs nothing where stable logs much, or whose log was not read: what it would have shown may
be what is wrong with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings.canary_share import compute_rate, compute_weighted_seconds
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.logged_requests import count_requests
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.findings.traffic import no_traffic
from analyzer.logs.digest import Digest
from analyzer.settings import Rules

COMPLAINTS = ("fatal", "error", "warning")
EXPECTED = 50.0  # lines: ten bursts of five, of which none is seen by chance in 1 of 20,000 cases (exp(-10))

MORE, LEAST = 2.0, 5.0  # times as many complaints as are expected, and so many of them


@dataclass(frozen=True)
class SilentContainer:
    """A container of whose ordinary lines the canary has none, and how many it should have had."""

    pair: LogPair
    expected: float


def silent(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the silent containers, without those that `no_traffic` reports."""
    containers = find_silent_containers(evidence)
    if not containers:
        return
    unreached = {finding.key.partition("/")[2] for finding in no_traffic(evidence, rules)}
    for name, container in containers.items():
        if name not in unreached:
            yield _make_silent_finding(container)


def _make_silent_finding(container: SilentContainer) -> Finding:
    pair = container.pair
    if pair.canary.lines:
        what, why, other = "nothing but warnings and errors", "its log level changed,", " other"
        stable = counted(_count_ordinary_lines(pair.stable), "other line")
    else:
        what, why, other = "nothing at all", "nothing reaches it,", ""
        stable = counted(pair.stable.events(), "line")
    return Finding(
        kind="silent",
        key=f"silent/{pair.container}",
        sentence=f"container {pair.container} logs {what} in the canary, and much else in stable: {why} or"
        " its log goes elsewhere, or it does not do its work; what it does was not seen",
        stable=stable,
        canary=f"0{other} lines, about {container.expected:,.0f} expected",
    )


def unread(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the containers whose log was read of stable and of no pod of the canary, init containers apart.

    Where stable's was not read either (permission is for the namespace, so mostly both or none), there are
    gaps and no difference between the sides: how much they weigh is for who judges.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    running = {
        container.name
        for pod in select_standing_pods(evidence.part(Pods, "canary"))
        for container in pod.containers
        if container.type in ("main", "sidecar")
    }
    read = {logs.container for logs in (canary.containers if canary else ())}
    for logs in stable.containers if stable else ():
        if logs.digest.lines and logs.container in running - read:
            yield Finding(
                kind="unread-log",
                key=f"unread-log/{logs.container}",
                sentence=f"the log of container {logs.container} was read of stable and of no pod of the"
                " canary: what it does was not seen",
                stable=counted(logs.digest.events(), "line"),
                canary="not read",
            )


def find_silent_containers(evidence: Evidence) -> dict[str, SilentContainer]:
    """Return, by name, the containers of whose ordinary lines the canary has none, and should have had many.

    How many is by the weights, or by the pods where there is no Rollout to say; and by the times that both
    sides were watched for. None where the canary is sent nothing (pre-promotion, weight 0). One that logs
    requests, or complains more than stable's does, is heard: it fails.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return {}
    containers = {}
    for pair in pair_logs(evidence):
        if _count_ordinary_lines(pair.canary) or count_requests(pair.canary):
            continue
        seconds = _compute_seconds(evidence, stable, canary, pair.container)
        ordinary = _count_ordinary_lines(pair.stable)
        expected = compute_rate(pair.stable, ordinary) * seconds
        complaints = compute_rate(pair.stable, pair.stable.events() - ordinary) * seconds
        if expected >= EXPECTED and pair.canary.events() <= MORE * max(complaints, LEAST):
            containers[pair.container] = SilentContainer(pair, expected)
    return containers


def _count_ordinary_lines(digest: Digest) -> int:
    return digest.other + sum(group.count for group in digest.groups if group.level not in COMPLAINTS)


def _compute_seconds(evidence: Evidence, stable: Logs, canary: Logs, container: str) -> float:
    """Return for how many seconds of stable's rate the canary should have logged; 0 where no pod was
    watched.
    """
    traffic = evidence.part(Traffic, "canary")
    watched = _find_watched_seconds(evidence, canary, container)
    pods = len(_find_pods(stable, container))
    if not watched or not pods:
        return 0.0
    if traffic is None:
        return sum(watched) / pods
    return compute_weighted_seconds(traffic, evidence.window, max(watched))


def _find_watched_seconds(evidence: Evidence, canary: Logs, container: str) -> list[float]:
    """Return, for each pod whose log was read, for how many seconds of the window it was Ready."""
    ready, read = find_ready_times(evidence, "canary"), _find_pods(canary, container)
    return [
        (evidence.window.end - max(since, evidence.window.start)).total_seconds()
        for pod, since in ready.items()
        if pod in read
    ]


def _find_pods(logs: Logs, container: str) -> set[str]:
    return {stream.pod for stream in logs.streams if stream.container == container}


RULES: tuple[Rule, ...] = (Rule(silent, needs=(Logs, Pods)), Rule(unread, needs=(Pods,)))
