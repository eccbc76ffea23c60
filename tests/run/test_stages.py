"""Watching: pods that change while we look, on the real API server, and looks that fail."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.errors import UsageError
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pods, PodSource
from analyzer.run.stages import Watch, check_time, observe, run_stage
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]


def status(*, ready: bool, since: str, restarts: int = 0) -> dict[str, Any]:
    app = {
        "name": "app",
        "image": "app:1",
        "imageID": "",
        "ready": ready,
        "restartCount": restarts,
        "state": {"running": {}},
    }
    condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": f"2026-01-01T00:00:{since}Z"}
    return {"phase": "Running", "conditions": [condition], "containerStatuses": [app]}


class Meddling(Watch):
    """A watch during which, after each look, something happens."""

    def __init__(self, *happenings: Callable[[], object]) -> None:
        super().__init__()
        self._happenings = list(happenings)

    def add_look(self, scene: SourceContext) -> None:
        super().add_look(scene)
        if self._happenings:
            self._happenings.pop(0)()


def watched(scene: SourceContext, watch: Watch) -> tuple[dict[Any, Observed], list[Gap]]:
    """What was observed of each side, once the stages' own look is added."""
    end = observe(scene, 1.0, watch)
    assert end.window.end > scene.window.end
    seen = [part for part in run_stage([PodSource()], end) if isinstance(part, Pods)]
    parts = watch.finish(replace(end, parts=tuple(seen)))
    assert [part.side for part in parts if isinstance(part, Pods)] == [part.side for part in seen], (
        "the pods stay beside it"
    )
    return {part.side: part for part in parts if isinstance(part, Observed)}, list(watch.gaps())


@pytest.mark.api
class TestRealServer:
    def test_a_pod_that_restarts_and_one_that_goes_and_comes_back(
        self, namespace: "Namespace", scene_of: SceneOf
    ) -> None:
        namespace.pod("stable-0", {HASH_LABEL: "stable"}, status=status(ready=True, since="00"))
        namespace.pod("canary-0", {HASH_LABEL: "canary"}, status=status(ready=True, since="00"))
        watch = Meddling(
            lambda: namespace.report("pods", "canary-0", status(ready=False, since="01")),
            lambda: namespace.report("pods", "canary-0", status(ready=True, since="02", restarts=1)),
        )
        observed, gaps = watched(scene_of(namespace.admin, namespace.name), watch)
        assert not [gap for gap in gaps if not gap.minor]
        (canary,), (stable,) = observed["canary"].pods, observed["stable"].pods
        assert (canary.changed, canary.restarted, canary.ready) == (2, 1, True)
        assert (stable.changed, stable.restarted) == (0, 0)
        assert min(look.ready for look in observed["canary"].looks) == 0
        times = [look.at for look in observed["canary"].looks]
        assert times == sorted(set(times))
        assert len(times) >= 3

    def test_looks_that_fail_are_a_gap(self, namespace: "Namespace", scene_of: SceneOf) -> None:
        account = namespace.as_account({"apiGroups": [""], "resources": ["events"], "verbs": ["list"]})
        observed, gaps = watched(scene_of(account, namespace.name), Watch())
        assert not observed
        assert {(gap.source, gap.side, gap.minor) for gap in gaps} == {
            ("observed", "stable", False),
            ("observed", "canary", False),
        }
        assert "the last one: these credentials may not list pods" in gaps[0].reason


def test_watching_may_take_half_of_the_time() -> None:
    check_time("--observe", 150, 300)
    with pytest.raises(UsageError, match="--observe 151s is more than half of --deadline 300s") as caught:
        check_time("--observe", 151, 300)
    assert "--deadline" in caught.value.advice
