"""Events: of the two sides' objects, within the window, each told once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from events import peak

from analyzer.cluster import Cluster
from analyzer.evidence.events import Event, EventSource
from analyzer.evidence.interface import Gap, Part, SourceContext
from analyzer.evidence.pods import Pod, Pods, PodSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
Wait = Callable[[Callable[[], object]], None]
CANARY = {HASH_LABEL: "canary"}
NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = 365 * 24 * 3600.0  # by which `make test-later` moves our clock, and not that of the API server


def pod(name: str, created: datetime = NOW - timedelta(minutes=5)) -> Pod:
    return Pod(name=name, owner="ReplicaSet/cart-2", phase="Running", created_at=created)


SIDES: tuple[Part, ...] = (
    Pods(side="stable", pods=(pod("old"),)),
    Pods(side="canary", pods=(pod("new"),)),
    ReplicaSets(side="stable", replicasets=()),
    ReplicaSets(side="canary", replicasets=()),
)


def stamp(ago: float) -> str:
    return (NOW - timedelta(seconds=ago)).isoformat().replace("+00:00", "Z")


def event(name: str = "new", kind: str = "Pod", **fields: Any) -> dict[str, Any]:
    return {
        "involvedObject": {"kind": kind, "name": name},
        "type": "Warning",
        "reason": "Unhealthy",
        "message": "probe failed",
        **fields,
    }


@pytest.fixture
def told(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> Callable[..., tuple[Event, ...]]:
    """The canary's events, when the server tells these."""

    def canary(*items: dict[str, Any], parts: tuple[Part, ...] = SIDES) -> tuple[Event, ...]:
        def serve(request: BaseHTTPRequestHandler) -> None:
            kind = "ReplicaSet" if "ReplicaSet" in request.path else "Pod"
            answer(
                request,
                200,
                {"items": [item for item in items if item["involvedObject"].get("kind", "Pod") == kind]},
            )

        seen, gaps = gathered(EventSource(), scene_of(stub(serve), "shop", *parts, since=3600))
        assert not gaps
        return next(part.events for part in seen if part.side == "canary")

    return canary


class TestFields:
    def test_count_and_timestamps(self, told: Callable[..., tuple[Event, ...]]) -> None:
        (seen,) = told(event(count=7, firstTimestamp=stamp(120), lastTimestamp=stamp(60)))
        assert seen == Event(
            object="Pod/new",
            type="Warning",
            reason="Unhealthy",
            message="probe failed",
            count=7,
            first=NOW - timedelta(seconds=120),
            last=NOW - timedelta(seconds=60),
        )

    @pytest.mark.parametrize(
        ("path", "container"),
        [
            ("spec.containers{app}", "app"),
            ("spec.initContainers{wait-for-db}", "wait-for-db"),
            ("spec.ephemeralContainers{debug}", "debug"),
            ("spec.containers{a}{b}", ""),
            ("status", ""),
            (None, ""),
        ],
    )
    def test_the_container_that_it_is_about(
        self, path: str | None, container: str, told: Callable[..., tuple[Event, ...]]
    ) -> None:
        involved = {"kind": "Pod", "name": "new", "fieldPath": path}
        (seen,) = told(event(involvedObject=involved))
        assert seen.container == container

    def test_two_containers_that_say_the_same_are_two(self, told: Callable[..., tuple[Event, ...]]) -> None:
        involved = (
            {"kind": "Pod", "name": "new", "fieldPath": f"spec.containers{{{name}}}"} for name in "ab"
        )
        assert [each.container for each in told(*(event(involvedObject=each) for each in involved))] == [
            "a",
            "b",
        ]

    def test_a_series_and_an_event_time(self, told: Callable[..., tuple[Event, ...]]) -> None:
        at = NOW - timedelta(seconds=90)
        series = {"count": 5, "lastObservedTime": stamp(30)}
        (seen,) = told(
            event(
                eventTime=at.strftime("%Y-%m-%dT%H:%M:%S.123456Z"),
                series=series,
                firstTimestamp=None,
                lastTimestamp=None,
            )
        )
        assert (seen.count, seen.first, seen.last) == (
            5,
            at.replace(microsecond=123456),
            NOW - timedelta(seconds=30),
        )

    def test_every_optional_field_may_be_absent(self, told: Callable[..., tuple[Event, ...]]) -> None:
        (seen,) = told({"involvedObject": {"kind": "Pod", "name": "new"}})
        assert seen == Event(object="Pod/new", type="Normal", reason="", message="")

    def test_an_event_about_nothing_is_nobodys(self, told: Callable[..., tuple[Event, ...]]) -> None:
        assert told({"involvedObject": {}}) == ()

    def test_secrets_are_masked(self, told: Callable[..., tuple[Event, ...]]) -> None:
        (seen,) = told(event(message="url had hunter2"))
        assert seen.message == "url had [masked]"


