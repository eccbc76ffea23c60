"""One open issue for each failure, however often it is told of, and however many tell of it at once.

Every step looks first at what is there, by label and mark, and does only what is missing. So it can be broken
off anywhere and begun again: by a retry, by another pod of the Job, or by the next run of the same failure.
GitHub has no lock and no key that is unique. So who opens an issue looks again, at what is there and not only
at what is listed (`listing`): of several that are open, the one with the lowest number stays, and the others
are closed as its duplicates.

| there is                           | then                                                              |
| ---------------------------------- | ----------------------------------------------------------------- |
| an open issue that this run opened | nothing: the run was broken off, and is tried again               |
| an open issue of this failure      | one comment for this run                                          |
| one that was closed as not planned | one comment for this run: somebody decided                        |
| a closed one                       | it is reopened with a comment, or another is opened that links it |
| none                               | one is opened                                                     |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.value import Value
from analyzer.github.client import Repository
from analyzer.github.errors import Refused
from analyzer.github.issue import Comment, Issue
from analyzer.github.listing import list_comments, list_marked, retry
from analyzer.github.mark import Mark

DAY = timedelta(hours=24)

Action = Literal["opened", "reopened", "commented", "kept", "limited"]
Recurrence = Literal["again", "returned"]


@dataclass(frozen=True)
class TrackedFailure:
    """What is to be told: the mark, and the words for each case.

    `body` takes the number of an earlier issue, 0 for none. `comment` takes the occasion and how often the
    failure has happened.
    """

    mark: Mark
    title: str
    body: Callable[[int], str]
    comment: Callable[[Recurrence, int], str]


@dataclass(frozen=True)
class Filing:
    """How it is told: the labels, what becomes of a closed issue (`reopens`), and how many issues of one
    Rollout are opened or reopened within 24 hours.
    """

    labels: tuple[str, ...]
    reopens: bool
    limit: int


@dataclass(frozen=True)
class Promotion:
    """A later canary's promotion: the mark, the comment, the issues' label, and whether it closes them."""

    mark: Mark
    comment: str
    label: str
    closes: bool


class Filed(Value):
    """What was done, and with which issue; None where the limit forbade one. `unlabelled`: GitHub refused the
    labels.
    """

    action: Action
    issue: Issue | None = None
    unlabelled: bool = False


def file_failure(
    repository: Repository, failure: TrackedFailure, filing: Filing, deadline: Deadline, now: datetime
) -> Filed:
    """Tell of a failure, once for each run. Raise GitHubError."""
    return retry(lambda: _Attempt(repository, failure, filing, deadline, now).file(), deadline)


def tell_promotion(repository: Repository, promotion: Promotion, deadline: Deadline) -> list[Issue]:
    """Comment on each open issue of the Rollout, once for each version, and close it if that is wanted.
    Return these issues. Raise GitHubError.
    """

    def tell() -> list[Issue]:
        listed = list_marked(repository, promotion.label)
        subject = promotion.mark.subject
        issues = [issue for issue in listed if issue.is_open and _mark_of(issue).subject == subject]
        for issue in issues:
            comment_once(repository, issue, promotion.mark, lambda _: promotion.comment, deadline)
            if promotion.closes:
                repository.close_issue(issue.number)
        return issues

    return retry(tell, deadline)


@dataclass(frozen=True)
class _Attempt:
    """One pass over what is there."""

    repository: Repository
    failure: TrackedFailure
    filing: Filing
    deadline: Deadline
    now: datetime

    def file(self) -> Filed:
        marked = list_marked(self.repository, self.filing.labels[0])
        same = [issue for issue in marked if self._is_same(issue)]
        open_ones = [issue for issue in same if issue.is_open]
        closed = [issue for issue in same if not issue.is_open and issue.reason != "duplicate"]
        if open_ones:
            return self._join(open_ones)
        if any(_mark_of(issue).run == self.failure.mark.run for issue in closed):
            return Filed(action="kept", issue=closed[-1])  # somebody closed it while the run was tried again
        last = closed[-1] if closed else None
        if last and last.reason == "not_planned":
            return Filed(action=self._comment(last, "again"), issue=last)
        if last and self.filing.reopens:
            return self._reopen(last)
        recent = [
            issue
            for issue in marked
            if _mark_of(issue).subject == self.failure.mark.subject
            and self.now - issue.created_at < DAY
            and issue.reason != "duplicate"
        ]
        if len(recent) >= self.filing.limit:
            return Filed(action="limited")
        return self._open(last.number if last else 0)

    def _join(self, open_ones: list[Issue]) -> Filed:
        """Return what was done where issues of this failure are open: the oldest stays, and is told of,
        unless this run opened it before it was broken off.
        """
        oldest, *younger = open_ones
        ours = _mark_of(oldest).run == self.failure.mark.run
        action: Action = "opened" if ours else self._comment(oldest, "again")
        for issue in younger:
            self.repository.close_issue(issue.number, oldest.id)
        return Filed(action=action, issue=oldest)

    def _reopen(self, issue: Issue) -> Filed:
        comments = list_comments(self.repository, issue, self.deadline)
        if self.failure.mark.run in map(_run_of, comments):
            return Filed(action="kept", issue=issue)  # closed again while the run was tried again
        times = [comment.created_at for comment in comments if self._is_same(comment)]
        if sum(self.now - at < DAY for at in (issue.created_at, *times)) >= self.filing.limit:
            return Filed(action="limited", issue=issue)
        self.repository.reopen_issue(issue.number)
        self._comment(issue, "returned")
        return Filed(action="reopened", issue=issue)

    def _open(self, earlier: int) -> Filed:
        body = self.failure.body(earlier)
        try:
            made = self.repository.create_issue(self.failure.title, body, self.filing.labels)
        except Refused as error:
            if error.status not in (403, 422):
                raise
            made = self.repository.create_issue(self.failure.title, body, ())
        marked = retry(lambda: list_marked(self.repository, self.filing.labels[0], made), self.deadline)
        open_ones = [issue for issue in marked if self._is_same(issue) and issue.is_open]
        filed = self._join(open_ones or [made])
        unlabelled = not set(self.filing.labels) <= set(made.labels)
        return msgspec.structs.replace(filed, unlabelled=unlabelled)

    def _comment(self, issue: Issue, occasion: Recurrence) -> Action:
        def write(earlier: int) -> str:
            return self.failure.comment(occasion, earlier + 1)

        told = comment_once(self.repository, issue, self.failure.mark, write, self.deadline)
        return "commented" if told else "kept"

    def _is_same(self, text: Issue | Comment) -> bool:
        mark = text.mark()
        return mark is not None and mark.fingerprint() == self.failure.mark.fingerprint()


def comment_once(
    repository: Repository, issue: Issue, mark: Mark, write: Callable[[int], str], deadline: Deadline
) -> bool:
    """Comment on an issue unless the mark's run has, and return whether it did. `write` takes how many runs
    have told of the same failure. Of two comments of one run the older stays.
    """
    comments = list_comments(repository, issue, deadline)
    told = [comment for comment in comments if _run_of(comment) == mark.run]
    for comment in told[1:]:
        repository.delete_comment(comment.id)
    if told:
        return False
    made = repository.create_comment(issue.number, write(len(_runs(issue, comments, mark))))

    listed = list_comments(repository, issue, deadline)
    if any(_run_of(comment) == mark.run and comment.id < made.id for comment in listed):
        repository.delete_comment(made.id)
    return True


def _runs(issue: Issue, comments: Sequence[Comment], mark: Mark) -> set[str]:
    """Return the runs that have told of the mark's failure, in an issue and its comments."""
    marks = [_mark_of(issue), *filter(None, (comment.mark() for comment in comments))]
    return {other.run for other in marks if other.fingerprint() == mark.fingerprint()}


def _run_of(comment: Comment) -> str:
    mark = comment.mark()
    return mark.run if mark else ""


def _mark_of(issue: Issue) -> Mark:
    mark = issue.mark()
    assert mark is not None
    return mark
