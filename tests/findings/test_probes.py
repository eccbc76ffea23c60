"""Probes that fail, on which side, for how long, and those that only timed out once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Condition, Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
PROBE = "Liveness probe failed: Get http://10.0.0.7:8080/: context deadline exceeded"
SLOW = (
    'Readiness probe failed: Get "http://10.0.0.7:8080/": context deadline exceeded (Client.Timeout exceeded'
    " while awaiting headers)"
)
REFUSED = "Readiness probe failed: dial tcp 10.0.0.7:8080: connect: connection refused"


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


class TestTimeouts:
    """A probe that timed out once on a pod that stayed Ready is information."""

    @pytest.fixture
    def told(
        self, evidence: MakeEvidence, pod: MakePod, event: MakeEvent, ago: Callable[[float], datetime]
    ) -> Callable[..., tuple[str, str]]:
        def failed(name: str, message: str = SLOW, at: float = 120, count: int = 1) -> Event:
            return event(name, "Unhealthy", message, first=ago(at), ago=at, count=count)

        def look(*where: str, stable: tuple[str, ...] = (), **how: Any) -> tuple[str, str]:
            """Pods that have been Ready for 300 s; the probe failed 120 s ago."""
            seen = evidence(
                [pod("c1"), pod("c2")],
                [pod("s1"), pod("s2"), pod("s3"), pod("s4")],
                canary_events=[failed(name, **how) for name in where],
                stable_events=[failed(name, **how) for name in stable],
            )
            graded = only(seen)
            return graded.finding.key, graded.severity

        return look

    def test_once_or_twice_on_one_pod_is_information(self, told: Callable[..., tuple[str, str]]) -> None:
        assert told("c1") == told("c1", count=2) == ("probe-timeout/readiness", "info")

    @pytest.mark.parametrize(
        "message",
        [
            "Readiness probe failed: dial tcp 10.0.0.7:8080: i/o timeout",
            (
                'Readiness probe failed: timeout: failed to connect service "10.0.0.7:8080" within 1s:'
                " context deadline exceeded"
            ),
            "Readiness probe failed: timeout: health rpc did not complete within 1s",
            (
                "Readiness probe errored: rpc error: code = DeadlineExceeded desc = failed to exec in"
                " container: timeout 1s exceeded"
            ),
            "Readiness probe failed: command timed out",
            (
                "Readiness probe failed: net/http: request canceled (Client.Timeout exceeded while"
                " awaiting headers)"
            ),
        ],
    )
    def test_by_whatever_words(self, message: str, told: Callable[..., tuple[str, str]]) -> None:
        assert told("c1", message=message) == ("probe-timeout/readiness", "info")

    @pytest.mark.parametrize(
        ("where", "how"),
        [
            (("c1",), {"count": 3}),
            (("c1", "c1", "c1"), {}),
            (("c1", "c2"), {}),
            (("c1",), {"at": 60}),
            (("c1",), {"message": REFUSED}),
            (("c1",), {"message": "Readiness probe failed: HTTP probe failed with statuscode: 503"}),
        ],
        ids=["three", "three events", "two pods", "recent", "refused", "an answer"],
    )
    def test_what_is_more_is_a_warning(
        self, where: tuple[str, ...], how: dict[str, Any], told: Callable[..., tuple[str, str]]
    ) -> None:
        assert told(*where, **how) == ("probe-failure/readiness", "warning")

    def test_stables_are_counted_against_the_canarys(self, told: Callable[..., tuple[str, str]]) -> None:
        assert told("c1", "c2", stable=("s1", "s2", "s3")) == ("probe-failure/readiness", "info")
        assert told("c1", stable=("s1", "s2")) == told(stable=("s1",)) == ("probe-timeout/readiness", "info")
        assert told(stable=("s1", "s2")) == ("probe-failure/readiness", "info")

    def test_a_recent_one_may_not_come_again(
        self, evidence: MakeEvidence, pod: MakePod, event: MakeEvent, ago: Callable[[float], datetime]
    ) -> None:
        def find_recent(*names: str) -> Graded:
            failed = [event(name, "Unhealthy", SLOW, first=ago(20), ago=20) for name in names]
            return only(evidence([pod("c1"), pod("c2")], canary_events=failed))

        one, two = find_recent("c1"), find_recent("c1", "c2")
        assert one.finding.sentence == (
            "1 of 2 canary pods: its readiness probe timed out, and the pod stayed Ready; too early to tell"
        )
        assert "judge again 60 s after it" in one.finding.advice
        assert (one.finding.settled, two.finding.settled) == (False, True)

    def test_the_words(
        self, evidence: MakeEvidence, event: MakeEvent, ago: Callable[[float], datetime]
    ) -> None:
        seen = evidence(canary_events=[event("canary-1", "Unhealthy", SLOW, first=ago(120), ago=120)])
        assert only(seen).finding.sentence == (
            "1 of 1 canary pod: its readiness probe timed out, and the pod stayed Ready;"
            " the last time at 11:58:00, not since"
        )

    def test_a_pod_that_is_not_ready_or_was_not_before_is_no_blip(
        self, evidence: MakeEvidence, pod: MakePod, event: MakeEvent, ago: Callable[[float], datetime]
    ) -> None:
        def kinds(c1: Pod) -> set[str]:
            seen = evidence(
                [c1], canary_events=[event("c1", "Unhealthy", SLOW, first=ago(120), ago=120, count=2)]
            )
            return {each.finding.kind for each in find(seen, Rules())}

        assert kinds(pod("c1")) == {"probe-timeout"}
        assert kinds(pod("c1", unready_for=119)) == {"probe-failure"}
        down = Condition(type="Ready", status="False", since=ago(110))
        assert "probe-failure" in kinds(pod("c1", conditions=(down,)))

    @pytest.mark.parametrize(
        ("first", "last", "kind"),
        [(295, 120, "probe-timeout"), (200, 120, "probe-failure"), (295, 170, "probe-failure")],
        ids=["at its start and once", "before it was Ready, and no start", "all before it was Ready"],
    )
    def test_one_of_the_start_may_be_counted_with_it(
        self,
        first: float,
        last: float,
        kind: str,
        evidence: MakeEvidence,
        pod: MakePod,
        container: Callable[..., Container],
        event: MakeEvent,
        ago: Callable[[float], datetime],
    ) -> None:
        """A pod that began 300 s ago and has been Ready for 150 s."""
        c1 = pod("c1", container(state=State(kind="running", started_at=ago(300))), unready_for=150)
        failed = event("c1", "Unhealthy", SLOW, first=ago(first), ago=last, count=2)
        assert only(evidence([c1], canary_events=[failed])).finding.kind == kind

    def test_without_a_time_nothing_shows_that_the_pod_was_ready_before(
        self, evidence: MakeEvidence, event: MakeEvent
    ) -> None:
        seen = evidence(canary_events=[event("canary-1", "Unhealthy", SLOW, ago=120)])
        assert only(seen).finding.kind == "probe-failure"


class TestLongStarts:
    """A readiness probe fails for as long as a start takes."""

    @pytest.fixture
    def found(
        self,
        evidence: MakeEvidence,
        pod: MakePod,
        container: Callable[..., Container],
        event: MakeEvent,
        ago: Callable[[float], datetime],
    ) -> Callable[..., list[str]]:
        def look(*events: tuple[float, float, int], **fields: Any) -> list[str]:
            """A pod that began 500 s ago and became Ready 200 s ago; events by first and last time, and
            count.
            """
            c1 = pod("c1", container(state=State(kind="running", started_at=ago(500)), **fields), age=505)
            ready = Condition(type="Ready", status="True", since=ago(200))
            c1 = msgspec.structs.replace(c1, conditions=(ready,))
            told = [
                event("c1", "Unhealthy", f"{REFUSED} {number}", first=ago(first), ago=last, count=count)
                for number, (first, last, count) in enumerate(events)
            ]
            seen = evidence([c1], canary_events=told)
            return [each.finding.kind for each in find(seen, Rules()) if each.finding.kind != "restarts"]

        return look

    def test_what_failed_from_the_start_until_it_was_ready_is_the_start(
        self, found: Callable[..., list[str]]
    ) -> None:
        assert found((495, 205, 30)) == []
        assert found((495, 420, 8), (410, 205, 21)) == []

    @pytest.mark.parametrize(
        "events",
        [((495, 205, 6),), ((495, 190, 31),), ((430, 205, 23),), ((495, 480, 2), (230, 205, 3))],
        ids=["with a pause", "and after it", "not from the start on", "anew"],
    )
    def test_a_pod_that_was_ready_in_between_is_not(
        self, events: tuple[tuple[float, float, int], ...], found: Callable[..., list[str]]
    ) -> None:
        assert found(*events) == ["probe-failure"]

    def test_nor_one_that_was_restarted(self, found: Callable[..., list[str]]) -> None:
        assert found((495, 205, 30), restarts=1) == ["probe-failure"]
