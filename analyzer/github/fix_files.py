"""The files that a suggested fix may touch: those that the suspects changed, as they are at the canary's
commit.

Not among them is what a model must not change: workflows and what else GitHub or an agent acts on, lock
files, and what is no text. All of it is bounded.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.value import Value
from analyzer.github.client import Repository
from analyzer.github.errors import Refused
from analyzer.github.listing import retry
from analyzer.github.suspects import Suspect

FILES = 5
MAX_FILE = 40_000  # characters of a file
MAX_ALL_FILES = 80_000
LONGEST_LINE = 2_000  # a longer one was made by a program
GONE = (403, 404, 422)  # of a file that is not there, or that is too large
_FORBIDDEN = re.compile(
    r"(?i)(?:^|/)(?:\.[^/]*|AGENTS\.md|CLAUDE\.md|GEMINI\.md|CODEOWNERS|[^/]{0,100}\.lock"
    r"|[^/]{0,100}[-.]lock\.(?:json|yaml)|go\.sum)(?:/|$)"
)


class SourceFile(Value):
    """A file: its text, and the hash by which GitHub knows it."""

    path: str
    text: str
    sha: str


class _ContentJson(msgspec.Struct):
    type: str
    sha: str
    content: str = ""
    encoding: str = ""


def may_change(path: str) -> bool:
    """Return whether a fix may touch a path: nothing hidden, no agent's instructions, no lock file."""
    return not _FORBIDDEN.search(path) and ".." not in path.split("/") and not path.startswith("/")


def read_files(
    repository: Repository, suspects: tuple[Suspect, ...], revision: str, deadline: Deadline
) -> tuple[SourceFile, ...]:
    """Return the files of the suspects at a revision, those of the first suspect first, within bounds. Raise
    GitHubError.
    """
    files: list[SourceFile] = []
    for path in _list_paths(suspects):
        file = _read_file(repository, path, revision, deadline)
        room = MAX_ALL_FILES - sum(len(each.text) for each in files)
        if file and len(file.text) <= min(MAX_FILE, room):
            files.append(file)
        if len(files) == FILES:
            break
    return tuple(files)


def _list_paths(suspects: tuple[Suspect, ...]) -> Iterator[str]:
    paths = (file.path for suspect in suspects for file in suspect.commit.files)
    yield from list(dict.fromkeys(path for path in paths if may_change(path)))[: 4 * FILES]


def _read_file(repository: Repository, path: str, revision: str, deadline: Deadline) -> SourceFile | None:
    """Return a file; None for one that is gone, is no file or no text."""
    try:
        found = retry(
            lambda: repository.get(f"/contents/{quote(path)}", "read a file", _ContentJson, ref=revision),
            deadline,
        )
    except Refused as error:
        if error.status not in (0, *GONE):
            raise
        return None
    if found.type != "file" or found.encoding != "base64":
        return None
    try:
        text = base64.b64decode(found.content).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if "\0" in text or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        return None
    return SourceFile(path=path, text=text, sha=found.sha)
