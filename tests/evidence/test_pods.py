"""Pods as the real API server hands them on, in each state that a kubelet reports."""

from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest

from analyzer import cluster as cluster_module
from analyzer.cluster import Cluster
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.pods import Pod, PodSource, startup_seconds
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
CANARY = {HASH_LABEL: "canary"}
AT = "2026-11-21T07:00:00Z"


@pytest.fixture
def look(
    cluster: Cluster, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
) -> Callable[[], Pod]:
    """The canary's only pod."""

    def only() -> Pod:
        (_, canary), gaps = gathered(PodSource(), scene_of(cluster, namespace.name))
        assert not gaps
        (pod,) = canary.pods
        assert isinstance(pod, Pod)
        return pod

    return only


def status(name: str = "app", **told: Any) -> dict[str, Any]:
    return {"name": name, "image": "app:1", "imageID": "", "ready": False, "restartCount": 0, **told}


@pytest.mark.api
class TestStates:
    def test_a_crash_loop(self, namespace: "Namespace", look: Callable[[], Pod]) -> None:
        crash = {
            "exitCode": 1,
            "reason": "Error",
            "message": "password=hunter2",
            "startedAt": AT,
            "finishedAt": AT,
            "containerID": "c://1",
        }
        waiting = {
            "waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}
        }
        told = status(
            restartCount=4, state=waiting, lastState={"terminated": crash}, imageID="app@sha256:abc"
        )
        namespace.pod(
            "cart", CANARY, status={"phase": "Running", "startTime": AT, "containerStatuses": [told]}
        )
        pod = look()
        (app,) = pod.containers
        assert (pod.phase, pod.started_at) == ("Running", datetime(2026, 11, 21, 7, tzinfo=UTC))
        assert (app.type, app.image, app.image_id, app.restarts, app.ready) == (
            "main",
            "app:1",
            "app@sha256:abc",
            4,
            False,
        )
        assert (app.state.kind, app.state.reason) == ("waiting", "CrashLoopBackOff")
        assert app.last_state is not None
        assert (app.last_state.kind, app.last_state.exit_code) == ("terminated", 1)
        assert app.last_state.finished_at == datetime(2026, 11, 21, 7, tzinfo=UTC)
        assert app.last_state.message == "password=[masked]"

    def test_an_oom_kill(self, namespace: "Namespace", look: Callable[[], Pod]) -> None:
        killed = {"terminated": {"exitCode": 137, "signal": 9, "reason": "OOMKilled"}}
        namespace.pod(
            "cart",
            CANARY,
            status={"containerStatuses": [status(restartCount=1, state={"running": {}}, lastState=killed)]},
        )
        (app,) = look().containers
        assert app.state.kind == "running"
        assert app.last_state is not None
        assert (app.last_state.reason, app.last_state.exit_code, app.last_state.signal) == (
            "OOMKilled",
            137,
            9,
        )

    def test_an_image_that_cannot_be_pulled(self, namespace: "Namespace", look: Callable[[], Pod]) -> None:
        waiting = {"waiting": {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "app:1"'}}
        namespace.pod(
            "cart", CANARY, status={"phase": "Pending", "containerStatuses": [status(state=waiting)]}
        )
        (app,) = look().containers
        assert (app.state.reason, app.state.message, app.last_state) == (
            "ImagePullBackOff",
            'Back-off pulling image "app:1"',
            None,
        )

    def test_init_and_sidecar_containers_are_told_apart(
        self, namespace: "Namespace", look: Callable[[], Pod]
    ) -> None:
        inits = [
            {"name": "setup", "image": "setup:1"},
            {"name": "mesh", "image": "mesh:1", "restartPolicy": "Always"},
        ]
        failed = status("setup", state={"terminated": {"exitCode": 2}})
        namespace.pod(
            "cart",
            CANARY,
            initContainers=inits,
            status={"initContainerStatuses": [failed, status("mesh", ready=True)]},
        )
        setup, mesh, app = look().containers
        assert [(each.name, each.type) for each in (setup, mesh, app)] == [
            ("setup", "init"),
            ("mesh", "sidecar"),
            ("app", "main"),
        ]
        assert (setup.state.exit_code, mesh.ready) == (2, True)

    def test_a_pod_nobody_has_reported_on(self, namespace: "Namespace", look: Callable[[], Pod]) -> None:
        namespace.pod("cart", CANARY)
        pod = look()
        assert (pod.phase, pod.owner, pod.node, pod.started_at) == ("Pending", "", "", None)
        assert [each.state.kind for each in pod.containers] == ["unknown"]

    def test_a_pod_that_was_evicted(self, namespace: "Namespace", look: Callable[[], Pod]) -> None:
        namespace.pod(
            "cart", CANARY, status={"phase": "Failed", "reason": "Evicted", "message": "low on memory"}
        )
        pod = look()
        assert (pod.phase, pod.reason, pod.message) == ("Failed", "Evicted", "low on memory")

    def test_a_pod_that_fits_no_node(
        self,
        namespace: "Namespace",
        look: Callable[[], Pod],
        wait_until: Callable[[Callable[[], object]], None],
    ) -> None:
        namespace.pod("cart", CANARY, schedulerName="default-scheduler", nodeSelector={"disk": "none"})
        wait_until(lambda: look().conditions)
        (condition,) = look().conditions
        assert (condition.type, condition.status, condition.reason) == (
            "PodScheduled",
            "False",
            "Unschedulable",
        )
        assert condition.since is not None

    def test_a_pod_that_is_being_deleted(
        self, namespace: "Namespace", look: Callable[[], Pod], simulated_node: str
    ) -> None:
        body = {"metadata": {"name": "cart", "labels": CANARY, "finalizers": ["example.com/kept"]}}
        spec = {"schedulerName": "none", "containers": [{"name": "app", "image": "app:1"}]}
        namespace.send("POST", namespace.path("pods"), body | {"spec": spec})
        namespace.send("DELETE", f"{namespace.path('pods')}/cart", {})
        assert look().deleted_at is not None
        namespace.send(
            "PATCH",
            f"{namespace.path('pods')}/cart",
            {"metadata": {"finalizers": None}},
            "application/merge-patch+json",
        )


@pytest.mark.api
class TestLists:
    def test_each_side_has_its_own_pods_by_name(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        scene_of: SceneOf,
        gathered: Gathered,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(cluster_module, "PAGE_SIZE", 2)
        for number in (3, 1, 4, 2, 5):
            namespace.pod(f"new-{number}", CANARY)
        namespace.pod("old", {HASH_LABEL: "stable"})
        namespace.pod("other", {"app": "other"})
        (stable, canary), gaps = gathered(PodSource(), scene_of(cluster, namespace.name))
        assert not gaps
        assert (stable.side, [pod.name for pod in stable.pods]) == ("stable", ["old"])
        assert (canary.side, [pod.name for pod in canary.pods]) == (
            "canary",
            [f"new-{number}" for number in range(1, 6)],
        )
        assert {pod.hash for pod in canary.pods} == {"canary"}

    def test_the_owner_is_the_controller(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        scene_of: SceneOf,
        gathered: Gathered,
        wait_until: Callable[[Callable[[], object]], None],
    ) -> None:
        namespace.replicaset("cart-1", CANARY, 2)
        wait_until(lambda: len(gathered(PodSource(), scene_of(cluster, namespace.name))[0][1].pods) == 2)
        (_, canary), _ = gathered(PodSource(), scene_of(cluster, namespace.name))
        assert {pod.owner for pod in canary.pods} == {"ReplicaSet/cart-1"}

    def test_no_pods_is_a_fact(
        self, namespace: "Namespace", cluster: Cluster, scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, gaps = gathered(PodSource(), scene_of(cluster, namespace.name))
        assert [part.pods for part in parts] == [(), ()]
        assert not gaps

    def test_no_pod_list_is_a_gap_of_each_side(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, gaps = gathered(PodSource(), scene_of(namespace.as_account(), namespace.name))
        assert not parts
        assert [(gap.source, gap.side, gap.reason) for gap in gaps] == [
            ("pods", "stable", "these credentials may not list pods"),
            ("pods", "canary", "these credentials may not list pods"),
        ]
        assert 'resources: ["pods"], verbs: ["list"]' in gaps[0].advice


def test_fields_may_be_absent(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> None:
    def bare(request: BaseHTTPRequestHandler) -> None:
        answer(request, 200, {"items": [{"metadata": {"name": "bare"}}]})

    scene = scene_of(stub(bare), "shop")
    (_, canary), gaps = gathered(PodSource(), scene)
    (pod,) = canary.pods
    assert not gaps
    assert (pod.phase, pod.containers, pod.conditions) == ("Unknown", (), ())
    assert pod.created_at == scene.window.end, "as young as can be: never old enough to tell"


@pytest.mark.parametrize(
    ("container", "seconds"),
    [
        ({}, 0.0),
        ({"readinessProbe": {"initialDelaySeconds": 5}}, 35.0),
        (
            {
                "startupProbe": {"failureThreshold": 30, "periodSeconds": 2},
                "readinessProbe": {"initialDelaySeconds": 600},
            },
            60.0,
        ),
        ({"livenessProbe": {"initialDelaySeconds": 5}}, 0.0),
    ],
)
def test_a_container_may_take_as_long_as_its_probes_allow(container: dict[str, Any], seconds: float) -> None:
    assert startup_seconds(container) == seconds
