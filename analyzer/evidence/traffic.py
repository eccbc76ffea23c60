"""Traffic: how much of it the Rollout sends to each side, through which Service, and whether that has endpoints.

Without a Rollout nothing says which Service is whose: there is nothing to look at, so neither a part nor a gap.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated, Literal

import msgspec

from analyzer.cluster.errors import ClusterError, Denied
from analyzer.evidence.fields import Json, last_seen, moment
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.target import Role, Side, Target
from analyzer.value import Moment, Value

_PERCENT = r"(?:100|[0-9]{1,2})(?![0-9])"
_TOLD = re.compile(
    rf"TrafficWeightUpdated: Traffic weight updated (?:from (?P<before>{_PERCENT}) )?to (?P<updated>{_PERCENT})"
    rf"|RolloutStepCompleted: Rollout step [0-9]+/[0-9]+ completed \(setWeight: (?P<step>{_PERCENT})\)"
)


class Endpoints(Value):
    """The addresses of a Service, each by its pod's name, or by its address where it names none; in order."""

    ready: tuple[str, ...] = ()
    unready: tuple[str, ...] = ()


class Weight(Value):
    """A side's share in percent, from a time on."""

    at: Moment
    weight: Annotated[int, msgspec.Meta(ge=0, le=100)]


class Traffic(Part, tag="traffic"):
    """One side's share. `weight` is in percent, None where the strategy has none (blue-green).

    `weights` is what is known of the canary's share up to now, oldest first; empty where nothing tells since when it is what it is.
    `step` of `steps` is where the Rollout stands, counted from 0. `service` is empty where the Rollout names none;
    `endpoints` is None where they were not read.
    """

    strategy: Literal["canary", "blueGreen"]
    weight: int | None = None
    weights: tuple[Weight, ...] = ()
    step: int | None = None
    steps: int = 0
    service: str = ""
    endpoints: Endpoints | None = None


