"""A shell script as words and operators: quotes are removed, and expansions are kept as pieces.

It reads as much of https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html as stands around
one command in a manifest. Anything else raises Untold; nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LONGEST_SCRIPT = 20_000  # characters of a script
DEEPEST_SUBSTITUTION = 20  # levels of $( )

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
    """A part of the shell's language that is not read here."""


@dataclass(frozen=True)
class Piece:
    """A part of a word: plain text, a variable's name (empty if it is not known), or a script whose output it
    is.
    """

    kind: Literal["text", "variable", "script"]
    text: str


@dataclass(frozen=True)
class Word:
    """A word. `bare`: no part of it is quoted or expanded, so it may be a keyword."""

    pieces: tuple[Piece, ...]
    bare: bool = True

    @property
    def text(self) -> str:
        """Return the word if it is bare, else empty."""
        return "".join(piece.text for piece in self.pieces) if self.bare else ""


def split_tokens(script: str) -> Iterator[Word | str]:
    """Yield words, and operators as text (a line's end is one). Redirections are left out, because they
    change no exit code. Raise Untold.
    """
    if len(script) > LONGEST_SCRIPT:
        raise Untold
    script = script.replace("\\\n", "")
    at, skip = 0, False
    documents: list[tuple[Word, bool]] = []  # their ends, and whether tabs before a line count
    while at < len(script):
        if match := _NOTHING.match(script, at):
            at = match.end()
        elif script.startswith("((", at):
            raise Untold  # arithmetic
        elif match := _DOCUMENT.match(script, at):
            end, at = _read_word(script, match.end())
            documents.append((end, bool(match[1])))
        elif match := _REDIRECTION.match(script, at):
            skip = not script.startswith("(", match.end())  # or it is a process that reads it
            at = match.end() if skip else find_closing_bracket(script, match.end())
        elif match := _OPERATOR.match(script, at):
            yield match[0]
            at = _skip_operator(script, match, documents)
        else:
            word, at = _read_word(script, at)
            if not skip:
                yield word
            skip = False


def _skip_operator(script: str, operator: re.Match[str], documents: list[tuple[Word, bool]]) -> int:
    """Return the position behind the operator. Behind a line's end come the here-documents of that line."""
    at = operator.end()
    while documents and operator[0] == "\n":
        end, tabs = documents.pop(0)
        at = _skip_here_document(script, at, end, tabs=tabs)
    return at


def _skip_here_document(script: str, at: int, end: Word, *, tabs: bool) -> int:
    """Return the position behind a here-document, which changes no exit code. Raise Untold if it has no end,
    or runs a script to expand itself.
    """
    wanted = "".join(piece.text for piece in end.pieces)
    while at < len(script):
        line, _, _ = script[at:].partition("\n")
        at += len(line) + 1
        if (line.lstrip("\t") if tabs else line) == wanted:
            return min(at, len(script))
        if end.bare and ("$(" in line or "`" in line):
            break
    raise Untold


def find_closing_bracket(script: str, at: int) -> int:
    """Return the position behind the bracket that closes the one at `at`. Raise Untold if there is none."""
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


def _read_word(script: str, at: int) -> tuple[Word, int]:
    pieces: list[Piece] = []
    bare = True
    while at < len(script):
        letter = script[at]
        if match := _PLAIN.match(script, at):
            pieces.append(Piece("text", match[0]))
            at = match.end()
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
            quoted, at = _read_quoted(script, at + 1)
            pieces += quoted
        else:
            piece, at = _read_special(script, at)
            pieces.append(piece)
    return Word(tuple(pieces), bare), at


def _read_quoted(script: str, at: int) -> tuple[list[Piece], int]:
    """Return the pieces between double quotes, and the position behind them."""
    pieces = [Piece("text", "")]
    while at < len(script):
        if script[at] == '"':
            return pieces, at + 1
        if match := _WITHIN.match(script, at):
            pieces.append(Piece("text", match[0]))
            at = match.end()
        elif script[at] == "\\" and script[at + 1 : at + 2] not in ("$", "`", '"', "\\"):
            pieces.append(Piece("text", "\\"))
            at += 1
        else:
            piece, at = _read_special(script, at)
            pieces.append(piece)
    raise Untold


def _read_special(script: str, at: int) -> tuple[Piece, int]:
    r"""Read an escape, an expansion, or a script in backticks: what begins with \, $ or `."""
    if script[at] == "\\":
        return Piece("text", script[at + 1 : at + 2]), at + 2
    if script[at] == "`":
        end = script.find("`", at + 1)
        if end < 0:
            raise Untold
        return Piece("script", script[at + 1 : end]), end + 1
    return _read_expansion(script, at + 1)


def _read_expansion(script: str, at: int) -> tuple[Piece, int]:
    """Read what follows a $."""
    if script.startswith("((", at):
        return Piece("variable", ""), find_closing_bracket(script, at)
    if script.startswith("(", at):
        end = find_closing_bracket(script, at)
        return Piece("script", script[at + 1 : end - 1]), end
    if match := _BRACED.match(script, at) or _VARIABLE.match(script, at):
        return Piece("variable", match[0].strip("{}")), match.end()
    if match := _OTHER_BRACES.match(script, at):
        return Piece("variable", ""), match.end()
    if script.startswith("{", at):
        raise Untold
    return Piece("text", "$"), at
