"""What of each side could be compared is said, before anything that differs."""

from datetime import timedelta

import pytest
from healthy import NOW, TARGET

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.evidence.streams import mined_stream
from analyzer.evidence.traffic import Traffic
from analyzer.prompt import render
from analyzer.prompt.sides import format_span
from analyzer.settings import Ask
from analyzer.target import Role

OLD, YOUNG = timedelta(hours=3, minutes=2), timedelta(minutes=6)


def pods(role: Role, age: timedelta, *names: str) -> Pods:
    state = State(kind="running", started_at=NOW - age)
    containers = tuple(Container(name=name, type="main", image="app:1", state=state) for name in names)
    pod = Pod(name=role, owner="", phase="Running", created_at=NOW - age, containers=containers)
    return Pods(side=role, pods=(pod,))


def logs(role: Role, **lines: list[tuple[float, str]]) -> Logs:
    """The lines of each container, with the seconds before the window's end."""
    containers = []
    for name, written in lines.items():
        text = "".join(
            f"{(NOW - timedelta(seconds=before)).isoformat()} {line}\n" for before, line in written
        )
        digest = mined_stream(role, name, False, (text.encode(),), str)[1]
        containers.append(ContainerLogs(container=name, digest=digest))
    return Logs(side=role, containers=tuple(containers), streams=())


def shown(*parts: Pods | Logs | Traffic) -> str:
    window = Window(start=NOW - timedelta(minutes=10), end=NOW)
    return render(Evidence(target=TARGET, window=window, nonce="0" * 16, parts=parts), (), Ask()).text


def request(route: str, status: int) -> str:
    return f"method={route.partition(' ')[0]} path={route.partition(' ')[2]} status={status}"


def test_how_old_each_side_is_and_whether_it_started_within_the_window() -> None:
    text = shown(pods("stable", OLD, "app"), pods("canary", YOUNG, "app"))
    assert "pods: 3 h 2 min old; 0 of 1 started within the window\n" in text
    assert "pods: 6 min old; 1 of 1 started within the window\n" in text


def test_when_the_last_line_came_that_is_no_probe() -> None:
    probe = (0.5, request("GET /healthz", 200))
    text = shown(
        logs("stable", app=[(90, "INFO begins"), (0.4, "INFO served 1 item")]),
        logs("canary", app=[(340, "INFO begins"), (301, "INFO served 1 item"), probe]),
    )
    assert "log: from 1 min 30 s to 0.4 s before the window's end\n" in text
    assert (
        "log: from 5 min 40 s to 0.5 s before the window's end; its last line that is no probe 5 min 1 s\n"
        in text
    )


def test_requests_are_counted_without_probes_and_by_route() -> None:
    probe = (1.0, request("GET /healthz", 200))
    text = shown(
        logs("stable", app=[probe, (3, request("GET /cart", 200)), (3, request("POST /pay", 200))]),
        logs("canary", app=[probe, (3, request("GET /cart", 200)), (3, request("POST /pay", 503))]),
    )
    assert "requests logged, probes apart: 2\n" in text
    assert "requests logged, probes apart: 2, 1 of them failed\n" in text
    assert "stable 1, canary 1 (1 failed)\n| app: POST /pay\nstable 1, canary 1\n| app: GET /cart\n" in text
    assert "healthz" not in text.partition("# Findings")[0]


def test_a_status_that_its_template_masks_is_counted() -> None:
    """Kestrel and others print it where no pattern knows it, so only the values of the slot tell."""

    def answers(*statuses: int) -> list[tuple[float, str]]:
        line = "Request finished HTTP/1.1 POST http://shop/orders application/json 12 - {} 0 - 29.98ms"
        return [(60.0 - number, line.format(status)) for number, status in enumerate(statuses)]

    text = shown(
        logs("stable", app=answers(*[200] * 40)), logs("canary", app=answers(*[200] * 10, *[500] * 20))
    )
    assert "requests logged, probes apart: 40\n" in text
    assert "requests logged, probes apart: 30, 20 of them failed\n" in text


