from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
PROBE = "Liveness probe failed: Get http://10.0.0.7:8080/: context deadline exceeded"


def only(evidence: Evidence) -> Graded:
    (graded,) = find(evidence, Rules())
    return graded


def test_a_probe_that_fails_is_a_warning(evidence: MakeEvidence, event: MakeEvent) -> None:
    graded = only(evidence(canary_events=[event("canary-1", "Unhealthy", PROBE)]))
    assert (graded.severity, graded.finding.key, graded.finding.ongoing) == (
        "warning",
        "probe-failure/liveness",
        True,
    )
    assert graded.finding.sentence == "1 of 1 canary pod: its liveness probe failed"
    assert graded.finding.samples == (PROBE,)


def test_one_that_stopped_is_told_apart(evidence: MakeEvidence, event: MakeEvent) -> None:
    assert not only(evidence(canary_events=[event("canary-1", "Unhealthy", PROBE, ago=61)])).finding.ongoing


def test_an_event_without_a_time_may_be_new(evidence: MakeEvidence, event: MakeEvent) -> None:
    assert only(evidence(canary_events=[event("canary-1", "Unhealthy", PROBE, ago=None)])).finding.ongoing


def test_on_both_sides_it_is_information(evidence: MakeEvidence, event: MakeEvent) -> None:
    seen = evidence(
        canary_events=[event("canary-1", "Unhealthy", PROBE)],
        stable_events=[event("stable-1", "Unhealthy", PROBE)],
    )
    assert only(seen).severity == "info"


def test_the_start_of_a_pod_that_is_ready_is_no_failure(
    evidence: MakeEvidence,
    event: MakeEvent,
    pod: MakePod,
    container: Callable[..., Container],
    ago: Callable[[float], datetime],
) -> None:
    early = [event("c1", "Unhealthy", PROBE, ago=230)]

    def found(up: float, age: float, **fields: Any) -> tuple[Graded, ...]:
        running = container(state=State(kind="running", started_at=ago(up)), **fields)
        return find(evidence([pod("c1", running, age=age)], canary_events=early), Rules())

    assert found(290, 290) == ()
    assert found(291, 291) != ()
    assert found(350, 350, startup_seconds=120) == ()
    assert found(290, 500) == ()  # its image was pulled for 210 s
    assert {each.finding.kind for each in found(290, 500, restarts=1)} == {"probe-failure", "restarts"}


def test_a_message_of_another_form_stays_out_of_the_key(evidence: MakeEvidence, event: MakeEvent) -> None:
    assert (
        only(evidence(canary_events=[event("canary-1", "Unhealthy", "pod-7f9c is sick")])).finding.key
        == "probe-failure/other"
    )


def test_another_warning_is_named_by_its_reason(evidence: MakeEvidence, event: MakeEvent) -> None:
    graded = only(
        evidence(canary_events=[event("canary-1", "DNSConfigForming", "Nameserver limits were exceeded")])
    )
    assert (graded.severity, graded.finding.key) == ("warning", "warning-event/DNSConfigForming")


@pytest.mark.parametrize(
    "fields", [{"type": "Normal"}, {"ago": 601}, {"reason": "BackOff"}, {"reason": "FailedScheduling"}]
)
def test_what_is_normal_old_or_told_by_the_state_is_no_finding(
    fields: dict[str, object], evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    given = {"reason": "DNSConfigForming"} | fields
    assert find(evidence([pod("c1", age=4_000)], canary_events=[event("c1", **given)]), Rules()) == ()


def test_events_of_other_objects_are_no_pods(evidence: MakeEvidence, event: MakeEvent) -> None:
    assert find(evidence(canary_events=[event("somebody-else", "DNSConfigForming")]), Rules()) == ()


def test_without_stables_events_the_canarys_still_show(evidence: MakeEvidence, event: MakeEvent) -> None:
    graded = only(evidence(canary_events=[event("canary-1", "DNSConfigForming")], stable_events=None))
    assert (graded.finding.key, graded.finding.scope, graded.finding.stable) == (
        "warning-event/DNSConfigForming",
        "uncompared",
        "not seen",
    )
