"""Annotations on the real AnalysisRun: one set for each metric, and only on the one that asked."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from analyzer.decision import Decision, DecisionInput, decide
from analyzer.effects.annotations import key_of_metric
from tests.effects.conftest import ARGO, pod_status, receipts

if TYPE_CHECKING:
    from tests.effects.conftest import Shop


@pytest.mark.api
class TestOnTheAnalysisRun:
    def test_the_answer_is_there_for_a_notification_to_show(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        cart.attempt("--link", "https://logs.example.com/cart")
        told = cart.annotations()
        reason = told.pop("rollout-analyzer/judge.reason")
        assert reason.startswith("1 of 1 canary pod: ")
        assert re.fullmatch(
            r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ " + re.escape(reason),
            told.pop("rollout-analyzer/judge.rollback"),
        )
        assert told == {
            "rollout-analyzer/judge.outcome": "rollback",
            "rollout-analyzer/judge.rule": "blocking finding",
            "rollout-analyzer/judge.exit-code": "3",
            "rollout-analyzer/judge.link": "https://logs.example.com/cart",
        }

    def test_a_confidence_is_told_where_models_decided(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(kind="PrePromotion")  # no work is to be expected of it
        cart.promotes()
        assert cart.attempt()[0] == 0
        told = cart.annotations()
        assert told["rollout-analyzer/judge.outcome"] == "promote"
        assert 0 < int(told["rollout-analyzer/judge.confidence"]) <= 100

    def test_what_was_measured_before_is_told_beside_the_last_answer(
        self, shop: Callable[..., "Shop"]
    ) -> None:
        """Pass, fail, pass: Argo may call that Inconclusive (examples/confirm.yaml), and a bare `promote`
        would say otherwise.
        """
        cart = shop(kind="PrePromotion")  # no work is to be expected of it
        cart.measured(successful=1, failed=1, count=2)
        cart.promotes()
        code, result = cart.attempt()
        assert code == 0
        assert cart.annotations()["rollout-analyzer/judge.before"] == "1 successful, 1 failed"
        for event in cart.events().values():
            assert (
                "; exit code 0 (measured before: 1 successful, 1 failed;"
                " Argo weighs them together); rule: confidence"
            ) in event["message"]
        assert result["target"]["analysis"]["before"] == {"successful": 1, "failed": 1}

    def test_a_pass_that_comes_later_leaves_what_spoke_against_the_canary(
        self, shop: Callable[..., "Shop"]
    ) -> None:
        """Pass, fail, pass: the one who is woken must find what failed."""
        cart = shop(crashing=True, kind="PrePromotion")
        assert cart.attempt()[0] == 3
        failed = cart.annotations()["rollout-analyzer/judge.rollback"]
        cart.namespace.report("pods", "canary-0", pod_status())
        cart.measured(failed=1, count=1)
        cart.promotes()
        assert cart.attempt()[0] == 0
        told = cart.annotations()
        assert told["rollout-analyzer/judge.outcome"] == "promote"
        assert told["rollout-analyzer/judge.rollback"] == failed
        assert "1 of 1 canary pod: " in failed
        assert "rollout-analyzer/judge.inconclusive" not in told

    def test_another_attempt_leaves_nothing_else_of_the_one_before(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        cart.attempt("--link", "https://logs.example.com/cart")
        cart.namespace.report("rollouts", "cart", {"abort": True}, ARGO)
        cart.attempt("--on-inconclusive", "pass")
        told = cart.annotations()
        assert "the Rollout was aborted" in told.pop("rollout-analyzer/judge.reason")
        assert "the Rollout was aborted" in told.pop("rollout-analyzer/judge.inconclusive")
        assert "again and again" in told.pop("rollout-analyzer/judge.rollback")
        assert told == {
            "rollout-analyzer/judge.outcome": "inconclusive",
            "rollout-analyzer/judge.rule": "sides",
            "rollout-analyzer/judge.exit-code": "0",
            "rollout-analyzer/judge.passed-by": "--on-inconclusive pass",
        }

    def test_nothing_else_of_the_analysis_run_is_touched(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        cart.attempt()
        path = f"{cart.namespace.path('analysisruns', ARGO)}/cart-bbb-2"
        after = cart.namespace.admin.get(path)
        assert {name: after[name] for name in ("spec", "status")} == {
            name: cart.asking[name] for name in ("spec", "status")
        }
        assert after["metadata"]["ownerReferences"] == cart.asking["metadata"]["ownerReferences"]

    def test_one_made_anew_under_the_same_name_is_not_the_one_that_asked(
        self, shop: Callable[..., "Shop"], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cart = shop(crashing=True)

        def meanwhile(case: DecisionInput) -> Decision:
            """As if somebody did it while the models thought."""
            cart.namespace.send("DELETE", f"{cart.namespace.path('analysisruns', ARGO)}/cart-bbb-2", {})
            cart.namespace.analysis_run("cart-bbb-2")
            return decide(case)

        monkeypatch.setattr("analyzer.run.judge.decide", meanwhile)
        code, result = cart.attempt()
        assert code == 3
        assert not receipts(result)["annotations"]["done"]
        assert cart.annotations() == {}


@pytest.mark.parametrize("metric", ["judge", "Judge_it-2.0"])
def test_a_metrics_name_is_kept_where_a_key_may_hold_it(metric: str) -> None:
    assert key_of_metric(metric) == metric


@pytest.mark.parametrize("metric", ["success rate", "a/b", "é", "m" * 80, "-x-"])
def test_one_that_a_key_may_not_hold_becomes_one_that_it_may(metric: str) -> None:
    key = f"{key_of_metric(metric)}.confidence"
    assert re.fullmatch(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?", key)
    assert key_of_metric(metric) != key_of_metric(metric + "x")
