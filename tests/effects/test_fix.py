"""`--suggest-fix`: a scripted model's edits as a comment on the issue, and as a draft pull request by
option.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.effects import carry_out
from analyzer.effects.fix import check_fix
from analyzer.errors import UsageError
from analyzer.records.record import Receipt
from analyzer.settings import Issues
from tests.effects.test_issue import RUN, NoCluster, a_context
from tests.effects.test_issue import github as github  # noqa: PLC0414 - the fixture
from tests.github.history import History
from tests.github.planted import Commit
from tests.github.server import NAME, GitHub, error

pytestmark = pytest.mark.slow
GUILTY = "\tserve(prices.Current)"
FIX = {
    "summary": "prices may be nil @claude",
    "edits": [{"path": "cart/main.go", "old": GUILTY, "new": "\tserve(prices)"}],
}


@pytest.fixture
def canary(github: GitHub, tmp_path: Path) -> str:
    """The canary's commit. The one before it wrote the line of the recorded panic, beside a secret."""
    before = "package main\n" + "\n" * 67 + "\tprices := load(config)\n\tserve(prices)\n}\n"
    secret = 'const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"\n'
    after = before.replace("\tserve(prices)", GUILTY).replace("\n\n\n", f"\n{secret}\n", 1)
    trees = (
        {"cart/main.go": before, ".github/ci.yaml": "a"},
        {"cart/main.go": after, ".github/ci.yaml": "b"},
        {"cart/main.go": after, ".github/ci.yaml": "b", "README.md": "# shop\n"},
    )
    commits = tuple(Commit("Ann Ode", f"Step {number}", tree) for number, tree in enumerate(trees))
    github.history = History.write(tmp_path / "shop", commits)
    first, _, last = github.history.commits
    github.history.tags = {"v1.4.2": first, "1.5.1": last}
    return last


@pytest.fixture
def suggest(tmp_path: Path) -> Callable[..., Receipt]:
    """`suggest(step, **issues)`: the receipt of a fix that a scripted model suggests."""

    def run(step: Any, analysis: Any = RUN, **issues: Any) -> Receipt:
        script = tmp_path / "fix.json"
        script.write_text(json.dumps(step))
        context = a_context(analysis=analysis, suggest_fix=f"scripted:{script}", **issues)
        done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(60))
        return next(receipt for receipt in done.receipts if receipt.effect == "fix")

    return run


def test_edits_that_apply_are_a_diff_on_the_issue(
    github: GitHub, canary: str, suggest: Callable[..., Receipt]
) -> None:
    receipt = suggest({"answer": FIX})
    assert receipt.done, receipt
    assert receipt.detail.endswith("on acme/shop#1")
    (comment,) = github.comments
    assert "-\tserve(prices.Current)\n+\tserve(prices)\n" in comment["body"]
    assert "prices may be nil \N{FULLWIDTH COMMERCIAL AT}claude" in comment["body"]
    assert (github.branches, github.pulls) == ({}, [])
    suggest({"answer": FIX})  # the same run, tried again
    assert len(github.comments) == 1


def test_the_model_is_shown_the_suspects_file_without_its_secret(
    github: GitHub, canary: str, suggest: Callable[..., Receipt], monkeypatch: pytest.MonkeyPatch
) -> None:
    from analyzer.models.scripted import Scripted

    asked: list[str] = []
    reply = Scripted.ask

    def ask(self: Scripted, question: Any, turns: Any, deadline: Deadline) -> Any:
        asked.append(question.prompt)
        return reply(self, question, turns, deadline)

    monkeypatch.setattr(Scripted, "ask", ask)
    assert suggest({"answer": FIX}).done
    assert GUILTY in asked[0]
    assert "ghp_abcdef" not in asked[0]
    assert ".github" not in asked[0]
    assert "ghp_abcdef" not in github.comments[0]["body"]


