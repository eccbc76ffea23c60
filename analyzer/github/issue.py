"""Issues and comments, as values."""

from datetime import datetime

from analyzer.common.value import Value
from analyzer.github.mark import Mark, read_mark


class Issue(Value):
    """An issue. `number` is what people call it, `id` what the API links by. `reason` says why it is closed.
    `by_member`: who opened it belongs to the repository, or is an app that was installed in it. `comments`
    counts them.
    """

    number: int
    id: int
    body: str
    is_open: bool
    reason: str
    created_at: datetime
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    by_member: bool
    url: str
    comments: int = 0
    is_pull: bool = False

    def mark(self) -> Mark | None:
        """Return our mark in it, None for an issue of somebody else."""
        return read_mark(self.body)


class Comment(Value):
    """A comment on an issue."""

    id: int
    body: str
    created_at: datetime

    def mark(self) -> Mark | None:
        """Return our mark in it, None for a comment of somebody else."""
        return read_mark(self.body)
