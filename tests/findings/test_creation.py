from collections.abc import Callable
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Condition, Pod
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings import find
from analyzer.settings import Rules
from analyzer.target import Role

MakeEvidence = Callable[..., Evidence]
Sides = Callable[..., ReplicaSets]
QUOTA = 'pods "cart-c-x" is forbidden: exceeded quota: compute'


@pytest.fixture
def side(ago: Callable[[float], datetime]) -> Sides:
    def make(
        role: Role,
        *,
        desired: int = 3,
        current: int = 0,
        since: float | None = None,
        reason: str = "FailedCreate",
    ) -> ReplicaSets:
        failure = Condition(
            type="ReplicaFailure", status="True", reason=reason, message=QUOTA, since=ago(since or 0)
        )
        conditions = () if since is None else (failure,)
        one = ReplicaSet(
            name=f"cart-{role}",
            owner="Rollout/cart",
            created_at=ago(900),
            desired=desired,
            current=current,
            conditions=conditions,
        )
        return ReplicaSets(side=role, replicasets=(one,))

    return make


def weights(evidence: Evidence) -> dict[str, str]:
    return {graded.finding.key: graded.severity for graded in find(evidence, Rules())}


def test_a_quota_that_the_canary_alone_meets_blocks(evidence: MakeEvidence, side: Sides) -> None:
    (graded,) = find(evidence([], more=[side("stable", current=3), side("canary", since=90)]), Rules())
    assert (graded.severity, graded.finding.key) == ("blocking", "failed-create")
    assert (
        graded.finding.sentence
        == "1 of 1 canary ReplicaSet: pods cannot be created (FailedCreate), 0 of 3 exist"
    )
    assert graded.finding.samples == (QUOTA,)


@pytest.mark.parametrize(("since", "severity"), [(59, "hold"), (60, "blocking")])
def test_one_that_has_just_begun_holds(
    since: float, severity: str, evidence: MakeEvidence, side: Sides
) -> None:
    assert weights(evidence([], more=[side("stable", current=3), side("canary", since=since)])) == {
        "failed-create": severity
    }


def test_on_both_sides_it_holds(evidence: MakeEvidence, side: Sides) -> None:
    assert weights(evidence([], more=[side("stable", since=90), side("canary", since=90)])) == {
        "failed-create": "hold"
    }


@pytest.mark.parametrize("stable", ["unread", "scaled to zero"])
def test_with_nothing_of_stable_it_holds(stable: str, evidence: MakeEvidence, side: Sides) -> None:
    more = [side("canary", since=90), *([] if stable == "unread" else [side("stable", desired=0)])]
    assert weights(evidence([], more=more)) == {"failed-create": "hold"}


def test_another_failure_is_none_of_creation(
    evidence: MakeEvidence, side: Sides, pod: Callable[..., Pod]
) -> None:
    assert weights(evidence(more=[side("stable"), side("canary", since=90, reason="FailedDelete")])) == {}
    assert weights(evidence(more=[side("stable"), side("canary")])) == {}
