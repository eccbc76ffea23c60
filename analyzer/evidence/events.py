"""Events of the pods and ReplicaSets of each side."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce

import msgspec

from analyzer.cluster.errors import ClusterError
from analyzer.evidence.fields import Json, last_seen, moment
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.target import Role
from analyzer.value import Moment, Value


class Event(Value):
    """One event, or a series of the same. `object` is "Kind/name"; times are None where the event carries none. Redacted."""

    object: str
    type: str
    reason: str
    message: str
    count: int = 1
    first: Moment | None = None
    last: Moment | None = None


class Events(Part, tag="events"):
    """One side's events within the window, oldest first."""

    events: tuple[Event, ...]


class EventSource:
    """Lists the namespace's events of pods and of ReplicaSets, and keeps those of the two sides.

    An event names its object; an object of the same name that is gone is told apart by time: its events ended before the one
    of today was created.
    """

    name = "events"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """Both sides come from one list, so that a failure is one gap. What an earlier stage could not see is one more."""
        ours = {side.role: _objects(scene, side.role) for side in scene.sides()}
        seen: dict[Role, list[Event]] = {role: [] for role in ours}
        try:
            for event in _events(scene, {name for created in ours.values() for name in created}):
                for role, created in ours.items():
                    if _of(event, created):
                        seen[role].append(event)
        except ClusterError as error:
            yield unread(self.name, None, error)
            return
        for role, created in ours.items():
            if scene.part(Pods, role) is None:
                yield Gap(source=self.name, side=role, reason="the pods were not read, so their events are not known")
            if created:
                yield Events(side=role, events=_merged(seen[role]))
            elif scene.part(Pods, role) is not None:
                yield Events(side=role, events=())


def _objects(scene: Scene, role: Role) -> dict[str, datetime | None]:
    """ "Kind/name" of each object of a side, and when it was created; None where only its name is known."""
    pods, replicasets = scene.part(Pods, role), scene.part(ReplicaSets, role)
    known: dict[str, datetime | None] = {pod.owner: None for pod in (pods.pods if pods else ()) if pod.owner.startswith("ReplicaSet/")}
    known |= {f"Pod/{pod.name}": pod.created_at for pod in (pods.pods if pods else ())}
    return known | {f"ReplicaSet/{each.name}": each.created_at for each in (replicasets.replicasets if replicasets else ())}


def _of(event: Event, created: Mapping[str, datetime | None]) -> bool:
    if event.object not in created:
        return False
    since = created[event.object]
    return since is None or event.last is None or event.last >= since


def _events(scene: Scene, objects: Container[str]) -> Iterator[Event]:
    """Those of these objects. A namespace may have a hundred thousand of others: they are let go as their page is read."""
    path = f"/api/v1/namespaces/{scene.target.namespace}/events"
    for kind in ("Pod", "ReplicaSet"):
        for item in scene.cluster.list(path, fieldSelector=f"involvedObject.kind={kind}"):
            if _object(item) in objects:
                event = _event(item, scene)
                if event.last is None or event.last >= scene.window.start:
                    yield event


def _object(item: Json) -> str:
    involved = item.get("involvedObject") or {}
    return f"{involved.get('kind') or '?'}/{involved.get('name') or '?'}"


def _event(item: Json, scene: Scene) -> Event:
    """Written through core/v1 or events.k8s.io/v1, whose series and eventTime take the place of count and the two timestamps.

    https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
    """
    series = item.get("series") or {}
    once = moment(item.get("eventTime")) or moment((item.get("metadata") or {}).get("creationTimestamp"))
    first = moment(item.get("firstTimestamp")) or once
    return Event(
        object=_object(item),
        type=item.get("type") or "Normal",
        reason=item.get("reason") or "",
        message=scene.redact(item.get("message") or ""),
        count=int(series.get("count") or item.get("count") or 1),
        first=first,
        last=last_seen(item) or first,
    )


def _merged(events: Iterable[Event]) -> tuple[Event, ...]:
    """The same told in several events is one: their counts together, from the first to the last."""
    groups: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        groups.setdefault((event.object, event.type, event.reason, event.message), []).append(event)
    merged = (reduce(_together, group) for group in groups.values())
    return tuple(sorted(merged, key=lambda event: (event.last is not None, event.last, event.object, event.reason, event.message)))


def _together(one: Event, other: Event) -> Event:
    firsts = [at for at in (one.first, other.first) if at]
    lasts = [at for at in (one.last, other.last) if at]
    return msgspec.structs.replace(one, count=one.count + other.count, first=min(firsts, default=None), last=max(lasts, default=None))
