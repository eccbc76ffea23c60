"""`logs`: lines of one container's log around a text, a template or a time; by default its end.

In a live run they are read from the pod. In a replay, if the record has no answer, they come from the end
that the evidence kept. A template's placeholders (`<num>`, `<*>`) match anything.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import msgspec

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.interface import SourceContext
from analyzer.evidence.log_streams import ExcerptLine
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod
from analyzer.evidence.streams import SHORT_LINE
from analyzer.logs.lines import at, blocks, clean, split_stamp
from analyzer.target import Role
from analyzer.tools.interface import PodName, Tool, ToolContext

READ = 1024 * 1024  # bytes of the log that are looked through
MATCHES = 3
AHEAD = 15.0  # seconds before the time asked for at which reading begins
REPLAY = "a replay: this was not read from the pod; the end of the log that the evidence kept:"

_HOLE = re.compile(r"<(?:\w+|\*)>")


class LogsArguments(Value):
    """Which log, and where in it."""

    pod: PodName
    container: Annotated[str, msgspec.Meta(description="empty for the pod's first main container")] = ""
    previous: Annotated[
        bool, msgspec.Meta(description="the log of the container before its last restart")
    ] = False
    text: Annotated[
        str, msgspec.Meta(description="show the last lines that hold this text or log template")
    ] = ""
    time: Annotated[
        str, msgspec.Meta(description="show the lines around this time, as in 2026-01-31T12:00:00Z")
    ] = ""
    context: Annotated[int, msgspec.Meta(ge=0, le=30, description="lines to show before and after")] = 5


def run(arguments: LogsArguments, context: ToolContext) -> Iterable[str]:
    """Yield a heading with the number of lines looked through, and the chosen lines with their times, as one
    text.
    """
    return context.of_pod(arguments.pod, partial(_log_lines, arguments, context))


def _log_lines(arguments: LogsArguments, context: ToolContext, role: Role, pod: Pod) -> Iterator[str]:
    containers = [candidate.name for candidate in pod.containers if candidate.type != "ephemeral"]
    container = arguments.container or next(
        (candidate.name for candidate in pod.containers if candidate.type == "main"), ""
    )
    if container not in containers:
        yield "that pod has no such container; there are:"
        yield from containers
        return
    when = _parse_time(arguments.time)
    if arguments.time and when is None:
        yield "that is not a time; write it as in 2026-01-31T12:00:00Z"
        return
    source = context.source_context()
    if source is None:
        yield REPLAY
        lines = _kept_excerpt(context, role, pod, container, arguments)
    else:
        lines = _read_log(source, pod, container, arguments, when)
    yield (
        f"{'previous ' if arguments.previous else ''}log of {pod.name} {container}, {role}:"
        f" {counted(len(lines), 'line')} looked through"
    )
    yield from _select_lines(lines, arguments, when)


def _read_log(
    source: SourceContext, pod: Pod, container: str, arguments: LogsArguments, when: datetime | None
) -> list[ExcerptLine]:
    """Return the end of the log, or from shortly before the time on. It is masked line by line, as in the log
    source. Raise ClusterError.
    """
    since = (
        max(source.window.start, max(source.window.start, when) - timedelta(seconds=AHEAD))
        if when
        else source.window.start
    )
    query = {"sinceTime": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    bound = {} if when else {"tailLines": READ // SHORT_LINE}
    path = f"/api/v1/namespaces/{source.target.namespace}/pods/{pod.name}/log"
    lines, size, whole = [], 0, True
    with closing(
        source.cluster.stream(
            path, container=container, previous=arguments.previous, timestamps=True, **query, **bound
        )
    ) as body:
        chunks = []
        for chunk in body:
            chunks.append(chunk)
            size += len(chunk)
            whole = size <= READ and not source.deadline.expired()
            if not whole:
                break
    for block in blocks(chunks, keeps_rest=lambda: whole):
        for line in block.split(b"\n"):
            stamp, text = split_stamp(line)
            lines.append(ExcerptLine(at=at(stamp), text=source.redact(clean(text))))
    return lines


def _kept_excerpt(
    context: ToolContext, role: Role, pod: Pod, container: str, arguments: LogsArguments
) -> list[ExcerptLine]:
    logs = context.evidence.part(Logs, role)
    wanted = (pod.name, container, arguments.previous)
    streams = [
        stream
        for stream in (logs.streams if logs else ())
        if (stream.pod, stream.container, stream.previous) == wanted
    ]
    return [line for stream in streams for line in stream.excerpt]


def _select_lines(
    lines: Sequence[ExcerptLine], arguments: LogsArguments, when: datetime | None
) -> Iterator[str]:
    if when is not None:
        nearest = [number for number, line in enumerate(lines) if line.at is not None and line.at >= when][:1]
        places = nearest or [len(lines) - 1]
    elif arguments.text:
        hits = [number for number, line in enumerate(lines) if _line_matches(line.text, arguments.text)]
        places = hits[-MATCHES:]
        yield f"{counted(len(hits), 'line matches', 'lines match')}{', the last of them:' if hits else ''}"
    else:
        places = [len(lines) - 1]
    near = {
        number
        for place in places
        for number in range(place - arguments.context, place + arguments.context + 1)
    }
    shown, before = list[str](), -1
    for number in sorted(near & set(range(len(lines)))):
        line = lines[number]
        shown += ["…"] if 0 <= before < number - 1 else []
        shown.append(f"{line.at.isoformat() if line.at else 'no time'} {line.text}")
        before = number
    yield from ["\n".join(shown)] if shown else []


def _line_matches(line: str, wanted: str) -> bool:
    """Return True if a line, or its template, has the pieces of the wanted text in their order, ignoring
    case.
    """
    from analyzer.logs.fields import mask  # a run that looks closer pays for it, no other

    pieces = [" ".join(piece.split()).lower() for piece in _HOLE.split(wanted)]
    for text in (line, mask(line).template):
        plain, start = " ".join(text.split()).lower(), 0
        for piece in pieces:
            start = plain.find(piece, start)
            if start < 0:
                break
            start += len(piece)
        else:
            return True
    return False


def _parse_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


TOOL = Tool(
    "logs",
    "Show log lines of one container around a text, a log template or a time; by default its end.",
    LogsArguments,
    run,
    live=True,
)
