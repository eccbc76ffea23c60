"""A scene: two versions of a service in a window, as an evidence bundle with raw logs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cases.lines import Log, Mix, Phase, Span, printed
from cases.pods import Json, Seat, State, ready, stamp

LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # k8s.io/apimachinery/pkg/util/rand
SERVICES = (
    "cart",
    "orders",
    "checkout",
    "pricing",
    "billing",
    "catalog",
    "accounts",
    "search",
    "shipping",
    "ledger",
)
SPACES = ("shop", "payments", "prod", "platform", "storefront")
HOST = "registry.corp.example"


@dataclass(frozen=True)
class Event:
    """An event of a canary pod, or of its ReplicaSet where `of` is "ReplicaSet". `first` and `last`: parts (0
    to 1) of its time.
    """

    type: str
    reason: str
    message: str
    count: int = 1
    first: float = 0.0
    last: float = 0.0
    of: str = "Pod"
    side: str = "canary"


@dataclass(frozen=True)
class Scene:
    """Two versions of a service. The two pods' spec differ in the image's tag alone. `canary` is None where
    it logs as stable does.

    `rate` is the service's statements a minute, of which `weight` percent are the canary's; `pods` are
    (stable, canary). `others` are the logs of the canary's further pods, where these are not as the first's;
    `states` those of its pods, by turn. `every` and `start` are of both sides; who started before the window
    does not show a start. `traffic`: the bundle tells the canary's weight; None leaves it to the seed.
    `previous` is the log of the canary container's last run, `init` that of its init container of that name.
    `age`: seconds of the canary at the window's start, negative when it began later.
    """

    stable: str | Mix | Log
    canary: str | Mix | Log | None = None
    others: tuple[Log, ...] = ()
    minutes: int = 10
    weight: int = 25
    rate: float = 160.0
    pods: tuple[int, int] = (3, 1)
    start: tuple[str, ...] = ()
    every: tuple[tuple[float, str], ...] = ()
    traffic: bool | None = None
    states: tuple[State, ...] = ()
    events: tuple[Event, ...] = ()
    previous: tuple[str, ...] = ()
    init: tuple[str, Mix] | None = None
    age: float = -20.0


@dataclass(frozen=True)
class _Side:
    """One side's pods: their seats, states and logs."""

    role: str
    hash: str
    seats: tuple[Seat, ...]
    states: tuple[State, ...]
    logs: tuple[Log, ...]

    def pods(self) -> list[Json]:
        return [state(seat) for seat, state in zip(self.seats, self.states, strict=True)]


def bundle(scene: Scene, seed: str) -> dict[str, Any]:
    """Return the bundle as JSON's values: the same for the same scene and seed."""
    random = Random(seed)
    name, space = random.choice(SERVICES), random.choice(SPACES)
    start = datetime(
        2026,
        random.randint(1, 12),
        random.randint(1, 28),
        random.randint(0, 22),
        random.randint(0, 59),
        tzinfo=UTC,
    )
    end = start + timedelta(minutes=scene.minutes)
    tag = random.randint(10, 80)
    known = random.random() < 0.5 if scene.traffic is None else scene.traffic
    sides = [
        _side(scene, "stable", f"{HOST}/{name}:1.{tag}.0", start, random),
        _side(scene, "canary", f"{HOST}/{name}:1.{tag + 1}.0", start, random),
    ]
    selectors = [
        {"role": side.role, "selector": f"rollouts-pod-template-hash={side.hash}", "hash": side.hash}
        for side in sides
    ]
    raw = [log for side in sides for log in _raw(scene, side, start, seed)]
    evidence = {
        "target": {
            "namespace": space,
            "rollout": name,
            "hashes": {side.role: side.hash for side in sides},
            "stable": selectors[0],
            "canary": selectors[1],
            "how": f"Rollout {name} in {space}",
            "resolved_at": stamp(end),
        },
        "window": {"start": stamp(start), "end": stamp(end)},
        "nonce": f"{random.getrandbits(64):016x}",
        "parts": [part for side in sides for part in _parts(scene, side, name, start, known=known)]
        + [
            {"part": "logs", "side": side.role, "containers": [], "streams": []}
            for side in sides
            if not _heard(side, raw)
        ],
        "gaps": [],
    }
    return {"schema": "rollout-analyzer/evidence", "version": 1, "evidence": evidence, "raw_logs": raw}


