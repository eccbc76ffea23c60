"""How a container's first runs ended, put together from looks that each tell one or two of them."""

from datetime import UTC, datetime
from typing import Any

from analyzer.evidence.exits import Exits, add_ended_runs
from analyzer.evidence.pods import Container, ContainerType, Pod, Pods, State

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
RUNNING, BACK_OFF = State(kind="running", started_at=NOW), State(kind="waiting", reason="CrashLoopBackOff")


def exited(code: int) -> State:
    return State(kind="terminated", reason="Error", exit_code=code, started_at=NOW, finished_at=NOW)


def app(
    state: State, restarts: int = 0, last: State | None = None, kind: ContainerType = "main", **told: Any
) -> Container:
    return Container(
        name="app", type=kind, image="app:1", state=state, restarts=restarts, last_state=last, **told
    )


def seen(*looks: tuple[Container, ...], pods: tuple[str, ...] = ("cart-1",)) -> Exits:
    whole: Exits | None = None
    for containers in looks:
        there = tuple(
            Pod(name=name, owner="", phase="Running", created_at=NOW, containers=containers) for name in pods
        )
        whole = add_ended_runs(whole, Pods(side="canary", pods=there))
    assert whole is not None
    return whole


def codes(told: Exits) -> dict[int, int | None]:
    return {each.run: each.code for each in told.of_container("cart-1", "app")}


def test_each_state_tells_which_run_ended() -> None:
    assert codes(seen((app(RUNNING),))) == {}
    assert codes(seen((app(exited(7)),))) == {0: 7}
    assert codes(seen((app(RUNNING, 1, exited(7)),))) == {0: 7}
    assert codes(seen((app(exited(8), 1, exited(7)),))) == {0: 7, 1: 8}
    assert codes(seen((app(BACK_OFF, 1, exited(8)),))) == {1: 8}


def test_looks_are_put_together_and_the_fourth_run_is_not_kept() -> None:
    looks = [
        app(exited(1)),
        app(BACK_OFF, 1, exited(2)),
        app(exited(3), 2, exited(2)),
        app(BACK_OFF, 3, exited(4)),
    ]
    assert codes(seen(*((look,) for look in looks))) == {0: 1, 1: 2, 2: 3}


def test_a_pod_that_is_gone_is_forgotten() -> None:
    before = seen((app(exited(1)),))
    assert add_ended_runs(before, Pods(side="canary", pods=())).exits == ()


def test_what_a_person_attached_is_left_out() -> None:
    assert seen((app(exited(1), kind="ephemeral"),)).exits == ()
    assert len(seen((app(exited(1), kind="init"),)).exits) == 1


def test_whether_the_rest_of_the_pod_was_ready_is_as_first_seen() -> None:
    proxy = Container(name="proxy", type="sidecar", image="proxy:1", state=RUNNING, ready=False)
    ready = Container(name="proxy", type="sidecar", image="proxy:1", state=RUNNING, ready=True)
    assert [each.alone for each in seen((app(exited(1)), proxy), (app(exited(1)), ready)).exits] == [True]
    assert [each.alone for each in seen((app(exited(1)), ready), (app(exited(1)), proxy)).exits] == [False]
