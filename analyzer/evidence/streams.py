"""Many log streams at once, bounded in number, bytes and time: each is cut to a digest and an excerpt while it is read.

The end of the window tells most, and Kubernetes' own byte bound (`limitBytes`) keeps the beginning. So a stream is asked for
from its end: within `sinceTime`, as many `tailLines` as the bound holds when lines are short. Where they are longer, the bound
is met before the end: what was read is dropped, and as many lines are asked for as fit at the length just seen. A log
smaller than the bound is read once. Where a stream is cut, what is left of a line or of a stack trace there is not told:
as a line of its own it would look like one that the other side never logs.
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.cluster.errors import ClusterError, Denied, Missing, Unavailable
from analyzer.deadline import Deadline, in_parallel
from analyzer.evidence.heard import Asked, ExcerptLine, Heard, Mined, Reading, Stream, late
from analyzer.evidence.interface import Gap, Scene
from analyzer.evidence.pods import Pod
from analyzer.logs.digest import Digest
from analyzer.logs.extent import Extent, Torn
from analyzer.target import Role

if TYPE_CHECKING:
    from analyzer.logs.mine import Mined as MinedLog

WIDTH = 16  # streams at a time: half of what one client of the API server may hold open beside it
SHORT_LINE = 64  # bytes, the kubelet's timestamp included
ATTEMPTS = 3  # at the right number of lines
EXCERPTED = 32  # streams that keep their excerpt
# The kubelet says so in the log itself, under a 200, when the runtime has removed the file.
ROTATED = (b"unable to retrieve container logs for", b"failed to try resolving symlinks in path")
_LONGEST_NOTICE = 500  # bytes of it that are looked at


@dataclass(frozen=True)
class Bounds:
    """Of one stream: the bytes that are kept, and when to stop reading."""

    bytes: int
    stop: Deadline


def read(scene: Scene, asked: Sequence[Asked], *, bound: int, width: int = WIDTH) -> tuple[tuple[Heard, ...], Reading]:
    """What came of each stream, in the order asked, and the digests. At most `bound` bytes of any one are kept.

    Ends a little before the scene's deadline, at which we would be left behind: what was read by then is kept.
    """
    bounds, leave = Bounds(bound, scene.deadline.share(0.9)), scene.deadline.share(0.95)
    reading = Reading()
    tasks = [partial(_read, scene, each, bounds, reading, excerpt=number < EXCERPTED) for number, each in enumerate(asked)]
    in_parallel(tasks, leave, width=width)
    return reading.close(asked), reading


def streams_of(group: str, pods: Iterable[Pod]) -> Iterator[Asked]:
    """Each container's current log, and its previous one where it restarted. Containers a person attached are left out.

    Of a container that is down and has not been started anew the API gives the run before as the current log and as the previous one:
    it is asked for once, as what it is (`validateContainerLogStatus` in the kubelet's pkg/kubelet/kubelet_pods.go).
    """
    for pod in pods:
        for container in pod.containers:
            if container.type != "ephemeral":
                now, last = container.state, container.last_state
                current = last is None or now.kind == "running" or now.started_at is not None
                if current:
                    done = container.type == "init" and now.exit_code == 0
                    yield Asked(group, pod.name, container.name, False, now.started_at, ended=now.kind == "terminated", spare=done)
                if container.restarts or last is not None:
                    yield Asked(group, pod.name, container.name, True, last.started_at if last else None, spare=current)


def mined_stream(pod: str, container: str, previous: bool, chunks: Iterable[bytes], redact: Callable[[str], str]) -> Mined:
    """One stream and its digest. Lines may start with a time."""
    from analyzer.logs.mine import mine  # a replay mines nothing

    return _stream(pod, container, previous, mine(chunks, redact))


def gaps(source: str, role: Role | None, heard: Iterable[Heard], *, minor: bool = False) -> Iterator[Gap]:
    """One for each container and reason, the pods counted; one for the whole side where permission is what is missing.

    That the log of a run went with it, weeks ago perhaps, is minor where the run is `spare`: that of an init container that has done its
    work, or one before the present one.
    """
    groups: dict[tuple[str, str, str, bool], list[str]] = {}
    for each in heard:
        if each.error is not None:
            gone = each.asked.spare and not isinstance(each.error, Denied | Unavailable)
            key = ("" if isinstance(each.error, Denied) else _what(each), _reason(each.error, each.asked.pod), each.error.advice, gone)
            groups.setdefault(key, []).append(each.asked.pod)
    for (what, reason, advice, gone), pods in groups.items():
        where = f"{what} in {pods[0]}{f' and {len(pods) - 1} more' if pods[1:] else ''}: " if what else ""
        yield Gap(source=source, side=role, reason=where + reason, advice=advice, minor=minor or gone)


class _Bounded:
    """The chunks of the last `lines` lines of a stream until a bound or a failure; afterwards it knows which of them."""

    def __init__(self, chunks: Generator[bytes, None, None], bounds: Bounds, asked: Asked, since: datetime, lines: int) -> None:
        self.full = self.cut = False
        self.error: ClusterError | None = None
        self.begins = b""
        self._chunks, self._bounds, self._asked, self._since, self._lines = chunks, bounds, asked, since, lines

    def __iter__(self) -> Iterator[bytes]:
        left = self._bounds.bytes
        try:
            with closing(self._chunks):
                for chunk in self._chunks:
                    self.begins = self.begins or chunk[:_LONGEST_NOTICE]
                    yield chunk[:left]
                    left -= len(chunk)
                    self.full = left < 0
                    if self.full:
                        return
                    if self._bounds.stop.expired():
                        raise late()
        except ClusterError as error:
            self.error = error

    def torn(self, extent: Extent) -> Torn:
        """Where the stream is not whole.

        A connection that the kubelet lost ends as if all were well, so a line of a running container that has no end yet is none.
        A log begins in the middle where `sinceTime` fell within the second in which its first lines were written.
        """
        tail = self.full or self.error is not None or not (extent.ended or self._asked.ended)
        bounded = extent.lines >= self._lines
        self.cut = bounded or tail
        older = self._asked.started is None or self._asked.started < self._since
        since = older and extent.first is not None and self._since <= extent.first < self._since + timedelta(seconds=1)
        return Torn(head=bounded or since, tail=tail)

    def rotated(self) -> bool:
        """Whether the kubelet says that the log is gone, in its place and without a time."""
        return self.begins.startswith(ROTATED) and b"\n" not in self.begins


def _read(scene: Scene, asked: Asked, bounds: Bounds, reading: Reading, *, excerpt: bool) -> None:
    if bounds.stop.expired():
        return
    reading.begin(asked)
    lines = max(1, bounds.bytes // SHORT_LINE)
    for _ in range(ATTEMPTS):
        heard, digest, full = _tail(scene, asked, bounds, lines, excerpt=excerpt)
        seen = heard.stream.lines if heard.stream else 0
        if not full or seen < 2 or bounds.stop.expired():
            break
        lines = seen * 9 // 10
    reading.take(heard, digest)


def _tail(scene: Scene, asked: Asked, bounds: Bounds, lines: int, *, excerpt: bool) -> tuple[Heard, Digest | None, bool]:
    """The last so many lines of a stream, and whether the bound cut them short."""
    from analyzer.logs.mine import EXCERPT, mine

    path = f"/api/v1/namespaces/{scene.target.namespace}/pods/{asked.pod}/log"
    start = scene.window.start.astimezone(UTC).replace(microsecond=0)
    since = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    body = scene.cluster.stream(path, container=asked.container, previous=asked.previous, timestamps=True, sinceTime=since, tailLines=lines)
    chunks = _Bounded(body, bounds, asked, start, lines)
    mined = mine(chunks, scene.redact, excerpt=EXCERPT if excerpt else 1, torn=chunks.torn)
    stream, digest = _stream(asked.pod, asked.container, asked.previous, mined)
    if chunks.error is not None and not stream.lines:
        return Heard(asked, error=chunks.error), None, False
    if chunks.rotated():
        return Heard(asked, error=Missing("the log has been rotated away")), None, False
    kept = replace(stream, truncated=chunks.cut, excerpt=stream.excerpt if excerpt else ())
    return Heard(asked, kept, chunks.error), digest, chunks.full


def _stream(pod: str, container: str, previous: bool, mined: "MinedLog") -> Mined:
    excerpt = tuple(ExcerptLine(at=at, text=text) for at, text in mined.excerpt)
    lines, size = mined.digest.lines, mined.digest.bytes
    return Stream(pod=pod, container=container, previous=previous, lines=lines, bytes=size, excerpt=excerpt), mined.digest


def _what(heard: Heard) -> str:
    state = "the rest of the " if heard.stream else ""
    return f"{state}{'previous ' if heard.asked.previous else ''}log of {heard.asked.container}"


def _reason(error: ClusterError, pod: str) -> str:
    """Without the pod's name, so that the same reason of many pods is one."""
    if isinstance(error, Missing) and error.name == pod:
        return "the pod is gone"
    return str(error).replace(f' in pod "{pod}"', "").replace(f' for pod "{pod}"', "")