class TestSelection:
    def test_the_same_twice_is_one(self, told: Callable[..., tuple[Event, ...]]) -> None:
        earlier = event(count=2, firstTimestamp=stamp(90), lastTimestamp=stamp(80))
        (seen,) = told(event(count=3, firstTimestamp=stamp(70), lastTimestamp=stamp(10)), earlier)
        assert (seen.count, seen.first, seen.last) == (
            5,
            NOW - timedelta(seconds=90),
            NOW - timedelta(seconds=10),
        )

    def test_what_ended_before_the_window_is_left_out(self, told: Callable[..., tuple[Event, ...]]) -> None:
        assert told(event(firstTimestamp=stamp(9000), lastTimestamp=stamp(5000))) == ()
        assert len(told(event(firstTimestamp=stamp(9000), lastTimestamp=stamp(100)))) == 1

    def test_events_of_an_object_that_had_the_name_before_are_left_out(
        self, told: Callable[..., tuple[Event, ...]]
    ) -> None:
        assert told(event(lastTimestamp=stamp(400))) == ()

    def test_a_replicaset_is_known_by_its_pods_alone(self, told: Callable[..., tuple[Event, ...]]) -> None:
        (seen,) = told(event("cart-2", "ReplicaSet", lastTimestamp=stamp(5)), parts=(SIDES[0], SIDES[1]))
        assert seen.object == "ReplicaSet/cart-2"

    def test_oldest_first(self, told: Callable[..., tuple[Event, ...]]) -> None:
        seen = told(
            event(reason="Second", lastTimestamp=stamp(5)),
            event(reason="First", lastTimestamp=stamp(50)),
            event(reason="Undated"),
        )
        assert [each.reason for each in seen] == ["Undated", "First", "Second"]


def test_unread_pods_are_a_gap(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> None:
    cluster = stub(lambda request: answer(request, 200, {"items": []}))
    parts, gaps = gathered(EventSource(), scene_of(cluster, "shop", Pods(side="stable", pods=())))
    assert [(part.side, part.events) for part in parts] == [("stable", ())]
    assert [(gap.side, gap.reason) for gap in gaps] == [
        ("canary", "the pods were not read, so their events are not known")
    ]


@pytest.mark.api
class TestRealServer:
    def _scene(
        self, cluster: Cluster, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> SourceContext:
        bare = scene_of(cluster, namespace.name)
        known = [part for source in (PodSource(), ReplicaSetSource()) for part in gathered(source, bare)[0]]
        return scene_of(cluster, namespace.name, *known, since=2 * YEAR)  # the times are the server's

    def test_the_schedulers_own_event(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        scene_of: SceneOf,
        gathered: Gathered,
        wait_until: Wait,
    ) -> None:
        namespace.pod("cart", CANARY, schedulerName="default-scheduler", nodeSelector={"disk": "none"})
        scene = self._scene(cluster, namespace, scene_of, gathered)
        wait_until(lambda: gathered(EventSource(), scene)[0][1].events)
        (stable, canary), gaps = gathered(EventSource(), scene)
        assert not gaps
        assert stable.events == ()
        (seen,) = canary.events
        assert (seen.object, seen.type, seen.reason) == ("Pod/cart", "Warning", "FailedScheduling")
        assert seen.last is not None

    def test_the_replicaset_controllers_own_events(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        scene_of: SceneOf,
        gathered: Gathered,
        wait_until: Wait,
    ) -> None:
        namespace.send(
            "POST",
            namespace.path("resourcequotas"),
            {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}},
        )
        wait_until(lambda: "status" in cluster.get(f"{namespace.path('resourcequotas')}/none"))
        namespace.replicaset("cart-1", CANARY, 1)
        scene = self._scene(cluster, namespace, scene_of, gathered)
        wait_until(lambda: gathered(EventSource(), scene)[0][1].events)
        (_, canary), _ = gathered(EventSource(), scene)
        assert {(each.object, each.type, each.reason) for each in canary.events} == {
            ("ReplicaSet/cart-1", "Warning", "FailedCreate")
        }
        assert all("exceeded quota" in each.message for each in canary.events)

    def test_what_may_not_be_listed_is_one_gap(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, gaps = gathered(EventSource(), scene_of(namespace.as_account(), namespace.name, *SIDES))
        assert not parts
        assert [(gap.source, gap.side, gap.reason) for gap in gaps] == [
            ("events", None, "these credentials may not list events")
        ]


@pytest.mark.slow
def test_events_of_others_are_let_go_as_they_are_read() -> None:
    """Beside the uid of each, which a list that starts over needs, and one page."""
    with patch("events.EVENTS", 20_000):
        most, ours = peak()
    assert ours == 20
    assert most < 5 * 1024**2, "with all of them it is 14 MiB"
