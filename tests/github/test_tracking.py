"""One open issue for each failure, told of once by each run: real PyGithub, over HTTP, on a GitHub that
keeps it.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from analyzer.common.deadline import Deadline
from analyzer.common.short import short_digest
from analyzer.github.client import Repository
from analyzer.github.errors import Refused, Unreachable
from analyzer.github.mark import Mark, read_mark
from analyzer.github.tracking import Filed, Filing, Promotion, TrackedFailure, file_failure, tell_promotion
from tests.github.server import INSTALLED, NAME, Answer, GitHub, Request, error

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

Repositories = Callable[..., Repository]


def mark(run: str, failure: str = "crash", subject: str = "shop/cart") -> Mark:
    return Mark(
        subject=short_digest(subject, length=8),
        failure=short_digest(subject, failure, length=8),
        run=short_digest(run),
    )


def a_failure(run: str, failure: str = "crash", subject: str = "shop/cart") -> TrackedFailure:
    own = mark(run, failure, subject)
    return TrackedFailure(
        mark=own,
        title=f"Canary of {subject}: {failure}",
        body=lambda earlier: f"first told by {run}, was {earlier}\n\n{own.write()}\n",
        comment=lambda occasion, count: f"{occasion} {count} by {run}\n\n{own.write()}\n",
    )


def file(
    repository: Repository,
    run: str,
    failure: str = "crash",
    *,
    github: GitHub,
    reopens: bool = True,
    limit: int = 10,
) -> Filed:
    filing = Filing(("canary-rollback",), reopens, limit)
    return file_failure(repository, a_failure(run, failure), filing, Deadline.after(20), github.now)


def promote(repository: Repository, version: str, *, closes: bool, subject: str = "shop/cart") -> list[int]:
    own = mark(f"promoted {version}", "promoted", subject)
    promotion = Promotion(own, f"promoted {version}\n\n{own.write()}\n", "canary-rollback", closes)
    return [issue.number for issue in tell_promotion(repository, promotion, Deadline.after(20))]


def times(number: int, answer: Answer, verb: str, end: str) -> Callable[[Request], Answer | None]:
    """A fault of the first so many requests of a kind."""
    left = [answer] * number

    def fault(request: Request) -> Answer | None:
        return left.pop() if left and request.is_a(verb, end) else None

    return fault


def after(answer: Answer, verb: str, end: str, github: GitHub) -> Callable[[Request], Answer | None]:
    """A fault of the answer alone, once: what was asked is done."""
    done: list[bool] = []

    def fault(request: Request) -> Answer | None:
        if done or not request.is_a(verb, end):
            return None
        done.append(True)
        github._route(request)
        return answer

    return fault


class TestOneFailure:
    def test_the_first_run_opens_an_issue_with_its_label(
        self, github: GitHub, repository: Repositories
    ) -> None:
        filed = file(repository(), "run-1", github=github)
        assert (filed.action, filed.unlabelled) == ("opened", False)
        (issue,) = github.open_issues()
        assert [label["name"] for label in issue["labels"]] == ["canary-rollback"]
        assert filed.issue is not None
        assert filed.issue.url == issue["html_url"]

    def test_the_same_run_again_does_nothing(self, github: GitHub, repository: Repositories) -> None:
        for _ in range(3):
            assert file(repository(), "run-1", github=github).action == "opened"
        assert len(github.issues) == 1
        assert github.comments == []

    def test_another_run_comments_once_with_the_count(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        actions = [file(repository(), run, github=github).action for run in ("run-2", "run-2", "run-3")]
        assert actions == ["commented", "kept", "commented"]
        assert [comment["body"].splitlines()[0] for comment in github.comments] == [
            "again 2 by run-2",
            "again 3 by run-3",
        ]
        assert len(github.issues) == 1

    def test_another_failure_is_another_issue(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        assert file(repository(), "run-2", "oom", github=github).action == "opened"
        assert len(github.open_issues()) == 2

    @pytest.mark.slow
    def test_it_is_found_among_many_of_others(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        for number in range(250):
            github.make_issue(f"other {number}", "", ["canary-rollback"])
        assert file(repository(), "run-2", github=github).action == "commented"


class TestReturning:
    def test_a_closed_one_is_reopened_with_a_comment(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        repository().close_issue(1)
        assert file(repository(), "run-2", github=github).action == "reopened"
        assert github.issues[0]["state"] == "open"
        assert github.comments[0]["body"].startswith("returned 2 by run-2")

    def test_or_another_is_opened_that_links_it(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        repository().close_issue(1)
        assert file(repository(), "run-2", github=github, reopens=False).action == "opened"
        assert github.open_issues()[0]["body"].startswith("first told by run-2, was 1")
        assert file(repository(), "run-3", github=github, reopens=False).action == "commented"

    def test_one_that_was_closed_as_not_planned_stays_closed(
        self, github: GitHub, repository: Repositories
    ) -> None:
        file(repository(), "run-1", github=github)
        github.issues[0] |= {"state": "closed", "state_reason": "not_planned"}
        assert file(repository(), "run-2", github=github).action == "commented"
        assert github.open_issues() == []

    def test_a_run_that_is_tried_again_reopens_nothing(
        self, github: GitHub, repository: Repositories
    ) -> None:
        file(repository(), "run-1", github=github)
        repository().close_issue(1)
        assert file(repository(), "run-1", github=github).action == "kept"
        assert github.open_issues() == []


class TestLimit:
    def test_so_many_are_opened_within_a_day(self, github: GitHub, repository: Repositories) -> None:
        for number in range(3):
            file(repository(), "run", f"failure {number}", github=github, limit=3)
        assert file(repository(), "run", "failure 4", github=github, limit=3).action == "limited"
        assert file(repository(), "again", "failure 1", github=github, limit=3).action == "commented"
        github.now += timedelta(hours=25)
        assert file(repository(), "run", "failure 4", github=github, limit=3).action == "opened"

    def test_each_rollout_has_its_own(self, github: GitHub, repository: Repositories) -> None:
        def opened(subject: str, failure: str) -> str:
            filing = Filing(("canary-rollback",), True, 1)
            told = a_failure("run", failure, subject)
            return file_failure(repository(), told, filing, Deadline.after(20), github.now).action

        assert [opened("shop/cart", "crash"), opened("shop/cart", "oom"), opened("shop/till", "crash")] == [
            "opened",
            "limited",
            "opened",
        ]

    def test_a_loop_of_reopening_ends(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run", github=github)
        actions = []
        for number in range(5):
            promote(repository(), f"version {number}", closes=True)
            actions.append(file(repository(), f"run {number}", github=github, limit=4).action)
        assert actions == ["reopened", "reopened", "reopened", "limited", "limited"]


class TestPromotion:
    def test_it_is_told_once_for_each_version(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        assert promote(repository(), "b", closes=False) == promote(repository(), "b", closes=False) == [1]
        assert [comment["body"].splitlines()[0] for comment in github.comments] == ["promoted b"]
        promote(repository(), "c", closes=False)
        assert len(github.comments) == 2
        assert len(github.open_issues()) == 1

    def test_it_closes_by_option_and_only_its_own_rollout(
        self, github: GitHub, repository: Repositories
    ) -> None:
        file(repository(), "run-1", github=github)
        file(repository(), "run-2", "oom", github=github)
        assert promote(repository(), "b", closes=True, subject="shop/other") == []
        assert promote(repository(), "b", closes=True) == [1, 2]
        assert {issue["state_reason"] for issue in github.issues} == {"completed"}

    def test_it_does_not_count_as_an_occurrence(self, github: GitHub, repository: Repositories) -> None:
        file(repository(), "run-1", github=github)
        promote(repository(), "b", closes=False)
        file(repository(), "run-2", github=github)
        assert github.comments[-1]["body"].startswith("again 2")


class TestTwoAtOnce:
    def test_the_younger_is_closed_as_a_duplicate_and_told_of_on_the_older(
        self, github: GitHub, repository: Repositories
    ) -> None:
        """The other run opens its issue between our look and our own."""
        other = a_failure("run-2")
        github.faults.append(once(lambda: github.make_issue(other.title, other.body(0), ["canary-rollback"])))
        assert file(repository(), "run-1", github=github).action == "commented"
        assert [issue["number"] for issue in github.open_issues()] == [1]
        assert github.issues[1]["state_reason"] == "duplicate"
        assert read_mark(github.comments[0]["body"]) == a_failure("run-1").mark

    def test_what_was_left_twice_is_mended_by_the_next_run(
        self, github: GitHub, repository: Repositories
    ) -> None:
        for run in ("run-1", "run-2"):
            left = a_failure(run)
            github.make_issue(left.title, left.body(0), ["canary-rollback"])
        assert file(repository(), "run-3", github=github).action == "commented"
        assert [issue["number"] for issue in github.open_issues()] == [1]

    def test_what_no_list_has_yet_is_read_by_its_number(
        self, github: GitHub, repository: Repositories
    ) -> None:
        github.lag = 1000
        assert file(repository(), "run-1", github=github).action == "opened"
        assert file(repository(), "run-1", github=github).action == "opened"
        assert len(github.issues) == 1

    def test_between_issues_that_are_listed_as_well(self, github: GitHub, repository: Repositories) -> None:
        left = a_failure("run-1")
        github.make_issue("another", "", [])
        hidden = github.make_issue(left.title, left.body(0), ["canary-rollback"])
        github.make_issue("another", "", [])
        github.unseen[hidden["id"]] = 1000
        assert file(repository(), "run-1", github=github).action == "opened"
        assert len(github.issues) == 3

    def test_numbers_of_pull_requests_and_of_what_was_deleted_are_passed_over(
        self, github: GitHub, repository: Repositories
    ) -> None:
        for number in (1, 2, 3):
            github.make_issue(f"another {number}", "", [])
        github.issues[0]["pull_request"] = dict.fromkeys(
            ("url", "html_url", "diff_url", "patch_url"), "https://x.example"
        )
        github.faults.append(times(99, error(410, "This issue was deleted"), "GET", "/issues/*"))
        github.unseen[github.issues[1]["id"]] = 1000
        assert file(repository(), "run-1", github=github).action == "opened"

    def test_a_list_that_is_behind_is_waited_for(self, github: GitHub, repository: Repositories) -> None:
        github.lag = 3
        file(repository(), "run-1", github=github)
        assert file(repository(), "run-1", github=github).action == "opened"
        assert file(repository(), "run-2", github=github).action == "commented"
        assert (len(github.issues), len(github.comments)) == (1, 1)


def once(act: Callable[[], object]) -> Callable[[Request], Answer | None]:
    """Something that happens right before the first issue is opened."""
    left = [act]

    def fault(request: Request) -> Answer | None:
        if left and request.is_a("POST", "/issues"):
            left.pop()()
        return None

    return fault


class TestFaults:
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_fault_that_passes_is_waited_out(
        self, github: GitHub, repository: Repositories, status: int
    ) -> None:
        for verb, end in (("GET", "/issues"), ("POST", "/issues"), ("GET", "/issues")):
            github.faults.append(times(1, error(status, "Server Error"), verb, end))
        assert file(repository(), "run-1", github=github).action == "opened"
        assert len(github.issues) == 1

    @pytest.mark.parametrize(
        ("verb", "end"), [("POST", "/issues"), ("POST", "/comments"), ("PATCH", "/issues/*")]
    )
    def test_an_answer_that_is_lost_makes_nothing_twice(
        self, github: GitHub, repository: Repositories, verb: str, end: str
    ) -> None:
        github.faults.append(after(error(502, "Bad Gateway"), verb, end, github))
        file(repository(), "run-1", github=github)
        file(repository(), "run-2", github=github)
        repository().close_issue(1) if verb != "PATCH" else None
        promote(repository(), "b", closes=True)
        file(repository(), "run-3", github=github)
        assert len(github.open_issues()) == 1
        runs = [read_mark(text["body"]) for text in (*github.issues, *github.comments)]
        assert len({str(run) for run in runs}) == len(runs)

    def test_a_secondary_rate_limit_is_waited_out(self, github: GitHub, repository: Repositories) -> None:
        limited = error(403, "You have exceeded a secondary rate limit.", retry_after="0")
        github.faults.append(times(2, limited, "POST", "/issues"))
        assert file(repository(), "run-1", github=github).action == "opened"

    def test_one_that_is_too_long_is_said(self, github: GitHub, repository: Repositories) -> None:
        limited = error(403, "You have exceeded a secondary rate limit.", retry_after="60")
        github.faults.append(times(9, limited, "POST", "/issues"))
        with pytest.raises(Unreachable, match="asks to come back later") as raised:
            file(repository(), "run-1", github=github)
        assert raised.value.retry_after == 60
        assert github.issues == []

    @pytest.mark.parametrize(
        ("name", "token", "said", "advice"),
        [
            (NAME, "ghp_wrong", "does not know this token", "make another"),
            ("acme/none", INSTALLED, "no repository acme/none", "check --github-repo"),
        ],
    )
    def test_who_may_not_is_told_why(
        self, github: GitHub, repository: Repositories, name: str, token: str, said: str, advice: str
    ) -> None:
        with pytest.raises(Refused, match=said) as raised:
            file(repository(name, token), "run-1", github=github)
        assert advice in raised.value.advice
        assert token not in str(raised.value)
        assert len(github.requests) == 1  # trying again changes nothing

    def test_a_repository_without_issues_is_said(self, github: GitHub, repository: Repositories) -> None:
        github.has_issues = False
        with pytest.raises(Refused, match="acme/shop has no issues") as raised:
            file(repository(), "run-1", github=github)
        assert "switch Issues on" in raised.value.advice

    def test_a_right_that_is_missing_is_named(self, github: GitHub, repository: Repositories) -> None:
        denied = error(403, "Resource not accessible", x_accepted_github_permissions="issues=write")
        github.faults.append(times(9, denied, "POST", "/issues"))
        with pytest.raises(Refused, match="may not open an issue in acme/shop") as raised:
            file(repository(), "run-1", github=github)
        assert "issues=write" in raised.value.advice

    def test_a_body_that_is_too_long_is_said(self, github: GitHub, repository: Repositories) -> None:
        long = TrackedFailure(a_failure("run-1").mark, "title", lambda _: "x" * 65_537, lambda *_: "")
        with pytest.raises(Refused, match="body is too long"):
            file_failure(repository(), long, Filing(("x",), True, 9), Deadline.after(20), github.now)


class TestLabels:
    @pytest.mark.parametrize("may_label", ["known", "none"])
    def test_an_issue_is_opened_without_those_that_github_refuses_or_drops(
        self, github: GitHub, repository: Repositories, may_label: str
    ) -> None:
        github.may_label, github.labels = may_label, set()
        filed = file(repository(), "run-1", github=github)
        assert (filed.action, filed.unlabelled) == ("opened", True)
        assert file(repository(), "run-2", github=github).action == "commented"
        assert file(repository(), "run-1", github=github).action == "opened"
        assert len(github.issues) == 1

    def test_a_stranger_who_copies_a_mark_changes_nothing(
        self, github: GitHub, repository: Repositories
    ) -> None:
        copied = a_failure("run-1")
        github.make_issue("mine", copied.body(0), [], member=False)
        assert file(repository(), "run-1", github=github).action == "opened"
        assert [issue["title"] for issue in github.open_issues()] == ["mine", copied.title]
        assert promote(repository(), "b", closes=True) == [2]
