"""A shell script as a tree: lists of pipelines of commands, `if` and `case`. Loops, functions and the rest
raise Untold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from analyzer.check.shell.words import DEEPEST_SUBSTITUTION, Untold, Word, split_tokens

ENDS = ("then", "elif", "else", "fi", "}", "esac")
UNREAD = ("for", "while", "until", "select", "function", "[[", "coproc", "time")


@dataclass(frozen=True)
class Simple:
    """The words of one command, with the assignments before it."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Pipeline:
    """Commands that read from each other; `negated` with `!`."""

    commands: "tuple[Command, ...]"
    negated: bool = False


@dataclass(frozen=True)
class Chain:
    """Pipelines, each but the first with the `&&` or `||` before it; `background` with `&`."""

    links: tuple[tuple[str, Pipeline], ...]
    background: bool = False


@dataclass(frozen=True)
class CommandList:
    """Commands in braces, or in parentheses (`own`), which are a shell of their own that an exit leaves."""

    body: tuple[Chain, ...]
    own: bool = False


@dataclass(frozen=True)
class If:
    """Conditions, each with its commands. The last one without a condition is `else`."""

    branches: tuple[tuple[tuple[Chain, ...], tuple[Chain, ...]], ...]


@dataclass(frozen=True)
class CaseStatement:
    """A word, and patterns with their commands. The first that matches is taken."""

    word: Word
    branches: tuple[tuple[tuple[Word, ...], tuple[Chain, ...]], ...]


Command = Simple | CommandList | If | CaseStatement


def parse_script(script: str) -> tuple[Chain, ...]:
    """Return the tree of a script. Raise Untold."""
    reader = _Reader(tuple(split_tokens(script)))
    chains = tuple(reader.read_chains(0))
    if reader.next:
        raise Untold
    return chains


def simple_commands(tree: object) -> Iterator[Simple]:
    """Yield every simple command of a tree, reached or not."""
    if isinstance(tree, Simple):
        yield tree
    elif isinstance(tree, tuple):
        for branch in tree:
            yield from simple_commands(branch)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for part in fields(tree):
            yield from simple_commands(getattr(tree, part.name))


class _Reader:
    def __init__(self, every: tuple[Word | str, ...]) -> None:
        self._every = every
        self._at = 0

    @property
    def next(self) -> Word | str:
        """Return the next token, empty at the end."""
        return self._every[self._at] if self._at < len(self._every) else ""

    def keyword(self) -> str:
        """Return the next token as a keyword would be written."""
        return self.next.text if isinstance(self.next, Word) else self.next

    def take(self, *wanted: str) -> bool:
        """Skip the next token if it is one of these, and return whether it was."""
        there = self.keyword() in wanted and self.next != ""
        self._at += there
        return there

    def require(self, wanted: str) -> None:
        """Skip the given token. Raise Untold if another one comes."""
        if not self.take(wanted):
            raise Untold

    def read_chains(self, depth: int) -> Iterator[Chain]:
        """Yield chains up to the end of the script or of its part."""
        if depth > DEEPEST_SUBSTITUTION:
            raise Untold
        while True:
            while self.take(";", "\n"):
                pass
            if self.next in ("", ")", ";;") or self.keyword() in ENDS:
                return
            links = [("", self.read_pipeline(depth))]
            while (mark := self.keyword()) in ("&&", "||"):
                self.take(mark)
                self.skip_lines()
                links.append((mark, self.read_pipeline(depth)))
            background = self.take("&")
            yield Chain(tuple(links), background)
            if not background and self.next not in ("", ")", ";;", ";", "\n"):
                raise Untold

    def read_pipeline(self, depth: int) -> Pipeline:
        """Read a pipeline, with the `!` before it."""
        negated = self.take("!")
        commands = [self.read_command(depth)]
        while self.take("|", "|&"):
            self.skip_lines()
            commands.append(self.read_command(depth))
        return Pipeline(tuple(commands), negated)

    def read_command(self, depth: int) -> Command:
        """Read a command of any kind."""
        if self.keyword() in (*UNREAD, "!"):
            raise Untold
        if self.take("("):
            body = tuple(self.read_chains(depth + 1))
            self.require(")")
            return CommandList(body, own=True)
        if self.take("{"):
            body = tuple(self.read_chains(depth + 1))
            self.require("}")
            return CommandList(body)
        if self.take("if"):
            return self.read_if(depth + 1)
        if self.take("case"):
            return self.read_case(depth + 1)
        words: list[Word] = []
        while isinstance(self.next, Word):
            words.append(self.read_word())
        if not words or self.next == "(":  # a function
            raise Untold
        return Simple(tuple(words))

    def read_if(self, depth: int) -> If:
        """Read what follows `if`."""
        branches = []
        while True:
            test = tuple(self.read_chains(depth))
            self.require("then")
            branches.append((test, tuple(self.read_chains(depth))))
            if not self.take("elif"):
                break
        if self.take("else"):
            branches.append(((), tuple(self.read_chains(depth))))
        self.require("fi")
        return If(tuple(branches))

    def read_case(self, depth: int) -> CaseStatement:
        """Read what follows `case`."""
        word = self.read_word()
        self.skip_lines()
        self.require("in")
        branches = []
        self.skip_lines()
        while not self.take("esac"):
            self.take("(")
            patterns = [self.read_word()]
            while self.take("|"):
                patterns.append(self.read_word())
            self.require(")")
            branches.append((tuple(patterns), tuple(self.read_chains(depth))))
            if not self.take(";;") and self.keyword() != "esac":
                raise Untold
            self.skip_lines()
        return CaseStatement(word, tuple(branches))

    def read_word(self) -> Word:
        """Read a word. Raise Untold if an operator comes."""
        there = self.next
        if not isinstance(there, Word):
            raise Untold
        self._at += 1
        return there

    def skip_lines(self) -> None:
        """Skip ends of lines."""
        while self.take("\n"):
            pass
