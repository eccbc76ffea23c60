"""Patterns that a team gives. Matching takes time linear in the text, whatever the pattern, because RE2 does
it. RE2 is imported when the first pattern is compiled.

Syntax: https://github.com/google/re2/wiki/Syntax; it has no look-around and no back-reference.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from analyzer.common.short import cut
from analyzer.errors import UsageError

_LEAST = "write what has to be there, such as + in place of *"
_SYNTAX = "the syntax is RE2's: no look-around, no back-reference"


class Pattern:
    """A compiled pattern. Raises UsageError for one that is invalid, or that matches the empty text, since it
    would match everywhere.
    """

    def __init__(self, regex: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False  # or RE2 writes to stderr itself
        try:
            # RE2's package has no types
            self._compiled: Any = re2.compile(regex, options)  # type: ignore[no-untyped-call]
        except re2.error as error:
            reason = error.args[0]
            raise UsageError(
                f"{_shorten(regex)} is no pattern: {_shorten(reason)}", advice=_SYNTAX
            ) from error
        if self._compiled.search("") is not None:
            raise UsageError(
                f"the pattern {_shorten(regex)} matches the empty text, so it matches everything",
                advice=_LEAST,
            )

    def finds(self, text: str) -> bool:
        """Return True if the pattern matches anywhere in the text."""
        return self._compiled.search(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each match, left to right: of the first group if it took part, else of
        the whole match. Empty matches are left out.
        """
        for match in self._compiled.finditer(text):
            start, end = match.span(1) if self._compiled.groups else match.span()
            if start < 0:
                start, end = match.span()
            if end > start:
                yield start, end


@lru_cache(maxsize=256)
def pattern(regex: str) -> Pattern:
    """Return the compiled pattern of a regex. Raise UsageError if it is invalid."""
    return Pattern(regex)


def regex_finds(regex: str, text: str) -> bool:
    """Return True if a regex of others matches anywhere in the text. An invalid regex matches nothing."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.search(regex, text, options) is not None  # type: ignore[no-untyped-call]
    except re2.error:
        return False


def _shorten(text: "str | bytes") -> str:
    shown = text.decode(errors="replace") if isinstance(text, bytes) else repr(text)
    return cut(shown, 80)
