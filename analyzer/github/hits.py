"""What a clue is worth for the commits that it meets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from analyzer.common.value import Value
from analyzer.github.change import ChangedFile, Commit
from analyzer.github.patch import read_patch

SHARED = 4  # a name that more commits meet is no clue

TOKEN = re.compile(r"\w+")


class Hit(Value):
    """What one clue is worth for one commit, by its place among the commits, and the words for it."""

    commit: int
    points: float
    reason: str


class ReadFile:
    """A changed file of a commit, its patch read once."""

    def __init__(self, commit: int, file: ChangedFile) -> None:
        self.commit, self.file, self.patch = commit, file, read_patch(file.patch)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Return the words of the lines that it changed."""
        return frozenset(token for line in self.patch.lines for token in TOKEN.findall(line.text))


def share_points(
    reads: Iterable[ReadFile], commits: Sequence[Commit], points: float, words: str
) -> Iterator[Hit]:
    """Yield what is worth less to each the more commits it meets, and nothing beyond `SHARED`."""
    met = {read.commit: read for read in reversed(list(reads))}
    if len(met) <= SHARED:
        for number, read in met.items():
            reason = f"{words} {commits[number].short()} in {read.file.path}"
            yield Hit(commit=number, points=points / len(met), reason=reason)
