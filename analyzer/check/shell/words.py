"""A shell script as words and operators, quotes taken off, what it fills in left in its place.

As much of https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html as stands around one command in a manifest. What
is not read raises Untold: nothing is guessed of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LONGEST = 20_000  # characters of a script
DEEPEST = 20  # levels of $( )

_OPERATOR = re.compile(r"&&|\|\||\|&|;;|[;|&()\n]")
_REDIRECTION = re.compile(r"\d*(?:<<<|>>|>\||>&|<&|<>|[<>])|&>>?")
_NOTHING = re.compile(r"[ \t\r]+|#[^\n]*")
_DOCUMENT = re.compile(r"\d*<<(?!<)(-?)[ \t]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[?!@*#$0-9-]")
_BRACED = re.compile(r"\{(PIPESTATUS\[0\]|[A-Za-z_][A-Za-z0-9_]*|[?!@*#$0-9-])\}")
_OTHER_BRACES = re.compile(r"\{[^{}'\"`]*\}")
_PLAIN = re.compile(r"[^\s;|&()<>'\"\\$`]+")
_WITHIN = re.compile(r"[^\"\\$`]+")


class Untold(Exception):  # noqa: N818 - no error of anybody's
    """More of a shell than is read here."""


@dataclass(frozen=True)
class Piece:
    """A part of a word: text as it stands, a variable's name (empty: one that cannot be told), or a script whose output it is."""

    kind: Literal["text", "variable", "script"]
    text: str


@dataclass(frozen=True)
class Word:
    """A word. `bare`: nothing of it is quoted or filled in, so that it may be a keyword."""

    pieces: tuple[Piece, ...]
    bare: bool = True

    @property
    def text(self) -> str:
        """Itself where it is bare, else empty."""
        return "".join(piece.text for piece in self.pieces) if self.bare else ""


def tokens(script: str) -> Iterator[Word | str]:
    """Words, and operators as text (a line's end is one). Redirections are left out: they change no exit code. Untold."""
    if len(script) > LONGEST:
        raise Untold
    script = script.replace("\\\n", "")
    at, skip = 0, False
    documents: list[tuple[Word, bool]] = []  # their ends, and whether tabs before a line count
    while at < len(script):
        if found := _NOTHING.match(script, at):
            at = found.end()
        elif script.startswith("((", at):
            raise Untold  # arithmetic
        elif found := _DOCUMENT.match(script, at):
            end, at = _word(script, found.end())
            documents.append((end, bool(found[1])))
        elif found := _REDIRECTION.match(script, at):
            skip = not script.startswith("(", found.end())  # or it is a process that reads it
            at = found.end() if skip else closed(script, found.end())
        elif found := _OPERATOR.match(script, at):
            yield found[0]
            at = _behind(script, found, documents)
        else:
            word, at = _word(script, at)
            if not skip:
                yield word
            skip = False


def _behind(script: str, operator: re.Match[str], documents: list[tuple[Word, bool]]) -> int:
    """Where to go on: a line's end has the here-documents of that line behind it."""
    at = operator.end()
    while documents and operator[0] == "\n":
        end, tabs = documents.pop(0)
        at = _behind_document(script, at, end, tabs=tabs)
    return at


def _behind_document(script: str, at: int, end: Word, *, tabs: bool) -> int:
    """Behind a here-document, which changes no exit code. Untold where it has no end, or runs a script to fill itself in."""
    wanted = "".join(piece.text for piece in end.pieces)
    while at < len(script):
        line, _, _ = script[at:].partition("\n")
        at += len(line) + 1
        if (line.lstrip("\t") if tabs else line) == wanted:
            return min(at, len(script))
        if end.bare and ("$(" in line or "`" in line):
            break
    raise Untold


def closed(script: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`."""
    depth, quote = 0, ""
    while at < len(script):
        letter = script[at]
        if letter == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return at + 1
        at += 1
    raise Untold


def _word(script: str, at: int) -> tuple[Word, int]:
    pieces: list[Piece] = []
    bare = True
    while at < len(script):
        letter = script[at]
        if found := _PLAIN.match(script, at):
            pieces.append(Piece("text", found[0]))
            at = found.end()
            continue
        if letter not in "'\"\\$`":
            break
        bare = False
        if letter == "'":
            end = script.find("'", at + 1)
            if end < 0:
                raise Untold
            pieces.append(Piece("text", script[at + 1 : end]))
            at = end + 1
        elif letter == '"':
            quoted, at = _quoted(script, at + 1)
            pieces += quoted
        else:
            piece, at = _special(script, at)
            pieces.append(piece)
    return Word(tuple(pieces), bare), at


def _quoted(script: str, at: int) -> tuple[list[Piece], int]:
    """What stands between double quotes, and where it ends."""
    pieces = [Piece("text", "")]
    while at < len(script):
        if script[at] == '"':
            return pieces, at + 1
        if found := _WITHIN.match(script, at):
            pieces.append(Piece("text", found[0]))
            at = found.end()
        elif script[at] == "\\" and script[at + 1 : at + 2] not in ("$", "`", '"', "\\"):
            pieces.append(Piece("text", "\\"))
            at += 1
        else:
            piece, at = _special(script, at)
            pieces.append(piece)
    raise Untold


def _special(script: str, at: int) -> tuple[Piece, int]:
    r"""What begins with \, $ or `."""
    if script[at] == "\\":
        return Piece("text", script[at + 1 : at + 2]), at + 2
    if script[at] == "`":
        end = script.find("`", at + 1)
        if end < 0:
            raise Untold
        return Piece("script", script[at + 1 : end]), end + 1
    return _filled(script, at + 1)


def _filled(script: str, at: int) -> tuple[Piece, int]:
    """What follows a $."""
    if script.startswith("((", at):
        return Piece("variable", ""), closed(script, at)
    if script.startswith("(", at):
        end = closed(script, at)
        return Piece("script", script[at + 1 : end - 1]), end
    if found := _BRACED.match(script, at) or _VARIABLE.match(script, at):
        return Piece("variable", found[0].strip("{}")), found.end()
    if found := _OTHER_BRACES.match(script, at):
        return Piece("variable", ""), found.end()
    if script.startswith("{", at):
        raise Untold
    return Piece("text", "$"), at
