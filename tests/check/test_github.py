"""What `check` says of GitHub beforehand, on a GitHub that answers by its own description."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzer.check.github import check_github
from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.settings import Issues, Settings
from tests.github.history import History
from tests.github.jules_server import KEY, JulesServer
from tests.github.planted import Commit
from tests.github.server import INSTALLED, NAME, TOKEN, GitHub, error, serve
from tests.github.test_tracking import times

Looked = Callable[..., dict[str, CheckResult]]


@pytest.fixture
def github() -> Iterator[GitHub]:
    made = GitHub()
    yield made
    assert made.broken == []
    assert {request.verb for request in made.requests} <= {"GET"}


@pytest.fixture
def look(github: GitHub, ask: Callable[..., CheckRequest]) -> Iterator[Looked]:
    """`look(token=…, offline=…, **issues)`: the results, by what they are about."""
    with serve(github) as url:

        def check(
            token: str = TOKEN, *, offline: bool = False, environ: Any = None, **issues: Any
        ) -> dict[str, CheckResult]:
            settings = Settings(issues=Issues(**{"github_repo": NAME, **issues}))
            known = {"GITHUB_API_URL": url} | ({"GITHUB_TOKEN": token} if token else {}) | (environ or {})
            results = check_github(ask(settings, environ=known, offline=offline))
            return {result.about: result for result in results}

        yield check


@pytest.fixture
def history(github: GitHub, tmp_path: Path) -> None:
    github.history = History.write(tmp_path / "shop", (Commit("Ann Ode", "Begin", {"a": "1"}),))


@pytest.mark.usefixtures("history")
def test_what_is_there_holds(look: Looked) -> None:
    results = look(assign=("jules", "claude", "copilot"))
    assert {result.state for result in results.values()} == {"holds"}
    assert results["token"].what == "a classic token of a user"
    assert {NAME, "commits", "label canary-rollback", "label jules", "label claude", "template"} <= set(
        results
    )


def test_no_repository_is_nothing_to_check(look: Looked) -> None:
    assert look(github_repo="") == {}


def test_offline_asks_nobody(github: GitHub, look: Looked) -> None:
    assert list(look(offline=True)) == ["template"]
    assert github.requests == []


def test_a_template_that_is_broken_is_wrong(look: Looked, tmp_path: Any) -> None:
    (tmp_path / "own.j2").write_text("{{ nothing }}")
    assert look(issue_template=str(tmp_path / "own.j2"))["template"].state == "wrong"


@pytest.mark.parametrize(
    ("token", "said"), [("", "there is no token for GitHub"), ("ghp_wrong", "does not know this token")]
)
def test_a_token_that_is_none_is_wrong(look: Looked, token: str, said: str) -> None:
    result = look(token)[NAME]
    assert (result.state, said in result.what, bool(result.advice)) == ("wrong", True, True)


def test_a_repository_that_cannot_be_seen_is_wrong(look: Looked) -> None:
    assert look(github_repo="acme/none")["acme/none"].state == "wrong"


def test_one_without_issues_is_wrong(github: GitHub, look: Looked) -> None:
    github.has_issues = False
    assert "switched off" in look()[NAME].what


def test_a_server_that_does_not_answer_may_pass(github: GitHub, look: Looked) -> None:
    github.faults.append(times(9, error(503, "Service Unavailable"), "GET", "/shop"))
    assert look()[NAME].state == "unreachable"


def test_a_label_that_is_missing_and_a_right_to_set_one_are_notes(github: GitHub, look: Looked) -> None:
    github.labels, github.may_label = {"canary-rollback"}, "none"
    results = look(assign=("jules",))
    assert {about for about, result in results.items() if result.state == "note"} == {
        NAME,
        "label jules",
        "commits",
    }


def test_what_an_app_cannot_do_is_said(look: Looked) -> None:
    results = look(INSTALLED, assign=("copilot", "claude"))
    assert (results["copilot"].state, results["claude"].state) == ("wrong", "note")
    assert "a user's token alone" in results["copilot"].what


@pytest.mark.parametrize(
    ("token", "allowed", "state", "said"),
    [
        (TOKEN, True, "holds", "its tasks can be read"),
        (TOKEN, False, "wrong", "may not list tasks"),
        (INSTALLED, True, "wrong", "a user's token alone"),
    ],
)
def test_agent_tasks_are_for_users(
    github: GitHub, look: Looked, token: str, allowed: bool, state: str, said: str
) -> None:
    github.tasks.allowed = allowed
    result = look(token, assign=("copilot-task",))["copilot-task"]
    assert (result.state, said in result.what) == (state, True)
    assert "Agent tasks: read and write" in result.advice or state == "holds"


def test_commits_that_cannot_be_read_are_a_note(github: GitHub, look: Looked) -> None:
    result = look()["commits"]
    assert result.state == "note"
    assert "Contents: read" in result.advice


@pytest.mark.parametrize(("may_label", "state"), [("all", "note"), ("none", "wrong")])
def test_who_may_set_no_status_is_told(github: GitHub, look: Looked, may_label: str, state: str) -> None:
    github.may_label = may_label
    assert look(github_status="commit")["status"].state == state
    assert "status" not in look()


class TestJules:
    @pytest.fixture
    def server(self, web: Callable[..., str], answer: Callable[..., None]) -> tuple[JulesServer, str]:
        made = JulesServer()
        return made, web(made.take(answer))

    @pytest.mark.parametrize(
        ("key", "repositories", "state", "said"),
        [
            (KEY, ("acme/shop",), "holds", "is its source sources/github/acme/shop"),
            (KEY, (), "wrong", "Jules has no source acme/shop"),
            ("wrong", (), "wrong", "API key not valid"),
            ("", (), "wrong", "there is no key"),
        ],
    )
    def test_the_repository_has_to_be_its_source(
        self, look: Looked, server: Any, key: str, repositories: tuple[str, ...], state: str, said: str
    ) -> None:
        jules, url = server
        jules.repositories = repositories
        environ = {"JULES_API_URL": url, "JULES_API_KEY": key}
        result = look(environ=environ, assign=("jules-api",))["jules-api"]
        assert (result.state, said in result.what) == (state, True)
        assert jules.sessions == []
