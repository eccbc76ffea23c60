"""Traffic: the weight that Argo reports, and the endpoints that the real controller makes of a Service."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.traffic import Endpoints, ServicePort, Traffic, TrafficSource
from analyzer.target.rollout import HASH_LABEL, Hashes

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
Wait = Callable[[Callable[[], object]], None]
Json = dict[str, Any]
Told = Callable[..., list[tuple[float, int]]]
STEPS = [
    {"setWeight": 20},
    {"pause": {}},
    {"setWeight": 60},
    {"analysis": {"templates": [{"templateName": "a"}]}},
]

NEW = {"currentPodHash": "new"}
STRATEGY = {"canary": {"canaryService": "cart-canary", "stableService": "cart-stable", "steps": STEPS}}


def of_rollout(scene: SourceContext) -> SourceContext:
    return replace(scene, target=msgspec.structs.replace(scene.target, rollout="cart"))


@pytest.fixture
def told(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> Callable[..., list[Traffic]]:
    """Both sides' parts, stable first, of a Rollout as the server tells it; endpoint slices by Service
    name.
    """

    def gather(
        strategy: Json,
        status: Json | None = None,
        slices: dict[str, list[Json]] | None = None,
        ports: dict[str, list[Json]] | None = None,
    ) -> list[Traffic]:
        def serve(request: Any) -> None:
            if "/services/" in request.path:
                name = request.path.rpartition("/")[2]
                answer(request, 200, {"spec": {"ports": (ports or {}).get(name)}})
                return
            if "endpointslices" not in request.path:
                answer(request, 200, {"spec": {"strategy": strategy}, "status": status or {}})
                return
            name = request.path.partition("service-name%3D")[2].partition("&")[0]
            answer(
                request,
                200,
                {"items": [{"endpoints": endpoints} for endpoints in [(slices or {}).get(name, [])]]},
            )

        parts, gaps = gathered(TrafficSource(), of_rollout(scene_of(stub(serve), "shop")))
        assert gaps == []
        return parts

    return gather


class TestHistory:
    """Since when the canary has its weight, in the controller's own words."""

    @pytest.fixture
    def history(
        self, stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf
    ) -> Callable[..., list[tuple[float, int]]]:
        """The canary's weights as (seconds before now, weight), of a window of ten minutes."""

        def gather(status: Json, *events: tuple[float, str, str], code: int = 200) -> list[tuple[float, int]]:
            def serve(request: Any) -> None:
                if "/events" in request.path:
                    assert "involvedObject.kind%3DRollout%2CinvolvedObject.name%3Dcart" in request.path
                    items = [
                        {"reason": reason, "message": message, "lastTimestamp": ago(seconds)}
                        for seconds, reason, message in events
                    ]
                    answer(request, code, {"items": items})
                else:
                    answer(
                        request, 200, {"spec": {"strategy": {"canary": {"steps": STEPS}}}, "status": status}
                    )

            scene = of_rollout(scene_of(stub(serve), "shop", since=600, seconds=2))
            stable, canary = TrafficSource().gather(scene)
            assert isinstance(stable, Traffic)
            assert isinstance(canary, Traffic)
            assert stable.weights == ()
            return [
                (round((scene.window.end - each.at).total_seconds() / 10) * 10, each.weight)
                for each in canary.weights
            ]

        return gather

    ROUTED: ClassVar[Json] = {"currentStepIndex": 3, "canary": {"weights": {"canary": {"weight": 60}}}}

    def test_every_change_and_what_was_before_the_first(self, history: Told) -> None:
        events = (
            (60, "TrafficWeightUpdated", "Traffic weight updated from 20 to 60"),
            (400, "TrafficWeightUpdated", "Traffic weight updated from 5 to 20"),
            (390, "RolloutStepCompleted", "Rollout step 1/4 completed (setWeight: 20)"),
            (300, "RolloutStepCompleted", "Rollout step 2/4 completed (pause: 1m)"),
            (20, "RolloutPaused", "Rollout is paused"),
        )
        assert history(self.ROUTED, *events) == [(600, 5), (400, 20), (60, 60)]

    def test_without_traffic_routing_the_steps_tell(self, history: Told) -> None:
        assert history(
            {"currentStepIndex": 3},
            (120, "RolloutStepCompleted", "Rollout step 3/4 completed (setWeight: 60)"),
        ) == [(120, 60)]

    @pytest.mark.parametrize("code", [200, 403])
    def test_a_pause_tells_since_when_at_the_latest(self, code: int, history: Told) -> None:
        paused = self.ROUTED | {"pauseConditions": [{"reason": "CanaryPauseStep", "startTime": ago(90)}]}
        assert history(paused, code=code) == [(90, 60)]

    def test_what_does_not_end_at_the_present_weight_tells_nothing(self, history: Told) -> None:
        assert history(self.ROUTED, (60, "TrafficWeightUpdated", "Traffic weight updated from 5 to 20")) == []
        assert history(self.ROUTED) == []
        assert (
            history(self.ROUTED, (60, "TrafficWeightUpdated", "Traffic weight updated from 5 to 600")) == []
        )


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_without_a_rollout_there_is_nothing_to_look_at(
    stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered
) -> None:
    asked: list[str] = []
    cluster = stub(lambda request: asked.append(request.path))
    assert gathered(TrafficSource(), scene_of(cluster, "shop")) == ([], [])
    assert asked == []


