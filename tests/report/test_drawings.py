"""What of a record is drawn."""

from datetime import UTC, datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.weights import Weight
from analyzer.report.drawings import WEIGHTS, draw_happenings
from analyzer.target import ROLES, Side, Target

START = datetime(2026, 11, 29, 12, tzinfo=UTC)


def watched(traffic: Traffic) -> Evidence:
    stable, canary = (Side(role=role, selector=f"side={role}") for role in ROLES)
    return Evidence(
        target=Target(namespace="shop", how="given", resolved_at=START, stable=stable, canary=canary),
        window=Window(start=START, end=START + timedelta(minutes=10)),
        nonce="0123456789abcdef",
        parts=(traffic,),
    )


def test_weights_and_steps_are_told_in_words() -> None:
    weights = tuple(
        Weight(at=START + timedelta(minutes=number), weight=10 * number) for number in range(1, 10)
    )
    line = draw_happenings(
        watched(Traffic(side="canary", strategy="canary", weight=90, weights=weights, step=9, steps=12))
    )
    assert line is not None
    assert [(lane.name, len(lane.at)) for lane in line.lanes] == [("canary: weight set", 9)]
    told, steps = line.words
    assert told.startswith("the canary's weight: 20 % from 12:02:00, ")
    assert told.count(" from ") == WEIGHTS
    assert steps == "9 of 12 steps of the Rollout done"


def test_a_rollout_without_steps_tells_none() -> None:
    weights = (Weight(at=START, weight=50),)
    line = draw_happenings(watched(Traffic(side="canary", strategy="canary", weight=50, weights=weights)))
    assert line is not None
    assert line.words == ("the canary's weight: 50 % from 12:00:00",)
