"""Context: the logs of pods that both sides share, in a part of their own, and no more than a minor gap when
they cannot be read.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.errors import UsageError
from analyzer.evidence.context import PODS, ContextLogs, ContextSource, check_selectors, parse_selector
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.logs import PodSample
from analyzer.evidence.pods import Pod, Pods

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("given", "name", "selector"),
    [
        ("gateway=app=istio-gateway", "gateway", "app=istio-gateway"),
        ("db=app in (postgres, pgbouncer),tier!=test", "db", "app in (postgres, pgbouncer),tier!=test"),
    ],
)
def test_a_name_and_a_selector(given: str, name: str, selector: str) -> None:
    assert parse_selector(given) == (name, selector)


@pytest.mark.parametrize(
    "given", ["gateway", "gateway=", "=app=gateway", "Gate Way=app=gateway", "gateway=a in (", "gateway= "]
)
def test_anything_else_is_a_usage_error_that_shows_how(given: str) -> None:
    with pytest.raises(UsageError, match="is not NAME=SELECTOR") as caught:
        check_selectors([given])
    assert "gateway=app=" in caught.value.advice


def test_a_name_given_twice_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'db' twice"):
        check_selectors(["db=app=a", "gateway=app=b", "db=app=c"])


def looking(scene: SourceContext, *selectors: str) -> SourceContext:
    return replace(scene, look=msgspec.structs.replace(scene.look, shared_pods=selectors))


@pytest.mark.api
class TestRealServer:
    @pytest.fixture
    def gateway(self, namespace: "Namespace", simulated_node: str) -> None:
        """Two gateways that log, one of them labelled as the canary is."""
        for number, labels in ((30, {"app": "gateway"}), (31, {"app": "gateway", "track": "canary"})):
            namespace.pod(f"logged-{number}", labels, nodeName=simulated_node)
            stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
            namespace.server.write_log(
                f"logged-{number}", f"{stamp} stdout F upstream {number} with hunter2 refused\n".encode()
            )

    @pytest.mark.usefixtures("gateway")
    def test_a_part_of_its_own_less_the_pods_of_a_side(
        self, namespace: "Namespace", cluster: Cluster, scene_of: SceneOf, gathered: Gathered
    ) -> None:
        canary = Pods(side="canary", pods=(Pod(name="logged-31", owner="", phase="Running", created_at=NOW),))
        scene = looking(
            scene_of(cluster, namespace.name, Pods(side="stable", pods=()), canary), "gateway=app=gateway"
        )
        (part,), gaps = gathered(ContextSource(), scene)
        assert not gaps
        assert isinstance(part, ContextLogs)
        assert (part.side, part.name, part.pods, part.sample) == (None, "gateway", 1, None)
        (group,) = part.containers[0].digest.groups
        assert group.count == 1
        assert group.sample == "upstream 30 with [masked] refused"

    def test_no_pods_are_a_minor_gap(
        self, namespace: "Namespace", cluster: Cluster, scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, (gap,) = gathered(
            ContextSource(), looking(scene_of(cluster, namespace.name), "gateway=app=gateway")
        )
        assert not parts
        assert gap.minor
        assert gap.reason.startswith("gateway: no pods match app=gateway")

    def test_denied_is_a_minor_gap_and_the_next_one_is_read(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        account = namespace.as_account({"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]})
        _, gaps = gathered(
            ContextSource(), looking(scene_of(account, namespace.name), "gateway=app=gateway", "db=app=db")
        )
        assert [(gap.minor, gap.reason) for gap in gaps] == [
            (True, "these credentials may not list pods")
        ] * 2


def test_many_pods_are_sampled(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> None:
    names = [f"gateway-{number}" for number in range(3 * PODS)]
    items = [{"metadata": {"name": name}, "spec": {"containers": [{"name": "proxy"}]}} for name in names]

    def serve(request: Any) -> None:
        answer(request, 200, b"2026-11-21T07:00:00Z fine\n" if "/log?" in request.path else {"items": items})

    (part,), gaps = gathered(ContextSource(), looking(scene_of(stub(serve), "shop"), "gateway=app=gateway"))
    assert not gaps
    assert part.sample == PodSample(pods=PODS, of=3 * PODS)
    assert part.containers[0].digest.lines == PODS


def test_nothing_is_asked_where_nothing_was_named(
    stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered
) -> None:
    def serve(request: Any) -> None:
        pytest.fail("it was asked")

    assert gathered(ContextSource(), scene_of(stub(serve), "shop")) == ([], [])
