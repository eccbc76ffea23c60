"""What a guard makes of one look, by values alone; `test_guard.py` has the real API server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from healthy import CART, CARTS

from analyzer.decision import DecisionInput
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.pods import Condition, Container, ContainerType, Pod, Pods, State
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings.interface import Finding, Graded, Severity
from analyzer.run.guard import decide_at_deadline, decide_now, describe_progress
from analyzer.settings import Rules
from analyzer.target import why_moved
from analyzer.target.rollout import Hashes, Rollout

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
PROMOTED = why_moved(
    CARTS,
    Rollout(namespace="shop", name="cart", uid="u1", selector="", hashes=Hashes(stable="bbb", canary="bbb")),
)
IN_FULL = why_moved(CARTS, msgspec.structs.replace(CART, promoting=True))
MIN_AGE = 60.0


def container(age: float = 300, kind: ContainerType = "main", **told: Any) -> Container:
    fields: dict[str, Any] = {
        "state": State(kind="running", started_at=NOW - timedelta(seconds=age)),
        "ready": True,
    } | told
    return Container(name="app", type=kind, image="cart:1", **fields)


def pod(*containers: Container, ready: bool = True, **told: Any) -> Pod:
    conditions = (Condition(type="Ready", status=str(ready)),)
    return Pod(
        name="cart-1",
        owner="",
        phase="Running",
        created_at=NOW,
        conditions=conditions,
        containers=containers or (container(),),
        **told,
    )


def owned(desired: int, available: int) -> ReplicaSet:
    return ReplicaSet(
        name=f"cart-{desired}-{available}", owner="", created_at=NOW, desired=desired, available=available
    )


def graded(severity: Severity) -> Graded:
    return Graded(
        id="F1",
        severity=severity,
        finding=Finding(kind="crash-loop", key="k", sentence="app crashes", stable="", canary=""),
    )


def case(
    *severities: Severity,
    pods: tuple[Pod, ...] = (pod(),),
    owners: tuple[ReplicaSet, ...] | None = (owned(1, 1),),
    **told: Any,
) -> DecisionInput:
    counted = (ReplicaSets(side="canary", replicasets=owners),) if owners is not None else ()
    parts = (Pods(side="canary", pods=pods), *counted)
    seen = Evidence(target=CARTS, window=Window(start=NOW, end=NOW), nonce="n", parts=parts, **told)
    return DecisionInput(
        evidence=seen,
        findings=tuple(map(graded, severities)),
        opinions=(),
        rules=Rules(min_fault_age=MIN_AGE),
    )


def answer(looked: DecisionInput) -> tuple[str, str] | None:
    decision = decide_now(looked)
    return (decision.outcome, decision.rule) if decision else None


class TestAvailable:
    def test_all_pods_and_one_that_has_run_long_enough_are_enough(self) -> None:
        assert answer(case()) == ("started", "available")
        assert answer(case(pods=(pod(), pod(container(age=1))), owners=(owned(2, 2),))) == (
            "started",
            "available",
        )
        assert answer(case(owners=(owned(0, 0), owned(2, 3)))) == ("started", "available")

    @pytest.mark.parametrize("owners", [(owned(2, 1),), (owned(1, 1), owned(1, 0)), (owned(0, 0),), (), None])
    def test_not_while_one_is_missing_or_none_is_asked_for_or_nothing_is_known(
        self, owners: tuple[ReplicaSet, ...] | None
    ) -> None:
        assert answer(case(owners=owners)) is None

    def test_not_before_a_pod_has_run_for_the_least_time(self) -> None:
        assert answer(case(pods=(pod(container(age=MIN_AGE)),))) == ("started", "available")
        assert answer(case(pods=(pod(container(age=MIN_AGE - 1)),))) is None
        assert answer(case(pods=())) is None

    def test_each_container_that_lasts_has_to(self) -> None:
        assert answer(case(pods=(pod(container(), container(age=1, kind="sidecar")),))) is None
        assert answer(case(pods=(pod(container(), container(age=1, kind="init")),))) == (
            "started",
            "available",
        )
        assert answer(case(pods=(pod(container(state=State(kind="waiting"))),))) is None

    def test_a_pod_that_is_not_ready_or_goes_proves_nothing(self) -> None:
        assert answer(case(pods=(pod(ready=False),))) is None
        assert answer(case(pods=(pod(deleted_at=NOW),))) is None


class TestFindings:
    def test_a_blocking_one_is_a_rollback_whatever_is_available(self) -> None:
        assert answer(case("blocking")) == ("rollback", "blocking finding")
        assert answer(case("blocking", "hold", owners=None)) == ("rollback", "blocking finding")

    def test_one_that_holds_waits(self) -> None:
        assert answer(case("hold")) is None

    def test_others_do_not(self) -> None:
        assert answer(case("warning", "info")) == ("started", "available")


class TestMoved:
    def test_a_canary_that_argo_promoted_has_started(self) -> None:
        assert answer(case(mismatch=PROMOTED, owners=None)) == ("started", "promoted")

    @pytest.mark.parametrize("severity", ["blocking", "hold"])
    def test_but_not_over_a_finding(self, severity: Severity) -> None:
        assert answer(case(severity, mismatch=PROMOTED)) == ("inconclusive", "sides")

    def test_one_on_its_way_there_still_has_to_start(self) -> None:
        assert answer(case(mismatch=IN_FULL)) == ("started", "available")
        assert answer(case(mismatch=IN_FULL, owners=(owned(2, 1),))) is None
        assert answer(case("blocking", mismatch=IN_FULL)) == ("rollback", "blocking finding")

    def test_one_that_moved_on_otherwise_is_nothing_to_guard(self) -> None:
        assert answer(case("blocking", mismatch="the Rollout was aborted")) == ("inconclusive", "sides")


class TestWords:
    def test_why_it_has_started(self) -> None:
        nothing = "nothing speaks against the canary"
        available, promoted = decide_now(case()), decide_now(case(mismatch=PROMOTED))
        assert available is not None
        assert promoted is not None
        assert available.reason == f"1 of 1 canary pod is available, and {nothing}; nothing else was judged"
        assert promoted.reason == (
            f"bbb is stable by now: all its pods were available, and Argo promoted it; {nothing},"
            " and nothing else was judged"
        )
        assert (
            decide_at_deadline(case(owners=(owned(2, 1),))).reason
            == "no start in time: 1 of 2 canary pods are available"
        )

    def test_how_far_it_is(self) -> None:
        assert describe_progress(case(owners=(owned(3, 1),))) == "1 of 3 canary pods are available"
        assert describe_progress(case(pods=(pod(container(age=1)),), owners=(owned(3, 1),))).endswith(
            "none of them for 60 s yet (--min-fault-age)"
        )
        assert describe_progress(case(owners=(owned(0, 0),))) == "the canary should have no pods yet"

    def test_why_it_is_not_known(self) -> None:
        gap = Gap(source="replicasets", side="canary", reason="forbidden", advice="grant it")
        assert describe_progress(case(owners=None, gaps=(gap,))) == "forbidden (grant it)"
        other = Gap(source="logs", side="canary", reason="denied", advice="grant it")
        assert (
            describe_progress(case(owners=None, gaps=(other,)))
            == describe_progress(case(owners=None))
            == "the canary's ReplicaSets could not be read"
        )

    def test_the_end_says_what_holds_and_what_failed(self) -> None:
        end = decide_at_deadline(case("hold", owners=(owned(2, 1),)), "; the last look failed: down")
        assert (end.outcome, end.rule) == ("inconclusive", "cannot be told yet")
        assert end.reason.startswith("no start in time: 1 of 2 canary pods are available; ")
        assert "app crashes" in end.reason
        assert end.reason.endswith("; the last look failed: down")
