"""Pods that become Ready and un-Ready in turn."""

from collections.abc import Callable
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.observed import Observation, Observed, ObservedPod
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.findings.observed import RULES
from analyzer.settings import Rules
from analyzer.target import Role

Side = Callable[..., Observed]
Judge = Callable[..., list[Finding]]


@pytest.fixture
def side(ago: Callable[[float], datetime]) -> Side:
    """A side watched for a minute; each pod's number of changes, the last of them so many seconds before the
    end.
    """

    def make(role: Role, *changes: int, last: float = 5) -> Observed:
        looks = tuple(
            Observation(at=ago(60 - 5 * number), pods=len(changes), ready=len(changes), restarts=0)
            for number in range(13)
        )
        pods = tuple(
            ObservedPod(
                pod=f"{role}-{number}",
                changed=each,
                changed_at=ago(last) if each else None,
                ready=True,
                since=None,
                restarts=0,
            )
            for number, each in enumerate(changes)
        )
        return Observed(side=role, looks=looks, pods=pods)

    return make


@pytest.fixture
def found(evidence: Callable[..., Evidence]) -> Judge:
    return lambda *parts: [finding for rule in RULES for finding in rule(evidence(more=parts), Rules())]


def test_a_canary_that_flaps(found: Judge, side: Side) -> None:
    (finding,) = found(side("stable", 0, 0, 1), side("canary", 4))
    assert (finding.kind, finding.scope, finding.ongoing, weigh_finding(finding)) == (
        "flapping",
        "canary",
        True,
        "warning",
    )
    assert finding.sentence == "1 of 1 canary pod: Ready and un-Ready in turn while watched"
    assert (finding.stable, finding.canary) == ("0 of 3 pods", "1 of 1 pod")
    assert finding.samples == ("canary-0: 4 changes",)


@pytest.mark.parametrize("changes", [0, 1])
def test_a_start_is_no_flapping(found: Judge, side: Side, changes: int) -> None:
    assert not found(side("stable", 0), side("canary", changes))


def test_flapping_on_both_sides_speaks_against_neither(found: Judge, side: Side) -> None:
    (finding,) = found(side("stable", 3, 2), side("canary", 4))
    assert (finding.scope, weigh_finding(finding)) == ("both", "info")


def test_flapping_that_ended_says_so(found: Judge, side: Side) -> None:
    (finding,) = found(side("stable", 0), side("canary", 2, last=50))
    assert not finding.ongoing
    assert "it has stopped" in finding.sentence


def test_without_stable_there_is_no_comparison(found: Judge, side: Side) -> None:
    (finding,) = found(side("canary", 2))
    assert (finding.scope, finding.stable) == ("uncompared", "not seen")


def test_nothing_is_said_where_nobody_watched(found: Judge) -> None:
    assert found() == []
