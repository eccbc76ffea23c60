"""Traffic: how much of it the Rollout sends to each side, through which Service and ports, and to which
endpoints.

Without a Rollout nothing says which Service belongs to which side, so there is neither a part nor a gap.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from analyzer.cluster.errors import ClusterError, Denied
from analyzer.common.value import Json, Value
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.weights import Weight, canary_weight, known_weights
from analyzer.target import Role, Side


class Endpoints(Value):
    """The addresses of a Service, each by its pod's name, or by the address where it has no pod; sorted."""

    ready: tuple[str, ...] = ()
    unready: tuple[str, ...] = ()


class ServicePort(Value):
    """One port of a Service. `target` is the pods' port: a number ("8080"), or the name of a container's port
    ("http").
    """

    name: str = ""
    port: int
    target: str
    protocol: str = "TCP"


class Traffic(Part, tag="traffic"):
    """One side's share. `weight` is in percent, None where the strategy has none (blue-green).

    `weights` are the canary's known shares up to now, oldest first; empty where it is not known since when it
    has its present one. `step` of `steps` is the Rollout's current step, counted from 0. `service` is empty
    where the Rollout names none; `endpoints` and `ports` are None where they were not read.
    """

    strategy: Literal["canary", "blueGreen"]
    weight: int | None = None
    weights: tuple[Weight, ...] = ()
    step: int | None = None
    steps: int = 0
    service: str = ""
    endpoints: Endpoints | None = None
    ports: tuple[ServicePort, ...] | None = None


class TrafficSource:
    """Reads the Rollout, and of the Services that it names the ports and the EndpointSlices."""

    name = "traffic"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's traffic, and gaps.

        Where endpoints cannot be read there is a gap beside the part, which still has the weight. Ports that
        cannot be read are a minor gap: whether they fit also shows in what the canary does.
        """
        if not scene.target.rollout:
            return
        namespace = scene.target.namespace
        try:
            rollout = scene.cluster.get(
                f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts/{scene.target.rollout}"
            )
        except ClusterError as error:
            yield gap_from_error(self.name, None, error)
            return
        weights = known_weights(scene, rollout)
        denied: Denied | None = None  # the same for both sides
        ports_error: ClusterError | None = None  # mostly a permission, and then the same for both sides
        for side in _rollout_sides(scene):
            service = _service(rollout, side.role)
            part = _traffic(rollout, side.role, service, weights if side.role == "canary" else ())
            endpoints, ports = None, None
            if service:
                try:
                    endpoints = _endpoints(scene, service)
                except Denied as error:
                    denied = error
                except ClusterError as error:
                    yield gap_from_error(self.name, side.role, error)
                try:
                    ports = _ports(scene, service)
                except ClusterError as error:
                    ports_error = error
            yield msgspec.structs.replace(part, endpoints=endpoints, ports=ports)
        if denied is not None:
            yield gap_from_error(self.name, None, denied)
        if ports_error is not None:
            yield gap_from_error(self.name, None, ports_error, minor=True)


def _traffic(rollout: Json, role: Role, service: str, weights: tuple[Weight, ...]) -> Traffic:
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    if "blueGreen" in strategy:
        return Traffic(side=role, strategy="blueGreen", service=service)
    steps = (strategy.get("canary") or {}).get("steps") or []
    step = status.get("currentStepIndex")
    canary = canary_weight(status, steps, step)
    weight = canary if role == "canary" or canary is None else 100 - canary
    return Traffic(
        side=role,
        strategy="canary",
        weight=weight,
        weights=weights,
        step=step,
        steps=len(steps),
        service=service,
    )


def _rollout_sides(scene: SourceContext) -> list[Side]:
    """Return the sides whose pods are the Rollout's. An Experiment's get their requests, if any, in other
    ways.
    """
    hashes = scene.target.hashes
    return [side for side in scene.sides() if hashes is None or side.hash in (hashes.stable, hashes.canary)]


def _service(rollout: Json, role: Role) -> str:
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    blue_green, canary = strategy.get("blueGreen") or {}, strategy.get("canary") or {}
    if blue_green:
        active = (status.get("blueGreen") or {}).get("activeSelector")
        promoted = active and active == status.get("currentPodHash")
        if promoted:  # no Service leads to stable any more
            return str(blue_green.get("activeService") or "") if role == "canary" else ""
        return str(blue_green.get("previewService" if role == "canary" else "activeService") or "")
    ping_pong = canary.get("pingPong") or {}
    if ping_pong:  # the two take turns, and the status says which one is stable's
        ping_is_stable = (status.get("canary") or {}).get("stablePingPong") == "ping"
        return str(
            ping_pong.get("pingService" if ping_is_stable == (role == "stable") else "pongService") or ""
        )
    return str(canary.get("canaryService" if role == "canary" else "stableService") or "")


def _ports(scene: SourceContext, service: str) -> tuple[ServicePort, ...]:
    """Return a Service's ports. Raises ClusterError.

    Where no target port is set, it is the port itself:
    https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service.
    """
    item = scene.cluster.get(f"/api/v1/namespaces/{scene.target.namespace}/services/{service}")
    return tuple(
        ServicePort(
            name=port.get("name") or "",
            port=int(port["port"]),
            target=str(port.get("targetPort") or port["port"]),
            protocol=port.get("protocol") or "TCP",
        )
        for port in (item.get("spec") or {}).get("ports") or ()
    )


def _endpoints(scene: SourceContext, service: str) -> Endpoints:
    """Return a Service's endpoints. Raises ClusterError.

    An address is ready unless it says that it is not:
    https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/.
    """
    path = f"/apis/discovery.k8s.io/v1/namespaces/{scene.target.namespace}/endpointslices"
    readiness: dict[str, bool] = {}
    for item in scene.cluster.list(path, labelSelector=f"kubernetes.io/service-name={service}"):
        for endpoint in item.get("endpoints") or ():
            ready = (endpoint.get("conditions") or {}).get("ready") is not False
            name = (endpoint.get("targetRef") or {}).get("name") or next(
                iter(endpoint.get("addresses") or ()), ""
            )
            readiness[name] = readiness.get(name, False) or ready
    ready_names, unready = (
        tuple(sorted(name for name, ready in readiness.items() if ready is wanted))
        for wanted in (True, False)
    )
    return Endpoints(ready=ready_names, unready=unready)
