"""Whether the canary's Service leads to a port that the canary has. Where it does not, no request arrives.

A target port with a name is looked up in the pod's containers, and where none has it the Service leads
nowhere (`FindPort` in pkg/api/v1/pod/util.go of Kubernetes). A number is used as it is, for a container's
declared ports are only information
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports). So a number needs a
sign from the traffic as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.spec import Spec
from analyzer.evidence.traffic import ServicePort, Traffic
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.logged_requests import count_requests
from analyzer.findings.side_pods import events_by_pod, select_standing_pods
from analyzer.findings.traffic import no_traffic
from analyzer.settings import Rules

KIND = "service-port"
REMEDY = "Have the targetPort of the canary's Service and the ports of the new version agree."
ADVICE = "send the canary requests, or declare the port that it listens on, and judge again"
SHOWN_PORTS = 4  # ports
_REFUSED = re.compile(r"dial tcp [^\s\"]{1,64}:(?P<port>[0-9]{1,5}): connect: connection refused")


@dataclass(frozen=True)
class ContainerPort:
    """A port that a container declares; its name may be empty."""

    name: str
    number: str
    protocol: str

    def describe(self) -> str:
        """Return the port in words: "8080/TCP (http)"."""
        return f"{self.number}/{self.protocol}{f' ({self.name})' if self.name else ''}"


@dataclass(frozen=True)
class _Lost:
    """A port of the canary's Service that leads to no port of the canary. It is `certain` where the port is
    looked up by a name that stable's containers have.
    """

    port: ServicePort
    certain: bool


def service_ports(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield one finding where the canary's Service leads to a port that no container of the canary has, and
    stable's have.

    Settled, and so blocking, where all its ports are looked up by a name that is not there, or where
    connections are refused, or no request reaches the canary. A port number yields nothing where the canary
    logs requests, nor where it declares no port.
    """
    canary, stable = evidence.part(Traffic, "canary"), evidence.part(Traffic, "stable")
    mine, theirs = (
        declared_ports(evidence.part(Spec, "canary")),
        declared_ports(evidence.part(Spec, "stable")),
    )
    ports = (canary.ports if canary else None) or ()
    reached = _logs_requests(evidence)
    lost = [
        lost_port
        for lost_port in _find_lost_ports(ports, (stable.ports if stable else None) or (), mine, theirs)
        if lost_port.certain or not reached
    ]
    if canary is None or not lost:
        return
    whole = len(lost) == len(ports)
    sign = _find_sign(evidence, rules, [lost_port.port.target for lost_port in lost])
    settled = whole and not reached and (all(lost_port.certain for lost_port in lost) or bool(sign))
    where = "; ".join(
        f"port {lost_port.port.port} to {_describe_target(lost_port.port)}"
        for lost_port in lost[:SHOWN_PORTS]
    )
    yield Finding(
        kind=KIND,
        key=KIND,
        sentence=f"the canary's Service {canary.service} leads {where}, which no container of the canary"
        f" declares{_caveat(lost, sign, whole=whole, reached=reached)}",
        stable=_describe_ports(theirs),
        canary=_describe_ports(mine),
        settled=settled,
        advice="" if settled else ADVICE,
        remedy=REMEDY,
    )


def declared_ports(spec: Spec | None) -> tuple[ContainerPort, ...]:
    """Return the ports that a side's containers declare in its pod template."""
    ports = []
    for field in spec.fields if spec else ():
        number, slash, protocol = field.text.partition(" ")[0].partition("/")
        if field.group == "ports" and slash:
            name = "" if field.name == f"{number}/{protocol}" else field.name
            ports.append(ContainerPort(name, number, protocol))
    return tuple(ports)


def _find_lost_ports(
    ports: Sequence[ServicePort],
    stable: Sequence[ServicePort],
    mine: Sequence[ContainerPort],
    theirs: Sequence[ContainerPort],
) -> Iterator[_Lost]:
    """Yield the ports that lead to no port of the canary, and would lead to one of stable.

    Stable's containers have that port, or stable's Service leads the same port to one that they have.
    """
    for port in ports:
        named = not port.target.isdecimal()
        if _has_port(mine, port) or not (mine or named):
            continue
        if _has_port(theirs, port):
            yield _Lost(port, certain=named)
        elif any(
            _has_port(theirs, other) for other in stable if (other.name, other.port) == (port.name, port.port)
        ):
            yield _Lost(port, certain=False)


def _has_port(declared: Sequence[ContainerPort], port: ServicePort) -> bool:
    return any(port.target in (own.name, own.number) and port.protocol == own.protocol for own in declared)


def _logs_requests(evidence: Evidence) -> bool:
    """Return whether the canary logs requests other than probes: these reach it, by whichever port."""
    logs = evidence.part(Logs, "canary")
    return any(count_requests(container.digest) for container in (logs.containers if logs else ()))


def _find_sign(evidence: Evidence, rules: Rules, targets: Sequence[str]) -> str:
    """Return, in words, what shows that nothing listens on a target or that no request arrives, or empty."""
    events, now = events_by_pod(evidence), evidence.window.end
    for pod in select_standing_pods(evidence.part(Pods, "canary")):
        for event in events.get(("canary", pod.name), ()):
            match = _REFUSED.search(event.message) if event.reason == "Unhealthy" else None
            recent = (now - (event.last or now)).total_seconds() <= rules.min_fault_age
            if match and recent and match["port"] in targets:
                return "connections to it are refused"
    return "no request reaches the canary" if any(no_traffic(evidence, rules)) else ""


def _caveat(lost: Sequence[_Lost], sign: str, *, whole: bool, reached: bool) -> str:
    if reached:
        return "; it logs requests all the same"
    if not whole:
        return "; its other ports lead there"
    if all(lost_port.certain for lost_port in lost):
        return ""
    return f", and {sign}" if sign else "; whether it listens there is not known"


def _describe_target(port: ServicePort) -> str:
    return port.target if port.protocol == "TCP" else f"{port.target}/{port.protocol}"


def _describe_ports(ports: Sequence[ContainerPort]) -> str:
    """Return the ports in words, at most `SHOWN_PORTS` of them."""
    if not ports:
        return "declares no port"
    more = f" and {counted(len(ports) - SHOWN_PORTS, 'more port')}" if len(ports) > SHOWN_PORTS else ""
    return f"declares {', '.join(port.describe() for port in ports[:SHOWN_PORTS])}{more}"


RULES: tuple[Rule, ...] = (Rule(service_ports, needs=(Traffic, Spec, Pods)),)
