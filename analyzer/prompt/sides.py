"""What of each side could be compared: its pods' age, the time that its log covers, its requests, its share
of them, and what of it was not seen. A difference between the sides says little where these differ.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings.log_pairs import count_lines
from analyzer.findings.own_containers import SIDECARS
from analyzer.findings.side_pods import select_standing_pods
from analyzer.findings.start import find_uncovered_starts
from analyzer.logs.requests import probes
from analyzer.prompt.pace import describe_pace
from analyzer.prompt.pod_rates import describe_rate
from analyzer.prompt.requests import count_requests
from analyzer.target import ROLES, Role

MOST_NAMES = 5  # names that are given one by one


class PromptSide(Value):
    """One side in a few lines, as the template shows it.

    `facts` are lines of figures alone. `lacks` names the containers that only the other side's pods have.
    `by_container` has the log lines of each, where there are several.
    """

    role: Role
    hash: str
    pods: str
    images: tuple[str, ...]
    lines: int | None
    sample: str = ""
    observed: str = ""
    facts: tuple[str, ...] = ()
    lacks: str = ""
    by_container: str = ""


class Unseen(Value):
    """What could not be seen of a side, although no source had a gap."""

    side: Role
    text: str


def describe_side(evidence: Evidence, role: Role) -> PromptSide:
    """Return one side in a few lines."""
    side, pods, logs = evidence.target.side(role), evidence.part(Pods, role), evidence.part(Logs, role)
    observed = evidence.part(Observed, role)
    unstarted = find_uncovered_starts(evidence) if role == "stable" else ()
    bounds = (*logs.bounds(), *(f"no start of {name} among them" for name in unstarted)) if logs else ()
    lacking = _missing_containers(evidence, role)
    return PromptSide(
        role=role,
        hash=side.hash or side.selector if side else "",
        pods="no such side" if side is None else _describe_pods(pods),
        images=tuple(sorted({container.image for pod in _pods(pods) for container in _lasting(pod)})),
        lines=sum(container.digest.lines for container in logs.containers) if logs else None,
        sample=f"({', '.join(bounds)})" if bounds else "",
        observed=observed.summary() if observed else "",
        facts=tuple(_describe_facts(evidence, role)),
        by_container=_count_by_container(logs.containers) if logs else "",
        lacks=f"has no container {_join(lacking)}, which the other side has" if lacking else "",
    )


def find_unseen(evidence: Evidence) -> tuple[Unseen, ...]:
    """Return what could not be seen beside the gaps: the canary's share of the requests, and logs of the
    application's containers that have no line.
    """
    unseen: list[Unseen] = []
    for role in ROLES:
        logs = evidence.part(Logs, role)
        lines = {log.container: log.digest.lines for log in (logs.containers if logs else ())}
        names = _application(evidence, role) if logs else ()
        unread, empty = (
            [name for name in names if name not in lines],
            [name for name in names if lines.get(name) == 0],
        )
        if unread:
            unseen.append(Unseen(side=role, text=f"no log of container {_join(unread)} was read"))
        if empty:
            unseen.append(Unseen(side=role, text=f"the log of container {_join(empty)} has not a line"))
    if _weight(evidence, "canary") is None:
        unseen.append(Unseen(side="canary", text="its share of the requests is not known"))
    return tuple(unseen)


def format_span(span: timedelta) -> str:
    """Return a time span in words, in the two largest units: "0.4 s", "5 min 1 s", "3 h 2 min", "9 d 1 h"."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 or seconds.is_integer() else f"{seconds:.1f} s"
    sizes = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    first = next(index for index, (size, _) in enumerate(sizes) if seconds >= size)
    (large, name), (small, below) = sizes[first], sizes[first + 1]
    count, rest = divmod(int(seconds), large)
    return f"{count} {name} {rest // small} {below}" if rest // small else f"{count} {name}"


def _describe_facts(evidence: Evidence, role: Role) -> Iterator[str]:
    """Yield the lines of figures about one side."""
    pods, logs = select_standing_pods(evidence.part(Pods, role)), evidence.part(Logs, role)
    end = evidence.window.end
    if pods:
        ages = sorted(end - pod.created_at for pod in pods)
        youngest, oldest = format_span(ages[0]), format_span(ages[-1])
        age = youngest if youngest == oldest else f"{youngest} to {oldest}"
        within = sum(_starts_within(pod, evidence) for pod in pods)
        yield f"pods: {age} old; {within} of {len(pods)} started within the window"
    if logs and any(log.digest.lines for log in logs.containers):
        yield f"log: {_describe_log(logs.containers, end)}"
        yield from _describe_counts(logs.containers)
        yield from describe_pace(logs.containers)
        if _logs_requests(evidence):
            count = count_requests(logs.containers)
            failed = f", {count.failed:,} of them failed" if count.failed else ""
            yield f"requests logged, probes apart: {count.total:,}{failed}"
        yield from describe_rate(evidence, role)
    weight = _weight(evidence, role)
    if weight is not None:
        yield f"share of the requests: {weight}"


