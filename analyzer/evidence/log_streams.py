"""The log streams that pods have, and what came of each: its lines and end, its digest merged with those of
its container, or why there is none.

Digests are merged as they come, and only the first streams keep an excerpt: what is held does not grow with
the number of pods.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from analyzer.cluster.errors import ClusterError, Unavailable
from analyzer.common.value import Moment, Value
from analyzer.evidence.pods import Pod
from analyzer.logs.digest import Digest, merge
from analyzer.logs.timeline import Timeline

PENDING = 4  # digests of one container held before they are merged


class ExcerptLine(Value):
    """One line, redacted and cut to a bound; `at` is None where the stream gave no time."""

    at: Moment | None
    text: str


class Stream(Value):
    """One container's log as read. `truncated` when a bound, the deadline or an error left some out; half a
    line is not told.

    `excerpt` is its end; of hundreds of streams only the first that were asked for have one. `timeline` is
    when its events came, None where that is not known to its end.
    """

    pod: str
    container: str
    previous: bool
    lines: int
    bytes: int
    truncated: bool = False
    excerpt: tuple[ExcerptLine, ...] = ()
    timeline: Timeline | None = None


class ContainerLogs(Value):
    """All pods' streams of one container name, current and previous, merged."""

    container: str
    digest: Digest


Mined = tuple[Stream, Digest]


@dataclass(frozen=True)
class StreamRequest:
    """A stream there should be. `group` is whose digests it goes into: a side's, or a context's.

    `started` is when the run of the container began whose log it is, None where that is not known; `ended`
    that it is over, so that nothing will follow the log's last line; `spare` that the pod tells how it ended,
    and another run or other containers the rest. `head` asks for the log's beginning in place of its end.
    """

    group: str
    pod: str
    container: str
    previous: bool
    started: datetime | None = None
    ended: bool = True
    spare: bool = False
    head: bool = False


@dataclass(frozen=True)
class StreamResult:
    """What came of a request: what was read, and why there is no more of it. `begun` is false where time ran
    out before its turn.
    """

    request: StreamRequest
    stream: Stream | None = None
    error: ClusterError | None = None
    begun: bool = True


def streams_of(group: str, pods: Iterable[Pod]) -> Iterator[StreamRequest]:
    """Yield a request for each container's current log, and for its previous one if it restarted. Containers
    that a person attached are left out.

    If a container is down and has not started again, the API gives the last run as the current log and as the
    previous one. That log is asked for once, as what it is (`validateContainerLogStatus` in the kubelet's
    pkg/kubelet/kubelet_pods.go).
    """
    for pod in pods:
        for container in pod.containers:
            if container.type != "ephemeral":
                now, last = container.state, container.last_state
                current = last is None or now.kind == "running" or now.started_at is not None
                if current:
                    done = container.type == "init" and now.exit_code == 0
                    yield StreamRequest(
                        group,
                        pod.name,
                        container.name,
                        False,
                        now.started_at,
                        ended=now.kind == "terminated",
                        spare=done,
                    )
                if container.restarts or last is not None:
                    yield StreamRequest(
                        group,
                        pod.name,
                        container.name,
                        True,
                        last.started_at if last else None,
                        spare=current,
                    )


class StreamCollector:
    """What has been read so far, from many threads. Once closed it takes nothing more: what is late is left
    out whole.
    """

    def __init__(self) -> None:
        self._lock, self._closed = Lock(), False
        self._begun: set[StreamRequest] = set()
        self._results: dict[StreamRequest, StreamResult] = {}
        self._digests: dict[tuple[str, str], list[Digest]] = {}

    def begin(self, request: StreamRequest) -> None:
        """Note that a stream's turn has come."""
        with self._lock:
            self._begun.add(request)

    def take(self, result: StreamResult, digest: Digest | None) -> None:
        """Take a stream that ended, and its digest."""
        with self._lock:
            if self._closed:
                return
            self._results[result.request] = result
            if digest is not None:
                pending = self._digests.setdefault((result.request.group, result.request.container), [])
                pending.append(digest)
                if len(pending) > PENDING:
                    pending[:] = [merge(pending)]

    def close(self, requests: Iterable[StreamRequest]) -> tuple[StreamResult, ...]:
        """Take nothing more; return what came of each of the streams."""
        with self._lock:
            self._closed = True
            return tuple(
                self._results.get(request)
                or StreamResult(request, error=late(), begun=request in self._begun)
                for request in requests
            )

    def containers(self, group: str) -> tuple[ContainerLogs, ...]:
        """Return a group's digests, by container name."""
        names = sorted(container for whose, container in self._digests if whose == group)
        return tuple(
            ContainerLogs(container=name, digest=merge(self._digests[group, name])) for name in names
        )


def late() -> Unavailable:
    """Return the error of a stream for which time ran out."""
    return Unavailable(
        "not read by the deadline", advice="give a longer --deadline, a shorter --since or fewer --log-pods"
    )
