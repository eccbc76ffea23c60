"""The shell around our command: how a script calls us, and what it makes of each exit code. No script is run.

`words.py` splits a script, `grammar.py` parses it into a tree, and `run.py` interprets the tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.check.shell.commands import AnalyzerExit, ProgramCall
from analyzer.check.shell.grammar import parse_script, simple_commands
from analyzer.check.shell.programs import PRODUCT, split_shell_call, unwrap_program
from analyzer.check.shell.run import run_shell
from analyzer.check.shell.words import Untold
from analyzer.exits import ExitCode

ANSWERS = (
    ExitCode.PROMOTE,
    ExitCode.BUG,
    ExitCode.USAGE,
    ExitCode.ROLLBACK,
    ExitCode.INCONCLUSIVE,
    ExitCode.INFRASTRUCTURE,
)
MOST_CALLS = 20  # calls of ours in a script that are gone through


@dataclass(frozen=True)
class ShellCall:
    """Each way in which a command line calls us, and what each of our exit codes becomes; empty if that is
    not known.

    `wrapped`: a shell stays around us. `never`: the script ends before its call of ours.
    """

    invocations: tuple[ProgramCall, ...]
    codes: tuple[Mapping[int, int], ...] = ()
    wrapped: bool = False
    never: bool = False


def find_invocations(
    words: Sequence[str], environ: Mapping[str, str], *, image: bool = False
) -> ShellCall | None:
    """Return how a container with this command line, and no other entrypoint, calls us; None if it does not.

    `image`: the image is ours, so a script that is a file may call us, too.
    """
    program = unwrap_program(words)
    inner = {**environ, **program.environ}
    if program.ours:
        return ShellCall((ProgramCall(program.words, inner),), ({int(code): int(code) for code in ANSWERS},))
    if not program.shell:
        return None
    unread = ShellCall((ProgramCall((), inner, sourced=True),), wrapped=True)
    guess = unread if any(PRODUCT in word for word in words) else None
    try:
        split_shell_call(program.words)
    except Untold:
        return unread if image else guess
    try:
        answer = AnalyzerExit(lambda _number: 0)
        _, invocations = run_shell(program.words, inner, answer)
        if not 0 < len(invocations) <= MOST_CALLS:
            never = not invocations and not answer.guessed and _runs_product(program.words)
            return ShellCall((), wrapped=True, never=True) if never else guess
        fates = tuple(
            {int(code): _exit_code_for(program.words, inner, number, code) for code in ANSWERS}
            for number in range(len(invocations))
        )
    except Untold:
        return guess
    return ShellCall(invocations, fates, wrapped=not all(invocation.replaces for invocation in invocations))


def _exit_code_for(words: Sequence[str], environ: dict[str, str], number: int, code: int) -> int:
    """Return the container's exit code if invocation `number` exits with `code`, and the others with 0."""
    return int(
        run_shell(words, environ, AnalyzerExit(lambda invocation: code if invocation == number else 0))[0]
    )


def _runs_product(words: Sequence[str]) -> bool:
    """Return True if a command of the script is ours, whether it is reached or not."""
    every = simple_commands(parse_script(split_shell_call(words)[0]))
    return any(
        unwrap_program(["".join(piece.text for piece in word.pieces) for word in command.words]).ours
        for command in every
    )
