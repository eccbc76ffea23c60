"""Many log streams at once, bounded in number, bytes and time: each is cut to a digest and an excerpt while
it is read.

The end of the window tells most, and Kubernetes' own byte bound (`limitBytes`) keeps the beginning. So a
stream is asked for from its end: within `sinceTime`, as many `tailLines` as the bound holds when lines are
short. Where they are longer, the bound is met before the end: what was read is dropped, and as many lines are
asked for as fit at the length just seen. A log smaller than the bound is read once. Where a stream is cut,
what is left of a line or of a stack trace there is not told: as a line of its own it would look like one that
the other side never logs.

Where a log's beginning is wanted, that is what `limitBytes` without `sinceTime` gives. Once the log was
rotated its first lines are no start any more, and then they are dropped.
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.cluster.errors import ClusterError, MissingResource
from analyzer.common.deadline import Deadline, in_parallel
from analyzer.evidence.interface import SourceContext
from analyzer.evidence.log_streams import (
    ExcerptLine,
    Mined,
    Stream,
    StreamCollector,
    StreamRequest,
    StreamResult,
    late,
)
from analyzer.logs.digest import Digest
from analyzer.logs.extent import Extent, Torn

if TYPE_CHECKING:
    from analyzer.logs.mine import Mined as MinedLog

WIDTH = 16  # streams at a time: half of what one client of the API server may hold open beside it
SHORT_LINE = 64  # bytes, the kubelet's timestamp included
ATTEMPTS = 3  # at the right number of lines
EXCERPTED = 32  # streams that keep their excerpt
HEAD = 256 * 1024  # bytes of a log's beginning
# after the container's start: a log that begins later was rotated, or tells of no start
BEGINS = timedelta(minutes=1)
# The kubelet says so in the log itself, under a 200, when the runtime has removed the file.
ROTATED = (b"unable to retrieve container logs for", b"failed to try resolving symlinks in path")
_LONGEST_NOTICE = 500  # bytes of it that are looked at


@dataclass(frozen=True)
class ReadBounds:
    """Of one stream: the bytes that are kept, and when to stop reading."""

    bytes: int
    stop: Deadline


def read_streams(
    context: SourceContext, requests: Sequence[StreamRequest], *, bound: int, width: int = WIDTH
) -> tuple[tuple[StreamResult, ...], StreamCollector]:
    """Read streams; return what came of each, in the order of the requests, and the digests.

    At most `bound` bytes of any one are kept. Ends a little before the context's deadline, at which we would
    be left behind: what was read by then is kept.
    """
    bounds, leave = ReadBounds(bound, context.deadline.share(0.9)), context.deadline.share(0.95)
    reading = StreamCollector()
    tasks = [
        partial(_read_stream, context, request, bounds, reading, excerpt=number < EXCERPTED)
        for number, request in enumerate(requests)
    ]
    in_parallel(tasks, leave, width=width)
    return reading.close(requests), reading


def mined_stream(
    pod: str, container: str, previous: bool, chunks: Iterable[bytes], redact: Callable[[str], str]
) -> Mined:
    """Return one stream and its digest. Lines may start with a time."""
    from analyzer.logs.mine import mine  # a replay mines nothing

    return _stream(pod, container, previous, mine(chunks, redact))


class _Bounded:
    """The chunks of the last `lines` lines of a stream until a bound or a failure; afterwards it knows which
    of them.
    """

    def __init__(
        self,
        chunks: Generator[bytes, None, None],
        bounds: ReadBounds,
        request: StreamRequest,
        since: datetime,
        lines: int,
    ) -> None:
        self.full = self.cut = False
        self.error: ClusterError | None = None
        self.begins = b""
        self._chunks, self._bounds, self._request, self._since, self._lines = (
            chunks,
            bounds,
            request,
            since,
            lines,
        )

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
        """Return where the stream is not whole.

        A connection that the kubelet lost ends as if all were well. So a last line without its end, of a
        running container, does not count. A log begins in the middle if `sinceTime` fell within the second in
        which its first lines were written.
        """
        tail = self.full or self.error is not None or not (extent.ended or self._request.ended)
        bounded = extent.lines >= self._lines
        self.cut = bounded or tail
        older = self._request.started is None or self._request.started < self._since
        since = (
            older
            and extent.first is not None
            and self._since <= extent.first < self._since + timedelta(seconds=1)
        )
        return Torn(head=bounded or since, tail=tail)

    def rotated(self) -> bool:
        """Return whether the kubelet says that the log is gone, in its place and without a time."""
        return self.begins.startswith(ROTATED) and b"\n" not in self.begins


def _read_stream(
    context: SourceContext,
    request: StreamRequest,
    bounds: ReadBounds,
    reading: StreamCollector,
    *,
    excerpt: bool,
) -> None:
    if bounds.stop.expired():
        return
    reading.begin(request)
    if request.head:
        reading.take(*_head(context, request, bounds))
        return
    lines = max(1, bounds.bytes // SHORT_LINE)
    for _ in range(ATTEMPTS):
        result, digest, full = _tail(context, request, bounds, lines, excerpt=excerpt)
        seen = result.stream.lines if result.stream else 0
        if not full or seen < 2 or bounds.stop.expired():
            break
        lines = seen * 9 // 10
    reading.take(result, digest)


def _head(
    context: SourceContext, request: StreamRequest, bounds: ReadBounds
) -> tuple[StreamResult, Digest | None]:
    """Read the beginning of a log, where that is the container's start."""
    from analyzer.logs.mine import mine

    assert request.started is not None
    most = min(HEAD, bounds.bytes)
    chunks = _Bounded(
        _opened(context, request, limitBytes=most),
        ReadBounds(most, bounds.stop),
        request,
        request.started,
        lines=most + 1,
    )
    stream, digest = _stream(
        request.pod,
        request.container,
        request.previous,
        mine(chunks, context.redact, excerpt=1, torn=chunks.torn),
    )
    begins = digest.first is not None and digest.first - request.started <= BEGINS
    return StreamResult(request, stream, chunks.error), digest if begins else None