def _side(scene: Scene, role: str, image: str, start: datetime, random: Random) -> _Side:
    name = image.rpartition("/")[2].partition(":")[0]
    digest = "".join(random.choices(LETTERS, k=10))
    count = scene.pods[role == "canary"]
    end = start + timedelta(minutes=scene.minutes)
    created = (
        start - timedelta(hours=random.randint(20, 200))
        if role == "stable"
        else start - timedelta(seconds=scene.age)
    )
    seats = tuple(
        Seat(
            name=f"{name}-{digest}-{''.join(random.choices(LETTERS, k=5))}",
            owner=f"ReplicaSet/{name}-{digest}",
            hash=digest,
            node=f"ip-10-0-{random.randint(1, 90)}-{random.randint(4, 250)}",
            image=image,
            created=created + timedelta(seconds=number),
            end=end,
        )
        for number in range(count)
    )
    states = (
        tuple(scene.states[number % len(scene.states)] for number in range(count))
        if scene.states and role == "canary"
        else ()
    )
    first = _log(scene, scene.stable if role == "stable" or scene.canary is None else scene.canary)
    others = tuple(_log(scene, log) for log in scene.others) if role == "canary" else ()
    return _Side(
        role, digest, seats, states or (ready,) * count, ((first, *others) + (first,) * count)[:count]
    )


def _log(scene: Scene, log: str | Mix | Log) -> Log:
    whole = log if isinstance(log, Log) else Log((Phase(log),))
    return replace(whole, start=scene.start + whole.start, every=scene.every + whole.every)


def _raw(scene: Scene, side: _Side, start: datetime, seed: str) -> Iterator[Json]:
    """The logs of the pods whose container ran: a waiting one has none of this run."""
    share = scene.weight / 100 if side.role == "canary" else 1 - scene.weight / 100
    running = sum(pod["containers"][-1]["state"]["kind"] == "running" for pod in side.pods())
    for number, (seat, pod, log) in enumerate(zip(side.seats, side.pods(), side.logs, strict=True)):
        began = seat.created
        container = pod["containers"][-1]
        if scene.init and side.role == "canary":
            name, mix = scene.init
            span = Span(began, began + timedelta(seconds=4), seat.end)
            lines = printed(Log((Phase(mix),)), seat.name, span, 30, seed)
            yield {
                "side": side.role,
                "pod": seat.name,
                "container": name,
                "previous": False,
                "lines": list(lines),
            }
        if container["state"]["kind"] == "running":
            since = datetime.fromisoformat(container["state"]["started_at"])
            lines = printed(
                replace(log, start=log.start if since >= start else ()),
                seat.name,
                Span(since, max(start, since + timedelta(seconds=8)), seat.end),
                scene.rate * share / running,
                seed,
            )
            yield {
                "side": side.role,
                "pod": seat.name,
                "container": "app",
                "previous": False,
                "lines": list(lines),
            }
        if side.role == "canary" and scene.previous and number == 0:
            since = datetime.fromisoformat(container["last_state"]["started_at"])
            ended = datetime.fromisoformat(container["last_state"]["finished_at"])
            lines = printed(
                Log((), start=scene.previous), seat.name, Span(since, since, ended), 0, f"{seed} before"
            )
            yield {
                "side": side.role,
                "pod": seat.name,
                "container": "app",
                "previous": True,
                "lines": list(lines),
            }


def _heard(side: _Side, raw: list[Json]) -> bool:
    return any(log["side"] == side.role for log in raw)


def _parts(scene: Scene, side: _Side, name: str, start: datetime, *, known: bool) -> Iterator[Json]:
    pods = side.pods()
    yield {"part": "pods", "side": side.role, "pods": pods}
    created = side.seats[0].created - timedelta(seconds=1)
    steady = sum(
        container["ready"] for pod in pods for container in pod["containers"] if container["name"] == "app"
    )
    counts = {"desired": len(pods), "current": len(pods), "ready": steady, "available": steady}
    owner = side.seats[0].owner.partition("/")[2]
    replicaset = {
        "name": owner,
        "owner": f"Rollout/{name}",
        "hash": side.hash,
        "created_at": stamp(created),
        **counts,
    }
    yield {"part": "replicasets", "side": side.role, "replicasets": [replicaset]}
    yield {
        "part": "events",
        "side": side.role,
        "events": [_event(event, side) for event in scene.events if event.side == side.role],
    }
    if known:
        canary = side.role == "canary"
        weight = scene.weight if canary else 100 - scene.weight
        began = max(start, start - timedelta(seconds=scene.age)) + timedelta(seconds=12)
        weights = [{"at": stamp(began), "weight": scene.weight}] if canary else []
        step = {"strategy": "canary", "weight": weight, "weights": weights, "step": 1, "steps": 5}
        yield {"part": "traffic", "side": side.role, **step, "service": f"{name}-{side.role}"}


def _event(event: Event, side: _Side) -> Json:
    seat = side.seats[-1]
    length = seat.end - seat.created
    named = seat.owner if event.of == "ReplicaSet" else f"Pod/{seat.name}"
    return {
        "object": named,
        "type": event.type,
        "reason": event.reason,
        "message": event.message.replace("$image", seat.image)
        .replace("$pod", seat.name)
        .replace("$node", seat.node),
        "count": event.count,
        "first": stamp(seat.created + event.first * length),
        "last": stamp(seat.created + max(event.first, event.last) * length),
    }
