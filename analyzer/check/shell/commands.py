"""What the single commands of a script do: ours, the shell's own that change its course, and all others, which are taken to succeed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analyzer.check.container import UNKNOWN
from analyzer.check.shell.conditions import holds
from analyzer.check.shell.grammar import Simple
from analyzer.check.shell.programs import assigned, called, named, unwrapped
from analyzer.check.shell.words import DEEPEST, Piece, Untold, Word

ASSIGNING = ("export", "readonly", "local", "declare", "typeset")
FAILS = ("false",)
HOLDS = (":", "true", "echo")
OWN = ("set", "exit", "exec", "wait", "trap", "source", "eval")
NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Invocation:
    """Our program as the script calls it: the words after its name, and the environment that it finds. `replaces`: by `exec`.

    `sourced`: the script has read another one before, which may have set more.
    """

    words: tuple[str, ...]
    environ: dict[str, str] = field(hash=False)
    replaces: bool = False
    sourced: bool = False


class Guess(int):
    """A status that only a run can tell, and what it is taken for."""


class Answer:
    """The exit code of our nth invocation, from 0. `guessed`: the script's way hung on what only a run can tell."""

    def __init__(self, ours: Callable[[int], int]) -> None:
        self.ours = ours
        self.guessed = False


class Exited(Exception):  # noqa: N818 - no error of anybody's
    """The script's end, by its own word."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Commands:
    """A shell at work. `positional` are $0, $1, …; `script` is told by who goes through a whole one."""

    def __init__(self, environ: dict[str, str], answer: Answer, calls: list[Invocation], depth: int = 0) -> None:
        self.environ, self.answer, self.calls, self.depth = environ, answer, calls, depth
        self.positional: tuple[str, ...] = ()
        self.status = self.first = self.behind = 0  # of the last pipeline, of its first command, of what runs in the background
        self.stops = self.whole = self.sourced = False  # set -e, set -o pipefail
        self.tested = False  # whether somebody asks for the result of what is run
        self.at_exit = ""
        self.before_exit: int | None = None  # the status that a trap for the end finds
        if depth > DEEPEST:
            raise Untold

    def script(self, text: str) -> int:
        """Its exit code."""
        raise NotImplementedError

    def asked(self) -> int:
        """The status, where the script's way hangs on it."""
        self.answer.guessed |= isinstance(self.status, Guess)
        return self.status

    def nested(self, argv: Sequence[str]) -> int:
        """A shell of its own, by its command line."""
        script, positional, flags = called(argv)
        inner = type(self)(dict(self.environ), self.answer, self.calls, self.depth + 1)
        inner.positional, inner.sourced = positional, self.sourced
        inner.set(flags)
        return inner.script(script)

    def simple(self, command: Simple) -> None:
        """An assignment, something of the shell's own, ours, or what is taken to succeed."""
        ran = len(self.calls)
        words = [text for word in command.words for text in self.expanded(word)]
        inner = self.status if len(self.calls) > ran else 0  # of $( ), where that is all there is
        before, rest = assigned(words)
        if not rest:
            self.environ |= before
            self.status = inner
            return
        program = "source" if rest[0] == "." else named(rest[0])
        if program in ASSIGNING:
            self.environ |= assigned(rest[1:])[0]
            self.status = 0
        elif (own := getattr(self, f"_{program}", None)) and program in OWN:
            self.environ |= before
            own(rest[1:])
        elif program in ("test", "["):
            if self.calls and any(UNKNOWN in word for word in rest):
                raise Untold  # what it decides of our code hangs on it
            self.status = Guess(not holds(rest[1:]))
        elif program in FAILS:
            self.status = 1
        elif program in HOLDS:
            self.status = 0
        else:
            self.program(rest, before)

    def program(self, words: list[str], before: dict[str, str], *, replaces: bool = False) -> None:
        """Ours, another shell, or another program."""
        call = unwrapped(words)
        environ = self.environ | before | call.environ
        if call.ours:
            self.calls.append(Invocation(call.words, environ, replaces, self.sourced))
            self.status = self.answer.ours(len(self.calls) - 1)
        elif call.shell:
            inner = type(self)(environ, self.answer, self.calls, self.depth)
            inner.sourced = self.sourced
            self.status = inner.nested(call.words)
        else:
            self.status = Guess(0)

    def expanded(self, word: Word) -> list[str]:
        """A word's texts: one, but for "$@" and for a variable unquoted that is empty."""
        if [piece.text for piece in word.pieces if piece.text] in (["@"], ["*"]) and any(p.kind == "variable" for p in word.pieces):
            return list(self.positional[1:])
        return ["".join(self.piece(piece) for piece in word.pieces)]

    def piece(self, piece: Piece) -> str:
        """Its text, UNKNOWN where only a run can tell."""
        if piece.kind == "text":
            return piece.text
        if piece.kind == "script":
            inner = type(self)(dict(self.environ), self.answer, self.calls, self.depth + 1)
            self.status = inner.script(piece.text)
            return UNKNOWN
        if piece.text in ("?", "PIPESTATUS[0]"):
            self.asked()
        special = {"?": int(self.status), "PIPESTATUS[0]": self.first, "!": "behind"}
        if piece.text in special:
            return str(special[piece.text])
        if piece.text.isdecimal():
            return dict(enumerate(self.positional)).get(int(piece.text), "")
        return self.environ.get(piece.text, UNKNOWN)

    def set(self, words: Sequence[str]) -> None:
        """The options of a shell that count here."""
        for number, word in enumerate(words):
            on = word.startswith("-")
            if word[:1] in ("-", "+") and word[:2] != "--" and "e" in word:
                self.stops = on
            if word == "errexit" and number:
                self.stops = words[number - 1].startswith("-")
            if word == "pipefail" and number:
                self.whole = words[number - 1].startswith("-")

    def _set(self, words: list[str]) -> None:
        self.set(words)
        self.status = 0

    def _exit(self, words: list[str]) -> None:
        code = words[0] if words else str(int(self.status if self.before_exit is None else self.before_exit))
        if not NUMBER.fullmatch(code):
            raise Untold
        raise Exited(int(code) % 256)

    def _exec(self, words: list[str]) -> None:
        if words:
            self.program(["exec", *words], {}, replaces=True)
            self.at_exit = ""
            raise Exited(self.status)

    def _wait(self, words: list[str]) -> None:
        self.status = self.behind if words else 0

    def _trap(self, words: list[str]) -> None:
        if "EXIT" in words[1:] or "0" in words[1:]:
            self.at_exit = words[0].removeprefix("-")
        self.status = 0

    def _source(self, _words: list[str]) -> None:
        self.sourced, self.status = True, Guess(0)
        self.answer.guessed = True  # it may end the script
