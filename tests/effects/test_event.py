"""Events on the real API server: one of each object, however often the Job is tried."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.effects.conftest import receipts

if TYPE_CHECKING:
    from tests.effects.conftest import Shop

pytestmark = pytest.mark.api


def test_the_rollout_and_the_analysis_run_say_why(shop: Callable[..., "Shop"]) -> None:
    cart = shop(crashing=True)
    code, result = cart.attempt()
    assert code == 3
    assert receipts(result)["event"]["detail"] == "on AnalysisRun cart-bbb-2 and Rollout cart"
    events = cart.events()
    assert set(events) == {"AnalysisRun", "Rollout"}
    for event in events.values():
        assert (event["type"], event["reason"], event["count"]) == ("Warning", "CanaryRollback", 1)
        assert event["message"].startswith(
            f"ROLLBACK {cart.namespace.name}/cart: 1 of 1 canary pod: container app exits with code 1"
        )
        assert event["message"].endswith("; exit code 3; rule: blocking finding")
        assert "hunter2secret" not in event["message"]
    assert events["Rollout"]["involvedObject"]["uid"] == cart.rollout()["metadata"]["uid"]
    described = cart.namespace.server.run("describe", "rollout", "cart", "-n", cart.namespace.name)
    assert "CanaryRollback" in described
    assert "rollout-analyzer" in described


def test_another_attempt_counts_the_same_event_and_says_what_it_found(shop: Callable[..., "Shop"]) -> None:
    cart = shop(crashing=True)
    cart.attempt()
    first = cart.events()["Rollout"]
    cart.namespace.report("rollouts", "cart", {"abort": True}, "/apis/argoproj.io/v1alpha1")
    cart.attempt()
    cart.attempt()
    last = cart.events()["Rollout"]
    assert (last["metadata"]["uid"], last["firstTimestamp"]) == (
        first["metadata"]["uid"],
        first["firstTimestamp"],
    )
    assert (last["count"], last["reason"]) == (3, "CanaryInconclusive")
    assert "the Rollout was aborted" in last["message"]


def test_a_dry_run_is_marked(shop: Callable[..., "Shop"]) -> None:
    cart = shop(crashing=True, dry=True)
    assert cart.attempt()[0] == 3
    assert "(DRY RUN: Argo heeds no answer)" in cart.events()["Rollout"]["message"]
