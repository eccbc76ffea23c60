r"""Secrets out: `redact` replaces what looks like a credential by a marker such as `[masked jwt]`.

Pure, idempotent, and blind to *which* digit stands where (only `[0-9]` as a class is looked at): the log
miner relies on that when it treats lines that differ in digits alone as one. What it looks for: tokens that
say who issued them (`issuers.py`), secrets behind their names (`named.py`, `sentences.py`) or options
(`commands.py`), and where protocols have them (`credentials.py`): JWT is RFC 7519, Basic and Bearer RFC 7617
and 6750. `redactor` adds e-mail addresses and a team's own patterns.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from analyzer.common.patterns import Pattern, pattern
from analyzer.redact.credentials import CREDENTIALS
from analyzer.redact.rules import RedactionRule, RuleGroup

_MARKER = re.compile(r"\[masked ([a-z][a-z ]*)\]")
_MARKERS = re.compile(r"(\[masked [a-z][a-z ]*\])")

# One body line of a PEM block alone: 60 to 76 base64 characters and nothing else, or the padded end of one. A
# hex digest is neither.
_BODY = re.compile(
    r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9+/]*[0-9+/])(?:[A-Za-z0-9+/]{60,76}|[A-Za-z0-9+/]{20,75}={1,2})"
)
_MAY_BE_BODY = re.compile(r"\s*+[A-Za-z0-9+/]{20,76}+={0,2}+\s*+$")

_EMAILS = RuleGroup(
    RedactionRule(
        "email", ("@",), r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w-])"
    )
)
# of a team's patterns, until they find nothing in what they have left; beyond them nothing of the text is
# kept
_ROUNDS = 8


def redact(text: str) -> str:
    """Return the text with every credential replaced by its marker. A text without a hint of one takes about
    a microsecond and is returned unchanged.
    """
    text = CREDENTIALS.apply(text)
    return (
        "\n".join(map(_mask_key_body, text.split("\n"))) if "\n" in text or _MAY_BE_BODY.match(text) else text
    )


def make_redactor(
    *, emails: bool = False, patterns: tuple[tuple[str, str], ...] = ()
) -> Callable[[str], str]:
    """Return a function like `redact` that also masks e-mail addresses, and what each (kind, regex) of a team
    finds. It is idempotent, too.

    Raise UsageError for an invalid regex.
    """
    if not emails and not patterns:
        return redact
    own = tuple((kind, pattern(regex)) for kind, regex in patterns)

    def more(text: str) -> str:
        for _ in range(_ROUNDS):
            before, text = text, redact(text)
            text = _EMAILS.apply(text) if emails and "@" in text else text
            for kind, pattern_of_team in own:
                text = _mask_pattern(text, kind, pattern_of_team)
            if text == before:
                return text
        return f"[masked {own[0][0] if own else 'email'}]"

    return more


def count_masked(text: str) -> dict[str, int]:
    """Return the number of markers of each kind in a text, by kind in alphabetical order."""
    return dict(sorted(Counter(_MARKER.findall(text)).items()))


def _mask_key_body(line: str) -> str:
    bare = line.strip()
    return (
        line.replace(bare, "[masked private key]")
        if 20 <= len(bare) <= 78 and _BODY.fullmatch(bare)
        else line
    )


def _mask_pattern(text: str, kind: str, pattern: Pattern) -> str:
    """Mask what a team's pattern finds in the text, outside existing markers."""
    return "".join(_mask_pieces(text, f"[masked {kind}]", pattern))


def _mask_pieces(text: str, marker: str, pattern: Pattern) -> Iterator[str]:
    for index, piece in enumerate(_MARKERS.split(text)):
        end = 0
        for start, stop in pattern.spans(piece) if index % 2 == 0 else ():
            yield piece[end:start] + marker
            end = stop
        yield piece[end:]
