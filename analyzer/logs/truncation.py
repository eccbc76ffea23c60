"""A stream that begins or ends in the middle: of a line, or of an event of several lines, such as a stack
trace.

What is left of such an event has a template that the whole event would never have, so it is not told.
Everything behind the first line that starts an event for certain, whatever stood before, is as it would be in
the whole stream.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from analyzer.logs.extent import Extent, Torn
from analyzer.logs.lines import at, clean, split_stamp
from analyzer.logs.traces import PANIC, kind_of, names_exception

LONGEST_HEAD = 500  # lines: a trace that is longer is told as what stands there
_UNKNOWN = 2  # lines: the first may be half a line, and the second what a Rust thread panicked with
_JOINING = frozenset({"frame", "blank", "chain", "opening", "cause", "behind"})


class StreamEnds:
    """How far a stream reaches, and where it is torn. `ask` is called once, at its end; None: it is whole."""

    def __init__(self, ask: Callable[[Extent], Torn] | None) -> None:
        self._ask = ask
        self._lines = 0
        self._first: datetime | None = None
        self._torn: Torn | None = None

    def add(self, lines: Sequence[bytes], *, timestamps: bool) -> None:
        """Count whole lines."""
        if not self._lines and timestamps:
            self._first = at(split_stamp(lines[0])[0])
        self._lines += len(lines)

    def keep_rest(self) -> bool:
        """Return whether the last line, which has no newline, is whole."""
        self._torn = self._find(self._lines + 1, ended=False)
        return not self._torn.tail

    def torn(self) -> Torn:
        """Return where the stream is not whole. To be called when it has ended."""
        return self._torn or self._find(self._lines, ended=True)

    def _find(self, lines: int, *, ended: bool) -> Torn:
        return self._ask(Extent(lines, self._first, ended)) if self._ask else Torn(head=False, tail=False)


def head_of(lines: Sequence[bytes], *, timestamps: bool) -> int | None:
    """Return how many lines at the beginning may be of what began before them; None when that goes on to the
    last of these lines.
    """
    before = ""
    for index, line in enumerate(lines[:LONGEST_HEAD]):
        text = clean(split_stamp(line)[1] if timestamps else line)
        if index >= _UNKNOWN and not _continues(text, before, unknown=index == _UNKNOWN):
            return index
        before = text
    return LONGEST_HEAD if len(lines) >= LONGEST_HEAD else None


def _continues(text: str, before: str, *, unknown: bool) -> bool:
    """Return whether a line may belong to the event of the line before it; `unknown` where that one may be of
    any kind.
    """
    kind = kind_of(text)
    if kind in _JOINING or PANIC.match(before):
        return True
    return (kind == "thrown" or names_exception(text)) and (unknown or kind_of(before) in _JOINING)