def test_where_no_line_is_known_to_be_a_request_none_are_counted() -> None:
    """Else a reader takes it for no traffic."""
    text = shown(logs("stable", app=[(2, "order 7 accepted")]), logs("canary", app=[(1, "order 8 accepted")]))
    assert "requests logged" not in text
    one = shown(
        logs("stable", app=[(2, "order 7 accepted")]), logs("canary", app=[(1, request("GET /", 200))])
    )
    assert "requests logged, probes apart: 0\n" in one


def test_no_more_routes_are_shown_than_a_few() -> None:
    routes = [f"{method} {path}" for method in ("GET", "POST", "PUT") for path in ("/a", "/a/b", "/a/b/c")]
    many = [(1.0, request(route, 200)) for route in routes]
    text = shown(logs("stable", app=many), logs("canary", app=many))
    assert text.partition("# Requests by route")[2].partition("# Findings")[0].count("| app: ") == 6
    assert "left out of this prompt: 3 of 9 routes (requests: stable 3, canary 3)\n" in text


def test_a_container_that_one_side_lacks_is_named_on_a_marked_line() -> None:
    text = shown(pods("stable", OLD, "app", "proxy"), pods("canary", YOUNG, "app"))
    assert "| has no container proxy, which the other side has\n" in text
    assert "has no container app" not in text


def test_why_findings_count_fewer_lines_than_a_log_has_is_said() -> None:
    """Each total of a finding is that of one container, by event and without debug lines."""
    trace = [(3.0, "ERROR no price"), (3.0, "Traceback (most recent call last):"), (3.0, "KeyError: 7")]
    served = [(float(number), "INFO served") for number in range(9, 4, -1)]
    text = shown(
        logs("stable", app=served),
        logs("canary", app=[*served, *trace, (1, "DEBUG cache hit")], proxy=served),
    )
    stable, _, canary = text.partition("\ncanary: ")
    assert "that findings count" not in stable
    assert (
        "log lines that findings count: 11; 2 go on with an event before them, such as a trace,"
        " 1 are debug lines\n"
    ) in canary
    assert "| log lines: app 9, proxy 5\n" in canary
    assert "| log lines:" not in stable


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ({}, "canary:\n| no log of container app was read\n"),
        ({"app": []}, "canary:\n| the log of container app has not a line\n"),
    ],
)
def test_beside_a_log_without_a_line_it_is_not_said_that_nothing_was_missing(
    lines: dict[str, list[tuple[float, str]]], says: str
) -> None:
    sides = (pods("stable", OLD, "app", "istio-proxy"), pods("canary", YOUNG, "app", "istio-proxy"))
    weights = Traffic(side="canary", strategy="canary", weight=20)
    stable = logs("stable", app=[(1, "INFO served")])
    text = shown(*sides, weights, stable, logs("canary", **lines))
    assert says in text
    assert "nothing was missing" not in text
    assert "istio-proxy was read" not in text
    whole = shown(*sides, weights, stable, logs("canary", app=[(1, "INFO served")]))
    assert "nothing was missing" in whole


def test_the_share_of_the_requests_is_said_or_that_it_is_not_known() -> None:
    known = shown(Traffic(side="canary", strategy="canary", weight=20))
    assert "share of the requests: 20 %\n" in known
    assert "its share of the requests is not known" not in known
    assert "canary:\n| its share of the requests is not known\n" in shown()
    assert "not known\n" not in shown(
        Traffic(side="canary", strategy="blueGreen"), Traffic(side="stable", strategy="blueGreen")
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0 s"), (0.44, "0.4 s"), (59.4, "59 s"), (301, "5 min 1 s"), (7200, "2 h"), (90061, "1 d 1 h")],
)
def test_a_span_of_time_is_said_in_two_units(seconds: float, words: str) -> None:
    assert format_span(timedelta(seconds=seconds)) == words