class TestWeight:
    def test_the_controllers_own_word_counts(self, told: Callable[..., list[Traffic]]) -> None:
        status = {
            "currentStepIndex": 1,
            "canary": {"weights": {"canary": {"weight": 5}, "stable": {"weight": 95}}},
        }
        stable, canary = told({"canary": {"steps": STEPS}}, status)
        assert (stable.weight, canary.weight, canary.step, canary.steps) == (95, 5, 1, 4)

    @pytest.mark.parametrize(("step", "weight"), [(0, 20), (1, 20), (3, 60), (4, 100), (None, None)])
    def test_without_it_the_steps_tell(
        self, step: int | None, weight: int | None, told: Callable[..., list[Traffic]]
    ) -> None:
        _, canary = told({"canary": {"steps": STEPS}}, {"currentStepIndex": step} if step is not None else {})
        assert canary.weight == weight

    def test_one_that_was_aborted_is_at_no_step_although_its_status_says_the_first(
        self, told: Callable[..., list[Traffic]]
    ) -> None:
        stable, canary = told({"canary": {"steps": STEPS}}, {"abort": True, "currentStepIndex": 0})
        assert (stable.weight, canary.weight) == (100, 0)

    def test_before_the_first_weight_there_is_none(self, told: Callable[..., list[Traffic]]) -> None:
        stable, canary = told(
            {"canary": {"steps": [{"setCanaryScale": {"replicas": 1}}, *STEPS]}}, {"currentStepIndex": 0}
        )
        assert (stable.weight, canary.weight) == (100, 0)

    def test_blue_green_has_no_weight(self, told: Callable[..., list[Traffic]]) -> None:
        for part in told({"blueGreen": {"activeService": "a"}}):
            assert (part.strategy, part.weight) == ("blueGreen", None)


