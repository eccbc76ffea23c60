"""A shell script as a tree: lists of pipelines of commands, `if` and `case`. Loops, functions and the rest raise Untold."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from analyzer.check.shell.words import DEEPEST, Untold, Word, tokens

ENDS = ("then", "elif", "else", "fi", "}", "esac")
UNREAD = ("for", "while", "until", "select", "function", "[[", "coproc", "time")


@dataclass(frozen=True)
class Simple:
    """One command's words, assignments before it among them."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Pipeline:
    """Commands that read each other; `negated` with `!`."""

    commands: "tuple[Command, ...]"
    negated: bool = False


@dataclass(frozen=True)
class Chain:
    """Pipelines, each but the first with the `&&` or `||` before it; `background` with `&`."""

    links: tuple[tuple[str, Pipeline], ...]
    background: bool = False


@dataclass(frozen=True)
class Group:
    """Commands in braces, or in brackets, which are a shell of their own: an exit leaves that one."""

    body: tuple[Chain, ...]
    own: bool = False


@dataclass(frozen=True)
class If:
    """Conditions, each with what is done where it holds; the last without one is `else`."""

    branches: tuple[tuple[tuple[Chain, ...], tuple[Chain, ...]], ...]


@dataclass(frozen=True)
class Case:
    """A word, and what is done where one of the patterns fits it, the first that does."""

    word: Word
    branches: tuple[tuple[tuple[Word, ...], tuple[Chain, ...]], ...]


Command = Simple | Group | If | Case


def parsed(script: str) -> tuple[Chain, ...]:
    """Raises Untold."""
    reader = _Reader(tuple(tokens(script)))
    found = tuple(reader.chains(0))
    if reader.next:
        raise Untold
    return found


def simples(tree: object) -> Iterator[Simple]:
    """Every simple command of a tree, reached or not."""
    if isinstance(tree, Simple):
        yield tree
    elif isinstance(tree, tuple):
        for each in tree:
            yield from simples(each)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for part in fields(tree):
            yield from simples(getattr(tree, part.name))


class _Reader:
    def __init__(self, every: tuple[Word | str, ...]) -> None:
        self._every = every
        self._at = 0

    @property
    def next(self) -> Word | str:
        """What comes, empty at the end."""
        return self._every[self._at] if self._at < len(self._every) else ""

    def keyword(self) -> str:
        """What comes, as a keyword would be written."""
        return self.next.text if isinstance(self.next, Word) else self.next

    def take(self, *wanted: str) -> bool:
        """Goes on behind what comes, where it is one of these."""
        there = self.keyword() in wanted and self.next != ""
        self._at += there
        return there

    def want(self, wanted: str) -> None:
        """Goes on behind it. Untold where something else comes."""
        if not self.take(wanted):
            raise Untold

    def chains(self, depth: int) -> Iterator[Chain]:
        """To the end, or to what ends a part."""
        if depth > DEEPEST:
            raise Untold
        while True:
            while self.take(";", "\n"):
                pass
            if self.next in ("", ")", ";;") or self.keyword() in ENDS:
                return
            links = [("", self.pipeline(depth))]
            while (mark := self.keyword()) in ("&&", "||"):
                self.take(mark)
                self.lines()
                links.append((mark, self.pipeline(depth)))
            background = self.take("&")
            yield Chain(tuple(links), background)
            if not background and self.next not in ("", ")", ";;", ";", "\n"):
                raise Untold

    def pipeline(self, depth: int) -> Pipeline:
        """With the `!` before it."""
        negated = self.take("!")
        commands = [self.command(depth)]
        while self.take("|", "|&"):
            self.lines()
            commands.append(self.command(depth))
        return Pipeline(tuple(commands), negated)

    def command(self, depth: int) -> Command:
        """Of whatever kind."""
        if self.keyword() in (*UNREAD, "!"):
            raise Untold
        if self.take("("):
            body = tuple(self.chains(depth + 1))
            self.want(")")
            return Group(body, own=True)
        if self.take("{"):
            body = tuple(self.chains(depth + 1))
            self.want("}")
            return Group(body)
        if self.take("if"):
            return self.condition(depth + 1)
        if self.take("case"):
            return self.cases(depth + 1)
        words: list[Word] = []
        while isinstance(self.next, Word):
            words.append(self.word())
        if not words or self.next == "(":  # a function
            raise Untold
        return Simple(tuple(words))

    def condition(self, depth: int) -> If:
        """What follows `if`."""
        branches = []
        while True:
            test = tuple(self.chains(depth))
            self.want("then")
            branches.append((test, tuple(self.chains(depth))))
            if not self.take("elif"):
                break
        if self.take("else"):
            branches.append(((), tuple(self.chains(depth))))
        self.want("fi")
        return If(tuple(branches))

    def cases(self, depth: int) -> Case:
        """What follows `case`."""
        word = self.word()
        self.lines()
        self.want("in")
        branches = []
        self.lines()
        while not self.take("esac"):
            self.take("(")
            patterns = [self.word()]
            while self.take("|"):
                patterns.append(self.word())
            self.want(")")
            branches.append((tuple(patterns), tuple(self.chains(depth))))
            if not self.take(";;") and self.keyword() != "esac":
                raise Untold
            self.lines()
        return Case(word, tuple(branches))

    def word(self) -> Word:
        """What comes, which has to be one."""
        there = self.next
        if not isinstance(there, Word):
            raise Untold
        self._at += 1
        return there

    def lines(self) -> None:
        """Goes on behind ends of lines."""
        while self.take("\n"):
            pass
