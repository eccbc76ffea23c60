"""Events of the pods and ReplicaSets of each side."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce

import msgspec

from analyzer.cluster.errors import ClusterError
from analyzer.common.value import Json, Moment, Value
from analyzer.evidence.fields import parse_time, read_last_time
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.target import Role

_FIELD_PATH = re.compile(r"spec\.(?:c|initC|ephemeralC)ontainers\{(?P<name>[a-z0-9-]{1,63})\}")


class Event(Value):
    """One event, or a series of equal ones. Its text is redacted.

    `object` is "Kind/name". `container` names the container of the pod that the event is about, or is empty.
    Times are None where the event carries none.
    """

    object: str
    type: str
    reason: str
    message: str
    count: int = 1
    first: Moment | None = None
    last: Moment | None = None
    container: str = ""


class Events(Part, tag="events"):
    """One side's events within the window, oldest first."""

    events: tuple[Event, ...]


class EventSource:
    """Lists the namespace's events of pods and of ReplicaSets, and keeps those of the two sides.

    An event names its object. Events of an earlier object of the same name are left out: they were last seen
    before the present one was created.
    """

    name = "events"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's events. Both sides come from one list, so a failure is one gap for both.

        A side whose pods were not read has a gap of its own.
        """
        objects = {side.role: _objects(scene, side.role) for side in scene.sides()}
        events: dict[Role, list[Event]] = {role: [] for role in objects}
        try:
            for event in _events(scene, {name for created in objects.values() for name in created}):
                for role, created in objects.items():
                    if _belongs(event, created):
                        events[role].append(event)
        except ClusterError as error:
            yield gap_from_error(self.name, None, error)
            return
        for role, created in objects.items():
            if scene.part(Pods, role) is None:
                yield Gap(
                    source=self.name,
                    side=role,
                    reason="the pods were not read, so their events are not known",
                )
            if created:
                yield Events(side=role, events=_merge(events[role]))
            elif scene.part(Pods, role) is not None:
                yield Events(side=role, events=())


def _objects(scene: SourceContext, role: Role) -> dict[str, datetime | None]:
    """Return when each object of a side ("Kind/name") was created; None where only its name is known."""
    pods, replicasets = scene.part(Pods, role), scene.part(ReplicaSets, role)
    known: dict[str, datetime | None] = {
        pod.owner: None for pod in (pods.pods if pods else ()) if pod.owner.startswith("ReplicaSet/")
    }
    known |= {f"Pod/{pod.name}": pod.created_at for pod in (pods.pods if pods else ())}
    return known | {
        f"ReplicaSet/{replicaset.name}": replicaset.created_at
        for replicaset in (replicasets.replicasets if replicasets else ())
    }


def _belongs(event: Event, created: Mapping[str, datetime | None]) -> bool:
    """Return whether an event is about one of these objects, which `created` maps to their times."""
    if event.object not in created:
        return False
    since = created[event.object]
    return since is None or event.last is None or event.last >= since


def _events(scene: SourceContext, objects: Container[str]) -> Iterator[Event]:
    """Yield the events of these objects within the window, page by page.

    A namespace may have a hundred thousand events of other objects, which are never held at once.
    """
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


def _event(item: Json, scene: SourceContext) -> Event:
    """Return the event of an item, written through core/v1 or events.k8s.io/v1.

    The latter has series and eventTime in place of count and the two timestamps.
    https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
    """
    series = item.get("series") or {}
    once = parse_time(item.get("eventTime")) or parse_time(
        (item.get("metadata") or {}).get("creationTimestamp")
    )
    first = parse_time(item.get("firstTimestamp")) or once
    return Event(
        object=_object(item),
        type=item.get("type") or "Normal",
        reason=item.get("reason") or "",
        message=scene.redact(item.get("message") or ""),
        count=int(series.get("count") or item.get("count") or 1),
        first=first,
        last=read_last_time(item) or first,
        container=_container(item),
    )


def _container(item: Json) -> str:
    """Return the container that an event is about, or empty, by the `spec.containers{NAME}` that the kubelet
    writes (pkg/kubelet/container/ref.go).
    """
    match = _FIELD_PATH.fullmatch((item.get("involvedObject") or {}).get("fieldPath") or "")
    return match["name"] if match else ""


def _merge(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events, equal ones joined into one, oldest first."""
    groups: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        groups.setdefault(
            (event.object, event.container, event.type, event.reason, event.message), []
        ).append(event)
    merged = (reduce(_join, group) for group in groups.values())
    return tuple(
        sorted(
            merged,
            key=lambda event: (
                event.last is not None,
                event.last,
                event.object,
                event.reason,
                event.message,
                event.container,
            ),
        )
    )


def _join(one: Event, other: Event) -> Event:
    """Return two equal events as one: their counts added, from the first time to the last."""
    firsts = [at for at in (one.first, other.first) if at]
    lasts = [at for at in (one.last, other.last) if at]
    return msgspec.structs.replace(
        one, count=one.count + other.count, first=min(firsts, default=None), last=max(lasts, default=None)
    )
