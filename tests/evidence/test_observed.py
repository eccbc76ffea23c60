"""What changed while we watched: seen even where it happened between two looks."""

from datetime import UTC, datetime, timedelta

from analyzer.evidence.observed import Observed, add_observation
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.evidence.usage import ContainerUsage, Usage, UsageSample, add_usage

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def pod(name: str = "cart-1", *, ready: bool = True, since: float = -60, restarts: int = 0) -> Pod:
    """Ready, or not, `since` so many seconds after the first look."""
    app = Container(name="app", type="main", image="app:1", restarts=restarts, state=State(kind="running"))
    condition = Condition(type="Ready", status=str(ready), since=NOW + timedelta(seconds=since))
    return Pod(
        name=name, owner="", phase="Running", created_at=NOW, conditions=(condition,), containers=(app,)
    )


def watched(*looks: tuple[Pod, ...]) -> Observed:
    """One look every five seconds."""
    whole: Observed | None = None
    for number, pods in enumerate(looks):
        whole = add_observation(whole, Pods(side="canary", pods=pods), NOW + timedelta(seconds=5 * number))
    assert whole is not None
    return whole


def test_a_quiet_side() -> None:
    seen = watched((pod(restarts=3),), (pod(restarts=3),))
    assert [(look.pods, look.ready, look.restarts) for look in seen.looks] == [(1, 1, 3), (1, 1, 3)]
    assert (seen.pods[0].changed, seen.pods[0].restarted) == (0, 0), (
        "what happened before the first look is not the window's"
    )
    assert seen.summary() == "2 looks in 5 s, pods 1, Ready 1, 0 restarts"


def test_a_restart() -> None:
    seen = watched((pod(restarts=3),), (pod(restarts=4),), (pod(restarts=6),))
    assert seen.pods[0].restarted == 3
    assert "3 restarts" in seen.summary()


def test_a_pod_that_went_and_came_back() -> None:
    seen = watched((pod(),), (pod(ready=False, since=4),), (pod(since=9),))
    assert (seen.pods[0].changed, seen.pods[0].changed_at) == (2, NOW + timedelta(seconds=10))
    assert "Ready 1, 0, 1" in seen.summary()
    assert "readiness changed 2 times on 1 pod" in seen.summary()


def test_a_pod_that_went_and_came_back_between_two_looks() -> None:
    seen = watched((pod(),), (pod(since=3),))
    assert [look.ready for look in seen.looks] == [1, 1]
    assert seen.pods[0].changed == 2


def test_a_pod_that_becomes_ready_changed_once() -> None:
    assert watched((pod(ready=False),), (pod(since=4),), (pod(since=4),)).pods[0].changed == 1


def test_a_pod_that_comes_later_brings_its_restarts_and_one_that_went_is_remembered() -> None:
    seen = watched((pod("old"),), (pod("new", restarts=2),))
    assert [(each.pod, each.restarted) for each in seen.pods] == [("new", 2), ("old", 0)]
    assert [look.pods for look in seen.looks] == [1, 1]


def test_many_changes_are_told_in_short() -> None:
    seen = watched(*((pod(ready=number % 2 == 0, since=number),) for number in range(20)))
    assert "Ready 1, 0, 1, 0, …, 0, 1, 0" in seen.summary()


def test_usage_is_kept_look_by_look_each_figure_once() -> None:
    def usage(second: int) -> Usage:
        sample = UsageSample(at=NOW + timedelta(seconds=second), cpu=0.1, memory=second)
        return Usage(
            side="canary", containers=(ContainerUsage(pod="cart-1", container="app", samples=(sample,)),)
        )

    whole = add_usage(add_usage(add_usage(None, usage(15), NOW), usage(15), NOW), usage(30), NOW)
    assert [sample.memory for sample in whole.containers[0].samples] == [15, 30], (
        "the metrics API repeats its last figures"
    )