def test_a_draft_pull_request_is_on_a_branch_of_its_own(
    github: GitHub, canary: str, suggest: Callable[..., Receipt]
) -> None:
    receipt = suggest({"answer": FIX}, fix_pull_request=True)
    (pull,) = github.pulls
    ((ref, files),) = github.branches.items()
    assert ref == f"refs/heads/{pull['head']}" == f"refs/heads/rollout-analyzer/fix-1-{canary[:8]}"
    assert (pull["draft"], files[""]) == (True, canary)
    assert "\tserve(prices)\n" in files["cart/main.go"]
    assert "ghp_abcdefghij" in files["cart/main.go"]  # the commit has the file, not what was shown
    assert "@claude" not in f"{pull['title']}{pull['body']}"
    assert receipt.place == pull["html_url"]
    assert pull["html_url"] in github.comments[0]["body"]
    suggest({"answer": FIX}, fix_pull_request=True)
    assert (len(github.pulls), len(github.branches)) == (1, 1)


def test_a_branch_that_is_there_is_never_written_to(
    github: GitHub, canary: str, suggest: Callable[..., Receipt]
) -> None:
    ref = f"refs/heads/rollout-analyzer/fix-1-{canary[:8]}"
    github.branches = {ref: {"": "0" * 40}}
    receipt = suggest({"answer": FIX}, fix_pull_request=True)
    assert not receipt.done
    assert "no branch that is there is written to" in receipt.detail
    assert (github.branches, github.pulls) == ({ref: {"": "0" * 40}}, [])


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"failure": {"reason": "it is overloaded"}}, "suggested no fix: it is overloaded"),
        ({"text": "I would restart it."}, "cannot be used: it holds no JSON object"),
        ({"answer": {"summary": "nothing here", "edits": []}}, "has no edit that applies"),
        (
            {"answer": {"summary": "s", "edits": [{"path": ".github/ci.yaml", "old": "b", "new": "c"}]}},
            "has no edit that applies",
        ),
    ],
)
def test_a_model_without_a_fix_is_said_and_opens_nothing(
    github: GitHub, canary: str, suggest: Callable[..., Receipt], step: Any, said: str
) -> None:
    receipt = suggest(step, fix_pull_request=True)
    assert not receipt.done
    assert said in receipt.detail
    assert (github.branches, github.pulls) == ({}, [])


def test_without_a_suspect_no_model_is_asked(github: GitHub, suggest: Callable[..., Receipt]) -> None:
    receipt = suggest({"text": "must not be asked"})
    assert receipt.detail == "no fix was suggested: no commit is a suspect"


def test_a_failure_that_was_told_before_gets_none(
    github: GitHub, canary: str, suggest: Callable[..., Receipt]
) -> None:
    suggest({"answer": FIX})
    receipt = suggest({"answer": FIX}, analysis=replace(RUN, uid="another"))
    assert receipt.detail == "no fix was suggested: the failure was told of before"


def test_a_right_that_is_missing_is_said(
    github: GitHub, canary: str, suggest: Callable[..., Receipt]
) -> None:
    denied = error(403, "Resource not accessible", x_accepted_github_permissions="contents=write")
    github.faults.append(lambda request: denied if request.is_a("POST", "/git/refs") else None)
    receipt = suggest({"answer": FIX}, fix_pull_request=True)
    assert "may not make a branch" in receipt.detail
    assert "contents=write" in receipt.advice


@pytest.mark.parametrize(
    ("issues", "said"),
    [
        ({"fix_pull_request": True}, "opens what --suggest-fix suggests"),
        ({"suggest_fix": "gemini"}, "no repository is named"),
        ({"suggest_fix": "builtin", "github_repo": NAME}, "writes no code"),
        ({"suggest_fix": "nobody", "github_repo": NAME}, "nobody"),
    ],
)
def test_what_cannot_be_is_a_usage_error(issues: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_fix(Issues(**issues))
    check_fix(Issues())
    check_fix(Issues(suggest_fix="gemini", github_repo=NAME))
