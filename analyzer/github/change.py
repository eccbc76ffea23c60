"""The change under test: the commits between stable's and the canary's, read from GitHub within bounds.

Whatever cannot be read is a sentence in `Change.unknown`, and never an error: the issue goes without it.

https://docs.github.com/en/rest/commits/commits#compare-two-commits: commits in pages, oldest first, and the
files, of which there are at most 300, on the first page. Its commits have no files: each is read by itself.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline
from analyzer.common.short import cut
from analyzer.common.value import Value
from analyzer.github.client import PAGE_SIZE, Repository
from analyzer.github.errors import GitHubError, Refused
from analyzer.github.listing import retry

COMMITS = 250  # listed
READ = 100  # of them, those whose files are read: the newest
FILES = 300  # of the comparison, and of a commit
PATCH = 60_000  # characters of one
PATCHES = 4_000_000  # of all
PULLS = 10  # commits whose pull requests are asked for
UNRESOLVED = (404, 409, 422)  # GitHub's answers for a revision that it does not have


class ChangedFile(Value):
    """A file that was changed. `before` is its former name where it was renamed, `patch` empty where GitHub
    gives none: of a binary file, or of a large one.
    """

    path: str
    before: str = ""
    patch: str = ""


class Pull(Value):
    """A pull request."""

    number: int
    title: str


class Commit(Value):
    """A commit. `files` are empty where it was not read."""

    sha: str
    subject: str
    author: str = ""
    files: tuple[ChangedFile, ...] = ()
    pulls: tuple[Pull, ...] = ()

    def short(self) -> str:
        """Return the hash as people write it."""
        return self.sha[:8]


class Change(Value):
    """Stable's and the canary's commit, empty where they are not known, and the commits between them, newest
    first. `total` counts them all; `paths` are the files that differ. `unknown` says what was not found.
    """

    stable: str = ""
    canary: str = ""
    total: int = 0
    commits: tuple[Commit, ...] = ()
    paths: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class _FileJson(msgspec.Struct):
    filename: str
    previous_filename: str = ""
    patch: str = ""


class _AuthorJson(msgspec.Struct):
    login: str = ""
    name: str = ""


class _GitJson(msgspec.Struct):
    message: str
    author: _AuthorJson | None = None


class _CommitJson(msgspec.Struct):
    sha: str
    commit: _GitJson
    author: _AuthorJson | None = None
    files: list[_FileJson] = []


class _ComparisonJson(msgspec.Struct):
    status: str
    behind_by: int
    total_commits: int
    commits: list[_CommitJson]
    files: list[_FileJson] = []


class _ListedPull(msgspec.Struct):
    number: int
    title: str


def read_change(
    repository: Repository, stable: Sequence[str], canary: Sequence[str], deadline: Deadline
) -> Change:
    """Return the change between two sides, each given by what may name its commit, the surest first."""
    try:
        ends = [resolve_revision(repository, names, deadline) for names in (stable, canary)]
    except GitHubError as error:
        return Change(unknown=(f"The commits were not read: {error}.",))
    known = Change(stable=ends[0], canary=ends[1])
    missing = [
        _why_unresolved(side, names)
        for side, names, sha in zip(("stable", "the canary"), (stable, canary), ends, strict=True)
        if not sha
    ]
    if missing:
        return replace(known, unknown=tuple(missing))
    try:
        return _compare(repository, known, deadline)
    except GitHubError as error:
        return replace(known, unknown=(f"The commits between them were not read: {error}.",))


def read_pulls(repository: Repository, change: Change, wanted: Iterable[str], deadline: Deadline) -> Change:
    """Return the change with the pull requests of the wanted commits, by their hashes, of which at most
    `PULLS`.
    """
    shas = list(dict.fromkeys(wanted))[:PULLS]
    pulls: dict[str, tuple[Pull, ...]] = {}
    unknown = change.unknown
    try:
        for sha in shas:
            pulls[sha] = _pulls(repository, sha, deadline)
    except GitHubError as error:
        unknown = (*unknown, f"The pull requests were not read: {error}.")
    commits = tuple(replace(commit, pulls=pulls.get(commit.sha, ())) for commit in change.commits)
    return replace(change, commits=commits, unknown=unknown)


def resolve_revision(repository: Repository, names: Sequence[str], deadline: Deadline) -> str:
    """Return the hash of the first name that GitHub knows; empty if it knows none. Raise GitHubError."""
    for name in names:
        try:
            return _commit(repository, name, deadline).sha
        except Refused as error:
            if error.status not in UNRESOLVED:
                raise
    return ""


def _why_unresolved(side: str, names: Sequence[str]) -> str:
    if not names:
        return (
            f"Which commit {side} was built from is not known: neither its pod template nor its"
            " image's tag says it."
        )
    tried = ", ".join(name.removeprefix("tags/") for name in names[:4])
    return f"Which commit {side} was built from is not known: the repository has no commit or tag {tried}."


def _commit(repository: Repository, ref: str, deadline: Deadline) -> _CommitJson:
    path = f"/commits/{quote(ref, safe='')}"
    return retry(lambda: repository.get(path, "read a commit", _CommitJson), deadline)


def _pulls(repository: Repository, sha: str, deadline: Deadline) -> tuple[Pull, ...]:
    path = f"/commits/{sha}/pulls"
    listed = retry(lambda: repository.get(path, "list pull requests", list[_ListedPull]), deadline)
    return tuple(Pull(number=pull.number, title=cut(pull.title, 200)) for pull in listed[:3])


def _compare(repository: Repository, known: Change, deadline: Deadline) -> Change:
    path = f"/compare/{known.stable}...{known.canary}"

    def read_page(page: int) -> _ComparisonJson:
        return retry(
            lambda: repository.get(path, "compare commits", _ComparisonJson, per_page=PAGE_SIZE, page=page),
            deadline,
        )

    first = read_page(1)
    listed: list[_CommitJson] = []
    for page in range(max(1, -(-first.total_commits // PAGE_SIZE)), 0, -1):
        listed = [*(first if page == 1 else read_page(page)).commits, *listed]
        if len(listed) >= COMMITS:
            break
    newest = [_read(commit) for commit in reversed(listed[-COMMITS:])]
    commits, unread = _with_files(repository, newest, deadline)
    return replace(
        known,
        total=first.total_commits,
        commits=tuple(commits),
        paths=tuple(file.filename for file in first.files[:FILES]),
        unknown=tuple(_unknown(first, len(newest), unread)),
    )


def _with_files(
    repository: Repository, commits: list[Commit], deadline: Deadline
) -> tuple[list[Commit], int]:
    """Return the commits, the newest with their files, and of how many these were not read."""
    whole: list[Commit] = []
    size = 0
    for commit in commits[:READ]:
        if deadline.expired() or size > PATCHES:
            break
        try:
            whole.append(_read(_commit(repository, commit.sha, deadline)))
        except GitHubError:
            break
        size += sum(len(file.patch) for file in whole[-1].files)
    return [*whole, *commits[len(whole) :]], len(commits) - len(whole)


def _unknown(comparison: _ComparisonJson, listed: int, unread: int) -> list[str]:
    said = []
    if comparison.status == "identical":
        said.append("Both sides are of the same commit: what differs is not in this repository.")
    if comparison.behind_by:
        behind = counted(comparison.behind_by, "commit")
        said.append(f"The canary lacks {behind} that stable has; what they changed was not looked at.")
    if comparison.total_commits > listed:
        said.append(f"Of {comparison.total_commits:,} commits, the newest {listed} were listed.")
    if unread:
        said.append(f"The files of {counted(unread, 'commit')} were not read, the oldest ones.")
    if len(comparison.files) >= FILES:
        said.append(f"More than {FILES} files may differ; GitHub lists no more.")
    return said


def _read(commit: _CommitJson) -> Commit:
    author = (commit.author and commit.author.login) or (commit.commit.author and commit.commit.author.name)
    return Commit(
        sha=commit.sha,
        subject=cut(commit.commit.message.partition("\n")[0], 200),
        author=cut(author or "", 80),
        files=tuple(
            ChangedFile(path=file.filename, before=file.previous_filename, patch=file.patch[:PATCH])
            for file in commit.files[:FILES]
        ),
    )
