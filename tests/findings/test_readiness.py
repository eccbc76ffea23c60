"""A pod that becomes un-Ready again and again: how long that was altogether counts, and not since when alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod, State
from analyzer.evidence.spec import Field, Spec
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.builtin import judge
from analyzer.settings import Rules

FAILED = "Readiness probe failed: HTTP probe failed with statuscode: 503"
Build = Callable[..., Evidence]


@pytest.fixture
def build(
    evidence: Build,
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    event: Callable[..., Event],
    ago: Callable[[float], datetime],
) -> Build:
    """Evidence of one pod of the canary that is not Ready for 5 s, and whose probe failed `count` times in the last
    so many seconds.
    """

    def made(count: int, seconds: float, period: str = "4", last: float = 4, **fields: Any) -> Evidence:
        unready = container(
            ready=False, state=State(kind="running", started_at=ago(290)), startup_seconds=12.0, **fields
        )
        failed = event("c1", "Unhealthy", FAILED, ago=last, count=count, first=ago(seconds), container="app")
        spec = Spec(
            side="canary",
            replicaset="cart",
            fields=(
                Field(
                    container="app",
                    group="probe",
                    name="readinessProbe.periodSeconds",
                    text=period,
                    digest="0" * 16,
                ),
            ),
        )
        return evidence([pod("c1", unready, unready_for=5)], canary_events=[failed], more=(spec,))

    return made


def not_ready(evidence: Evidence) -> Graded:
    [graded] = [each for each in find(evidence, Rules()) if each.finding.kind == "not-ready"]
    return graded


def test_it_blocks_where_it_was_un_ready_for_long_altogether(build: Build) -> None:
    seen = build(18, 116)  # 72 of the last 116 s
    graded = not_ready(seen)
    assert graded.severity == "blocking"
    assert graded.finding.sentence == (
        "1 of 1 canary pod: container app runs and is not Ready, as its readiness probe has failed again and again"
    )
    assert judge(find(seen, Rules())).verdict == "rollback"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"count": 14, "seconds": 116}, "56 s are too few"),
        ({"count": 18, "seconds": 260}, "it is less than a third of the time"),
        ({"count": 18, "seconds": 290, "last": 120}, "it has stopped"),
        ({"count": 18, "seconds": 320}, "the event is of an earlier run"),
        ({"count": 18, "seconds": 116, "period": ""}, "nobody knows how far apart the tries are"),
        ({"count": 18, "seconds": 30}, "the tries cannot be so many"),
        ({"count": 18, "seconds": 116, "restarts": 1}, "it was restarted, which is told by itself"),
    ],
)
def test_it_is_too_early_to_tell_where(build: Build, fields: dict[str, Any], why: str) -> None:
    graded = not_ready(build(**fields))
    assert graded.severity == "hold", why
    assert "again" not in graded.finding.sentence
