"""An interpreter of shell scripts that shows what a script makes of our exit code. It runs once for each
code, and assumes that every other command succeeds.
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import partial

from analyzer.check.container import UNKNOWN
from analyzer.check.shell.commands import AnalyzerExit, Commands, Exited, ProgramCall
from analyzer.check.shell.grammar import (
    CaseStatement,
    Chain,
    Command,
    CommandList,
    If,
    Pipeline,
    Simple,
    parse_script,
)
from analyzer.check.shell.words import DEEPEST_SUBSTITUTION, Untold, Word


def run_shell(
    argv: Sequence[str], environ: dict[str, str], answer: AnalyzerExit
) -> tuple[int, tuple[ProgramCall, ...]]:
    """Return the exit code of a shell with this command line, and how it called us. Raise Untold."""
    going = _Run(dict(environ), answer, [])
    code = going.run_nested(argv)
    return code, tuple(going.calls)


class _Run(Commands):
    """An interpreter of whole scripts."""

    def run_script(self, text: str) -> int:
        """Run a script and return its exit code."""
        return self._run_to_end(lambda: self.run_chains(parse_script(text)))

    def _run_to_end(self, body: Callable[[], None]) -> int:
        """Run the body, then the trap for the shell's end, and return the exit code."""
        try:
            body()
        except Exited as exited:
            self.status = exited.code
        ending, self.at_exit = self.at_exit, ""
        if not ending:
            return self.status
        code = self.before_exit = self.status
        try:
            self.run_chains(parse_script(ending))
        except Exited as exited:
            return exited.code
        return code

    def _eval(self, words: list[str]) -> None:
        """Run the words as a script of this same shell."""
        text = " ".join(words)
        if UNKNOWN in text or self.depth > DEEPEST_SUBSTITUTION:
            raise Untold
        self.status, self.depth = 0, self.depth + 1
        self.run_chains(parse_script(text), tested=self.tested)
        self.depth -= 1

    def run_chains(self, every: Sequence[Chain], *, tested: bool = False) -> None:
        """Run the chains one after the other. `tested`: the result is used, so set -e does nothing."""
        for chain in every:
            if chain.background:
                self.behind = self._run_in_subshell(
                    partial(self.run_chains, (Chain(chain.links),), tested=tested)
                )
                self.status = 0
                continue
            for number, (mark, pipeline) in enumerate(chain.links):
                if mark and (self.use_status() == 0) is (mark == "||"):
                    continue
                last = number == len(chain.links) - 1
                self.run_pipeline(pipeline, tested=tested or not last or pipeline.negated)

    def run_pipeline(self, pipeline: Pipeline, *, tested: bool) -> None:
        """Set the status to that of the last command, or with pipefail to the last that is not 0."""
        if len(pipeline.commands) == 1:
            self.run_command(pipeline.commands[0], tested=tested)
            self.first = self.status
        else:
            codes = [
                self._run_in_subshell(partial(self.run_command, command, tested=True))
                for command in pipeline.commands
            ]
            self.first = codes[0]
            self.status = next((code for code in reversed(codes) if code), 0) if self.whole else codes[-1]
        if pipeline.negated:
            self.status = int(not self.use_status())
        if self.stops and not tested and self.use_status():
            raise Exited(self.status)

    def _run_in_subshell(self, body: Callable[[], None]) -> int:
        """Run the body in a shell of its own, whose variables and exit do not affect this one, and return its
        exit code.
        """
        outer = (self.environ, self.status, self.at_exit, self.stops, self.whole, self.behind)
        self.environ, self.at_exit = dict(self.environ), ""
        code = self._run_to_end(body)
        self.environ, self.status, self.at_exit, self.stops, self.whole, self.behind = outer
        return code

    def run_command(self, command: Command, *, tested: bool) -> None:
        """Run a command of any kind."""
        if isinstance(command, Simple):
            self.tested = tested
            self.run_simple(command)
        elif isinstance(command, CommandList):
            if command.own:
                self.status = self._run_in_subshell(lambda: self.run_chains(command.body, tested=tested))
            else:
                self.run_chains(command.body, tested=tested)
        elif isinstance(command, If):
            self.run_if(command, tested=tested)
        else:
            self.run_case(command, tested=tested)

    def run_if(self, command: If, *, tested: bool) -> None:
        """Run the first branch whose condition is true. The status is 0 if there is none."""
        for test, body in command.branches:
            self.run_chains(test, tested=True)
            if not test or self.use_status() == 0:
                self.run_chains(body, tested=tested)
                return
        self.status = 0

    def run_case(self, command: CaseStatement, *, tested: bool) -> None:
        """Run the first branch with a matching pattern. The status is 0 if there is none. Raise Untold if
        only a run tells the word.
        """
        word = "".join(self.expand_piece(piece) for piece in command.word.pieces)
        if UNKNOWN in word:
            raise Untold
        body = next(
            (
                body
                for patterns, body in command.branches
                if any(self.matches(word, pattern) for pattern in patterns)
            ),
            (),
        )
        self.status = 0 if not body else self.status
        self.run_chains(body, tested=tested)

    def matches(self, word: str, pattern: Word) -> bool:
        """Return True if the word matches a shell pattern."""
        return fnmatchcase(word, "".join(self.expand_piece(piece) for piece in pattern.pieces))
