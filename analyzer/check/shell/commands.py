"""What single commands of a script do: ours, the shell's own that change its course, and all others, which
are assumed to succeed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analyzer.check.container import UNKNOWN
from analyzer.check.shell.conditions import evaluate_test
from analyzer.check.shell.grammar import Simple
from analyzer.check.shell.programs import program_name, split_assignments, split_shell_call, unwrap_program
from analyzer.check.shell.words import DEEPEST_SUBSTITUTION, Piece, Untold, Word

ASSIGNING = ("export", "readonly", "local", "declare", "typeset")
FAILS = ("false",)
HOLDS = (":", "true", "echo")
OWN = ("set", "exit", "exec", "wait", "trap", "source", "eval")
NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class ProgramCall:
    """One call of our program: the words after its name, and its environment. `replaces`: it is called by
    `exec`.

    `sourced`: the script has read another script before, which may have set more variables.
    """

    words: tuple[str, ...]
    environ: dict[str, str] = field(hash=False)
    replaces: bool = False
    sourced: bool = False


class Guess(int):
    """An assumed status that only a run can tell."""


class AnalyzerExit:
    """The exit code of each of our invocations, by its number from 0. `guessed`: the course of the script
    depended on a guess.
    """

    def __init__(self, ours: Callable[[int], int]) -> None:
        self.ours = ours
        self.guessed = False


class Exited(Exception):  # noqa: N818 - no error of anybody's
    """The script's end by `exit`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Commands:
    """The state of a shell. `positional` are $0, $1, …; a subclass runs scripts by `run_script`."""

    def __init__(
        self, environ: dict[str, str], answer: AnalyzerExit, calls: list[ProgramCall], depth: int = 0
    ) -> None:
        self.environ, self.answer, self.calls, self.depth = environ, answer, calls, depth
        self.positional: tuple[str, ...] = ()
        self.status = self.first = self.behind = (
            0  # of the last pipeline, of its first command, of what runs in the background
        )
        self.stops = self.whole = self.sourced = False  # set -e, set -o pipefail
        self.tested = False  # whether somebody asks for the result of what is run
        self.at_exit = ""
        self.before_exit: int | None = None  # the status that a trap for the end finds
        if depth > DEEPEST_SUBSTITUTION:
            raise Untold

    def run_script(self, text: str) -> int:
        """Run a script and return its exit code."""
        raise NotImplementedError

    def use_status(self) -> int:
        """Return the status, and note if the course of the script now depends on a guess."""
        self.answer.guessed |= isinstance(self.status, Guess)
        return self.status

    def run_nested(self, argv: Sequence[str]) -> int:
        """Run the command line of another shell, and return its exit code."""
        script, positional, flags = split_shell_call(argv)
        inner = type(self)(dict(self.environ), self.answer, self.calls, self.depth + 1)
        inner.positional, inner.sourced = positional, self.sourced
        inner.set(flags)
        return inner.run_script(script)

    def run_simple(self, command: Simple) -> None:
        """Run an assignment, a command of the shell's own, ours, or another program, which is assumed to
        succeed.
        """
        ran = len(self.calls)
        words = [text for word in command.words for text in self.expand_word(word)]
        inner = self.status if len(self.calls) > ran else 0  # of $( ), where that is all there is
        before, rest = split_assignments(words)
        if not rest:
            self.environ |= before
            self.status = inner
            return
        program = "source" if rest[0] == "." else program_name(rest[0])
        if program in ASSIGNING:
            self.environ |= split_assignments(rest[1:])[0]
            self.status = 0
        elif (own := getattr(self, f"_{program}", None)) and program in OWN:
            self.environ |= before
            own(rest[1:])
        elif program in ("test", "["):
            if self.calls and any(UNKNOWN in word for word in rest):
                raise Untold  # what it decides of our code hangs on it
            self.status = Guess(not evaluate_test(rest[1:]))
        elif program in FAILS:
            self.status = 1
        elif program in HOLDS:
            self.status = 0
        else:
            self.run_program(rest, before)

    def run_program(self, words: list[str], before: dict[str, str], *, replaces: bool = False) -> None:
        """Run our program, another shell, or another program."""
        call = unwrap_program(words)
        environ = self.environ | before | call.environ
        if call.ours:
            self.calls.append(ProgramCall(call.words, environ, replaces, self.sourced))
            self.status = self.answer.ours(len(self.calls) - 1)
        elif call.shell:
            inner = type(self)(environ, self.answer, self.calls, self.depth)
            inner.sourced = self.sourced
            self.status = inner.run_nested(call.words)
        else:
            self.status = Guess(0)

    def expand_word(self, word: Word) -> list[str]:
        """Return a word's texts: one, except for "$@"."""
        if [piece.text for piece in word.pieces if piece.text] in (["@"], ["*"]) and any(
            p.kind == "variable" for p in word.pieces
        ):
            return list(self.positional[1:])
        return ["".join(self.expand_piece(piece) for piece in word.pieces)]

    def expand_piece(self, piece: Piece) -> str:
        """Return the text of a piece, UNKNOWN if only a run can tell."""
        if piece.kind == "text":
            return piece.text
        if piece.kind == "script":
            inner = type(self)(dict(self.environ), self.answer, self.calls, self.depth + 1)
            self.status = inner.run_script(piece.text)
            return UNKNOWN
        if piece.text in ("?", "PIPESTATUS[0]"):
            self.use_status()
        special = {"?": int(self.status), "PIPESTATUS[0]": self.first, "!": "behind"}
        if piece.text in special:
            return str(special[piece.text])
        if piece.text.isdecimal():
            return dict(enumerate(self.positional)).get(int(piece.text), "")
        return self.environ.get(piece.text, UNKNOWN)

    def set(self, words: Sequence[str]) -> None:
        """Set the shell options that matter here."""
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
        status = self.status if self.before_exit is None else self.before_exit
        code = words[0] if words else str(int(status))
        if not NUMBER.fullmatch(code):
            raise Untold
        raise Exited(int(code) % 256)

    def _exec(self, words: list[str]) -> None:
        if words:
            self.run_program(["exec", *words], {}, replaces=True)
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
