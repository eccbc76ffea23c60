"""examples/grafana-dashboard.json, on a real Prometheus with what runs have sent."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analyzer.answer import Answer
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.prometheus import Server
from analyzer.settings import Prometheus, Tell
from analyzer.target.argo import Analysis
from analyzer.telemetry import send
from analyzer.telemetry.finished import FinishedRun
from analyzer.verdicts.verdict import Spent, Verdict
from tests.telemetry.collector import Collector, Point
from tests.telemetry.translation import name_of, translate

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "examples/grafana-dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
VARIABLES = {each["name"]: each for each in DASHBOARD["templating"]["list"] if each["type"] == "query"}
EXPRESSIONS: list[tuple[str, str]] = [
    *((panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]),
    *((f"annotation {each['name']}", each["expr"]) for each in DASHBOARD["annotations"]["list"]),
]
NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
DAY = {"$__range": "1d", "$__interval": "1h", "$team": ".*", "$namespace": ".*"}
# team, namespace, outcome, what the second model said, dry run
SENT = (
    ("checkout", "shop", "promote", "promote", False),
    ("checkout", "shop", "promote", "promote", False),
    ("checkout", "shop", "rollback", "promote", False),
    ("search", "find", "inconclusive", "rollback", False),
    ("search", "find", "error", "", False),
    ("search", "find", "rollback", "rollback", True),
)


@pytest.fixture(scope="module")
def runs() -> list[tuple[str, FinishedRun]]:
    return [(row[0], made_of(*row[1:])) for row in SENT]


def made_of(namespace: str, outcome: Any, second: Any, dry: bool) -> FinishedRun:
    spent = Spent(latency=4.0, tokens_in=9000, tokens_out=200, cost=0.25)
    verdicts = [("gemini:flash", outcome)] * (outcome != "error") + [("ollama:gemma4", second)] * bool(second)
    opinions = tuple(
        Verdict(
            model=model,
            answer=Answer(
                verdict="cannot_tell" if verdict == "inconclusive" else verdict,
                confidence=90,
                summary="",
                root_cause="",
            ),
            spent=spent,
        )
        for model, verdict in verdicts
    )
    return FinishedRun(
        decision=Decision(outcome=outcome, rule=f"rule of {outcome}", reason="as it is"),
        exit_code=0,
        namespace=namespace,
        rollout="cart",
        stable="a",
        canary="b",
        analysis=Analysis(namespace=namespace, name="run", uid="1", metric="judge", kind="step", dry_run=dry),
        opinions=opinions,
        findings={},
        gaps=0,
        timings={"gather": 6.0, "judge": 8.0, "effects": 1.0} if opinions else {},
        seconds=15.0,
        ended_at=NOW,
    )


@pytest.fixture
def points(runs: list[tuple[str, FinishedRun]], collector: Collector, endpoint: str) -> list[Point]:
    """What was sent, a run every two hours until two hours and a half ago."""
    for team, run in runs:
        labels = (f"team={team}",)
        assert send(run, Tell(otlp=True, otlp_labels=labels), os.environ, Deadline.after(30)) == ()
    instances = list(dict.fromkeys(point.resource["service.instance.id"] for point in collector.points()))
    ends = {
        each: NOW - timedelta(hours=2 * len(runs) - 2 * number + 0.5) for number, each in enumerate(instances)
    }
    return [
        replace(point, at=int(ends[point.resource["service.instance.id"]].timestamp() * 1e9))
        for point in collector.points()
    ]


def filled(expression: str, **variables: str) -> str:
    values = DAY | {f"${name}": value for name, value in variables.items()}
    for name, value in values.items():
        expression = expression.replace(name, value)
    assert "$" not in expression.replace('$"', ""), expression
    return expression


@pytest.fixture
def ask(
    points: list[Point], prometheus_of: Callable[[str], str]
) -> Callable[..., list[tuple[dict[str, str], float]]]:
    server = Server.connect(Prometheus(url=prometheus_of(translate(points))), {}, Deadline.after(60))

    def answer(expression: str, **variables: str) -> list[tuple[dict[str, str], float]]:
        """The series of an expression over the last day, a range's values added."""
        query = filled(expression, **variables)
        if "$__interval" not in expression:
            found = server.instant(query, NOW).series
            return [(dict(each.metric), float(each.value[1])) for each in found if each.value]
        ranged = server.range(query, NOW - timedelta(days=1), NOW, 3600).series
        return [
            (dict(each.metric), sum(float(value) for _, value in each.values if value != "NaN"))
            for each in ranged
        ]

    return answer


