"""Text of others made inert for GitHub: it names nobody, links nothing, closes nothing, starts no agent.

Two readers are meant. GitHub renders Markdown (GFM, https://github.github.com/gfm/) and then links mentions,
`#1`, `GH-1`, commits and `:emoji:` outside code. Workflows and agents read the raw text, in code as well, and
look for `@claude`, or for a slash command at the start of a line. So `inert` changes the characters
themselves, everywhere, to ones that look alike or are taken for what they are; and Markdown is escaped, or
fenced, beside that.

| in the text            | becomes                   | because                                    |
| ---------------------- | ------------------------- | ------------------------------------------ |
| `@`                    | its full-width twin       | a mention notifies, or starts an agent     |
| `#` before a digit     | its full-width twin       | a reference, and "Closes" closes the issue |
| `GH-1`                 | with a hyphen that stays  | the same                                   |
| `/issues/1`, `/pull/1` | with a division slash     | the same, as an address                    |
| `:tada:`               | with a letter for the `:` | an emoji is an image                       |
| `$` in prose           | its full-width twin       | it begins mathematics                      |
| `https://` in prose    | `https[:]//`              | an address becomes a link                  |
| `1a2b3c4` in prose     | in a code span            | a commit's hash becomes a link             |
| `/` at the start       | a division slash          | a command                                  |
"""

import re
from collections.abc import Iterable

from analyzer.common.short import cut
from analyzer.logs.lines import safe

PREFIX = "| "  # of each quoted line: so none starts with a slash, a fence or dashes
MAX_MARKDOWN_LINE = 4000  # characters of one line
NAME = 300  # characters of a name

SLASH = "\N{DIVISION SLASH}"
DOLLAR = "\N{FULLWIDTH DOLLAR SIGN}"
_EVERYWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"@"), "\N{FULLWIDTH COMMERCIAL AT}"),
    (re.compile(r"#(?=[0-9])"), "\N{FULLWIDTH NUMBER SIGN}"),
    (re.compile(r"(?i)\b(GH)-(?=[0-9])"), "\\1\N{NON-BREAKING HYPHEN}"),
    (re.compile(r"(?i)/(issues|pull|pulls|discussions|commit)/(?=[0-9a-f])"), f"/\\1{SLASH}"),
    (re.compile(r":(?=[a-z+-][a-z0-9_+-]{0,40}:)"), "\N{MODIFIER LETTER COLON}"),
)
_COMMIT = re.compile(r"(?i)(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])")
_SCHEME = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=//)")
_WWW = re.compile(r"(?i)\b(www)\.")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|]")
_OPENING = re.compile(r"^([0-9]{0,9})([#+=:.)-])")  # a heading, a list, a rule
_TICKS = re.compile(r"`+")
_BLANKS = re.compile(r"\n{3,}")


class Markdown(str):
    """Markdown that is ours, or was made inert: it is written as it is."""

    __slots__ = ()


def write_value(value: object, longest: int) -> str:
    """Return what a template writes of a value: numbers and Markdown of ours as they are, any other inert, at
    most so many characters of it.
    """
    return str(value) if isinstance(value, Markdown | int) else prose(value, longest)


def squeeze_blanks(text: str) -> str:
    """Return a text without blank lines around it, and with at most one after another in it."""
    return _BLANKS.sub("\n\n", text).strip()


def inert(text: str) -> str:
    """Return the text without what a reader of the raw text acts on. It stays legible, and may be Markdown
    still. Lines stay lines.
    """
    shown = "\n".join(safe(line) for line in text.splitlines())
    for pattern, twin in _EVERYWHERE:
        shown = pattern.sub(twin, shown)
    return shown


def prose(text: object, longest: int = MAX_MARKDOWN_LINE) -> Markdown:
    """Return the text on one line as it reads, escaped, to stand among words of ours. At most `longest`
    characters of it are used.
    """
    line = inert(cut(" ".join(str(text).split()), longest)).replace("$", DOLLAR)
    parts, start = [], 0
    for match in _COMMIT.finditer(line):
        parts += [_escape(line[start : match.start()]), f"`{match[0]}`"]
        start = match.end()
    whole = "".join((*parts, _escape(line[start:])))
    return Markdown(f"{SLASH}{whole[1:]}" if whole.startswith("/") else _OPENING.sub(r"\1\\\2", whole))


def _escape(text: str) -> str:
    defanged = _WWW.sub(r"\1[.]", _SCHEME.sub("[:]", text))
    return _MARKUP.sub(r"\\\g<0>", defanged)


def code(text: object, longest: int = NAME) -> Markdown:
    """Return the text on one line as a code span, such as for a name."""
    line = inert(cut(" ".join(str(text).split()), longest))
    ticks, blank = "`" * (_longest_run([line]) + 1), " " if "`" in line else ""
    return Markdown(f"{ticks}{blank}{line}{blank}{ticks}" if line else "")


def command(text: str) -> Markdown:
    """Return a command that the operator's own words make, in a block to copy it from; empty for none."""
    return _block(text.splitlines(), "console") if text else Markdown("")


def link(address: str, text: str) -> Markdown:
    """Return a link to an address that is the operator's own and passed `is_link`."""
    return Markdown(f"[{prose(text)}]({address})")


def patch(diff: str) -> Markdown:
    """Return an inert diff in a block; empty for none. Its lines begin with a sign, a blank or `@@`."""
    return _block(diff.splitlines(), "diff") if diff else Markdown("")


def quoted(texts: Iterable[object] | str, longest: int = MAX_MARKDOWN_LINE) -> Markdown:
    """Return the lines of texts in a code block, each marked with `PREFIX`; empty for no text."""
    shown = [
        f"{PREFIX}{inert(cut(line, longest))}".rstrip()
        for text in ([texts] if isinstance(texts, str) else texts)
        for line in (str(text).splitlines() or [""])
    ]
    return _block(shown, "text") if shown else Markdown("")


def _block(lines: list[str], language: str) -> Markdown:
    """Return a fenced block that begins and ends on lines of its own, wherever a template puts it. A blank
    line before it ends what else it would be part of, such as a block of HTML.
    """
    fence = "`" * max(3, _longest_run(lines) + 1)
    return Markdown("\n".join(("\n", f"{fence}{language}", *lines, fence, "")))


def _longest_run(lines: Iterable[str]) -> int:
    """Return the length of the longest run of backticks."""
    return max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
