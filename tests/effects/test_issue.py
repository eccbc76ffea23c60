"""`--github-repo`: what a finished run tells GitHub, and what it never tells."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec.structs import replace

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision, Outcome
from analyzer.effects import carry_out
from analyzer.effects.interface import EffectContext
from analyzer.effects.issue import check_issues
from analyzer.errors import UsageError
from analyzer.evidence.bundle import encode
from analyzer.github.mark import read_mark
from analyzer.records.record import Receipt
from analyzer.settings import Issues
from analyzer.target.argo import Analysis
from tests.effects.conftest import receipts
from tests.github.conftest import finished
from tests.github.history import History
from tests.github.planted import Commit
from tests.github.server import NAME, TOKEN, GitHub, serve

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

if TYPE_CHECKING:
    from tests.effects.conftest import Shop

RUN = Analysis(namespace="shop", name="cart-1", uid="0a1b", metric="judge", kind="step")


@dataclass(frozen=True)
class NoCluster:
    """An issue needs nothing of the cluster but its deadline."""

    deadline: Deadline

    def within(self, deadline: Deadline) -> "NoCluster":
        return NoCluster(deadline)

    def patch(self, *_: object) -> None: ...

    def list(self, *_: object, **__: object) -> Iterator[object]:
        return iter(())

    apply = patch


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    made = GitHub(now=datetime.now(UTC))  # a limit counts the issues of a day
    for name in ("GH_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID", "GITHUB_APP_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)
    with serve(made) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield made
    assert made.broken == []


def a_context(
    name: str = "crash-loop", analysis: Analysis | None = RUN, outcome: Outcome | None = None, **issues: Any
) -> EffectContext:
    """A finished run of recorded evidence, with another outcome where one is given."""
    record = finished(name, Issues(**{"github_repo": NAME, **issues}))
    decision = record.judgement.decision
    if outcome:
        decision = Decision(outcome=outcome, rule="made up", reason="made up")
    target = replace(record.evidence.target, analysis=analysis)
    record = replace(
        record,
        evidence=replace(record.evidence, target=target),
        judgement=replace(record.judgement, decision=decision),
    )
    return EffectContext(record.settings, decision, target, analysis, record)


def told(context: EffectContext) -> Receipt:
    """The receipt of the issue, by way of all effects."""
    done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(30))
    return next(receipt for receipt in done.receipts if receipt.effect == "issue")


def is_told(context: EffectContext) -> bool:
    done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(30))
    return any(receipt.effect == "issue" for receipt in done.receipts)


def test_a_rollback_opens_an_issue_that_the_receipt_names(github: GitHub) -> None:
    receipt = told(a_context())
    (issue,) = github.issues
    assert (receipt.done, receipt.detail, receipt.place) == (
        True,
        "acme/shop#1 was opened",
        issue["html_url"],
    )
    assert issue["title"].startswith("Canary of shop/cart rolled back")
    assert "for metric `judge` of AnalysisRun `cart-1`" in issue["body"]


def test_github_enterprise_server_is_asked_at_its_own_path_in_its_own_version(
    github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"{os.environ['GITHUB_API_URL']}/api/v3")
    assert told(a_context()).detail == "acme/shop#1 was opened"
    assert github.version == "2022-11-28"


def test_another_attempt_of_the_job_opens_none_and_another_analysis_comments(github: GitHub) -> None:
    details = [
        told(a_context(analysis=replace(RUN, uid=uid))).detail for uid in ("0a1b", "0a1b", "2c3d", "2c3d")
    ]
    assert details[1] == details[0] == "acme/shop#1 was opened"
    assert "commented on" in details[2]
    assert details[3] == "acme/shop#1 was told already"
    assert (len(github.issues), len(github.comments)) == (1, 1)


@pytest.mark.parametrize(("close", "state"), [("comment", "open"), ("close", "closed")])
def test_a_later_promotion_is_told_to_the_issue(github: GitHub, close: str, state: str) -> None:
    told(a_context())
    receipt = told(a_context("healthy", replace(RUN, uid="2c3d"), issue_on_promote=close))
    assert "acme/shop#1" in receipt.detail
    assert github.issues[0]["state"] == state
    assert github.comments[0]["body"].startswith("**A later canary of `shop/cart` was promoted**")


def test_a_failure_that_returns_is_reopened_or_opened_anew(github: GitHub) -> None:
    told(a_context())
    for uid in ("b", "d"):
        told(a_context("healthy", replace(RUN, uid=uid), issue_on_promote="close"))
    assert told(a_context(analysis=replace(RUN, uid="c"))).detail == "acme/shop#1 was reopened"
    github.issues[0] |= {"state": "closed", "state_reason": "completed"}
    told(a_context(analysis=replace(RUN, uid="e"), issue_returning="duplicate"))
    assert "This failure returns: it was #1 before." in github.issues[1]["body"]


def test_the_issue_names_the_commit_that_wrote_the_line_of_the_panic(github: GitHub, tmp_path: Path) -> None:
    before = "package main\n" + "\n" * 67 + "\tprices := load(config)\n\tserve(prices)\n}\n"
    after = before.replace("serve(prices)", "serve(prices.Current)")
    trees = (
        {"cart/main.go": before},
        {"cart/main.go": after},
        {"cart/main.go": after, "README.md": "# shop\n"},
    )
    commits = tuple(Commit("Ann Ode", f"Step {number} @claude", tree) for number, tree in enumerate(trees))
    github.history = History.write(tmp_path / "shop", commits)
    first, guilty, last = github.history.commits
    github.history.tags = {"v1.4.2": first, "1.5.1": last}  # of the images cart:1.4.2 and cart:1.5.1
    github.history.pulls = {guilty: 41}
    told(a_context())
    body = github.issues[0]["body"]
    assert f"/acme/shop/compare/{first}...{last})" in body
    assert (
        f"1. `{guilty[:8]}` Step 1 \N{FULLWIDTH COMMERCIAL AT}claude, by ann, #41:"
        " cart/main.go:70, in the trace"
    ) in body
    assert "2. " not in body.partition("## The change under test")[2].partition("## What changed")[0]


def test_commits_that_cannot_be_found_are_said_and_the_issue_is_opened(github: GitHub) -> None:
    assert told(a_context()).done
    body = github.issues[0]["body"]
    assert (
        "Which commit stable was built from is not known: the repository has no commit or tag 1.4.2" in body
    )


def test_a_comment_reads_no_commits(github: GitHub) -> None:
    told(a_context())
    asked = len(github.requests)
    told(a_context(analysis=replace(RUN, uid="2c3d")))
    assert [request.path for request in github.requests[asked:] if "/commits/" in request.path] == []


class TestWhenNothingIsTold:
    @pytest.mark.parametrize(
        ("name", "outcome", "options"),
        [
            ("crash-loop", None, {"github_repo": ""}),
            ("healthy", None, {"issue_on_promote": "none"}),
            ("crash-loop", "inconclusive", {}),
            ("crash-loop", "started", {}),
        ],
    )
    def test_by_outcome(
        self, github: GitHub, name: str, outcome: Outcome | None, options: dict[str, Any]
    ) -> None:
        assert not is_told(a_context(name, outcome=outcome, **options))
        assert github.requests == []

    def test_in_a_dry_run(self, github: GitHub) -> None:
        assert not is_told(a_context(analysis=replace(RUN, dry_run=True)))
        assert github.requests == []

    def test_of_an_error(self, github: GitHub) -> None:
        context = a_context(outcome="error")
        assert not is_told(EffectContext(context.settings, context.decision, context.target, RUN))

    def test_but_an_inconclusive_run_opens_one_by_option(self, github: GitHub) -> None:
        assert told(a_context(outcome="inconclusive", issue_inconclusive=True)).done
        assert "was not promoted: nothing could be decided" in github.issues[0]["body"]


def test_agents_are_given_what_is_opened_or_reopened_and_no_comment(github: GitHub) -> None:
    agents: dict[str, Any] = {"assign": ("jules", "claude")}
    assert told(a_context(**agents)).detail == "acme/shop#1 was opened; given to jules; given to claude"
    assert "given" not in told(a_context(analysis=replace(RUN, uid="2"), **agents)).detail
    assert told(a_context(**agents)).detail == "acme/shop#1 was opened"  # the same run, tried again


def test_a_task_is_begun_once_and_each_later_run_reads_it(github: GitHub) -> None:
    agents: dict[str, Any] = {"assign": ("copilot-task",)}
    assert "; given to copilot-task (https://" in told(a_context(**agents)).detail
    pull = github.make_pull({"head": "copilot/fix"})
    github.tasks.kept[0]["artifacts"] = [{"provider": "github", "type": "pull", "data": {"id": pull["id"]}}]
    found = f"; the pull request of copilot-task is {pull['html_url']}"
    again = told(a_context(analysis=replace(RUN, uid="2"), **agents))
    assert again.detail.endswith(f"for the failure has happened before{found}")
    promoted = told(a_context(outcome="promote", analysis=replace(RUN, uid="3"), **agents))
    assert promoted.detail == f"told of the promotion: acme/shop#1{found}"
    assert len(github.tasks.kept) == 1


def test_the_limit_is_said_and_changes_no_exit_code(github: GitHub) -> None:
    github.now = datetime.now(UTC)  # whose last 24 hours count
    told(a_context(issue_limit=1))
    receipt = told(a_context("oom-kill", issue_limit=1))
    assert (receipt.done, receipt.detail) == (
        False,
        "no issue was opened: 1 issue within 24 hours is the most",
    )
    assert a_context().exit_code() == 3


def test_labels_that_github_drops_are_said(github: GitHub) -> None:
    github.may_label = "none"
    receipt = told(a_context())
    assert receipt.done
    assert "did not set its labels" in receipt.detail
    assert "the right to set labels" in receipt.advice


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"GITHUB_TOKEN": ""}, "there is no token for GitHub"),
        ({"GITHUB_TOKEN": "two words"}, "GITHUB_TOKEN holds characters that no key has"),
        (
            {"GITHUB_API_URL": "http://github.example.com"},
            "GITHUB_TOKEN would go to github.example.com over http",
        ),
        ({"GITHUB_API_URL": "github.example.com"}, "GITHUB_API_URL is no address"),
        (
            {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "7"},
            "GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PRIVATE_KEY of",
        ),
        ({"GITHUB_API_URL": "http://127.0.0.1:9"}, "no connection to GitHub"),
    ],
)
def test_what_is_missing_is_said_and_the_answer_stays(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], said: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    receipt = told(a_context())
    assert not receipt.done
    assert said in receipt.detail
    assert receipt.advice


class TestApp:
    @pytest.fixture
    def key(self) -> str:
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form = serialization.PrivateFormat.TraditionalOpenSSL
        return made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()

    @pytest.mark.parametrize("way", ["value", "one line", "file"])
    def test_an_installation_signs_in_with_its_key(
        self, github: GitHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, key: str, way: str
    ) -> None:
        monkeypatch.delenv("GITHUB_TOKEN")
        monkeypatch.setenv("GITHUB_APP_ID", "7")
        monkeypatch.setenv("GITHUB_APP_INSTALLATION_ID", "9")
        if way == "file":
            (tmp_path / "key.pem").write_text(key)
            monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
        else:
            monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY", key if way == "value" else key.replace("\n", "\\n"))
        assert told(a_context()).done
        assert github.requests[0].path == "/app/installations/9/access_tokens"

    def test_a_key_that_is_none_is_said(self, github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("GITHUB_TOKEN")
        for name in ("GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID", "GITHUB_APP_PRIVATE_KEY"):
            monkeypatch.setenv(name, "7")
        assert "is no private key in PEM" in told(a_context()).detail


def test_no_token_is_ever_shown(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In no log at any level, no issue, no receipt and no record, whatever GitHub answers."""
    caplog.set_level(logging.DEBUG)
    receipts = [told(a_context(assign=("jules", "copilot")))]
    monkeypatch.setenv("GITHUB_TOKEN", f"{TOKEN}x")  # one that GitHub does not know
    receipts.append(told(a_context()))
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    receipts.append(told(a_context()))
    assert [receipt.done for receipt in receipts] == [True, False, False]
    context = a_context()
    assert context.record is not None
    shown = [caplog.text, str(receipts), json.dumps(github.issues), json.dumps(github.comments)]
    shown += [encode(replace(context.record, receipts=tuple(receipts))).decode(), repr(context)]
    assert [text for text in shown if TOKEN in text] == []


