"""What Argo itself refuses, of whichever metric or step."""

from typing import Any

import pytest

from tests.check.traps.places import ANALYSIS, METRIC, STEPS, WEB, Broken, assert_told, template, wrong

pytestmark = pytest.mark.slow

SECOND = "AnalysisTemplate/spec/metrics/1"


@pytest.mark.parametrize(
    ("changes", "says", "line"),
    [
        (
            {f"{METRIC}/initialDelay": "5 minutes"},
            "initialDelay '5 minutes' is no duration",
            "initialDelay: 5 minutes",
        ),
        ({SECOND: WEB | {"interval": "1d", "count": 2}}, "interval '1d' is no duration", "interval: 1d"),
        ({SECOND: WEB | {"count": 3}}, "count 3 without an interval", "count: 3"),
        (
            {SECOND: WEB | {"count": 3, "interval": "1m", "failureLimit": 4}},
            "failureLimit 4 is more than count 3",
            "failureLimit: 4",
        ),
        (
            {SECOND: WEB | {"interval": "1m"}},
            "web of judge has an interval and no count",
            "- templateName: judge",
        ),
        (
            {f"{METRIC}/count": "two"},
            "count 'two' is no whole number: Argo silently reads it as 0 and asks once",
            "count: two",
        ),
        ({f"{METRIC}/count": "²"}, "count '²' is no whole number", 'count: "\\xB2"'),
        ({f"{METRIC}/count": 1.5}, "count 1.5 is no whole number: Kubernetes refuses it", "count: 1.5"),
        (
            {f"{METRIC}/failureLimit": "none"},
            "failureLimit 'none' is no whole number: Argo silently reads it as 0",
            "failureLimit: none",
        ),
        (
            {SECOND: WEB | {"inconclusiveLimit": "all"}},
            "inconclusiveLimit 'all' is no whole number",
            "inconclusiveLimit: all",
        ),
        ({f"{METRIC}/provider/web": {"url": "x"}}, "job and web in one metric", "provider:"),
        ({SECOND: {"name": "web"}}, "a metric without a provider", "- name: web"),
        ({SECOND: {"provider": {"web": {}}}}, "a metric without a name", "- provider:"),
        ({f"{STEPS}/2/setWeight": 50}, "setWeight and analysis in one step", "- analysis:"),
        (
            {f"{STEPS}/0/setWeight": -1, f"{STEPS}/1": {"setWeight": 5}},
            "setWeight -1 is not from 0 to 100",
            "- setWeight: -1",
        ),
        (
            {f"{ANALYSIS}/args": [{"name": "team", "valueFrom": {"podTemplateHashValue": "latest"}}]},
            "podTemplateHashValue latest is none of Stable, Latest",
            "podTemplateHashValue: latest",
        ),
        (
            {"Rollout/spec/strategy/blueGreen": {"activeService": "a"}},
            "canary and blueGreen both",
            "strategy:",
        ),
    ],
)
def test_what_argo_refuses(broken: Broken, changes: dict[str, Any], says: str, line: str) -> None:
    told = [each for each in broken(changes) if each.state == "wrong"]
    assert_told(told, "wrong", says, line)


@pytest.mark.parametrize(
    "changes",
    [
        {f"{METRIC}/initialDelay": "1h2m3.5s"},
        {f"{METRIC}/initialDelay": "{{args.team}}"},
        {f"{METRIC}/count": "{{args.team}}", f"{METRIC}/failureLimit": "0"},
        {SECOND: WEB | {"count": "{{args.team}}", "interval": "5m"}},
        {SECOND: WEB | {"count": 3, "interval": "1m", "failureLimit": 3}},
        {f"{STEPS}/0/setWeight": 0, f"{STEPS}/1": {"setWeight": 5}},
        {
            f"{STEPS}/0/setWeight": 150,
            f"{STEPS}/1": {"setWeight": 50},
            f"{STEPS}/4": {"pause": {}},
            "Rollout/spec/strategy/canary/trafficRouting": {"maxTrafficWeight": 1000},
        },
    ],
)
def test_what_argo_takes(broken: Broken, changes: dict[str, Any]) -> None:
    assert wrong(broken(changes)) == []


def test_a_metric_without_end_before_or_after_a_promotion(broken: Broken) -> None:
    analysis = {"templates": [{"templateName": "two"}]}
    changes = {
        "Rollout/spec/strategy": {"blueGreen": {"activeService": "a", "prePromotionAnalysis": analysis}}
    }
    found = broken(changes, template("two", metrics=[WEB | {"interval": "1m"}]))
    assert wrong(found) == [
        "web of two has an interval and no count: anywhere but in the background Argo refuses what never ends"
    ]


def test_text_for_a_count_is_without_end_where_there_is_an_interval(broken: Broken) -> None:
    told = wrong(broken({f"{METRIC}/count": "two", f"{METRIC}/interval": "1m"}))
    assert "count 'two' is no whole number: Argo silently reads it as 0 and asks without end" in told
    assert any("judge of judge has an interval and no count" in each for each in told)


def test_an_analysis_run_without_metrics(broken: Broken) -> None:
    assert "an AnalysisRun without metrics: Argo fails it" in wrong(
        broken({}, template("run", "AnalysisRun", args=[]))
    )


@pytest.mark.parametrize("name", ["prePromotionAnalysis", "postPromotionAnalysis"])
def test_a_retry_of_blue_green_is_told_of(broken: Broken, name: str) -> None:
    analysis = {"templates": [{"templateName": "judge"}]}
    found = broken(
        {
            "Rollout/spec/strategy": {
                "blueGreen": {"activeService": "a", "previewService": "b", name: analysis}
            }
        }
    )
    assert_told(found, "note", "a retry after a failed analysis aborts at once", f"{name}:")
    assert "delete that AnalysisRun" in found[0].advice
