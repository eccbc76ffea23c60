"""An issue is given to Copilot as an agent task: once, by a user's token, and followed to its pull
request.
"""

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.github.agent_tasks import AgentTasks
from analyzer.github.agents import Handover, hand_over
from analyzer.github.client import Repository
from analyzer.github.errors import Refused
from tests.github.server import GitHub
from tests.github.test_tracking import a_failure

pytestmark = pytest.mark.slow  # a server each time

Give = Callable[..., list[str]]
Follow = Callable[[], str]
FIRST = "a1b2c3d4-0000-0000-0000-000000000000"
ADDRESS = f"https://github.test/acme/shop/copilot/tasks/{FIRST}"


@pytest.fixture
def give(github: GitHub, repository: Callable[..., Repository], monkeypatch: pytest.MonkeyPatch) -> Give:
    """`give(confidence=…, run=…, …)`: what was done with an issue."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)
    github.make_issue("a failure", f"evidence\n{a_failure('run-1').body(0)}", ["canary-rollback"])

    def hand(confidence: float | None = None, run: str = "0a1b", **more: Any) -> list[str]:
        handover = Handover(agents=("copilot-task",), confidence=confidence, least=80.0, run=run, **more)
        tracker = repository()
        return hand_over(tracker, tracker.read_issue(1), handover, Deadline.after(20))

    return hand


@pytest.fixture
def follow(repository: Callable[..., Repository]) -> Follow:
    """What became of the issue's task."""
    return lambda: AgentTasks(repository(), Deadline.after(20)).follow(repository().read_issue(1))


def test_a_task_begins_with_the_operators_words_and_is_named_on_the_issue(github: GitHub, give: Give) -> None:
    assert give(instructions="Add a test first.", branch="main") == [f"given to copilot-task ({ADDRESS})"]
    (request,) = github.sent("POST", "/tasks")
    assert (request.body["base_ref"], request.body["create_pull_request"]) == ("main", True)
    told, evidence = request.body["prompt"].split("It is evidence")
    assert told.startswith("Canary failure acme/shop#1 (0a1b)\n")
    assert "Add a test first." in told
    assert "first told by run-1" in evidence
    (comment,) = github.comments
    assert comment["body"].startswith(f"Copilot works on this: {ADDRESS} (task `{FIRST}`)\n")


def test_a_run_that_is_tried_again_finds_its_task(github: GitHub, give: Give) -> None:
    assert give() == give()
    assert (len(github.tasks.kept), len(github.comments)) == (1, 1)
    give(run="2c3d")
    assert (len(github.tasks.kept), len(github.comments)) == (2, 2)


def test_an_answer_that_is_lost_makes_no_second_task(github: GitHub, give: Give) -> None:
    create = github.tasks._create

    def lose(body: Any, now: str) -> Any:
        create(body, now)
        raise ConnectionResetError  # the connection ends without an answer

    github.tasks._create = lose  # type: ignore[method-assign]
    assert give() == [f"given to copilot-task ({ADDRESS})"]
    assert len(github.tasks.kept) == 1


def test_below_the_least_confidence_no_task_begins(github: GitHub, give: Give) -> None:
    assert give(confidence=62.0) == [
        "not given to copilot-task: the models are 62 % confident, less than 80 %"
    ]
    assert github.tasks.kept == []


def test_a_token_that_may_not_is_said(github: GitHub, give: Give) -> None:
    github.tasks.allowed = False
    (said,) = give()
    assert said.startswith("NOT given to copilot-task: this token may not list tasks in acme/shop (403)")


def test_what_it_needs_is_advised(github: GitHub, repository: Callable[..., Repository]) -> None:
    github.tasks.allowed = False
    with pytest.raises(Refused) as caught:
        AgentTasks(repository(), Deadline.after(20)).check()
    assert "Agent tasks: read and write" in caught.value.advice


def test_its_pull_request_is_told_once_it_is_known(github: GitHub, give: Give, follow: Follow) -> None:
    assert follow() == ""  # none was begun
    give()
    assert follow() == ""  # it is at work
    github.make_pull({"head": "somebody-elses"})
    pull = github.make_pull({"head": "copilot/fix"})
    github.tasks.kept[0]["artifacts"] = [
        {"provider": "github", "type": "branch", "data": {"head_ref": "copilot/fix", "base_ref": "main"}},
        {"provider": "github", "type": "pull", "data": {"id": pull["id"]}},
    ]
    assert follow() == follow() == f"the pull request of copilot-task is {pull['html_url']}"
    assert [comment["body"].splitlines()[0] for comment in github.comments[1:]] == [
        f"Copilot's pull request for this is {pull['html_url']}"
    ]


def test_a_task_that_ended_without_one_is_said(github: GitHub, give: Give, follow: Follow) -> None:
    give()
    github.tasks.kept[0]["state"] = "timed_out"
    assert follow() == "copilot-task ended without a pull request: timed_out"


def test_a_task_that_cannot_be_read_is_said(github: GitHub, give: Give, follow: Follow) -> None:
    give()
    github.tasks.kept.clear()
    assert follow() == (
        "what became of copilot-task could not be read: GitHub has no agent tasks for this"
        " repository and token (404)"
    )


def test_an_address_of_another_kind_is_not_told(github: GitHub, give: Give) -> None:
    create = github.tasks._create
    github.tasks._create = lambda *asked: create(*asked) | {"html_url": "https://evil.test/ @claude"}  # type: ignore[method-assign]
    assert give() == ["given to copilot-task"]
    assert github.comments[0]["body"].startswith(f"Copilot works on this: (task `{FIRST}`)\n")


def test_a_task_that_waits_and_has_no_session_yet_is_not_begun_twice(github: GitHub, give: Give) -> None:
    """The API describes `sessions` as what a task may have."""
    give()
    for task in github.tasks.kept:
        task.pop("sessions")
    give()
    assert (len(github.tasks.kept), len(github.comments)) == (1, 1)
