"""Logs of the two sides: which pods' logs are read, and how much of them.

Hundreds of pods are sampled, each side alike. Pods in need come first (restarted, or not Ready), up to half
of the sample. Then come the others in an order that does not depend on them (a hash of the name), so that
chance decides what is left out. A sample is no gap: it is stated, and every pod's status counts all the same.

A canary has just started, and stable mostly long before the window. So every line of a start would look new.
If a container of the canary started within the window and none of stable did, the beginning of one of
stable's logs is read as well. It is compared only with what a start logs. If it cannot be read, that is no
gap, since the canary's start is then said to be compared with nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import chain, zip_longest

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.interface import Gap, Part, SourceContext
from analyzer.evidence.log_gaps import gaps_of
from analyzer.evidence.log_streams import (
    ContainerLogs,
    ExcerptLine,
    Mined,
    Stream,
    StreamRequest,
    StreamResult,
    streams_of,
)
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.evidence.streams import mined_stream, read_streams
from analyzer.logs.digest import merge
from analyzer.target import ROLES, Role

__all__ = [
    "ContainerLogs",
    "ExcerptLine",
    "LogSource",
    "Logs",
    "PodSample",
    "Stream",
    "assemble",
    "mined_stream",
    "sample",
]

UNHEARD = Gap(
    source="logs",
    side=None,
    reason="neither side logged a line in the window",
    advice="a longer --since shows more; Prometheus (docs/prometheus.md) shows what no log does",
    minor=True,
)
START = "start"  # whose digests those of a start are, beside those of the two sides
# pods read of one side: the rest, which time did not suffice for, is then a matter of sampling and no gap
ENOUGH_PODS = 50


class PodSample(Value):
    """Of how many pods the logs were read, and how many there are."""

    pods: int
    of: int

    def words(self) -> str:
        """Return it in words: "a sample of 500 of 730 pods"."""
        return f"a sample of {self.pods} of {counted(self.of, 'pod')}"


class Logs(Part, tag="logs"):
    """One side's logs. Digests by container name; streams by pod, container, previous last; `sample` is None
    where all were read.

    `starts`: of a container, the beginning of one log from the container's start on, which is before the
    window.
    """

    containers: tuple[ContainerLogs, ...]
    streams: tuple[Stream, ...]
    sample: PodSample | None = None
    starts: tuple[ContainerLogs, ...] = ()

    def bounds(self) -> tuple[str, ...]:
        """Return, in words, which part of the logs was read; empty if it was all."""
        cut, other = (
            sum(stream.truncated for stream in self.streams),
            sum(logs.digest.other for logs in self.containers),
        )
        sampled = (self.sample.words(),) if self.sample else ()
        whole = (f"{cut} of {counted(len(self.streams), 'log')} cut short",) if cut else ()
        return (
            *sampled,
            *whole,
            *((f"{counted(other, 'line')} of more templates than are kept",) if other else ()),
        )


class LogSource:
    """Reads the logs of the pods an earlier stage saw, the sides in turn, so that a bound takes from both
    alike.
    """

    name = "logs"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield the logs of each side. A stream that cannot be read is a gap; a side has no part when none of
        its streams could be. No line at all is a minor gap.
        """
        sides: list[Logs] = []
        pods = {
            side.role: part.pods
            for side in scene.sides()
            if (part := scene.part(Pods, side.role)) is not None
        }
        chosen = {role: sample(of_side, scene.look.log_pods) for role, of_side in pods.items()}
        requests = list(
            _alternating(*(streams_of(role, chosen.get(role, ())) for role in ("canary", "stable")))
        )
        starts_of = beginnings(pods.get("stable", ()), pods.get("canary", ()), scene.window.start)
        results, reading = read_streams(scene, [*requests, *starts_of], bound=_share(scene, len(requests)))
        for side in scene.sides():
            if side.role not in pods:
                yield Gap(
                    source=self.name,
                    side=side.role,
                    reason="the pods were not read, so neither were their logs",
                )
                continue
            whole = [result for result in results if result.request.group == side.role]
            late = _in_vain(whole)
            own = [result for result in whole if result.request.pod not in late]
            streams = [result.stream for result in own if result.stream is not None]
            if streams or not own:
                of, most = len(pods[side.role]), len(chosen[side.role]) - len(late)
                sampled = PodSample(pods=most, of=of) if most < of else None
                starts = reading.containers(START) if side.role == "stable" else ()
                sides.append(
                    Logs(
                        side=side.role,
                        containers=reading.containers(side.role),
                        streams=_ordered(streams),
                        sample=sampled,
                        starts=starts,
                    )
                )
            yield from gaps_of(self.name, side.role, own)
        yield from sides
        if unheard(sides):
            yield UNHEARD


