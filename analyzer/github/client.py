"""The only module that imports PyGithub: the issues of one repository, over its requester.

PyGithub signs in (a GitHub App's installation as well), names the version of the API, and knows GitHub's
errors. Paths and fields are GitHub's own (https://docs.github.com/en/rest/issues), because PyGithub has no
`duplicate_issue_id`, no `agent_assignment` and no suggested label. It retries nothing: who calls does, within
the deadline. It is imported when a repository is named, and not before: that takes about a second.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from analyzer import __version__
from analyzer.common.boundary import ClientError, boundary, describe_exception
from analyzer.common.deadline import Deadline
from analyzer.common.short import cut
from analyzer.common.value import UNREADABLE, Json
from analyzer.errors import UsageError
from analyzer.github.answers import CommentJson, IssueJson, Named, RepositoryJson, make_comment, make_issue
from analyzer.github.credentials import Credentials
from analyzer.github.errors import Refused, Unreachable, error_of_status
from analyzer.github.issue import Comment, Issue

API_VERSION = "2026-03-10"
# how the address of GitHub Enterprise Server ends, and the version it documents
SERVER = (
    "/api/v3",
    "2022-11-28",
)
NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
PAGE_SIZE = 100  # the most that GitHub lists at once
COMMENT_PAGES = 10
MOST_COMMENTS = PAGE_SIZE * COMMENT_PAGES  # that are read of an issue
LONGEST_REQUEST = 10.0  # seconds: GitHub itself ends one after 10
MOVED = "was the repository renamed or moved? check --github-repo"

T = TypeVar("T")


@dataclass(frozen=True)
class Repository:
    """The issues of one repository. Every method raises GitHubError for what GitHub or the way to it can
    cause.

    `root` is where the repository's paths begin, empty for the usual place.
    """

    name: str
    requester: Any
    root: str = ""

    @classmethod
    def connect(cls, name: str, credentials: Credentials, deadline: Deadline) -> "Repository":
        """Return the repository. Sign in first, if a GitHub App does. Raise GitHubError."""
        import github
        from github import Auth

        check_name(name)
        with _translate("sign in as the GitHub App", name):
            app = credentials.app and Auth.AppAuth(credentials.app, credentials.private_key)
            auth = (
                app.get_installation_auth(credentials.installation) if app else Auth.Token(credentials.token)
            )
            client = github.Github(
                auth=auth,
                base_url=credentials.url,
                timeout=max(1, int(min(LONGEST_REQUEST, deadline.remaining()))),
                user_agent=f"rollout-analyzer/{__version__}",
                per_page=PAGE_SIZE,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                api_version=SERVER[1] if credentials.url.endswith(SERVER[0]) else API_VERSION,
            )
            if app:
                _ = auth.token
        return cls(name, client.requester)

    def read(self) -> RepositoryJson:
        """Return the repository itself."""
        return self._ask("GET", "", "read the repository", RepositoryJson)

    def list_labels(self) -> set[str]:
        """Return the names of the labels that there are, in lower case: GitHub compares them so."""
        labels = self._list("/labels", {}, "list labels", Named, COMMENT_PAGES)
        return {label.name.lower() for label in labels}

    def list_issues(self, label: str, pages: int) -> list[Issue]:
        """Return the issues with a label, open and closed, newest first, of at most so many pages; of any
        label where it is empty. Pull requests are issues as well.
        """
        wanted = {"state": "all", "sort": "created", "direction": "desc"} | (
            {"labels": label} if label else {}
        )
        listed = self._list("/issues", wanted, "list issues", IssueJson, pages)
        return [make_issue(issue) for issue in listed]

    def read_issue(self, number: int) -> Issue:
        """Return an issue as it is now."""
        return make_issue(self._ask("GET", f"/issues/{number}", "read an issue", IssueJson))

    def create_issue(self, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue."""
        wanted = {"title": title, "body": body} | ({"labels": list(labels)} if labels else {})
        return make_issue(self._ask("POST", "/issues", "open an issue", IssueJson, wanted))

    def reopen_issue(self, number: int) -> None:
        """Open a closed issue again."""
        wanted = {"state": "open", "state_reason": "reopened"}
        self._ask("PATCH", f"/issues/{number}", "reopen an issue", IssueJson, wanted)

    def close_issue(self, number: int, duplicate_of: int = 0) -> None:
        """Close an issue as completed, or as a duplicate of the issue with that `id`."""
        why = (
            {"state_reason": "duplicate", "duplicate_issue_id": duplicate_of}
            if duplicate_of
            else {"state_reason": "completed"}
        )
        self._ask("PATCH", f"/issues/{number}", "close an issue", IssueJson, {"state": "closed", **why})

    def add_labels(self, number: int, labels: Sequence[Json | str]) -> None:
        """Add labels, by their names, or as suggestions for a person."""
        self._ask("POST", f"/issues/{number}/labels", "label an issue", list[Named], {"labels": list(labels)})

    def assign(self, number: int, assignee: Json | str, **more: Json) -> None:
        """Assign somebody, or suggest it to a person."""
        wanted = {"assignees": [assignee], **more}
        self._ask("POST", f"/issues/{number}/assignees", "assign an issue", IssueJson, wanted)

    def list_comments(self, number: int) -> list[Comment]:
        """Return the comments on an issue, oldest first, of which at most `COMMENT_PAGES` pages."""
        path, doing = f"/issues/{number}/comments", "list comments"
        listed = self._list(path, {}, doing, CommentJson, COMMENT_PAGES)
        return [make_comment(comment) for comment in listed]

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue."""
        made = self._ask("POST", f"/issues/{number}/comments", "comment", CommentJson, {"body": body})
        return make_comment(made)

    def delete_comment(self, comment: int) -> None:
        """Delete a comment, by its id."""
        self._send("DELETE", f"/issues/comments/{comment}", "delete a comment")

    def get(self, path: str, doing: str, kind: type[T], **parameters: int | str) -> T:
        """Return what GitHub answers for a path below the repository's, as a type of ours."""
        answer: T = _read(self._send("GET", path, doing, parameters=parameters), kind, doing)
        return answer

    def post(self, path: str, doing: str, kind: type[T], body: Json) -> T:
        """Return what GitHub answers to something new below the repository's path, as a type of ours."""
        return self._ask("POST", path, doing, kind, body)

    def put(self, path: str, doing: str, kind: type[T], body: Json) -> T:
        """Replace a thing below the repository's path, and return GitHub's answer as a type of ours."""
        return self._ask("PUT", path, doing, kind, body)

    def _list(self, path: str, wanted: Mapping[str, str], doing: str, kind: type[T], pages: int) -> list[T]:
        """Return what GitHub lists, of at most so many pages. A page that is not full is the last."""
        listed: list[T] = []
        for page in range(1, pages + 1):
            parameters = {**wanted, "per_page": PAGE_SIZE, "page": page}
            answer = self._send("GET", path, doing, parameters=parameters)
            some = _read(answer, list[kind], doing)  # type: ignore[valid-type]
            listed += some
            if len(some) < PAGE_SIZE:
                break
        return listed

    def _ask(self, verb: str, path: str, doing: str, kind: type[T], body: Json | None = None) -> T:
        answer: T = _read(self._send(verb, path, doing, body=body), kind, doing)
        return answer

    def _send(
        self, verb: str, path: str, doing: str, *, parameters: Json | None = None, body: Json | None = None
    ) -> Any:
        with _translate(doing, self.name):
            _, answer = self.requester.requestJsonAndCheck(
                verb, f"{self.root}/repos/{self.name}{path}", parameters, input=body
            )
        return answer


