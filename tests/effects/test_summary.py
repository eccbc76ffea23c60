"""What is told on an object of the cluster: what was decided and why, and what no reason may push out."""

from typing import get_args

import msgspec
import pytest
from healthy import TARGET

from analyzer.decision import Decision, Outcome
from analyzer.effects.event import REASONS
from analyzer.effects.interface import EffectContext
from analyzer.effects.summary import MAX_SUMMARY, summarise
from analyzer.settings import Policy, Settings
from analyzer.target.argo import Analysis

ASKS = Analysis(
    namespace="shop", name="run", uid="u", metric="judge", kind="step", dry_run=True, before={"failed": 1}
)


def occasion(outcome: Outcome, reason: str) -> EffectContext:
    settings = Settings(policy=Policy(on_inconclusive="pass"))
    target = msgspec.structs.replace(TARGET, rollout="cart")
    return EffectContext(
        settings=settings,
        decision=Decision(outcome=outcome, rule="r", reason=reason),
        target=target,
        analysis=ASKS,
    )


@pytest.mark.parametrize("reason", ["it crashes", "ü" * 5000])
def test_no_reason_pushes_out_what_the_exit_code_means(reason: str) -> None:
    told = summarise(occasion("inconclusive", reason))
    assert told.startswith(f"INCONCLUSIVE shop/cart: {reason[:9]}")
    assert told.endswith(
        "; exit code 0, NOT JUDGED HEALTHY but passed by --on-inconclusive pass"
        " (measured before: 1 failed; Argo weighs them together) (DRY RUN: Argo heeds no answer); rule: r"
    )
    assert len(told.encode()) <= MAX_SUMMARY


def test_a_canary_that_started_is_not_called_promoted() -> None:
    told = summarise(occasion("started", "1 of 1 canary pod is available"))
    assert told.startswith("STARTED shop/cart: 1 of 1 canary pod is available; exit code 0 ")
    assert "NOT JUDGED" not in told
    assert REASONS["started"] == "CanaryStarted"
    assert set(REASONS) == set(get_args(Outcome))
