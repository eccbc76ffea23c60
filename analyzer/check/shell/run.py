"""What a shell script makes of our exit code: it is gone through once for each code, every other command taken to succeed."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from analyzer.check.container import UNKNOWN
from analyzer.check.shell.commands import Answer, Commands, Exited, Invocation
from analyzer.check.shell.grammar import Case, Chain, Command, Group, If, Pipeline, Simple, parsed
from analyzer.check.shell.words import DEEPEST, Untold, Word


def run(argv: Sequence[str], environ: dict[str, str], answer: Answer) -> tuple[int, tuple[Invocation, ...]]:
    """The exit code of a shell that is called so, and how it called us. Untold."""
    going = _Run(dict(environ), answer, [])
    code = going.nested(argv)
    return code, tuple(going.calls)


class _Run(Commands):
    """A whole script, in its order."""

    def script(self, text: str) -> int:
        """Its exit code."""
        return self._ended(lambda: self.chains(parsed(text)))

    def _ended(self, body: Callable[[], None]) -> int:
        """The exit code of a shell that does this, and then what a trap has set for its end."""
        try:
            body()
        except Exited as exited:
            self.status = exited.code
        ending, self.at_exit = self.at_exit, ""
        if not ending:
            return self.status
        code = self.before_exit = self.status
        try:
            self.chains(parsed(ending))
        except Exited as exited:
            return exited.code
        return code

    def _eval(self, words: list[str]) -> None:
        """Its words as a script of this same shell."""
        text = " ".join(words)
        if UNKNOWN in text or self.depth > DEEPEST:
            raise Untold
        self.status, self.depth = 0, self.depth + 1
        self.chains(parsed(text), tested=self.tested)
        self.depth -= 1

    def chains(self, every: Sequence[Chain], *, tested: bool = False) -> None:
        """One after the other. `tested`: somebody asks for the result, so set -e does nothing."""
        for chain in every:
            if chain.background:
                self.behind = self._apart(lambda chain=chain: self.chains((Chain(chain.links),), tested=tested))  # type: ignore[misc]
                self.status = 0
                continue
            for number, (mark, pipeline) in enumerate(chain.links):
                if mark and (self.asked() == 0) is (mark == "||"):
                    continue
                last = number == len(chain.links) - 1
                self.pipeline(pipeline, tested=tested or not last or pipeline.negated)

    def pipeline(self, pipeline: Pipeline, *, tested: bool) -> None:
        """Its last command's status, or with pipefail the last that is not 0."""
        if len(pipeline.commands) == 1:
            self.command(pipeline.commands[0], tested=tested)
            self.first = self.status
        else:
            codes = [self._apart(lambda each=each: self.command(each, tested=True)) for each in pipeline.commands]  # type: ignore[misc]
            self.first = codes[0]
            self.status = next((code for code in reversed(codes) if code), 0) if self.whole else codes[-1]
        if pipeline.negated:
            self.status = int(not self.asked())
        if self.stops and not tested and self.asked():
            raise Exited(self.status)

    def _apart(self, body: Callable[[], None]) -> int:
        """In a shell of its own: what it sets and where it ends is its own matter."""
        kept = (self.environ, self.status, self.at_exit, self.stops, self.whole, self.behind)
        self.environ, self.at_exit = dict(self.environ), ""
        code = self._ended(body)
        self.environ, self.status, self.at_exit, self.stops, self.whole, self.behind = kept
        return code

    def command(self, command: Command, *, tested: bool) -> None:
        """Of whatever kind."""
        if isinstance(command, Simple):
            self.tested = tested
            self.simple(command)
        elif isinstance(command, Group):
            if command.own:
                self.status = self._apart(lambda: self.chains(command.body, tested=tested))
            else:
                self.chains(command.body, tested=tested)
        elif isinstance(command, If):
            self.condition(command, tested=tested)
        else:
            self.case(command, tested=tested)

    def condition(self, command: If, *, tested: bool) -> None:
        """0 where no branch is taken."""
        for test, body in command.branches:
            self.chains(test, tested=True)
            if not test or self.asked() == 0:
                self.chains(body, tested=tested)
                return
        self.status = 0

    def case(self, command: Case, *, tested: bool) -> None:
        """0 where no pattern fits. Untold where only a run tells the word."""
        word = "".join(self.piece(piece) for piece in command.word.pieces)
        if UNKNOWN in word:
            raise Untold
        body = next((body for patterns, body in command.branches if any(self.fits(word, each) for each in patterns)), ())
        self.status = 0 if not body else self.status
        self.chains(body, tested=tested)

    def fits(self, word: str, pattern: Word) -> bool:
        """As a shell's patterns do."""
        return fnmatchcase(word, "".join(self.piece(piece) for piece in pattern.pieces))
