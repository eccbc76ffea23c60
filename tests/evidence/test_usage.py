"""Usage: the metrics API as a CRD serves it, with real RBAC."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cluster.errors import MissingResource
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.usage import ContainerUsage, UsageSample, UsageSource, join_usage
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import ApiServer, Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
AT = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
GROUP = "/apis/metrics.k8s.io/v1beta1"
FREE = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "name": "pods.metrics.k8s.io",
        "annotations": {"api-approved.kubernetes.io": "unapproved, test only"},
    },
    "spec": {
        "group": "metrics.k8s.io",
        "scope": "Namespaced",
        "names": {"plural": "pods", "kind": "PodMetrics"},
        "versions": [
            {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": FREE}}
        ],
    },
}


def sample(seconds: float, memory: int = 100) -> UsageSample:
    return UsageSample(at=AT + timedelta(seconds=seconds), cpu=0.5, memory=memory)


def test_many_looks_are_one_series() -> None:
    """The API repeats its last figures until it has new ones."""
    looks = [
        ContainerUsage(pod="a", container="app", samples=(sample(at, memory),))
        for at, memory in ((15, 2), (0, 1), (15, 2))
    ]
    (only,) = join_usage("canary", looks).containers
    assert [each.memory for each in only.samples] == [1, 2]


def test_streams_of_two_pods_stay_apart() -> None:
    looks = [ContainerUsage(pod=pod, container="app", samples=(sample(0),)) for pod in ("b", "a")]
    assert [each.pod for each in join_usage("canary", looks).containers] == ["a", "b"]


@pytest.mark.api
def test_a_cluster_without_it_is_one_minor_gap(
    namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
) -> None:
    namespace.server.run("delete", "crd", "pods.metrics.k8s.io", "--ignore-not-found", "--wait")
    parts, (gap,) = gathered(UsageSource(), scene_of(namespace.admin, namespace.name))
    assert not parts
    assert (gap.side, gap.minor, gap.reason) == (
        None,
        True,
        "this cluster serves no metrics API (metrics.k8s.io)",
    )
    assert "metrics-server" in gap.advice


@pytest.fixture(scope="class")
def metrics_api(api_server: "ApiServer") -> Iterator[None]:
    path = api_server.logs.parent / "metrics-crd.json"
    path.write_text(json.dumps(CRD))
    api_server.run("apply", "-f", str(path))
    for condition in ("jsonpath={.status.acceptedNames.plural}=pods", "condition=Established"):
        api_server.run("wait", f"--for={condition}", "crd/pods.metrics.k8s.io", "--timeout=30s")
    yield
    api_server.run("delete", "crd", "pods.metrics.k8s.io", "--wait")


@pytest.mark.api
@pytest.mark.usefixtures("metrics_api")
class TestServed:
    @pytest.fixture
    def metrics(
        self, namespace: "Namespace", wait_until: Callable[[Callable[[], object]], None]
    ) -> Callable[..., None]:
        def listed() -> bool:
            try:
                return "items" in namespace.admin.get(namespace.path("pods", GROUP))
            except MissingResource:
                return False

        wait_until(listed)

        def write(name: str, role: str, **used: str) -> None:
            body = {
                "apiVersion": "metrics.k8s.io/v1beta1",
                "kind": "PodMetrics",
                "metadata": {"name": name, "labels": {HASH_LABEL: role}},
                "timestamp": "2026-11-03T12:00:00Z",
                "window": "15s",
                "containers": [{"name": "app", "usage": used}],
            }
            namespace.send("POST", namespace.path("pods", GROUP), body)

        return write

    def test_each_side_by_its_own_pods(
        self, namespace: "Namespace", metrics: Callable[..., None], scene_of: SceneOf, gathered: Gathered
    ) -> None:
        metrics("old", "stable", cpu="125m", memory="100Ki")
        metrics("new", "canary", cpu="1500000000n", memory="128974848")
        (stable, canary), gaps = gathered(UsageSource(), scene_of(namespace.admin, namespace.name))
        assert gaps == []
        (old,), (new,) = stable.containers, canary.containers
        assert (old.pod, old.container, old.samples) == (
            "old",
            "app",
            (UsageSample(at=AT, cpu=0.125, memory=102400),),
        )
        assert new.samples == (UsageSample(at=AT, cpu=1.5, memory=128974848),)

    def test_pods_without_figures_are_a_gap(
        self, namespace: "Namespace", metrics: Callable[..., None], scene_of: SceneOf, gathered: Gathered
    ) -> None:
        metrics("old", "stable", cpu="1", memory="1Gi")
        pod = Pod(name="new", owner="", phase="Running", created_at=AT)
        scene = scene_of(namespace.admin, namespace.name, Pods(side="canary", pods=(pod,)))
        parts, (gap,) = gathered(UsageSource(), scene)
        assert [part.side for part in parts] == ["stable"]
        assert (gap.side, gap.reason, gap.minor) == (
            "canary",
            "the metrics API has no figures of these pods",
            True,
        )

    def test_a_side_without_pods_uses_nothing(
        self, namespace: "Namespace", metrics: Callable[..., None], scene_of: SceneOf, gathered: Gathered
    ) -> None:
        metrics("old", "stable", cpu="1", memory="1Gi")
        scene = scene_of(namespace.admin, namespace.name)
        parts, gaps = gathered(UsageSource(), replace(scene, parts=(Pods(side="canary", pods=()),)))
        assert gaps == []
        assert [(part.side, len(part.containers)) for part in parts] == [("stable", 1), ("canary", 0)]

    @pytest.mark.usefixtures("metrics")
    def test_denied_it_is_one_gap_with_the_rule_to_grant(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        pods_alone = namespace.as_account({"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]})
        parts, (gap,) = gathered(UsageSource(), scene_of(pods_alone, namespace.name))
        assert not parts
        assert (gap.side, gap.minor, gap.reason) == (
            None,
            True,
            "the metrics API: these credentials may not list pods",
        )
        assert '{apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["list"]}' in gap.advice
