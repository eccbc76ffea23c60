"""What came of many log streams: each one's lines and end, its digest merged with those of its container, or why there is none.

Digests are merged as they come, and only the first streams keep an excerpt: what is held does not grow with the number of pods.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from analyzer.cluster.errors import ClusterError, Unavailable
from analyzer.logs.digest import Digest, merge
from analyzer.value import Moment, Value

PENDING = 4  # digests of one container held before they are merged


class ExcerptLine(Value):
    """One line, redacted and cut to a bound; `at` is None where the stream gave no time."""

    at: Moment | None
    text: str


class Stream(Value):
    """One container's log as read. `truncated` when a bound, the deadline or an error left some out; half a line is not told.

    `excerpt` is its end; of hundreds of streams only the first that were asked for have one.
    """

    pod: str
    container: str
    previous: bool
    lines: int
    bytes: int
    truncated: bool = False
    excerpt: tuple[ExcerptLine, ...] = ()


class ContainerLogs(Value):
    """All pods' streams of one container name, current and previous, merged."""

    container: str
    digest: Digest


Mined = tuple[Stream, Digest]


@dataclass(frozen=True)
class Asked:
    """A stream there should be. `group` is whose digests it goes into: a side's, or a context's.

    `started` is when the run of the container began whose log it is, None where that is not known; `ended` that it is over, so that
    nothing will follow the log's last line; `spare` that the pod tells how it ended, and another run or other containers the rest.
    """

    group: str
    pod: str
    container: str
    previous: bool
    started: datetime | None = None
    ended: bool = True
    spare: bool = False


@dataclass(frozen=True)
class Heard:
    """What came of it: what was read, and why there is no more of it. `begun` is false where time ran out before its turn."""

    asked: Asked
    stream: Stream | None = None
    error: ClusterError | None = None
    begun: bool = True


class Reading:
    """What has been read so far, from many threads. Once closed it takes nothing more: what is late is left out whole."""

    def __init__(self) -> None:
        self._lock, self._closed = Lock(), False
        self._begun: set[Asked] = set()
        self._heard: dict[Asked, Heard] = {}
        self._digests: dict[tuple[str, str], list[Digest]] = {}

    def begin(self, asked: Asked) -> None:
        """It is its turn."""
        with self._lock:
            self._begun.add(asked)

    def take(self, heard: Heard, digest: Digest | None) -> None:
        """A stream that ended, and its digest."""
        with self._lock:
            if self._closed:
                return
            self._heard[heard.asked] = heard
            if digest is not None:
                pending = self._digests.setdefault((heard.asked.group, heard.asked.container), [])
                pending.append(digest)
                if len(pending) > PENDING:
                    pending[:] = [merge(pending)]

    def close(self, asked: Iterable[Asked]) -> tuple[Heard, ...]:
        """What came of each of them."""
        with self._lock:
            self._closed = True
            return tuple(self._heard.get(each) or Heard(each, error=late(), begun=each in self._begun) for each in asked)

    def containers(self, group: str) -> tuple[ContainerLogs, ...]:
        """A group's digests, by container name."""
        names = sorted(container for whose, container in self._digests if whose == group)
        return tuple(ContainerLogs(container=name, digest=merge(self._digests[group, name])) for name in names)


def late() -> Unavailable:
    """Time ran out."""
    return Unavailable("not read by the deadline", advice="give a longer --deadline, a shorter --since or fewer --log-pods")
