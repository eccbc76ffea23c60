"""A container that fails at each start, as looks in a row show it, and as one late look does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.exits import Exits, add_ended_runs
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
Ago = Callable[[float], datetime]


def find_loop(seen: Evidence) -> Graded:
    (graded,) = [
        each for each in find(seen, Rules()) if each.finding.key in ("crash-loop/app", "oom-kill/app")
    ]
    return graded


def test_three_starts_alike_are_in_the_record(
    evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
) -> None:
    """So a replay finds what the guard found; without what its looks remembered, nobody can tell."""
    canary = [pod("c1", crashing(), age=20)]

    def ended(*codes: int) -> Exits:
        whole: Exits | None = None
        for run, code in enumerate(codes):
            state = State(
                kind="terminated", reason="Error", exit_code=code, started_at=ago(15), finished_at=ago(14)
            )
            whole = add_ended_runs(
                whole,
                Pods(side="canary", pods=(pod("c1", crashing(state=state, restarts=run, last_state=None)),)),
            )
        assert whole is not None
        return whole

    def found(*codes: int) -> str:
        return find_loop(evidence(canary, more=[ended(*codes)])).severity

    assert found(1, 1, 1) == "blocking"
    assert found(1, 1) == found(1, 2, 1) == found(0, 0, 0) == "hold"
    both = msgspec.structs.replace(
        evidence(canary, canary), parts=(*evidence(canary, canary).parts, ended(1, 1, 1))
    )
    assert find_loop(both).severity == "hold", "stable has it as well"


class TestOneLateLook:
    """A guard that begins after the third exit sees that one alone: the number of restarts and the times tell
    the rest.
    """

    @pytest.fixture
    def told(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, event: MakeEvent, ago: Ago
    ) -> Callable[..., str]:
        def look(
            *others: Container,
            begun: float = 35,
            age: float = 50,
            said: bool = True,
            earlier: tuple[Container, ...] = (),
            conditions: tuple[Condition, ...] = (),
            **fields: Any,
        ) -> str:
            """The third run began 21 s ago and ended at once; the first began `begun` seconds ago."""
            c1 = pod("c1", *others, crashing(**fields), age=age)
            c1 = msgspec.structs.replace(c1, conditions=(*c1.conditions, *conditions))
            started = event(
                "c1", "Started", "Container started", type="Normal", first=ago(begun), ago=21, container="app"
            )
            known: Exits | None = None
            for container in earlier:
                known = add_ended_runs(known, Pods(side="canary", pods=(pod("c1", *others, container),)))
            known = add_ended_runs(known, Pods(side="canary", pods=(c1,)))
            seen = evidence([c1], canary_events=[started] if said else [], more=[known])
            return find_loop(seen).severity

        return look

    def test_three_short_runs_are_all_that_the_times_leave_room_for(self, told: Callable[..., str]) -> None:
        assert told() == "blocking"
        assert told(begun=45) == "blocking"

    def test_a_longer_run_before_may_have_done_work(self, told: Callable[..., str]) -> None:
        assert told(begun=48) == "hold"

    def test_without_the_kubelets_event_the_pods_own_times_stand_for_it(
        self, told: Callable[..., str], ago: Ago
    ) -> None:
        assert told(said=False, age=40) == "blocking"
        assert told(said=False, age=55) == "hold"
        initialized = Condition(type="Initialized", status="True", since=ago(40))
        assert told(said=False, age=55, conditions=(initialized,)) == "blocking"

    def test_more_restarts_take_longer(self, told: Callable[..., str]) -> None:
        assert (told(restarts=3, begun=56), told(begun=56)) == ("blocking", "hold")

    @pytest.mark.parametrize(
        "fields",
        [
            {"restarts": 1},
            {"code": 0, "reason": "Completed"},
            {"code": 137},
            {"code": 143},
            {"type": "init"},
            {"state": State(kind="running")},
        ],
        ids=["two", "done", "killed", "terminated", "init", "runs"],
    )
    def test_what_three_looks_would_not_take_one_does_not(
        self, fields: dict[str, Any], told: Callable[..., str]
    ) -> None:
        assert told(**fields) == "hold"

    def test_memory_that_runs_out_counts(self, told: Callable[..., str]) -> None:
        assert told(code=137, reason="OOMKilled") == "blocking"

    def test_an_earlier_look_that_saw_another_end_is_not_forgotten(
        self, told: Callable[..., str], crashing: Make, ago: Ago
    ) -> None:
        def first(code: int) -> Container:
            end = State(
                kind="terminated", reason="Error", exit_code=code, started_at=ago(35), finished_at=ago(34)
            )
            return crashing(state=end, restarts=0, last_state=None)

        assert (told(earlier=(first(1),)), told(earlier=(first(2),))) == ("blocking", "hold")

    def test_the_rest_of_the_pod_was_ready_before(
        self, told: Callable[..., str], container: Make, ago: Ago
    ) -> None:
        def proxy(up: float, **fields: Any) -> Container:
            return container("proxy", state=State(kind="running", started_at=ago(up)), **fields)

        assert told(proxy(35)) == "blocking"
        assert told(proxy(30)) == "hold"
        assert told(proxy(35, startup_seconds=30)) == "hold"
        assert told(proxy(35, ready=False)) == "hold"

    def test_only_a_guard_goes_by_it(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, event: MakeEvent, ago: Ago
    ) -> None:
        """A judge looks once, at a canary that Argo has seen available."""
        started = event("c1", "Started", type="Normal", first=ago(35), ago=21, container="app")
        seen = evidence([pod("c1", crashing(), age=50)], canary_events=[started])
        assert find_loop(seen).severity == "hold"