def _logs_requests(evidence: Evidence) -> bool:
    """Return whether either side's log tells of a request: where none does, that says nothing about the
    traffic.
    """
    both = (evidence.part(Logs, role) for role in ROLES)
    return any(count_requests(logs.containers).total for logs in both if logs)


def _describe_log(containers: Iterable[ContainerLogs], end: datetime) -> str:
    """Return in words what time the logs cover, and when their last line came that is no probe."""
    digests = [log.digest for log in containers]
    first = min((digest.first for digest in digests if digest.first), default=None)
    last = max((digest.last for digest in digests if digest.last), default=None)
    if first is None or last is None:
        return "its lines carry no time"
    telling = (group for digest in digests for group in digest.groups if not probes(group.sample))
    work = max((group.last for group in telling if group.last), default=None)
    covers = f"from {format_span(end - first)} to {format_span(end - last)} before the window's end"
    if work is None:
        return f"{covers}, with no line but probes'"
    return f"{covers}" + (
        "" if work == last else f"; its last line that is no probe {format_span(end - work)}"
    )


def _describe_counts(containers: Iterable[ContainerLogs]) -> Iterator[str]:
    """Yield how many of the log lines the findings count, where it is not all."""
    digests = [container.digest for container in containers]
    total, counted_lines = (
        sum(digest.lines for digest in digests),
        sum(count_lines(digest) for digest in digests),
    )
    continued = sum(digest.continued for digest in digests)
    debug = total - continued - counted_lines
    reasons = (
        f"{continued:,} go on with an event before them, such as a trace" if continued else "",
        f"{debug:,} are debug lines" if debug else "",
    )
    if total != counted_lines:
        yield f"log lines that findings count: {counted_lines:,}; {', '.join(filter(None, reasons))}"


def _count_by_container(containers: Iterable[ContainerLogs]) -> str:
    """Return the log lines of each container in words, or empty where one logs all of them."""
    counts = {container.container: container.digest.lines for container in containers}
    logging = {name: lines for name, lines in counts.items() if lines}
    if len(logging) < 2:
        return ""
    return f"log lines: {_join(f'{name} {lines:,}' for name, lines in logging.items())}"


def _weight(evidence: Evidence, role: Role) -> str | None:
    """Return a side's share of the requests in words, or None if nothing tells it."""
    traffic = evidence.part(Traffic, role)
    if traffic is None:
        return None
    if traffic.weight is None:
        return "all or none, by its Service (blue-green)" if traffic.strategy == "blueGreen" else None
    return f"{traffic.weight} %"


def _missing_containers(evidence: Evidence, role: Role) -> list[str]:
    """Return the names of the containers that only the other side's pods have."""
    own, other = (
        {
            container.name
            for pod in select_standing_pods(evidence.part(Pods, side))
            for container in _lasting(pod)
        }
        for side in (role, "stable" if role == "canary" else "canary")
    )
    return sorted(other - own) if own else []


def _application(evidence: Evidence, role: Role) -> list[str]:
    """Return the names of the containers that do the work, less those that are injected beside them."""
    names = {
        container.name
        for pod in select_standing_pods(evidence.part(Pods, role))
        for container in pod.containers
        if container.type == "main"
    }
    return sorted(names - SIDECARS or names)


def _starts_within(pod: Pod, evidence: Evidence) -> bool:
    """Return whether the pod or one of its containers started within the window."""
    states = (container.state for container in _lasting(pod))
    starts = (pod.created_at, *(state.started_at for state in states if state.started_at))
    return max(starts) >= evidence.window.start


def _describe_pods(pods: Pods | None) -> str:
    """Return how many pods are ready and how many restarts they had, in words."""
    if pods is None:
        return "could not be read"
    restarts = sum(container.restarts for pod in pods.pods for container in pod.containers)
    return (
        f"{sum(pod.ready() for pod in pods.pods)} of {counted(len(pods.pods), 'pod')} ready,"
        f" {counted(restarts, 'restart')}"
    )


def _pods(pods: Pods | None) -> tuple[Pod, ...]:
    return pods.pods if pods else ()


def _lasting(pod: Pod) -> Iterator[Container]:
    """Yield the containers that no person attached."""
    return (container for container in pod.containers if container.type != "ephemeral")


def _join(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are."""
    ordered = list(names)
    more = f" and {len(ordered) - MOST_NAMES} more" if len(ordered) > MOST_NAMES else ""
    return ", ".join(ordered[:MOST_NAMES]) + more