def expression_of(title: str) -> str:
    return next(expression for name, expression in EXPRESSIONS if name == title)


@pytest.mark.slow
@pytest.mark.prometheus
def test_every_expression_finds_what_runs_have_sent(
    ask: Callable[..., list[tuple[dict[str, str], float]]],
) -> None:
    empty = [title for title, expression in EXPRESSIONS if not ask(expression)]
    assert empty == []
    count = dict(Counter((team, outcome) for team, _, outcome, _, dry in SENT if not dry))
    by_team = {
        (labels["team"], labels["rollout_analyzer_outcome"]): value
        for labels, value in ask(expression_of("Outcomes by team"))
    }
    assert by_team == count
    over_time = {
        labels["rollout_analyzer_outcome"]: value
        for labels, value in ask(expression_of("Outcomes over time"))
    }
    assert over_time == {"promote": 2, "rollback": 1, "inconclusive": 1, "error": 1}
    agreeing = {
        labels["gen_ai_request_model"]: value
        for labels, value in ask(expression_of("Agreement with the outcome"))
    }
    assert agreeing == {"flash": 1, "gemma4": pytest.approx(3 / 5)}
    [(_, share)] = ask(expression_of("Share rolled back"))
    assert share == pytest.approx(1 / 3)
    [(_, differ)] = ask(expression_of("Models differ"))
    assert differ == pytest.approx(2 / 5)
    [(_, cost)] = ask(expression_of("Model cost"))
    assert cost == pytest.approx(10 * 0.25)
    stages = {
        labels["rollout_analyzer_stage"]: value for labels, value in ask(expression_of("Time spent by stage"))
    }
    assert stages == {
        name: pytest.approx(5 * s / 6) for name, s in (("gather", 6), ("judge", 8), ("effects", 1))
    }
    rolled_back = ask(expression_of("annotation rollback"))
    assert [labels["k8s_namespace_name"] for labels, _ in rolled_back] == ["shop"]
    assert ask(expression_of("Outcomes by team"), team="nobody") == []
    assert len(ask(expression_of("Outcomes by team"), team="search", namespace="find|shop")) == 2


@pytest.mark.slow
def test_every_label_and_metric_that_it_names_is_sent(points: list[Point]) -> None:
    """Of an alternative that finds nothing, an expression as a whole does not tell."""
    sent = {key.replace(".", "_") for point in points for key in (*point.attributes, "le", "job", "instance")}
    named = {
        label
        for _, expression in EXPRESSIONS
        for group in re.findall(r"(?:by|ignoring) \(([^)]*)\)", expression)
        for label in group.split(", ")
    }
    named |= {label for _, expression in EXPRESSIONS for label in re.findall(r"(\w+)=~?\"", expression)}
    assert named <= sent
    for variable in VARIABLES.values():
        metric, label = re.findall(r"\w+", variable["definition"])[1:]
        assert metric in {name_of(point) for point in points}
        assert label in sent


@pytest.mark.slow
def test_the_page_names_metrics_as_prometheus_keeps_them(points: list[Point]) -> None:
    page = (ROOT / "docs/telemetry.md").read_text()
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| `(\w+)` \|", page, re.MULTILINE))
    assert told == {point.name: name_of(point) for point in points}


def test_panels_stand_beside_each_other() -> None:
    taken = Counter(
        (x, y)
        for grid in (panel["gridPos"] for panel in PANELS)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    )
    assert set(taken.values()) == {1}
    assert max(x for x, _ in taken) == 23
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
