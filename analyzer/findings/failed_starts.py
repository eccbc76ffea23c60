"""Whether a container fails at each start, which does not heal by itself. A guard need not wait for
`--min-fault-age` then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from analyzer.evidence.events import Event
from analyzer.evidence.exits import RUNS_KEPT, ContainerExit, Exits
from analyzer.evidence.pods import Container, Pod
from analyzer.findings.container_faults import last_exit, started_at

SHORT = 10.0  # seconds: the kubelet's first back-off; a run as long may have done work
KILLED = frozenset({137, 143})  # by a signal of somebody else's: a liveness probe, a node
# Seconds from the end of one run to the next start, at the least and at the most: the first restart comes at
# once, then the back-off doubles, and the kubelet looks again after it and up to half as long
# (kubelet.go: backOffPeriod, pod_workers.go: workerBackOffPeriodJitterFactor).
AT_ONCE, BACK_OFF, LATE = 1.0, 10.0, 1.5


def fails_to_start(
    pods: Iterable[Pod], name: str, exits: Exits | None, events: Mapping[str, Sequence[Event]]
) -> bool:
    """Return whether a container ended its first three runs alike, each within `SHORT`, in every pod that
    started it. `events` are those of each pod, by its name.

    A container that waits for something else may exit in the same way, and run later; nothing distinguishes
    the two. So three runs must fail, and the last two while the rest of the pod is ready. A run that ended
    with code 0, or that a signal killed, has not failed. Who looks for the first time after the third run
    sees its end alone: then the number of restarts and the times stand for the two before it.
    """
    begun = [
        (pod, container)
        for pod in pods
        for container in pod.containers
        if container.name == name and _has_begun(container)
    ]
    return (
        bool(begun)
        and exits is not None
        and all(
            _has_seen_three(pod, container, exits)
            or _must_have_had_three(pod, container, exits, events.get(pod.name, ()))
            for pod, container in begun
        )
    )


def _has_seen_three(pod: Pod, container: Container, exits: Exits) -> bool:
    known = exits.of_container(pod.name, container.name)
    if (
        container.type == "init"
        or container.state.kind == "running"
        or [ended.run for ended in known[-2:]] != [RUNS_KEPT - 2, RUNS_KEPT - 1]
    ):
        return False
    alike = len({(ended.code, ended.reason) for ended in known}) == 1
    return alike and all(map(_fails, known)) and not any(ended.alone for ended in known[-2:])


def _must_have_had_three(pod: Pod, container: Container, exits: Exits, events: Iterable[Event]) -> bool:
    """Return whether the last end, the number of restarts and the times leave no other course than runs that
    all were short. Ends that earlier looks saw must be like the last.
    """
    last, run = last_exit(container), container.restarts
    if container.type == "init" or container.state.kind == "running" or last is None or run < RUNS_KEPT - 1:
        return False
    end = ContainerExit(
        pod=pod.name,
        container=container.name,
        run=run,
        code=last.exit_code,
        reason=last.reason,
        started_at=last.started_at,
        finished_at=last.finished_at,
    )
    known = [*exits.of_container(pod.name, container.name), end]
    alike = len({(ended.code, ended.reason) for ended in known}) == 1 and all(map(_fails, known))
    if not alike or end.started_at is None or any(ended.alone for ended in known if ended.run >= run - 1):
        return False
    first = _not_before(pod, container, events)
    time = end.started_at - first
    return timedelta(0) <= time <= _longest_course(run) and _was_rest_ready(
        pod, container, first + _shortest_course(run - 1)
    )


def _not_before(pod: Pod, container: Container, events: Iterable[Event]) -> datetime:
    """Return when a container's first run began, by the kubelet's event, or else the last time before that
    is known.
    """
    initialized = (
        condition.since
        for condition in pod.conditions
        if (condition.type, condition.status) == ("Initialized", "True") and condition.since
    )
    return min(
        started_at(events, container.name),
        default=max((pod.started_at or pod.created_at, *initialized)),
    )


def _longest_course(run: int) -> timedelta:
    """Return how long after its first start a run may begin if those before it took `SHORT` together."""
    pauses = [AT_ONCE, *(LATE * BACK_OFF * 2**number for number in range(run - 1))]
    return timedelta(seconds=sum(pauses[:run]) + SHORT)


def _shortest_course(run: int) -> timedelta:
    """Return how long after its first start a run begins at the earliest."""
    return timedelta(seconds=sum([AT_ONCE, *(BACK_OFF * 2**number for number in range(run - 1))][:run]))


def _was_rest_ready(pod: Pod, container: Container, moment: datetime) -> bool:
    """Return whether the pod's other containers are ready, and were at `moment`, however long their probes
    let them take.
    """
    others = [other for other in pod.lasting() if other.name != container.name]
    return all(
        other.ready
        and other.state.started_at is not None
        and other.state.started_at + timedelta(seconds=other.startup_seconds) <= moment
        for other in others
    )


def _fails(ended: ContainerExit) -> bool:
    if ended.code == 0 or (ended.code in KILLED and ended.reason != "OOMKilled"):
        return False
    if ended.started_at is None or ended.finished_at is None:
        return False
    return 0 <= (ended.finished_at - ended.started_at).total_seconds() <= SHORT


def _has_begun(container: Container) -> bool:
    return (
        container.state.kind in ("running", "terminated")
        or container.restarts > 0
        or container.last_state is not None
    )