def check_name(name: str) -> None:
    """Raise UsageError if a text is not OWNER/NAME."""
    if not NAME.fullmatch(name) or name.endswith(("/.", "/..")) or name.startswith((".", "..")):
        raise UsageError(
            f"--github-repo {cut(name, 80)!r} is no repository", advice="write OWNER/NAME, such as acme/shop"
        )


def _read(answer: Any, kind: Any, doing: str) -> Any:
    """Return an answer as its type. Raise Refused if it is another: of a server that is not GitHub's, or a
    redirect that was not followed.
    """
    try:
        return msgspec.convert(answer, kind)
    except UNREADABLE as error:
        raise Refused(f"GitHub's answer cannot be used, to {doing}: {error}", advice=MOVED) from error


@contextmanager
def _translate(doing: str, repo: str) -> Iterator[None]:
    """Raise GitHubError for whatever PyGithub raises, its own bugs included, without the token."""
    import requests
    from github import GithubException

    try:
        with boundary((GithubException, requests.RequestException)):
            yield
    except GithubException as error:
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        raise error_of_status(error.status, headers, error.data, doing, repo) from error
    except requests.exceptions.SSLError as error:
        raise Refused(
            "the certificate of GitHub's API is not trusted",
            advice="name the authority's certificate in SSL_CERT_FILE",
        ) from error
    except requests.Timeout as error:
        raise Unreachable("GitHub did not answer in time") from error
    except requests.RequestException as error:
        reason = cut(describe_exception(error), 200)
        raise Unreachable(
            f"no connection to GitHub: {reason}",
            advice="is GITHUB_API_URL right, and does a policy let it through?",
        ) from error
    except ClientError as error:
        raise Refused(f"GitHub's client cannot {doing}: {cut(str(error), 200)}", advice=MOVED) from error
