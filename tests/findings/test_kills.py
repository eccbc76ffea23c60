"""Who ended a container's run, where it was not the container."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Finding
from analyzer.findings.kills import describe_exit_code
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
Ago = Callable[[float], datetime]
LIVENESS = "Container app failed liveness probe, will be restarted"


@pytest.fixture
def loop(evidence: MakeEvidence, pod: MakePod, crashing: Make) -> Callable[..., Finding]:
    """The crash loop of a canary whose last run went from 21 to 20 s ago."""

    def find_loop(*events: Event, code: int = 137, **fields: object) -> Finding:
        seen = evidence([pod("c1", crashing(code=code, **fields))], canary_events=events)
        kinds = ("crash-loop", "oom-kill", "container-exit")
        (finding,) = [each.finding for each in find(seen, Rules()) if each.finding.kind in kinds]
        return finding

    return find_loop


@pytest.mark.parametrize(
    ("reason", "message", "says", "remedy"),
    [
        ("Killing", LIVENESS, "by its liveness probe", "liveness probe's path"),
        (
            "Killing",
            "Container app failed startup probe, will be restarted",
            "by its startup probe",
            "startup probe's",
        ),
        (
            "Killing",
            (
                "Killing container with id docker://app:Container failed liveness probe.."
                " Container will be killed and recreated."
            ),
            "by its liveness probe",
            "liveness probe's path",
        ),
        (
            "FailedPreStopHook",
            "PreStopHook failed",
            "while its preStop hook failed",
            "Correct the preStop hook",
        ),
        (
            "FailedPreStopHook",
            (
                'Exec lifecycle hook ([/bin/drain]) for Container "app" in Pod "c1_shop" failed - error:'
                ' exit status 1, message: ""'
            ),
            "while its preStop hook failed",
            "Correct the preStop hook",
        ),
        (
            "FailedPostStartHook",
            "PostStartHook failed",
            "because its postStart hook failed",
            "Correct the postStart",
        ),
        (
            "ExceededGracePeriod",
            "Container runtime did not kill the pod within specified grace period.",
            "did not stop within its grace period",
            "terminationGracePeriodSeconds",
        ),
    ],
)
def test_the_kubelet_says_why(
    reason: str, message: str, says: str, remedy: str, loop: Callable[..., Finding], event: MakeEvent
) -> None:
    finding = loop(event("c1", reason, message, ago=20))
    assert says in finding.sentence
    assert "code 137 (SIGKILL)" in finding.sentence
    assert remedy in finding.remedy


@pytest.mark.parametrize("code", [0, 1, 143])
def test_a_container_that_ends_in_its_own_way_was_told_to_all_the_same(
    code: int, loop: Callable[..., Finding], event: MakeEvent
) -> None:
    assert "by its liveness probe" in loop(event("c1", "Killing", LIVENESS, ago=20), code=code).sentence


def test_what_the_probe_met_comes_first(loop: Callable[..., Finding], event: MakeEvent) -> None:
    refused = 'Liveness probe failed: Get "http://10.0.0.1/live": connection refused'
    events = [
        event("c1", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", ago=19),
        event("c1", "Unhealthy", refused, ago=21),
        event("c1", "Killing", LIVENESS, ago=20),
    ]
    assert loop(*events).samples[0] == refused


@pytest.mark.parametrize(
    "fields",
    [
        {"ago": 100},  # an earlier run
        {"message": "Container proxy failed liveness probe, will be restarted"},
        {"message": "Stopping container app"},
        {
            "reason": "Unhealthy",
            "message": "Liveness probe failed: EOF",
        },  # once, and nothing was killed for it
        {"reason": "FailedPreStopHook", "message": "PreStopHook failed", "container": "proxy"},
    ],
)
def test_what_ended_no_run_of_it_is_no_cause(
    fields: dict[str, object], loop: Callable[..., Finding], event: MakeEvent
) -> None:
    whole = {"reason": "Killing", "message": LIVENESS, "ago": 20} | fields
    finding = loop(event("c1", **whole), code=1)
    assert "exits with code 1 again and again" in finding.sentence
    assert not finding.remedy


def test_memory_that_ran_out_is_the_kernels_doing(loop: Callable[..., Finding], event: MakeEvent) -> None:
    finding = loop(event("c1", "Killing", LIVENESS, ago=20), reason="OOMKilled")
    assert finding.kind == "oom-kill"
    assert "probe" not in finding.sentence


def test_one_kill_is_no_loop(
    evidence: MakeEvidence, pod: MakePod, container: Make, event: MakeEvent, ago: Ago
) -> None:
    last = State(kind="terminated", reason="Error", exit_code=137, started_at=ago(90), finished_at=ago(20))
    once = container(restarts=1, last_state=last, state=State(kind="running", started_at=ago(19)))
    seen = evidence([pod("c1", once, age=91)], canary_events=[event("c1", "Killing", LIVENESS, ago=20)])
    (finding,) = [each.finding for each in find(seen, Rules()) if each.finding.kind == "container-exit"]
    assert (
        "container app is killed by its liveness probe, and ends with code 137 (SIGKILL)" in finding.sentence
    )


def test_restarts_that_have_stopped_say_it_too(
    evidence: MakeEvidence, pod: MakePod, container: Make, event: MakeEvent, ago: Ago
) -> None:
    last = State(kind="terminated", reason="Error", exit_code=137, started_at=ago(295), finished_at=ago(270))
    healed = container(restarts=1, last_state=last, state=State(kind="running", started_at=ago(269)))
    seen = evidence([pod("c1", healed)], canary_events=[event("c1", "Killing", LIVENESS, ago=270)])
    (finding,) = [each.finding for each in find(seen, Rules()) if each.finding.kind == "restarts"]
    assert "last after it was killed by its liveness probe" in finding.sentence


def test_a_probe_that_fails_once_at_the_start_is_no_finding(
    evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    start = event("c1", "Unhealthy", "Liveness probe failed: connection refused", ago=285)
    assert find(evidence([pod("c1")], canary_events=[start]), Rules()) == ()


def test_pods_that_are_scaled_down_are_no_kill(
    evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    stopping = event("c1", "Killing", "Stopping container app", ago=10, type="Normal")
    assert find(evidence([pod("c1")], canary_events=[stopping]), Rules()) == ()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"exit_code": 137}, "code 137 (SIGKILL)"),
        ({"exit_code": 143}, "code 143 (SIGTERM)"),
        ({"exit_code": 139}, "code 139 (SIGSEGV)"),
        ({"exit_code": 134}, "code 134 (SIGABRT)"),
        ({"exit_code": 0, "signal": 9}, "code 0 (SIGKILL)"),
        ({"signal": 15}, "signal 15 (SIGTERM)"),
        ({"signal": 64}, "signal 64"),
        ({"exit_code": 1}, "code 1"),
        ({"exit_code": 128}, "code 128"),
        ({"exit_code": 255}, "code 255"),
        ({}, "an unknown code"),
    ],
)
def test_signals_have_names(state: dict[str, Any], words: str) -> None:
    assert describe_exit_code(State(kind="terminated", **state)) == words
