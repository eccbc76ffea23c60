"""Patterns that a team gives. Matching takes time linear in the text, whatever the pattern: RE2, imported when there is one.

Syntax: https://github.com/google/re2/wiki/Syntax; there is no look-around and no back-reference.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from analyzer.errors import UsageError

_LEAST = "write what has to be there, such as + in place of *"
_SYNTAX = "the syntax is RE2's: no look-around, no back-reference"


class Pattern:
    """A compiled pattern. Raises UsageError for one that does not hold, or that the empty text matches: it would be everywhere."""

    def __init__(self, regex: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False  # or RE2 writes to stderr itself
        try:
            self._compiled: Any = re2.compile(regex, options)  # type: ignore[no-untyped-call]  # RE2's package has no types
        except re2.error as error:
            reason = error.args[0]
            raise UsageError(f"{_shown(regex)} is no pattern: {_shown(reason)}", advice=_SYNTAX) from error
        if self._compiled.search("") is not None:
            raise UsageError(f"the pattern {_shown(regex)} matches the empty text, so it matches everything", advice=_LEAST)

    def finds(self, text: str) -> bool:
        """Whether it matches anywhere."""
        return self._compiled.search(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it matches, left to right: its first group where it has one that took part, else the whole match; none empty."""
        for match in self._compiled.finditer(text):
            start, end = match.span(1) if self._compiled.groups else match.span()
            if start < 0:
                start, end = match.span()
            if end > start:
                yield start, end


@lru_cache(maxsize=256)
def pattern(regex: str) -> Pattern:
    """The pattern of a regex. UsageError where it does not hold."""
    return Pattern(regex)


def found(regex: str, text: str) -> bool:
    """Whether a pattern that is not ours to judge matches anywhere; one that does not hold matches nowhere."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.search(regex, text, options) is not None  # type: ignore[no-untyped-call]  # RE2's package has no types
    except re2.error:
        return False


def _shown(text: "str | bytes") -> str:
    shown = text.decode(errors="replace") if isinstance(text, bytes) else repr(text)
    return shown if len(shown) <= 80 else shown[:80] + "…"
