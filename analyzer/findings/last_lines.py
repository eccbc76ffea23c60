"""The last lines of a container's run: they show why it failed, or what it waits for."""

from collections.abc import Iterable, Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, Stream
from analyzer.evidence.pods import Container
from analyzer.target import ROLES, Role

LOG_LINES = 2
ERRORS = ("fatal", "error")


def streams_by_pod(evidence: Evidence) -> dict[tuple[Role, str], list[Stream]]:
    """Return each pod's log streams, by its side and name."""
    streams: dict[tuple[Role, str], list[Stream]] = {}
    for role in ROLES:
        logs = evidence.part(Logs, role)
        for stream in logs.streams if logs else ():
            streams.setdefault((role, stream.pod), []).append(stream)
    return streams


def lines_of_failed_run(streams: Iterable[Stream], container: Container, *, down: bool) -> Iterator[str]:
    """Yield the last lines of the failed run: the previous run, or the present one where the container is
    `down`.
    """
    own = _streams_of(streams, container)
    failed = [stream for stream in own if stream.previous] or [stream for stream in own if down]
    for stream in failed[:1]:
        yield from _last_lines(stream)


def lines_of_present_run(streams: Iterable[Stream], container: Container) -> Iterator[str]:
    """Yield the last lines of the present run."""
    for stream in [stream for stream in _streams_of(streams, container) if not stream.previous][:1]:
        yield from _last_lines(stream)


def _streams_of(streams: Iterable[Stream], container: Container) -> list[Stream]:
    return [stream for stream in streams if stream.container == container.name and stream.excerpt]


def _last_lines(stream: Stream) -> Iterator[str]:
    """Yield a stream's last error first, since the end of a trace names no fault, and its last lines. Marks
    alone, such as those below a line of a trace, say nothing.
    """
    from analyzer.logs.fields import mask  # for nothing but a container that failed or waits

    lines = [line.text for line in stream.excerpt if any(map(str.isalnum, line.text))]
    errors = [line for line in lines if mask(line).level in ERRORS]
    yield from dict.fromkeys((*errors[-1:], *lines[-LOG_LINES:]))
