"""A Git repository, and what GitHub's API says of it: a comparison, a commit, the pull requests of a commit.

Git itself writes the commits and the patches.
"""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.github.contract import fill
from tests.github.planted import Commit

Json = dict[str, Any]
PAGE_OF_FILES = 300
_FILE = re.compile(r"^diff --git ", re.MULTILINE)


def git(place: Path, *words: str, stdin: str | None = None) -> str:
    """What a command of Git prints. No settings of the machine count."""
    environment = {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "PATH": "/usr/bin:/bin",
    }
    command = ["git", "-C", str(place), *words]
    return subprocess.run(
        command, input=stdin, check=True, capture_output=True, text=True, env=environment
    ).stdout


@dataclass
class History:
    """A repository of commits, oldest first. `pulls` are the numbers of pull requests, by a commit's hash."""

    place: Path
    commits: dict[str, Json]
    tags: dict[str, str] = field(default_factory=dict)
    pulls: dict[str, int] = field(default_factory=dict)

    @classmethod
    def write(cls, place: Path, commits: tuple[Commit, ...]) -> "History":
        """Make the repository."""
        git(place.parent, "init", "-q", "-b", "main", str(place))
        stream: list[str] = []
        before: dict[str, str] = {}
        for number, commit in enumerate(commits):
            who = f"{commit.author} <a@example.test> {1_790_000_000 + 3600 * number} +0000"
            stream += ["commit refs/heads/main", f"author {who}", f"committer {who}", _data(commit.subject)]
            gone = [path for path in before if path not in commit.tree]
            stream += [f"D {path}" for path in gone]
            stream += [
                f"M 100644 inline {path}\n{_data(text)}"
                for path, text in commit.tree.items()
                if before.get(path) != text
            ]
            before = commit.tree
        git(place, "fast-import", "--quiet", stdin="\n".join([*stream, ""]))
        return cls(place, _read(place))

    def find(self, ref: str) -> str:
        """The hash of a hash, a part of one, or a tag; empty for none."""
        if ref.startswith("tags/"):
            return self.tags.get(ref.removeprefix("tags/"), "")
        if ref == "HEAD":
            return list(self.commits)[-1]
        known = [each for each in self.commits if each.startswith(ref)]
        return known[0] if len(known) == 1 and len(ref) >= 7 else ""

    def read(self, path: str, sha: str) -> str | None:
        """A file as it is in a commit; None if it is not there."""
        try:
            return git(self.place, "show", f"{sha}:{path}")
        except subprocess.CalledProcessError:
            return None

    def commit(self, sha: str) -> Json:
        """A commit with its files, as `GET /repos/…/commits/SHA` answers."""
        return self.commits[sha]

    def pulls_of(self, sha: str) -> list[Json]:
        number = self.pulls.get(sha)
        address = f"https://github.test/acme/shop/pull/{number}"
        simple = {"number": number, "html_url": address, "title": f"Request {number}"}
        return [fill("pull-request-simple", **simple)] if number else []

    def compare(self, base: str, head: str, page: int, size: int) -> Json:
        """A comparison. The files are on the first page alone."""
        between = git(self.place, "rev-list", "--reverse", f"{base}..{head}").split()
        behind = int(git(self.place, "rev-list", "--count", f"{head}..{base}"))
        states = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
        return fill(
            "commit-comparison",
            html_url=f"https://github.test/acme/shop/compare/{base}...{head}",
            status=states.get((bool(between), bool(behind)), "identical"),
            ahead_by=len(between),
            behind_by=behind,
            total_commits=len(between),
            base_commit=self._commit(base),
            merge_base_commit=self._commit(base),
            commits=[self._commit(sha) for sha in between[(page - 1) * size : page * size]],
            files=_files(git(self.place, "diff", "--no-color", "-M", f"{base}...{head}"))[:PAGE_OF_FILES]
            if page == 1
            else [],
        )

    def _commit(self, sha: str) -> Json:
        return {name: value for name, value in self.commits[sha].items() if name != "files"}


def _read(place: Path) -> dict[str, Json]:
    """Every commit with its files, by its hash, oldest first."""
    form = "--format=%x1e%H%x00%an%x00%P%x00%B%x00"
    text = git(place, "log", "--reverse", "--no-color", "-M", "-p", form, "main")
    made = {}
    for entry in text.split("\x1e")[1:]:
        sha, author, parents, message, patches = entry.split("\0")
        user = fill("simple-user", login=author.split()[0].lower())
        address = f"https://github.test/acme/shop/commit/{sha}"
        made[sha] = fill(
            "commit",
            sha=sha,
            html_url=address,
            commit={**fill("commit")["commit"], "message": message.strip()},
            author=user,
            committer=user,
            parents=[{"sha": parent, "url": address, "html_url": address} for parent in parents.split()],
            files=_files(patches),
        )
    return made


def _files(text: str) -> list[Json]:
    return [_file(part) for part in _FILE.split(text)[1:]]


def _file(part: str) -> Json:
    """An entry of a diff, as GitHub has it: the patch begins with the first hunk."""
    head, hunk, patch = part.partition("\n@@ ")
    named = re.search(r"^(?:\+\+\+ b/|rename to )(.+)$", head, re.MULTILINE)
    before = re.search(r"^(?:--- a/|rename from )(.+)$", head, re.MULTILINE)
    status = "modified"
    for sign, name in (("new file", "added"), ("deleted file", "removed"), ("rename from", "renamed")):
        status = name if f"\n{sign}" in head else status
    path = named or before
    assert path is not None
    lines = patch.splitlines()[1:]
    made = fill(
        "diff-entry",
        filename=path[1],
        status=status,
        additions=sum(line.startswith("+") for line in lines),
        deletions=sum(line.startswith("-") for line in lines),
        changes=sum(line.startswith(("+", "-")) for line in lines),
    )
    renamed = {"previous_filename": before[1]} if status == "renamed" and before else {}
    return {**made, **renamed, **({"patch": f"@@ {patch}".rstrip("\n")} if hunk else {})}


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"
