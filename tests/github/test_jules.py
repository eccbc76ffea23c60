"""An issue is given to Jules by its API: once, with a plan that a person approves, and with its address
told.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.github.agents import Handover, hand_over
from analyzer.github.client import Repository
from tests.github.jules_server import KEY, JulesServer
from tests.github.server import GitHub
from tests.github.test_tracking import a_failure

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

Give = Callable[..., list[str]]


@pytest.fixture
def jules(
    web: Callable[..., str], answer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[JulesServer]:
    made = JulesServer()
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)
    monkeypatch.setenv("JULES_API_URL", web(made.take(answer)))
    monkeypatch.setenv("JULES_API_KEY", KEY)
    yield made
    assert made.broken == []


@pytest.fixture
def give(github: GitHub, repository: Callable[..., Repository], jules: JulesServer) -> Give:
    """`give(confidence=…, run=…, …)`: what was done with an issue."""
    failure = a_failure("run-1")
    github.make_issue("a failure", f"evidence\n{failure.body(0)}", ["canary-rollback"])

    def hand(confidence: float | None = None, run: str = "0a1b", **more: Any) -> list[str]:
        handover = Handover(agents=("jules-api",), confidence=confidence, least=80.0, run=run, **more)
        tracker = repository()
        return hand_over(tracker, tracker.read_issue(1), handover, Deadline.after(20))

    return hand


def test_a_session_begins_in_the_source_that_is_the_repository(
    github: GitHub, jules: JulesServer, give: Give
) -> None:
    assert give(instructions="Add a test first.") == [
        "given to jules-api (https://jules.google.com/session/31)"
    ]
    (session,) = jules.sessions
    assert session["sourceContext"] == {
        "source": "sources/github/Acme/Shop",
        "githubRepoContext": {"startingBranch": "trunk"},
    }
    assert session["requirePlanApproval"] is True
    assert "automationMode" not in session
    told, evidence = session["prompt"].split("It is evidence")
    assert "Add a test first." in told
    assert "first told by run-1" in evidence
    (comment,) = github.comments
    assert comment["body"].startswith("Jules works on this: https://jules.google.com/session/31\n")


def test_the_operator_can_let_it_go_on_alone(jules: JulesServer, give: Give) -> None:
    give(approves=False, opens_pull=True, branch="main")
    (session,) = jules.sessions
    assert (session["requirePlanApproval"], session["automationMode"]) == (False, "AUTO_CREATE_PR")
    assert session["sourceContext"]["githubRepoContext"] == {"startingBranch": "main"}


def test_a_run_that_is_tried_again_finds_its_session(github: GitHub, jules: JulesServer, give: Give) -> None:
    assert give() == give()
    assert (len(jules.sessions), len(github.comments)) == (1, 1)
    give(run="2c3d")
    assert (len(jules.sessions), len(github.comments)) == (2, 2)


@pytest.mark.parametrize("fault", [503, -503, 429])
def test_a_fault_that_passes_makes_no_second_session(jules: JulesServer, give: Give, fault: int) -> None:
    give()
    jules.sessions.clear()
    jules.faults = [fault]
    give(run="again")
    assert len(jules.sessions) == 1


def test_an_answer_to_the_creation_that_is_lost_makes_no_second_session(
    jules: JulesServer, give: Give
) -> None:
    jules.repositories = ("acme/shop",)
    create = jules._create

    def lose(body: Any) -> Any:
        made = create(body)
        jules.faults = [-502] if len(jules.sessions) == 1 else []
        return made

    jules._create = lose  # type: ignore[method-assign]
    assert give() == ["given to jules-api (https://jules.google.com/session/31)"]
    assert len(jules.sessions) == 1


def test_below_the_least_confidence_no_session_begins(jules: JulesServer, give: Give) -> None:
    (said,) = give(confidence=62.0)
    assert said == "not given to jules-api: the models are 62 % confident, less than 80 %"
    assert jules.sessions == []


def test_a_repository_that_jules_does_not_have_is_said(jules: JulesServer, give: Give) -> None:
    jules.repositories = ("acme/other",)
    (said,) = give()
    assert said.startswith("NOT given to jules-api: Jules has no source acme/shop")


@pytest.mark.parametrize(
    ("key", "said"), [("", "there is no key for Jules' API"), ("wrong", "answered 401: API key not valid")]
)
def test_a_key_that_is_none_is_said_and_not_shown(
    give: Give, monkeypatch: pytest.MonkeyPatch, key: str, said: str
) -> None:
    monkeypatch.setenv("JULES_API_KEY", key)
    (words,) = give()
    assert said in words


def test_an_address_of_somewhere_else_is_not_told(github: GitHub, jules: JulesServer, give: Give) -> None:
    create = jules._create
    jules._create = lambda body: create(body) | {"url": "https://evil.example/session"}  # type: ignore[method-assign]
    assert give() == ["given to jules-api"]
    assert github.comments == []


def test_what_hangs_or_is_down_is_said(give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JULES_API_URL", "http://127.0.0.1:9")
    (said,) = give()
    assert "no answer from Jules' API (no connection)" in said
    assert KEY not in said