def unheard(sides: Sequence[Logs | None]) -> bool:
    """Return whether the logs of both sides were read, and there is not a line in them."""
    read = [[logs.digest.lines for logs in side.containers] for side in sides if side]
    return len(read) == len(ROLES) and all(lines and not any(lines) for lines in read)


def assemble(role: Role, mined: Sequence[Mined]) -> Logs:
    """Return one side's part: the streams in order, the digests of each container name merged."""
    names = sorted({stream.container for stream, _ in mined})
    digests = {name: merge(digest for stream, digest in mined if stream.container == name) for name in names}
    return Logs(
        side=role,
        containers=tuple(ContainerLogs(container=name, digest=digest) for name, digest in digests.items()),
        streams=_ordered(stream for stream, _ in mined),
    )


def sample(pods: Sequence[Pod], most: int) -> tuple[Pod, ...]:
    """Return at most so many pods, in the order they are worth reading."""
    spread = sorted(pods, key=lambda pod: blake2b(pod.name.encode(), digest_size=8).digest())
    needy = list(filter(_in_need, spread))
    if len(pods) > most:
        needy = needy[: most // 2]
    first = {pod.name for pod in needy}
    return (*needy, *(pod for pod in spread if pod.name not in first))[:most]


def beginnings(stable: Sequence[Pod], canary: Sequence[Pod], since: datetime) -> Iterator[StreamRequest]:
    """Return the beginning of the log that stable began last, of each container that a canary pod started
    since then and no stable pod.
    """
    ours = {
        container.name
        for _, container in _containers(canary)
        if container.state.started_at is None or container.state.started_at >= since
    }
    last: dict[str, tuple[datetime, str]] = {}
    for pod, container in _containers(stable):
        name, started = container.name, container.state.started_at
        if started is not None and name in ours and pod.deleted_at is None:
            last[name] = max((started, pod.name), last.get(name, (started, pod.name)))
    for name, (started, pod_name) in last.items():
        if started < since:
            yield StreamRequest(
                START, pod_name, name, previous=False, started=started, ended=False, head=True
            )


def _containers(pods: Sequence[Pod]) -> Iterator[tuple[Pod, Container]]:
    """Return those that no person attached."""
    return ((pod, container) for pod in pods for container in pod.containers if container.type != "ephemeral")


def _in_need(pod: Pod) -> bool:
    ready = pod.ready()
    return not ready or any(container.restarts for container in pod.containers)


def _share(scene: SourceContext, streams: int) -> int:
    """Return bytes of each stream: all together stay within the bound of all, whichever of them are long."""
    return max(1, min(scene.look.log_bytes, scene.look.log_bytes_total // max(1, streams)))


def _alternating(*sides: Iterable[StreamRequest]) -> Iterator[StreamRequest]:
    return (request for request in chain.from_iterable(zip_longest(*sides)) if request is not None)


def _ordered(streams: Iterable[Stream]) -> tuple[Stream, ...]:
    return tuple(sorted(streams, key=lambda stream: (stream.pod, stream.container, stream.previous)))


def _in_vain(results: Sequence[StreamResult]) -> set[str]:
    """Return the pods whose turn never came, where enough others were read: the order makes a sample of
    those.
    """
    pods = {result.request.pod for result in results}
    begun = {result.request.pod for result in results if result.begun}
    return pods - begun if len(begun) >= ENOUGH_PODS else set()
