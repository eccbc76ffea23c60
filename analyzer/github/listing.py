"""The issues and comments of ours that are on GitHub, although its lists lag behind: what a list lacks is
read by its number.

A list may lack what was made seconds ago, but reading one issue by its number does not. Numbers have no gaps
except deleted issues, and pull requests have numbers, too. So each number that a list skips near its newest,
and each after its newest until one does not exist, is read directly. Of an issue's comments GitHub tells the
count.

Search is not used: its index lags further behind (https://docs.github.com/en/rest/search). Issues are listed
by label, and the newest without it as well, because GitHub drops the labels of users who may not set them.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from analyzer.common.deadline import Deadline
from analyzer.common.retry import retrying
from analyzer.github.client import MOST_COMMENTS, Repository
from analyzer.github.errors import GitHubError, Refused, Unreachable
from analyzer.github.issue import Comment, Issue

T = TypeVar("T")

LABELLED_PAGES = 10  # of 100 issues each, newest first
RECENT_PAGES = 3
NEAR = 20  # numbers around the newest that is listed, which a list may lack
PATIENCE = 8  # looks at a list of comments that is behind
GONE = (301, 404, 410)  # GitHub's answers for a number that was moved, never given, or deleted


class Unlisted(GitHubError):  # noqa: N818 - what there is
    """A list lacks what is there."""


def list_marked(repository: Repository, label: str, made: Issue | None = None) -> list[Issue]:
    """Return the issues that have a mark of ours, the lowest number first: those with the label, and the
    newest without it of who belongs to the repository. Who does not can copy a mark, and cannot set a label.

    `made` was just opened, and is one of them whether it is listed or not.
    """
    recent = repository.list_issues("", RECENT_PAGES)
    found = [*repository.list_issues(label, LABELLED_PAGES)]
    listed = {issue.number for issue in (*recent, *found)}
    unlisted = list(_read_unlisted(repository, listed, made))
    mine = [issue for issue in (*recent, *unlisted, *([made] if made else [])) if issue.by_member]
    found += [issue for issue in unlisted if label in issue.labels]
    marked = {issue.number: issue for issue in (*mine, *found) if issue.mark() and not issue.is_pull}
    return [marked[number] for number in sorted(marked)]


def list_comments(repository: Repository, issue: Issue, deadline: Deadline) -> list[Comment]:
    """Return the comments on an issue, oldest first, once as many are listed as the issue has; those that are
    listed where that takes too long.
    """
    count = retry(lambda: repository.read_issue(issue.number), deadline).comments
    listed: list[Comment] = []

    def look() -> None:
        listed[:] = repository.list_comments(issue.number)
        if len(listed) < min(count, MOST_COMMENTS):
            raise Unlisted("not all comments are listed yet")

    with suppress(Unlisted):  # the next run of the failure deletes what is twice
        retry(look, deadline, PATIENCE)
    return listed


def retry(call: Callable[[], T], deadline: Deadline, attempts: int = 5) -> T:
    """Return `call()`, retried within the deadline while GitHub's error may pass. Raise GitHubError."""
    return retrying(call, pause_after=_pause_after, deadline=deadline, attempts=attempts)


def _read_unlisted(repository: Repository, listed: set[int], made: Issue | None) -> Iterator[Issue]:
    newest = max(listed, default=0)
    lowest = max(1, newest - NEAR)
    skipped = [number for number in range(lowest, newest) if number not in listed]
    before = range(max(newest + 1, made.number - NEAR), made.number) if made else ()
    for number in (*skipped, *before):
        if issue := _read(repository, number):
            yield issue
    first = max(newest, made.number if made else 0) + 1
    for number in range(first, first + NEAR):
        issue = _read(repository, number)
        if issue is None:
            return
        yield issue


def _read(repository: Repository, number: int) -> Issue | None:
    """Return an issue by its number, or None if it does not exist."""
    try:
        return repository.read_issue(number)
    except Refused as error:
        if error.status not in GONE:
            raise
        return None


def _pause_after(error: Exception) -> float | None:
    if isinstance(error, Unlisted):
        return 0.0
    return error.retry_after if isinstance(error, Unreachable) else None
