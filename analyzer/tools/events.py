"""`events`: the Kubernetes events of both sides, or of one pod, the latest first, as the evidence has
them.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.events import Event, Events
from analyzer.tools.interface import Tool, ToolContext


class EventsArguments(Value):
    """Of which pod."""

    pod: Annotated[
        str,
        msgspec.Meta(
            description="a pod's name, as the tool pods lists it; empty for every event of both sides"
        ),
    ] = ""


def run(arguments: EventsArguments, context: ToolContext) -> Iterator[str]:
    """Yield the events of each side, or of one pod."""
    return context.by_side(Events, arguments.pod, "events", lambda part: _event_lines(part, arguments.pod))


def _event_lines(part: Events, pod: str) -> Iterator[str]:
    events = [event for event in reversed(part.events) if not pod or event.object == f"Pod/{pod}"]
    yield f"{counted(len(events), 'event')}{', the latest first' if events else ''}"
    yield from map(_format_event, events)


def _format_event(event: Event) -> str:
    last = event.last.isoformat() if event.last else "at no known time"
    return (
        f"{last} {event.type} {event.reason} {event.object}, {counted(event.count, 'time')}: {event.message}"
    )


TOOL = Tool(
    "events",
    "List the Kubernetes events of the two sides, or of one pod, the latest first.",
    EventsArguments,
    run,
)
