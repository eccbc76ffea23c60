"""Whether the canary's Service leads to a port that the canary has."""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.logs import Logs
from analyzer.evidence.spec import Field, Spec
from analyzer.evidence.traffic import Endpoints, ServicePort, Traffic
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules
from analyzer.target import Role

MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
Side = Callable[..., Logs]
Judge = Callable[..., Graded | None]
REQUEST = '10.0.0.9 - - [03/Nov/2026:11:55:00 +0000] "GET /cart/7 HTTP/1.1" 200 12 "-" "curl/8"'
PROBE = '10.0.0.1 - - [03/Nov/2026:11:55:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.34"'


def spec(role: Role, **ports: str) -> Spec:
    """A template whose container declares these ports, by name; `_` is one without a name."""
    fields = tuple(
        Field(container="app", group="ports", name=number if name == "_" else name, text=number, digest="d")
        for name, number in ports.items()
    )
    return Spec(side=role, replicaset="cart", fields=fields)


def traffic(role: Role, *targets: str) -> Traffic:
    """A Service with a port for each target: 80, 81, …"""
    ports = tuple(
        ServicePort(name=f"p{number}", port=80 + number, target=target)
        for number, target in enumerate(targets)
    )
    return Traffic(
        side=role,
        strategy="canary",
        weight=20,
        service=f"cart-{role}",
        endpoints=Endpoints(ready=(f"{role}-1",)),
        ports=ports,
    )


@pytest.fixture
def judged(evidence: MakeEvidence) -> Judge:
    def judge(*parts: object, events: tuple[Event, ...] = ()) -> Graded | None:
        seen = find(evidence(canary_events=events, more=parts), Rules())
        return next((each for each in seen if each.finding.kind == "service-port"), None)

    return judge


def named(canary: str = "web", *, targets: tuple[str, ...] = ("http",)) -> tuple[object, ...]:
    return (
        traffic("stable", *targets),
        traffic("canary", *targets),
        spec("stable", http="8080/TCP", metrics="9100/TCP"),
        spec("canary", **{canary: "8080/TCP", "metrics": "9100/TCP"}),
    )


def numbered(canary: str = "9090/TCP", target: str = "8080") -> tuple[object, ...]:
    return (
        traffic("stable", "8080"),
        traffic("canary", target),
        spec("stable", _="8080/TCP"),
        spec("canary", _=canary) if canary else spec("canary"),
    )


def test_a_name_that_no_container_has_blocks(judged: Judge) -> None:
    graded = judged(*named())
    assert graded is not None
    assert graded.severity == "blocking"
    assert graded.finding.sentence == (
        "the canary's Service cart-canary leads port 80 to http, which no container of the canary declares"
    )
    assert graded.finding.stable == "declares 8080/TCP (http), 9100/TCP (metrics)"
    assert graded.finding.canary == "declares 8080/TCP (web), 9100/TCP (metrics)"


def test_the_port_that_was_renamed_explains_it(judged: Judge) -> None:
    container = Field(container="app", group="container", name="container", text="container", digest="c")
    mine, theirs = spec("canary", web="8080/TCP"), spec("stable", http="8080/TCP")
    parts = (
        traffic("stable", "http"),
        traffic("canary", "http"),
        Spec(side="canary", replicaset="cart", fields=(container, *mine.fields)),
        Spec(side="stable", replicaset="cart", fields=(container, *theirs.fields)),
    )
    graded = judged(*parts)
    assert graded is not None
    assert "http 8080/TCP -> none" in graded.finding.because


def test_a_protocol_is_a_part_of_a_named_port(judged: Judge) -> None:
    parts = (traffic("stable", "http"), traffic("canary", "http"))
    graded = judged(*parts, spec("stable", http="8080/TCP"), spec("canary", http="8080/UDP"))
    assert graded is not None
    assert graded.severity == "blocking"


def test_where_other_ports_lead_there_it_holds(judged: Judge) -> None:
    graded = judged(*named(targets=("http", "metrics")))
    assert graded is not None
    assert graded.severity == "hold"
    assert graded.finding.sentence.endswith("; its other ports lead there")


def test_a_changed_number_holds(judged: Judge) -> None:
    graded = judged(*numbered())
    assert graded is not None
    assert graded.severity == "hold"
    assert graded.finding.sentence == (
        "the canary's Service cart-canary leads port 80 to 8080, which no container of the canary declares"
        "; whether it listens there is not known"
    )
    assert "declare the port that it listens on" in graded.finding.advice


def test_connections_that_are_refused_confirm_it(judged: Judge, event: MakeEvent) -> None:
    def refused(port: int, ago: float = 5) -> Event:
        message = (
            f'Readiness probe failed: Get "http://10.0.0.4:{port}/": dial tcp 10.0.0.4:{port}: connect:'
            " connection refused"
        )
        return event("canary-1", "Unhealthy", message, ago=ago)

    confirmed = judged(*numbered(), events=(refused(8080),))
    assert confirmed is not None
    assert confirmed.severity == "blocking"
    assert confirmed.finding.sentence.endswith(", and connections to it are refused")
    for other in (refused(9999), refused(8080, ago=280)):
        graded = judged(*numbered(), events=(other,))
        assert graded is not None
        assert graded.severity == "hold"


def test_requests_that_do_not_arrive_confirm_it(judged: Judge, side: Side) -> None:
    requests = [(600 - number * 2, REQUEST) for number in range(290)]
    probes = [(300 - number * 10, PROBE) for number in range(29)]
    graded = judged(*numbered(), side("stable", app=[*requests, *probes]), side("canary", app=probes))
    assert graded is not None
    assert graded.severity == "blocking"
    assert graded.finding.sentence.endswith(", and no request reaches the canary")


def test_requests_that_arrive_refute_a_number_and_hold_a_name(judged: Judge, side: Side) -> None:
    logs = [
        side(role, app=[(200 - number * 2, REQUEST) for number in range(90)]) for role in ("stable", "canary")
    ]
    assert judged(*numbered(), *logs) is None
    graded = judged(*named(), *logs)
    assert graded is not None
    assert graded.severity == "hold"
    assert graded.finding.sentence.endswith("; it logs requests all the same")


@pytest.mark.parametrize(
    "parts",
    [
        named("http"),
        numbered("8080/TCP"),
        numbered(""),  # declares none: most that listen do not declare it
        (traffic("stable", "8080"), traffic("canary", "8080"), spec("stable"), spec("canary", _="9100/TCP")),
        # named by a container that is put into the pod later, on both sides
        (traffic("stable", "mesh"), traffic("canary", "mesh"), spec("stable", _="1/TCP"), spec("canary", _="1/TCP")),
        # changed on both the Service and the version
        (traffic("stable", "8080"), traffic("canary", "9090"), spec("stable", _="8080/TCP"), spec("canary", _="9090/TCP")),
    ],
)  # fmt: skip
def test_ports_that_fit_are_no_finding(parts: tuple[object, ...], judged: Judge) -> None:
    assert judged(*parts) is None


def test_a_canary_service_that_leads_elsewhere_than_stables_holds(judged: Judge) -> None:
    graded = judged(*numbered("8080/TCP", target="8081"))
    assert graded is not None
    assert graded.severity == "hold"


@pytest.mark.parametrize("left_out", [0, 1, 2, 3])
def test_without_the_canarys_service_or_its_template_nothing_is_said(left_out: int, judged: Judge) -> None:
    parts = [part for number, part in enumerate(named()) if number != left_out]
    assert (judged(*parts) is None) == (left_out > 0)