class TestServices:
    @pytest.mark.parametrize(
        ("strategy", "status", "names"),
        [
            ({"canary": {"canaryService": "c", "stableService": "s"}}, {}, ["s", "c"]),
            ({"blueGreen": {"activeService": "a", "previewService": "p"}}, {}, ["a", "p"]),
            ({"blueGreen": {"activeService": "a"}}, {}, ["a", ""]),
            (
                {"blueGreen": {"activeService": "a", "previewService": "p"}},
                {**NEW, "blueGreen": {"activeSelector": "old"}},
                ["a", "p"],
            ),
            (
                {"blueGreen": {"activeService": "a", "previewService": "p"}},
                {**NEW, "blueGreen": {"activeSelector": "new"}},
                ["", "a"],
            ),
            ({"canary": {}}, {}, ["", ""]),
            (
                {"canary": {"pingPong": {"pingService": "pi", "pongService": "po"}}},
                {"canary": {"stablePingPong": "ping"}},
                ["pi", "po"],
            ),
            (
                {"canary": {"pingPong": {"pingService": "pi", "pongService": "po"}}},
                {"canary": {"stablePingPong": "pong"}},
                ["po", "pi"],
            ),
        ],
    )
    def test_each_side_has_its_own(
        self, strategy: Json, status: Json, names: list[str], told: Callable[..., list[Traffic]]
    ) -> None:
        parts = told(strategy, status)
        assert [part.service for part in parts] == names
        assert [part.endpoints is None for part in parts] == [not name for name in names]

    def test_an_experiments_pods_have_none_of_the_rollouts(
        self, stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
    ) -> None:
        cluster = stub(
            lambda request: answer(
                request, 200, {"spec": {"strategy": STRATEGY}, "status": {"currentStepIndex": 0}}
            )
        )
        scene = of_rollout(scene_of(cluster, "shop"))
        hashes = Hashes(stable="stable", canary="bbb")  # the canary side is a template of an Experiment
        parts, gaps = gathered(
            TrafficSource(), replace(scene, target=msgspec.structs.replace(scene.target, hashes=hashes))
        )
        assert [part.side for part in parts] == ["stable"]
        assert gaps == []

    def test_an_address_is_ready_unless_it_says_not(self, told: Callable[..., list[Traffic]]) -> None:
        slices = [
            {"addresses": ["10.0.0.1"], "conditions": {}, "targetRef": {"kind": "Pod", "name": "new-1"}},
            {
                "addresses": ["10.0.0.2"],
                "conditions": {"ready": False},
                "targetRef": {"kind": "Pod", "name": "new-2"},
            },
            {"addresses": ["10.0.0.3"]},
        ]
        _, canary = told({"canary": {"canaryService": "c"}}, slices={"c": slices})
        assert canary.endpoints == Endpoints(ready=("10.0.0.3", "new-1"), unready=("new-2",))


