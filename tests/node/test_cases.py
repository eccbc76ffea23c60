"""Each case on the real node, judged by the installed command: what Argo would be told, and why."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.node
SIDES = ("--stable-selector", "role=stable", "--canary-selector", "role=canary")


def test_a_healthy_canary_is_promoted(judge: Callable[..., Any]) -> None:
    judged = judge("healthy", *SIDES)
    assert (judged.code, judged.report["outcome"]) == (0, "promote")
    assert judged.kinds("blocking", "hold", "warning") == set()
    assert [gap["source"] for gap in judged.report["gaps"] if not gap["minor"]] == []
    assert {gap["source"] for gap in judged.report["gaps"]} <= {"usage"}  # this node has no metrics API


@pytest.mark.parametrize(
    ("namespace", "kind"),
    [
        ("crash-loop", "crash-loop"),
        ("oom-kill", "oom-kill"),
        ("image-missing", "image-pull"),
        ("probe-fails", "not-ready"),
    ],
)
def test_a_broken_canary_is_rolled_back_by_a_rule(
    judge: Callable[..., Any], namespace: str, kind: str
) -> None:
    judged = judge(namespace, *SIDES)
    assert (judged.code, judged.report["outcome"], judged.report["rule"]) == (
        3,
        "rollback",
        "blocking finding",
    )
    assert judged.kinds("blocking") == {kind}


def test_a_ready_canary_that_logs_new_errors_is_rolled_back_by_the_judge(judge: Callable[..., Any]) -> None:
    judged = judge("new-errors", *SIDES)
    assert (judged.code, judged.report["outcome"]) == (3, "rollback")
    assert judged.kinds("blocking") == set()
    assert any("checkout failed" in sample for sample in judged.samples("new-error-template"))


def test_a_rollout_names_its_own_sides(judge: Callable[..., Any]) -> None:
    judged = judge("shop", "--rollout", "cart")
    assert judged.code == 3
    assert judged.kinds("blocking") == {"crash-loop"}
    assert (judged.report["target"]["stable"]["hash"], judged.report["target"]["canary"]["hash"]) == (
        "6d5f8c7b9d",
        "7c9b64f5d8",
    )


def test_a_healthy_rollout_is_promoted(judge: Callable[..., Any]) -> None:
    assert judge("rollout-healthy", "--rollout", "cart").code == 0


def test_sides_the_wrong_way_round_do_not_blame_the_healthy_one(judge: Callable[..., Any]) -> None:
    judged = judge("crash-loop", "--stable-selector", "role=canary", "--canary-selector", "role=stable")
    assert judged.code != 3
    assert judged.kinds("blocking") == set()


def test_a_canary_without_pods_is_never_promoted(judge: Callable[..., Any]) -> None:
    judged = judge("healthy", "--stable-selector", "role=stable", "--canary-selector", "role=preview")
    assert (judged.code, judged.report["rule"]) == (4, "missing evidence")


@pytest.mark.parametrize(
    ("namespace", "code", "rule"),
    [("shop", 3, "blocking finding"), ("rollout-healthy", 0, "available")],
)
def test_the_guard_of_a_start_ends_as_the_pods_do(
    guarded: Callable[..., Any], namespace: str, code: int, rule: str
) -> None:
    judged = guarded(namespace, "--rollout", "cart")
    assert (judged.code, judged.report["rule"]) == (code, rule)
    assert judged.report["verdicts"] == []
