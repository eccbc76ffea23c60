"""`events`: the Kubernetes events of both sides, or of one pod, the latest first, as the evidence has them."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from analyzer.evidence.events import Event, Events
from analyzer.tools.interface import Desk, Tool
from analyzer.value import Value


class Arguments(Value):
    """Of which pod."""

    pod: Annotated[str, msgspec.Meta(description="a pod's name, as the tool pods lists it; empty for every event of both sides")] = ""


def run(asked: Arguments, desk: Desk) -> Iterator[str]:
    """Those of the pod alone where one is named."""
    return desk.by_side(Events, asked.pod, "events", lambda part: _events(part, asked.pod))


def _events(part: Events, pod: str) -> Iterator[str]:
    told = [event for event in reversed(part.events) if not pod or event.object == f"Pod/{pod}"]
    yield f"{len(told)} events{', the latest first' if told else ''}"
    yield from map(_line, told)


def _line(event: Event) -> str:
    last = event.last.isoformat() if event.last else "at no known time"
    return f"{last} {event.type} {event.reason} {event.object}, {event.count} times: {event.message}"


TOOL = Tool("events", "List the Kubernetes events of the two sides, or of one pod, the latest first.", Arguments, run)
