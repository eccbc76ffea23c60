"""A file's patch, as GitHub's API has it: hunks of a unified diff, without a header. Pure.

https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
LINES = 20_000  # of one patch that are read


@dataclass(frozen=True)
class PatchLine:
    """A changed line. `number` is its place in the new file; a removed line has that of the next one."""

    number: int
    text: str
    added: bool


@dataclass(frozen=True)
class Patch:
    """A patch, read. `shifts` are pairs of a line before which nothing moved, and by how much what is behind
    it did: of the file as the commit left it. `text` is the whole, context included.
    """

    lines: tuple[PatchLine, ...]
    shifts: tuple[tuple[int, int], ...]
    text: str

    def writes(self, number: int) -> bool:
        """Return whether it wrote that line of the file as it left it."""
        return any(line.added and line.number == number for line in self.lines)

    def distance(self, number: int) -> int:
        """Return how many lines lie between that line and the nearest changed one; a billion without any."""
        return min((abs(line.number - number) for line in self.lines), default=10**9)

    def before(self, number: int) -> int:
        """Return where a line that it did not write stood before it."""
        return number - sum(shift for at, shift in self.shifts if at <= number)


def read_patch(text: str) -> Patch:
    """Return a patch, as far as it is one."""
    lines, shifts, number = [], [], 0
    for line in text.splitlines()[:LINES]:
        if header := _HUNK.match(line):
            number = int(header[3]) + (header[4] == "0")
            continue
        if line.startswith("+"):
            lines.append(PatchLine(number, line[1:], added=True))
            shifts.append((number, 1))
            number += 1
        elif line.startswith("-"):
            lines.append(PatchLine(number, line[1:], added=False))
            shifts.append((number, -1))
        elif not line.startswith("\\"):
            number += 1
    return Patch(tuple(lines), tuple(shifts), text)


def trace_line(patches: list[Patch], number: int) -> Iterator[int]:
    """Yield where a line of the newest file was after each patch, newest first, until one wrote it."""
    for patch in patches:
        yield number
        if patch.writes(number):
            return
        number = patch.before(number)