class TrafficSource:
    """Reads the Rollout, and the EndpointSlices of the Services it names."""

    name = "traffic"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """Endpoints that may not be read are a gap, beside a part that still tells the weight."""
        if not scene.target.rollout:
            return
        namespace = scene.target.namespace
        try:
            rollout = scene.cluster.get(f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts/{scene.target.rollout}")
        except ClusterError as error:
            yield unread(self.name, None, error)
            return
        weights = _weights(scene, rollout)
        denied: Denied | None = None  # the same for both sides
        for side in (each for each in scene.sides() if _own(scene.target, each)):
            service = _service(rollout, side.role)
            endpoints = None
            if service:
                try:
                    endpoints = _endpoints(scene, service)
                except Denied as error:
                    denied = error
                except ClusterError as error:
                    yield unread(self.name, side.role, error)
            yield _traffic(rollout, side.role, service, endpoints, weights if side.role == "canary" else ())
        if denied is not None:
            yield unread(self.name, None, denied)


def _traffic(rollout: Json, role: Role, service: str, endpoints: Endpoints | None, weights: tuple[Weight, ...]) -> Traffic:
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    if "blueGreen" in strategy:
        return Traffic(side=role, strategy="blueGreen", service=service, endpoints=endpoints)
    steps = (strategy.get("canary") or {}).get("steps") or []
    step = status.get("currentStepIndex")
    canary = _weight(status, steps, step)
    weight = canary if role == "canary" or canary is None else 100 - canary
    return Traffic(
        side=role,
        strategy="canary",
        weight=weight,
        weights=weights,
        step=step,
        steps=len(steps),
        service=service,
        endpoints=endpoints,
    )


def _weights(scene: Scene, rollout: Json) -> tuple[Weight, ...]:
    """The canary's weights up to now, by what the controller told in events; else since when, at the latest, it pauses at this one.

    Events that cannot be read, that an hour has taken away, or that do not end at the present weight tell nothing.
    """
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    steps = (strategy.get("canary") or {}).get("steps") or []
    now = _weight(status, steps, status.get("currentStepIndex"))
    if now is None or "canary" not in strategy:
        return ()
    try:
        told = sorted(_told(scene), key=lambda each: each[0].at)
    except ClusterError:
        told = []  # the events' own source says so
    if told and told[-1][0].weight == now:
        (first, before), weights = told[0], [each for each, _ in told]
        known = [] if before is None or first.at <= scene.window.start else [Weight(at=scene.window.start, weight=before)]
        return tuple(next(same) for _, same in groupby([*known, *weights], key=lambda each: each.weight))
    paused = [at for each in status.get("pauseConditions") or () if (at := moment(each.get("startTime")))]
    return (Weight(at=min(paused), weight=now),) if paused else ()


def _told(scene: Scene) -> Iterator[tuple[Weight, int | None]]:
    """Of each event of the Rollout that tells a weight: it, and the one before where that is told.

    `TrafficWeightUpdated` where there is traffic routing (rollout/trafficrouting.go), and always `RolloutStepCompleted` of a step that sets
    one (rollout/canary.go). The same message is one event, of which the last time counts: what it told before is left out.
    """
    path = f"/api/v1/namespaces/{scene.target.namespace}/events"
    selector = f"involvedObject.kind=Rollout,involvedObject.name={scene.target.rollout}"
    for item in scene.cluster.list(path, fieldSelector=selector):
        at = last_seen(item) or moment(item.get("eventTime"))
        match = _TOLD.match(f"{item.get('reason')}: {item.get('message')}")
        if match and at:
            before = match["before"]
            yield Weight(at=at, weight=int(match["updated"] or match["step"])), None if before is None else int(before)


def _weight(status: Json, steps: list[Json], step: int | None) -> int | None:
    """The canary's: what the controller says that it set; without traffic routing it says nothing, and the steps tell what it aims at.

    https://argo-rollouts.readthedocs.io/en/stable/features/canary/: no setWeight yet is none of the traffic, the steps' end is all.
    """
    told = (((status.get("canary") or {}).get("weights") or {}).get("canary") or {}).get("weight")
    if told is not None:
        return int(told)
    if step is None or not steps:
        return None
    if step >= len(steps):
        return 100
    return next((int(each["setWeight"]) for each in reversed(steps[: step + 1]) if each.get("setWeight") is not None), 0)


def _own(target: Target, side: Side) -> bool:
    """Whether its pods are the Rollout's: an Experiment's get their requests, if any, by ways of their own."""
    return target.hashes is None or side.hash in (target.hashes.stable, target.hashes.canary)


def _service(rollout: Json, role: Role) -> str:
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    blue_green, canary = strategy.get("blueGreen") or {}, strategy.get("canary") or {}
    if blue_green:
        active = (status.get("blueGreen") or {}).get("activeSelector")
        if active and active == status.get("currentPodHash"):  # after the promotion, and stable is led to no more
            return str(blue_green.get("activeService") or "") if role == "canary" else ""
        return str(blue_green.get("previewService" if role == "canary" else "activeService") or "")
    ping_pong = canary.get("pingPong") or {}
    if ping_pong:  # the two take turns, and the status says which one is stable's
        ping_is_stable = (status.get("canary") or {}).get("stablePingPong") == "ping"
        return str(ping_pong.get("pingService" if ping_is_stable == (role == "stable") else "pongService") or "")
    return str(canary.get("canaryService" if role == "canary" else "stableService") or "")


def _endpoints(scene: Scene, service: str) -> Endpoints:
    """An address is ready unless it says that it is not: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/."""
    path = f"/apis/discovery.k8s.io/v1/namespaces/{scene.target.namespace}/endpointslices"
    found: dict[str, bool] = {}
    for item in scene.cluster.list(path, labelSelector=f"kubernetes.io/service-name={service}"):
        for endpoint in item.get("endpoints") or ():
            ready = (endpoint.get("conditions") or {}).get("ready") is not False
            name = (endpoint.get("targetRef") or {}).get("name") or next(iter(endpoint.get("addresses") or ()), "")
            found[name] = found.get(name, False) or ready
    ready_names, unready = (tuple(sorted(name for name, ready in found.items() if ready is wanted)) for wanted in (True, False))
    return Endpoints(ready=ready_names, unready=unready)
