"""Memory of the events: a namespace with 100,000 of others' pods and a few of ours. `make bench` prints it.

The API server's part is made up page by page, so that nothing but the source itself is weighed.
"""

import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

import msgspec

from analyzer.cluster import Cluster, Query
from analyzer.common.deadline import Deadline
from analyzer.common.value import Json
from analyzer.evidence.events import Events, EventSource
from analyzer.evidence.interface import SourceContext, Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.redact import redact
from analyzer.settings import Look
from analyzer.target import ROLES, Side, Target

if TYPE_CHECKING:
    from kubernetes.client.api_client import ApiClient

EVENTS = 100_000
OURS = 1000  # one of so many is of a canary's pod
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


class Crowded(Cluster):
    """A namespace of so many events, as the API gives them in pages."""

    def get(self, path: str, **query: Query) -> Json:
        """One page; events of ReplicaSets there are none."""
        pods = path.endswith("/events") and query["fieldSelector"] == "involvedObject.kind=Pod"
        start = int(query.get("continue") or 0)
        end = min(EVENTS, start + int(query["limit"])) if pods else 0
        told = msgspec.json.encode({"items": [_event(number) for number in range(start, end)]})
        page: Json = msgspec.json.decode(told)
        return page | {"metadata": {"continue": str(end) if pods and end < EVENTS else ""}}


def _event(number: int) -> Json:
    name = f"other-{number % 5000}" if number % OURS else "canary-1"
    return {
        "metadata": {"uid": str(UUID(int=number))},
        "involvedObject": {"kind": "Pod", "name": name},
        "type": "Warning",
        "reason": "BackOff",
        "message": f"Back-off restarting failed container app in pod {name}_shop({UUID(int=number)})",
        "firstTimestamp": NOW.isoformat(),
        "lastTimestamp": NOW.isoformat(),
    }


def peak() -> tuple[int, int]:
    """Bytes at the most while the events are read, and how many of them are the canary's."""
    stable, canary = (Side(role=role, selector=f"role={role}", hash=role) for role in ROLES)
    target = Target(namespace="shop", stable=stable, canary=canary, how="a bench", resolved_at=NOW)
    pods = (
        Pods(
            side=role,
            pods=(Pod(name=f"{role}-1", owner="", phase="Running", created_at=NOW - timedelta(hours=1)),),
        )
        for role in ROLES
    )
    cluster = Crowded("shop", cast("ApiClient", None), Deadline.after(600))
    window = Window(start=NOW - timedelta(hours=1), end=NOW)
    scene = SourceContext(cluster, target, window, Look(), Deadline.after(600), redact, tuple(pods))
    tracemalloc.start()
    try:
        parts = [part for part in EventSource().gather(scene) if isinstance(part, Events)]
        return tracemalloc.get_traced_memory()[1], sum(
            len(part.events) for part in parts if part.side == "canary"
        )
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    most, ours = peak()
    print(f"{EVENTS:,} events, {ours} of them ours: {most / 1024**2:.0f} MiB at the most")
