"""A canary that logs nothing where stable logs much, or whose log was not read: what it would have shown may be what is wrong with it."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings.compare import standing
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.traffic import no_traffic, rate_of, ready_since, requests, share_of
from analyzer.logs.digest import Digest
from analyzer.settings import Rules

COMPLAINTS = ("fatal", "error", "warning")
EXPECTED = 50.0  # lines: ten bursts of five, of which none is seen by chance in 1 of 20,000 cases (exp(-10))

MORE, LEAST = 2.0, 5.0  # times as many complaints as are expected, and so many of them


def silent(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Containers of `unheard`, but for those of which `no_traffic` says it better."""
    quiet = unheard(evidence)
    said = {finding.key.partition("/")[2] for finding in no_traffic(evidence, rules)} if quiet else set()
    for container, (stable, canary, expected) in quiet.items():
        if container not in said:
            what = "nothing but warnings and errors" if canary.lines else "nothing at all"
            why = "its log level changed," if canary.lines else "nothing reaches it,"
            yield Finding(
                kind="silent",
                key=f"silent/{container}",
                sentence=f"container {container} logs {what} in the canary, and much else in stable: {why} or its log goes elsewhere, or it"
                " does not do its work; what it does was not seen",
                stable=f"{_ordinary(stable):,} other lines" if canary.lines else f"{stable.events():,} lines",
                canary=f"0{' other' if canary.lines else ''} lines, about {expected:,.0f} expected",
            )


def unread(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Containers whose log was read of stable and of no pod of the canary, init containers apart.

    Where stable's was not read either (permission is for the namespace, so mostly both or none), there are gaps and no difference
    between the sides: how much they weigh is for who judges.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    ours = {each.name for pod in standing(evidence.part(Pods, "canary")) for each in pod.containers if each.type in ("main", "sidecar")}
    read = {each.container for each in (canary.containers if canary else ())}
    for each in stable.containers if stable else ():
        if each.digest.lines and each.container in ours - read:
            yield Finding(
                kind="unread-log",
                key=f"unread-log/{each.container}",
                sentence=f"the log of container {each.container} was read of stable and of no pod of the canary: what it does was not seen",
                stable=f"{each.digest.events():,} lines",
                canary="not read",
            )


def unheard(evidence: Evidence) -> dict[str, tuple[Digest, Digest, float]]:
    """Containers of whose ordinary lines the canary has none, and should have had many: both digests, and how many.

    By the weights, or by the pods where there is no Rollout to say; and by the times that both sides were watched for. None where
    the canary is sent nothing (pre-promotion, weight 0). One that logs requests, or complains more than stable's does, is heard:
    it fails.
    """
    stable, canary, traffic = evidence.part(Logs, "stable"), evidence.part(Logs, "canary"), evidence.part(Traffic, "canary")
    if stable is None or canary is None:
        return {}
    digests = {each.container: each.digest for each in stable.containers}
    found = {}
    for each in canary.containers:
        theirs = digests.get(each.container, Digest())
        watched, pods = _watched(evidence, canary, each.container), len(_pods(stable, each.container))
        if _ordinary(each.digest) or requests(each.digest) or not watched or not pods:
            continue
        share = sum(watched) / pods if traffic is None else share_of(traffic, evidence.window, max(watched))
        expected, complaints = (rate_of(theirs, count) * share for count in (_ordinary(theirs), theirs.events() - _ordinary(theirs)))
        if expected >= EXPECTED and each.digest.events() <= MORE * max(complaints, LEAST):
            found[each.container] = (theirs, each.digest, expected)
    return found


def _ordinary(digest: Digest) -> int:
    return digest.other + sum(group.count for group in digest.groups if group.level not in COMPLAINTS)


def _watched(evidence: Evidence, canary: Logs, container: str) -> list[float]:
    """For how many seconds of the window each pod was Ready whose log was read."""
    ready, read = ready_since(evidence, "canary"), _pods(canary, container)
    return [(evidence.window.end - max(since, evidence.window.start)).total_seconds() for pod, since in ready.items() if pod in read]


def _pods(logs: Logs, container: str) -> set[str]:
    return {stream.pod for stream in logs.streams if stream.container == container}


RULES: tuple[Rule, ...] = (Rule(silent, needs=(Logs, Pods)), Rule(unread, needs=(Pods,)))