def _opened(
    context: SourceContext, request: StreamRequest, **query: int | str
) -> Generator[bytes, None, None]:
    path = f"/api/v1/namespaces/{context.target.namespace}/pods/{request.pod}/log"
    return context.cluster.stream(
        path, container=request.container, previous=request.previous, timestamps=True, **query
    )


def _tail(
    context: SourceContext, request: StreamRequest, bounds: ReadBounds, lines: int, *, excerpt: bool
) -> tuple[StreamResult, Digest | None, bool]:
    """Read the last so many lines of a stream; return them, and whether the bound cut them short."""
    from analyzer.logs.mine import EXCERPT, mine

    start = context.window.start.astimezone(UTC).replace(microsecond=0)
    body = _opened(context, request, sinceTime=start.strftime("%Y-%m-%dT%H:%M:%SZ"), tailLines=lines)
    chunks = _Bounded(body, bounds, request, start, lines)
    mined = mine(chunks, context.redact, excerpt=EXCERPT if excerpt else 1, torn=chunks.torn)
    stream, digest = _stream(request.pod, request.container, request.previous, mined)
    if chunks.error is not None and not stream.lines:
        return StreamResult(request, error=chunks.error), None, False
    if chunks.rotated():
        return StreamResult(request, error=MissingResource("the log has been rotated away")), None, False
    kept = replace(stream, truncated=chunks.cut, excerpt=stream.excerpt if excerpt else ())
    return StreamResult(request, kept, chunks.error), digest, chunks.full


def _stream(pod: str, container: str, previous: bool, mined: "MinedLog") -> Mined:
    excerpt = tuple(ExcerptLine(at=at, text=text) for at, text in mined.excerpt)
    lines, size = mined.digest.lines, mined.digest.bytes
    return Stream(
        pod=pod,
        container=container,
        previous=previous,
        lines=lines,
        bytes=size,
        excerpt=excerpt,
        timeline=mined.digest.timeline,
    ), mined.digest
