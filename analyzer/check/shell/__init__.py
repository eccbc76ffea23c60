"""The shell around our command: what it makes of each exit code, and how it calls us. Nothing is run.

`words.py` splits a script, `grammar.py` makes a tree of it, `run.py` goes through that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.check.shell.commands import Answer, Invocation
from analyzer.check.shell.grammar import parsed, simples
from analyzer.check.shell.programs import PRODUCT, called, unwrapped
from analyzer.check.shell.run import run
from analyzer.check.shell.words import Untold
from analyzer.exits import Exit

ANSWERS = (Exit.PROMOTE, Exit.BUG, Exit.USAGE, Exit.ROLLBACK, Exit.INCONCLUSIVE, Exit.INFRASTRUCTURE)
MOST = 20  # calls of ours in a script that are gone through


@dataclass(frozen=True)
class Called:
    """Each way in which a command line calls us, and what each of our exit codes becomes; empty where that cannot be told.

    `wrapped`: by a shell, which stays beside us. `never`: a script that has a call of ours ends before it, whatever else it runs.
    """

    invocations: tuple[Invocation, ...]
    codes: tuple[Mapping[int, int], ...] = ()
    wrapped: bool = False
    never: bool = False


def calls(words: Sequence[str], environ: Mapping[str, str], *, image: bool = False) -> Called | None:
    """How a container with this command line, and no other entrypoint, calls us. None where it does not.

    `image`: it is ours, so that a script which is a file may call us as well.
    """
    program = unwrapped(words)
    inner = {**environ, **program.environ}
    if program.ours:
        return Called((Invocation(program.words, inner),), ({int(code): int(code) for code in ANSWERS},))
    if not program.shell:
        return None
    unread = Called((Invocation((), inner, sourced=True),), wrapped=True)
    mentioned = any(PRODUCT in word for word in words)
    try:
        called(program.words)
    except Untold:
        return unread if mentioned or image else None
    try:
        answer = Answer(lambda _number: 0)
        _, found = run(program.words, inner, answer)
        if not 0 < len(found) <= MOST:
            never = not found and not answer.guessed and _has_ours(program.words)
            return Called((), wrapped=True, never=True) if never else unread if mentioned else None
        fates = tuple({int(code): _fate(program.words, inner, number, code) for code in ANSWERS} for number in range(len(found)))
    except Untold:
        return unread if mentioned else None
    return Called(found, fates, wrapped=not all(each.replaces for each in found))


def _fate(words: Sequence[str], environ: dict[str, str], number: int, code: int) -> int:
    """What the container exits with where our nth invocation exits with this, and the others with 0."""
    return int(run(words, environ, Answer(lambda asked: code if asked == number else 0))[0])


def _has_ours(words: Sequence[str]) -> bool:
    """Whether a command of the script is ours, run or not."""
    every = simples(parsed(called(words)[0]))
    return any(unwrapped(["".join(piece.text for piece in word.pieces) for word in each.words]).ours for each in every)
