"""What Argo refuses of a Rollout's strategy, and what it takes."""

from typing import Any

import pytest

from tests.check.traps.places import ANALYSIS, CANARY, STEPS, Broken, assert_told, wrong

pytestmark = pytest.mark.slow

REFUSED = "Argo refuses the Rollout"
ANALYSES = {"templates": [{"templateName": "judge"}]}
ROUTING = {"istio": {"virtualService": {"name": "cart"}}, "managedRoutes": [{"name": "h"}]}
BLUE_GREEN = "Rollout/spec/strategy"


@pytest.mark.parametrize(
    ("changes", "says", "line"),
    [
        ({f"{STEPS}/1/pause/duration": "2min"}, "pause '2min' is no duration", "duration: 2min"),
        ({f"{STEPS}/1/pause/duration": "2 m"}, "pause '2 m' is no duration", "duration: 2 m"),
        ({f"{STEPS}/1/pause/duration": ""}, "pause '' is no duration", "duration: ''"),
        ({f"{STEPS}/1/pause/duration": -5}, "pause -5 is less than nothing", "duration: -5"),
        ({f"{STEPS}/1/pause/duration": "-1m"}, "pause -1m is less than nothing", "duration: -1m"),
        ({f"{STEPS}/3": {}}, "a step that does nothing", "- {}"),
        ({f"{STEPS}/2/pause": {}}, "pause and analysis in one step", "- analysis:"),
        (
            {f"{STEPS}/3": {"setCanaryScale": {"weight": 20}}},
            "setCanaryScale without trafficRouting",
            "- setCanaryScale:",
        ),
        (
            {f"{STEPS}/3": {"setHeaderRoute": {"name": "h"}}},
            "setHeaderRoute without trafficRouting",
            "- setHeaderRoute:",
        ),
        (
            {f"{STEPS}/3": {"setMirrorRoute": {"name": "h"}}},
            "setMirrorRoute without trafficRouting",
            "- setMirrorRoute:",
        ),
        (
            {f"{STEPS}/3": {"setMirrorRoute": {"name": "h"}}, f"{CANARY}/trafficRouting": {"istio": {}}},
            "setMirrorRoute without trafficRouting.managedRoutes",
            "- setMirrorRoute:",
        ),
        (
            {f"{CANARY}/maxSurge": 0, f"{CANARY}/maxUnavailable": 0},
            "maxSurge and maxUnavailable are both 0",
            "maxSurge: 0",
        ),
        (
            {f"{CANARY}/maxSurge": "0%", f"{CANARY}/maxUnavailable": "0"},
            "maxSurge and maxUnavailable are both 0",
            "maxSurge: 0%",
        ),
        (
            {
                BLUE_GREEN: {
                    "blueGreen": {
                        "activeService": "a",
                        "previewService": "a",
                        "prePromotionAnalysis": ANALYSES,
                    }
                }
            },
            "activeService and previewService are both a",
            "activeService: a",
        ),
    ],
)
def test_what_argo_refuses(broken: Broken, changes: dict[str, Any], says: str, line: str) -> None:
    told = [each for each in broken(changes) if each.state == "wrong"]
    assert_told(told, "wrong", says, line)
    assert told[0].what.endswith(REFUSED)


def test_an_analysis_beside_a_scale_is_not_waited_for(broken: Broken) -> None:
    found = broken({f"{CANARY}/trafficRouting": ROUTING, f"{STEPS}/2/setCanaryScale": {"weight": 20}})
    assert_told(found, "wrong", "setCanaryScale and analysis in one step", "- analysis:")


@pytest.mark.parametrize(
    "changes",
    [
        *({f"{STEPS}/1/pause/duration": duration} for duration in (120, "120", "1h2m3.5s", 0, "0", "-0")),
        {f"{STEPS}/1/pause": {}},
        {f"{STEPS}/3": {"plugin": {"name": "x"}}},
        {f"{CANARY}/trafficRouting": ROUTING, f"{STEPS}/3": {"setCanaryScale": {"weight": 20}}},
        {f"{CANARY}/trafficRouting": ROUTING, f"{STEPS}/3": {"setHeaderRoute": {"name": "h"}}},
        {f"{CANARY}/trafficRouting": ROUTING, f"{STEPS}/0/setCanaryScale": {"matchTrafficWeight": True}},
        {f"{CANARY}/maxSurge": 0},
        {f"{CANARY}/maxUnavailable": 0},
        {f"{CANARY}/maxSurge": 0, f"{CANARY}/maxUnavailable": "1%"},
        {f"{CANARY}/maxSurge": 1, f"{CANARY}/maxUnavailable": 0},
        {BLUE_GREEN: {"blueGreen": {"activeService": "a", "prePromotionAnalysis": ANALYSES}}},
        {f"{ANALYSIS}/templates/0/templateName": "judge"},
    ],
)
def test_what_argo_takes(broken: Broken, changes: dict[str, Any]) -> None:
    assert wrong(broken(changes)) == []
