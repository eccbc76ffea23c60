"""ReplicaSets as the real controller reports them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cluster import Cluster
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSetSource
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = pytest.mark.api
SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
CANARY = {HASH_LABEL: "canary"}


@pytest.fixture
def look(
    cluster: Cluster, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
) -> Callable[[], ReplicaSet]:
    def only() -> ReplicaSet:
        (_, canary), gaps = gathered(ReplicaSetSource(), scene_of(cluster, namespace.name))
        assert not gaps
        (replicaset,) = canary.replicasets
        assert isinstance(replicaset, ReplicaSet)
        return replicaset

    return only


def test_counts_are_the_controllers(
    namespace: "Namespace", look: Callable[[], ReplicaSet], wait_until: Callable[[Callable[[], object]], None]
) -> None:
    namespace.replicaset("cart-1", CANARY, 2)
    wait_until(lambda: look().current == 2)
    seen = look()
    assert (seen.name, seen.hash, seen.desired, seen.ready, seen.available) == ("cart-1", "canary", 2, 0, 0)


def test_pods_that_a_quota_forbids(
    namespace: "Namespace", look: Callable[[], ReplicaSet], wait_until: Callable[[Callable[[], object]], None]
) -> None:
    namespace.send(
        "POST",
        namespace.path("resourcequotas"),
        {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}},
    )
    wait_until(lambda: "status" in namespace.admin.get(f"{namespace.path('resourcequotas')}/none"))
    namespace.replicaset("cart-1", CANARY, 2)
    wait_until(lambda: look().conditions)
    (condition,) = look().conditions
    assert (condition.type, condition.status, condition.reason) == ("ReplicaFailure", "True", "FailedCreate")
    assert "exceeded quota: none" in condition.message
    assert (look().desired, look().current) == (2, 0)


def test_what_may_not_be_listed_is_a_gap(
    namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
) -> None:
    parts, gaps = gathered(ReplicaSetSource(), scene_of(namespace.as_account(), namespace.name))
    assert not parts
    assert {(gap.source, gap.reason) for gap in gaps} == {
        ("replicasets", "these credentials may not list replicasets")
    }
    assert 'apiGroups: ["apps"]' in gaps[0].advice