class TestPorts:
    def test_numbers_names_and_protocols(self, told: Callable[..., list[Traffic]]) -> None:
        ports = [
            {"name": "web", "port": 80, "targetPort": "http", "protocol": "TCP"},
            {"name": "dns", "port": 53, "targetPort": 5353, "protocol": "UDP"},
            {"port": 9100},
        ]
        stable, canary = told({"canary": {"canaryService": "c"}}, ports={"c": ports})
        assert canary.ports == (
            ServicePort(name="web", port=80, target="http"),
            ServicePort(name="dns", port=53, target="5353", protocol="UDP"),
            ServicePort(port=9100, target="9100"),
        )
        assert stable.ports is None  # the Rollout names no Service of its own for it

    def test_a_service_without_ports_has_none(self, told: Callable[..., list[Traffic]]) -> None:
        _, canary = told({"canary": {"canaryService": "c"}})
        assert canary.ports == ()

    @pytest.mark.parametrize("code", [403, 404])
    def test_a_service_that_cannot_be_read_is_a_minor_gap(
        self,
        code: int,
        stub: Callable[..., Cluster],
        answer: Callable[..., None],
        scene_of: SceneOf,
        gathered: Gathered,
    ) -> None:
        def serve(request: Any) -> None:
            if "/services/" in request.path:
                answer(request, code, {"kind": "Status", "code": code, "message": "no"})
            elif "endpointslices" in request.path:
                answer(request, 200, {"items": [{"endpoints": [{"addresses": ["10.0.0.3"]}]}]})
            else:
                answer(request, 200, {"spec": {"strategy": STRATEGY}, "status": {}})

        parts, (gap,) = gathered(TrafficSource(), of_rollout(scene_of(stub(serve), "shop")))
        assert [(part.ports, part.endpoints) for part in parts] == [
            (None, Endpoints(ready=("10.0.0.3",)))
        ] * 2
        assert (gap.source, gap.side, gap.minor) == ("traffic", None, True)


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestOnTheRealServer:
    def rollout(self, namespace: "Namespace", **status: Any) -> None:
        template = {
            "metadata": {"labels": {"app": "cart"}},
            "spec": {"containers": [{"name": "app", "image": "app:1"}]},
        }
        spec = {"selector": {"matchLabels": {"app": "cart"}}, "template": template, "strategy": STRATEGY}
        namespace.rollout("cart", stable="stable", canary="canary", spec=spec)
        namespace.report("rollouts", "cart", status, "/apis/argoproj.io/v1alpha1")

    @pytest.fixture
    def node(self, namespace: "Namespace") -> Iterator[str]:
        """One that nobody runs: its pods keep the status they are told to have. Without it they are no
        endpoints.
        """
        name = f"node-of-{namespace.name}"
        namespace.send("POST", "/api/v1/nodes", {"metadata": {"name": name}})
        yield name
        namespace.send("DELETE", f"/api/v1/nodes/{name}", {})

    def test_the_endpoints_of_ready_pods(
        self, namespace: "Namespace", node: str, scene_of: SceneOf, gathered: Gathered, wait_until: Wait
    ) -> None:
        weights = {"canary": {"weight": 20, "serviceName": "cart-canary"}, "stable": {"weight": 80}}
        self.rollout(namespace, currentStepIndex=1, canary={"weights": weights})
        for role in ("stable", "canary"):
            spec = {"selector": {HASH_LABEL: role}, "ports": [{"port": 80, "targetPort": "http"}]}
            namespace.send(
                "POST", namespace.path("services"), {"metadata": {"name": f"cart-{role}"}, "spec": spec}
            )
        for name, ready, ip in (("new-1", "True", "10.9.0.1"), ("new-2", "False", "10.9.0.2")):
            conditions = [{"type": "Ready", "status": ready}]
            status = {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "conditions": conditions}
            namespace.pod(name, {HASH_LABEL: "canary"}, status=status, nodeName=node)

        def look() -> list[Any]:
            parts, gaps = gathered(TrafficSource(), of_rollout(scene_of(namespace.admin, namespace.name)))
            assert gaps == []
            return parts

        wait_until(lambda: look()[1].endpoints == Endpoints(ready=("new-1",), unready=("new-2",)))
        stable, canary = look()
        assert (stable.service, stable.weight, stable.endpoints) == ("cart-stable", 80, Endpoints())
        assert (canary.service, canary.weight, canary.step, canary.steps) == ("cart-canary", 20, 1, 4)
        assert canary.ports == (ServicePort(port=80, target="http"),)

    def test_denied_endpoints_are_a_gap_and_the_weight_is_told(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        self.rollout(namespace, currentStepIndex=0)
        account = namespace.as_account(
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get"]}
        )
        parts, gaps = gathered(TrafficSource(), of_rollout(scene_of(account, namespace.name)))
        assert [(part.weight, part.endpoints) for part in parts] == [(80, None), (20, None)]
        gap, ports = gaps
        assert (ports.minor, ports.reason) == (True, "these credentials may not get services")
        assert (gap.source, gap.side, gap.reason) == (
            "traffic",
            None,
            "these credentials may not list endpointslices",
        )
        assert not gap.minor
        assert 'apiGroups: ["discovery.k8s.io"]' in gap.advice

    def test_a_denied_rollout_is_one_gap(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, (gap,) = gathered(
            TrafficSource(), of_rollout(scene_of(namespace.as_account(), namespace.name))
        )
        assert not parts
        assert (gap.side, gap.reason) == (None, "these credentials may not get rollouts")
