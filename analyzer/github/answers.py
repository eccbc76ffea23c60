"""What GitHub's API answers, as far as it matters, and the values that are made of it."""

from typing import Any

import msgspec

from analyzer.common.value import Moment
from analyzer.github.issue import Comment, Issue

MEMBERS = ("OWNER", "MEMBER", "COLLABORATOR")


class Named(msgspec.Struct):
    """A label or a user, as far as it matters."""

    name: str = ""
    login: str = ""
    type: str = ""


class IssueJson(msgspec.Struct):
    """An issue of the API; a pull request is one as well, with `pull_request`."""

    number: int
    id: int
    state: str
    created_at: Moment
    html_url: str
    author_association: str = ""
    user: Named | None = None
    body: str | None = None
    state_reason: str | None = None
    labels: list[Named | str] = []
    assignees: list[Named] | None = None
    comments: int = 0
    pull_request: Any = None


class CommentJson(msgspec.Struct):
    """A comment of the API."""

    id: int
    created_at: Moment
    body: str | None = None


class RepositoryJson(msgspec.Struct):
    """A repository of the API, as far as a check needs it. `permissions` are those of a user's token."""

    full_name: str
    has_issues: bool = True
    archived: bool = False
    default_branch: str = "main"
    permissions: dict[str, bool] | None = None


def make_issue(issue: IssueJson) -> Issue:
    """Return an issue."""
    return Issue(
        number=issue.number,
        id=issue.id,
        body=issue.body or "",
        is_open=issue.state == "open",
        reason=issue.state_reason or "",
        created_at=issue.created_at,
        labels=tuple(label if isinstance(label, str) else label.name for label in issue.labels),
        assignees=tuple(user.login for user in issue.assignees or ()),
        comments=issue.comments,
        is_pull=issue.pull_request is not None,
        by_member=issue.author_association in MEMBERS or bool(issue.user and issue.user.type == "Bot"),
        url=issue.html_url,
    )


def make_comment(comment: CommentJson) -> Comment:
    """Return a comment."""
    return Comment(id=comment.id, body=comment.body or "", created_at=comment.created_at)
