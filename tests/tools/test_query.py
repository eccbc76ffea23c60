"""A configured query's figures as they were gathered, and its course over time on a real Prometheus."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from analyzer.common.deadline import Deadline
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import SourceContext, Window
from analyzer.settings import Look, Prometheus, Query
from analyzer.tools import ToolContext, query

if TYPE_CHECKING:
    from analyzer.cluster import Cluster

Of = Callable[..., Any]
NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
LATENCY = Query(name="latency", query='latency{hash="$hash"}')


@pytest.fixture
def asked(recorded: Of, having: Of) -> Any:
    """Evidence with two queries, one of them broken."""
    broken = QueryFigures(
        query="errors", promql="sum(", state="broken", problem="Prometheus refuses the query"
    )
    points = QueryFigures(
        query="latency", promql="latency", state="values", points=(1.0, None, 2.5), start=NOW, step=15.0
    )
    stable = Metrics(
        side="stable",
        figures=(QueryFigures(query="latency", promql="latency", state="values", value=0.25), broken),
    )
    return having(recorded("healthy"), stable, Metrics(side="canary", figures=(points, broken)))


def test_what_was_gathered_is_shown_for_each_side(look: Of, asked: Any) -> None:
    assert look("query", asked, {"name": "latency"}) == [
        "stable: 0.25",
        f"canary: from {NOW.isoformat()} every 15 s: 1 - 2.5",
    ]
    assert look("query", asked, {"name": "errors"})[0] == "stable: broken: Prometheus refuses the query"


@pytest.mark.parametrize("name", ["", "up", "sum(up)"])
def test_no_other_query_can_be_asked(look: Of, asked: Any, name: str) -> None:
    assert look("query", asked, {"name": name}) == [
        "there is no query of that name; there are:",
        "errors",
        "latency",
    ]


def test_where_none_are_configured_that_is_said(look: Of, recorded: Of) -> None:
    assert look("query", recorded("healthy"), {"name": "up"}) == ["no queries are configured"]


def test_a_replay_cannot_ask_for_a_course_and_shows_what_was_gathered(look: Of, asked: Any) -> None:
    lines = look("query", asked, {"name": "latency", "minutes": 5})
    assert lines[0].startswith("a replay: its course was not asked for")
    assert lines[1] == "stable: 0.25"


@pytest.mark.prometheus
class TestRealServer:
    @pytest.fixture
    def desk(self, prometheus_of: Of, scene_of: Of, asked: Any) -> ToolContext:
        def series(role: str, *values: int) -> str:
            times = [NOW - timedelta(minutes=len(values) - 1 - number) for number in range(len(values))]
            return "\n".join(
                f'latency{{hash="{role}"}} {value} {time.timestamp():.0f}'
                for value, time in zip(values, times, strict=True)
            )

        url = prometheus_of(f"{series('stable', 1, 1, 1)}\n{series('canary', 1, 5, 9)}")
        scene: SourceContext = scene_of(cast("Cluster", None), "shop")
        prometheus = Prometheus(url=url, queries=(LATENCY, Query(name="other", query="up")))
        live = replace(
            scene, look=Look(prometheus=prometheus), window=Window(start=NOW - timedelta(minutes=10), end=NOW)
        )
        evidence = msgspec.structs.replace(asked, target=scene.target)
        return ToolContext(
            evidence, scene.redact, Deadline.after(30), lambda until: replace(live, deadline=until)
        )

    def test_its_course_is_asked_for_anew_up_to_the_end_of_the_window(self, desk: ToolContext) -> None:
        stable, canary = query.run(query.QueryArguments(name="latency", minutes=2), desk)
        assert stable.startswith("stable: from 2025-01-01T11:58:00+00:00 every 15 s: 1 ")
        assert canary.endswith(" 9")
        assert " 5 " in canary

    def test_a_query_that_the_model_writes_is_not_asked(self, desk: ToolContext) -> None:
        lines = list(query.run(query.QueryArguments(name="up", minutes=5), desk))
        assert lines == ["there is no query of that name; there are:", "errors", "latency", "other"]

    def test_a_server_that_is_gone_is_said(self, desk: ToolContext, recorded: Of) -> None:
        gone = Prometheus(url="http://127.0.0.1:1", queries=(LATENCY,))
        connect = desk.connect
        assert connect is not None
        there = replace(
            desk,
            deadline=Deadline.after(1),
            connect=lambda until: replace(connect(until), look=Look(prometheus=gone)),
        )
        assert "no connection to Prometheus" in " ".join(
            query.run(query.QueryArguments(name="latency", minutes=5), there)
        )
