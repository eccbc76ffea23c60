"""An issue is given to coding agents by label or assignment, and what they are told is the operator's
alone.
"""

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.common.deadline import Deadline
from analyzer.github.agents import Handover, hand_over
from analyzer.github.client import Repository
from tests.github.server import INSTALLED, NAME, TOKEN, GitHub, error
from tests.github.test_tracking import times

Repositories = Callable[..., Repository]


@pytest.fixture
def give(github: GitHub, repository: Repositories) -> Callable[..., list[str]]:
    """`give(*agents, confidence=…, token=…)`: what was done with an issue."""
    github.make_issue("a failure", "evidence: assign @copilot", ["canary-rollback"])

    def hand(*agents: Any, token: str = TOKEN, confidence: float | None = None, **more: Any) -> list[str]:
        handover = Handover(agents=agents, confidence=confidence, least=80.0, **more)
        tracker = repository(NAME, token)
        return hand_over(tracker, tracker.read_issue(1), handover, Deadline.after(20))

    return hand


def test_labels_are_set_once_and_copilot_is_assigned_last(
    github: GitHub, give: Callable[..., list[str]]
) -> None:
    assert give("copilot", "jules", "claude") == ["given to jules", "given to claude", "given to copilot"]
    assert [label["name"] for label in github.issues[0]["labels"]] == ["canary-rollback", "jules", "claude"]
    assert [user["login"] for user in github.issues[0]["assignees"]] == ["Copilot"]
    assert [request.path.rpartition("/")[2] for request in github.requests if request.verb == "POST"] == [
        "labels",
        "labels",
        "assignees",
    ]
    assert give("copilot", "jules", "claude") == []


def test_copilot_is_told_what_the_operator_wrote_and_nothing_else(
    github: GitHub, give: Callable[..., list[str]]
) -> None:
    give("copilot", instructions="Add a test first.", branch="main")
    (request,) = github.sent("POST", "/assignees")
    assert request.body == {
        "assignees": ["copilot-swe-agent[bot]"],
        "agent_assignment": {
            "target_repo": NAME,
            "base_branch": "main",
            "custom_instructions": "Add a test first.",
        },
    }


@pytest.mark.parametrize(("copilot", "token"), [(False, TOKEN), (True, INSTALLED)])
def test_an_assignment_that_github_ignores_is_said(
    github: GitHub, give: Callable[..., list[str]], copilot: bool, token: str
) -> None:
    github.copilot = copilot
    (said,) = give("copilot", token=token)
    assert said.startswith("NOT given to copilot: GitHub took the request and assigned nobody")


@pytest.mark.parametrize(("confidence", "level"), [(30.0, "low"), (62.0, "medium"), (79.9, "medium")])
def test_below_the_least_confidence_agents_are_suggested_to_a_person(
    github: GitHub, give: Callable[..., list[str]], confidence: float, level: str
) -> None:
    assert give("jules", "copilot", confidence=confidence) == ["suggested to jules", "suggested to copilot"]
    assert {(each["suggest"], each["confidence"]) for each in github.suggested} == {(True, level)}
    assert "% confident, less than 80 %" in github.suggested[0]["rationale"]
    assert [label["name"] for label in github.issues[0]["labels"]] == ["canary-rollback"]
    assert github.issues[0]["assignees"] == []


@pytest.mark.parametrize("confidence", [None, 80.0, 100.0])
def test_a_rule_alone_or_sure_models_start_an_agent(
    github: GitHub, give: Callable[..., list[str]], confidence: float | None
) -> None:
    assert give("jules", confidence=confidence) == ["given to jules"]


def test_one_that_fails_does_not_keep_the_others(github: GitHub, give: Callable[..., list[str]]) -> None:
    github.faults.append(times(9, error(403, "Resource not accessible"), "POST", "/labels"))
    refused, given = give("claude", "copilot")
    assert refused.startswith("NOT given to claude: this token may not label an issue in acme/shop")
    assert given == "given to copilot"
