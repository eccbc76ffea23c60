"""When the Rollout is paused, by values alone; `test_pause.py` has the real API server."""

from typing import Any

import msgspec
import pytest
from healthy import CART, CARTS

from analyzer.decision import Decision, Outcome
from analyzer.effects.interface import EffectContext
from analyzer.effects.pause import (
    TOO_LATE,
    check_policy,
    how_to_go_on,
    wants_pause,
    why_impossible,
    why_not_paused,
    why_not_to_pause,
)
from analyzer.errors import AnalyzerError, InfrastructureError, UsageError
from analyzer.settings import Policy, Settings
from analyzer.target import Target
from analyzer.target.argo import Analysis, AnalysisKind
from analyzer.target.rollout import Hashes, Rollout


def analysis(kind: AnalysisKind = "step", *, dry_run: bool = False) -> Analysis:
    return Analysis(namespace="shop", name="run", uid="r1", metric="judge", kind=kind, dry_run=dry_run)


def occasion(
    outcome: Outcome = "inconclusive",
    target: Target | None = CARTS,
    asks: Analysis | None = None,
    error: AnalyzerError | None = None,
    **policy: Any,
) -> EffectContext:
    decision = Decision(outcome=outcome, rule="r", reason="")
    return EffectContext(
        settings=Settings(policy=Policy(**policy)),
        decision=decision,
        target=target,
        analysis=asks,
        error=error,
    )


def cart(**changed: Any) -> Rollout:
    return msgspec.structs.replace(CART, **changed)


class TestAsked:
    @pytest.mark.parametrize("outcome", ["promote", "started", "rollback", "inconclusive", "error"])
    def test_by_the_policy_of_that_outcome_alone(self, outcome: Outcome) -> None:
        assert wants_pause(occasion(outcome, on_inconclusive="pause")) == (outcome == "inconclusive")
        assert wants_pause(occasion(outcome, on_error="pause")) == (outcome == "error")
        assert not wants_pause(occasion(outcome))
        assert not wants_pause(occasion(outcome, on_inconclusive="pass", on_error="pass"))

    def test_never_over_what_was_asked_wrongly(self) -> None:
        assert wants_pause(occasion("error", error=InfrastructureError("down"), on_error="pause"))
        assert not wants_pause(occasion("error", error=UsageError("wrong"), on_error="pause"))


class TestBeforehand:
    def test_a_known_rollout_in_a_step_may_be_paused(self) -> None:
        assert why_impossible(occasion()) == ""
        assert why_impossible(occasion(asks=analysis())) == ""
        assert why_impossible(occasion(asks=analysis("background"))) == ""

    @pytest.mark.parametrize("target", [None, msgspec.structs.replace(CARTS, rollout="")])
    def test_not_where_no_rollout_is_known(self, target: Target | None) -> None:
        assert "not known" in why_impossible(occasion(target=target))

    def test_not_in_a_dry_run(self) -> None:
        assert "dry run" in why_impossible(occasion(asks=analysis(dry_run=True)))

    def test_not_after_the_promotion(self) -> None:
        assert why_impossible(occasion(asks=analysis("post-promotion"))) == TOO_LATE


class TestAgainst:
    def test_the_version_that_was_looked_at_is_paused(self) -> None:
        assert why_not_to_pause(CARTS, CART) == ""
        assert why_not_to_pause(CARTS, cart(active="aaa")) == ""

    def test_not_where_its_active_service_leads_to_the_canary(self) -> None:
        assert why_not_to_pause(CARTS, cart(active="bbb")) == TOO_LATE

    @pytest.mark.parametrize(
        "changed", [{"uid": "u2"}, {"aborted": True}, {"hashes": Hashes(stable="aaa", canary="ccc")}]
    )
    def test_not_another_version_than_was_looked_at(self, changed: dict[str, Any]) -> None:
        assert why_not_to_pause(CARTS, cart(**changed))


class TestUndone:
    def test_what_is_seen_to_be_paused_is(self) -> None:
        assert why_not_paused(CARTS, cart(paused=True)) == ""

    def test_what_was_set_back_is_not(self) -> None:
        assert "did not last" in why_not_paused(CARTS, CART)

    def test_nor_what_moved_on_meanwhile(self) -> None:
        assert "aborted" in why_not_paused(CARTS, cart(paused=True, aborted=True))


def test_a_policy_that_pauses_needs_a_rollout() -> None:
    nobody = msgspec.structs.replace(CARTS, rollout="")
    check_policy(Policy(on_inconclusive="pause"), CARTS)
    check_policy(Policy(on_inconclusive="pass"), nobody)
    with pytest.raises(UsageError, match="--on-inconclusive pause needs a Rollout"):
        check_policy(Policy(on_inconclusive="pause", on_error="pause"), nobody)
    with pytest.raises(UsageError, match="--on-error pause needs a Rollout"):
        check_policy(Policy(on_error="pause"), nobody)


def test_a_person_is_told_both_ways_on() -> None:
    told = how_to_go_on(CARTS)
    assert told.count("kubectl patch rollout cart -n shop") == 2
    assert "kubectl argo rollouts abort cart -n shop" in told
