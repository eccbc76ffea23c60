"""A stream that begins or ends in the middle: of a line, or of an event of several lines, such as a stack trace.

What is left of such an event has a template that the whole event would never have, so it is not told. Everything behind the first line
that starts an event for certain, whatever stood before, is as it would be in the whole stream.
"""

from collections.abc import Sequence

from analyzer.logs.lines import clean, split_stamp
from analyzer.logs.traces import PANIC, kind_of, names_exception

LONGEST_HEAD = 500  # lines: a trace that is longer is told as what stands there
_UNKNOWN = 2  # lines: the first may be half a line, and the second what a Rust thread panicked with
_JOINING = frozenset({"frame", "blank", "chain", "opening", "cause", "behind"})


def head_of(lines: Sequence[bytes], *, timestamps: bool) -> int | None:
    """How many lines at the beginning may be of what began before them; None when that goes on to the last of these lines."""
    before = ""
    for index, line in enumerate(lines[:LONGEST_HEAD]):
        text = clean(split_stamp(line)[1] if timestamps else line)
        if index >= _UNKNOWN and not _continues(text, before, unknown=index == _UNKNOWN):
            return index
        before = text
    return LONGEST_HEAD if len(lines) >= LONGEST_HEAD else None


def _continues(text: str, before: str, *, unknown: bool) -> bool:
    """Whether a line may belong to the event of the line before it; `unknown` where that one may be of any kind."""
    kind = kind_of(text)
    if kind in _JOINING or PANIC.match(before):
        return True
    return (kind == "thrown" or names_exception(text)) and (unknown or kind_of(before) in _JOINING)