def test_the_annotations_name_the_issue(github: GitHub) -> None:
    from analyzer.effects.annotations import build_annotations

    done = carry_out(a_context(), lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(30))
    assert build_annotations(done, "judge")["rollout-analyzer/judge.issue"] == github.issues[0]["html_url"]
    assert build_annotations(done, "judge")["rollout-analyzer/judge.record"] is None


@pytest.mark.parametrize(
    ("issues", "said"),
    [
        ({"github_repo": "shop"}, "is no repository"),
        ({"github_repo": "a/b/c"}, "is no repository"),
        ({"github_repo": "../.."}, "is no repository"),
        ({"github_repo": NAME, "issue_label": ("a,b",)}, "is no label"),
        ({"github_repo": NAME, "issue_label": ("x" * 51,)}, "is no label"),
        ({"github_repo": NAME, "issue_template": "/nowhere.j2"}, "there is no template"),
        ({"assign": ("jules",)}, "no repository is named"),
    ],
)
def test_what_cannot_be_is_a_usage_error_before_anything_is_sent(issues: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        check_issues(Issues(**issues))
    assert raised.value.advice


def test_what_can_be_is_none() -> None:
    check_issues(Issues())
    check_issues(Issues(github_repo=NAME, assign=("jules",)))


def test_the_run_that_told_is_read_back_from_the_issue(github: GitHub) -> None:
    told(a_context())
    assert read_mark(github.issues[0]["body"]) is not None
    assert read_mark(github.issues[0]["body"].replace("<!--", "| <!--")) is None


@pytest.mark.api
def test_the_job_of_a_canary_step_opens_an_issue_and_names_it_on_the_analysis_run(
    github: GitHub, shop: Callable[..., "Shop"]
) -> None:
    cart = shop(crashing=True)
    for _ in range(2):  # another attempt of the Job
        code, result = cart.attempt("--github-repo", NAME, "--save", "configmap:verdicts")
        assert code == 3
        assert receipts(result)["issue"]["detail"] == "acme/shop#1 was opened"
    (issue,) = github.issues
    assert cart.annotations()["rollout-analyzer/judge.issue"] == issue["html_url"]
    assert f"--evidence {receipts(result)['configmap']['place']}" in issue["body"]
    assert "hunter2secret" not in issue["body"]


@pytest.mark.api
def test_nor_does_it_in_a_dry_run(github: GitHub, shop: Callable[..., "Shop"]) -> None:
    assert "issue" not in receipts(shop(crashing=True, dry=True).attempt("--github-repo", NAME)[1])
    assert github.requests == []
