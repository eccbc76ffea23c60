"""`logs`: lines of one container's log around a text, a template or a time; by default its end.

In a live run they are read from the pod; in a replay, where the record has no answer, from the end that the evidence kept. A
template's placeholders (`<num>`, `<*>`) stand for anything.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import msgspec

from analyzer.evidence.heard import ExcerptLine
from analyzer.evidence.interface import Scene
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod
from analyzer.evidence.streams import SHORT_LINE
from analyzer.logs.lines import at, blocks, clean, split_stamp
from analyzer.target import Role
from analyzer.tools.interface import Desk, PodName, Tool
from analyzer.value import Value

READ = 1024 * 1024  # bytes of the log that are looked through
MATCHES = 3
AHEAD = 15.0  # seconds before the time asked for at which reading begins
REPLAY = "a replay: this was not read from the pod; the end of the log that the evidence kept:"

_HOLE = re.compile(r"<(?:\w+|\*)>")


class Arguments(Value):
    """Which log, and where in it."""

    pod: PodName
    container: Annotated[str, msgspec.Meta(description="empty for the pod's first main container")] = ""
    previous: Annotated[bool, msgspec.Meta(description="the log of the container before its last restart")] = False
    text: Annotated[str, msgspec.Meta(description="show the last lines that hold this text or log template")] = ""
    time: Annotated[str, msgspec.Meta(description="show the lines around this time, as in 2026-01-31T12:00:00Z")] = ""
    context: Annotated[int, msgspec.Meta(ge=0, le=30, description="lines to show before and after")] = 5


def run(asked: Arguments, desk: Desk) -> Iterable[str]:
    """A heading that says how much there was, and the lines with their times, as one text."""
    return desk.of_pod(asked.pod, partial(_told, asked, desk))


def _told(asked: Arguments, desk: Desk, role: Role, pod: Pod) -> Iterator[str]:
    containers = [each.name for each in pod.containers if each.type != "ephemeral"]
    container = asked.container or next((each.name for each in pod.containers if each.type == "main"), "")
    if container not in containers:
        yield "that pod has no such container; there are:"
        yield from containers
        return
    when = _time(asked.time)
    if asked.time and when is None:
        yield "that is no time; one is written as in 2026-01-31T12:00:00Z"
        return
    scene = desk.scene()
    if scene is None:
        yield REPLAY
        lines = _kept(desk, role, pod, container, asked)
    else:
        lines = _read(scene, pod, container, asked, when)
    yield f"{'previous ' if asked.previous else ''}log of {pod.name} {container}, {role}: {len(lines)} lines looked through"
    yield from _chosen(lines, asked, when)


def _read(scene: Scene, pod: Pod, container: str, asked: Arguments, when: datetime | None) -> list[ExcerptLine]:
    """The end of the log, or from shortly before the time on; masked line by line, as the log source does. Raises ClusterError."""
    since = max(scene.window.start, max(scene.window.start, when) - timedelta(seconds=AHEAD)) if when else scene.window.start
    query = {"sinceTime": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    bound = {} if when else {"tailLines": READ // SHORT_LINE}
    path = f"/api/v1/namespaces/{scene.target.namespace}/pods/{pod.name}/log"
    lines, size, whole = [], 0, True
    with closing(scene.cluster.stream(path, container=container, previous=asked.previous, timestamps=True, **query, **bound)) as body:
        chunks = []
        for chunk in body:
            chunks.append(chunk)
            size += len(chunk)
            whole = size <= READ and not scene.deadline.expired()
            if not whole:
                break
    for block in blocks(chunks, keeps_rest=lambda: whole):
        for line in block.split(b"\n"):
            stamp, text = split_stamp(line)
            lines.append(ExcerptLine(at=at(stamp), text=scene.redact(clean(text))))
    return lines


def _kept(desk: Desk, role: Role, pod: Pod, container: str, asked: Arguments) -> list[ExcerptLine]:
    logs = desk.evidence.part(Logs, role)
    wanted = (pod.name, container, asked.previous)
    streams = [each for each in (logs.streams if logs else ()) if (each.pod, each.container, each.previous) == wanted]
    return [line for each in streams for line in each.excerpt]


def _chosen(lines: Sequence[ExcerptLine], asked: Arguments, when: datetime | None) -> Iterator[str]:
    if when is not None:
        nearest = [number for number, line in enumerate(lines) if line.at is not None and line.at >= when][:1]
        places = nearest or [len(lines) - 1]
    elif asked.text:
        hits = [number for number, line in enumerate(lines) if _holds(line.text, asked.text)]
        places = hits[-MATCHES:]
        yield f"{len(hits)} lines match{', the last of them:' if hits else ''}"
    else:
        places = [len(lines) - 1]
    near = {number for place in places for number in range(place - asked.context, place + asked.context + 1)}
    shown, before = list[str](), -1
    for number in sorted(near & set(range(len(lines)))):
        line = lines[number]
        shown += ["…"] if 0 <= before < number - 1 else []
        shown.append(f"{line.at.isoformat() if line.at else 'no time'} {line.text}")
        before = number
    yield from ["\n".join(shown)] if shown else []


def _holds(line: str, wanted: str) -> bool:
    """Whether a line, or its template, has the wanted text's pieces in their order, case aside."""
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


def _time(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
        return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


TOOL = Tool(
    "logs", "Show log lines of one container around a text, a log template or a time; by default its end.", Arguments, run, live=True
)
