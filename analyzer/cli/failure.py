"""What is said when there is nothing to report on: an error is an answer, too."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.cli.terminal import masking, note, show, terminate
from analyzer.errors import AnalyzerError
from analyzer.exits import loud
from analyzer.options.kinds import variable_of

if TYPE_CHECKING:
    from analyzer.effects.interface import Occasion
    from analyzer.report.machine import Result

REPORTING = ("analyze", "guard")  # the commands whose --output is a report


def report(error: AnalyzerError, told: "Occasion", output: str, termination_log: str, *, verbose: bool) -> None:
    """A run that came to nothing, and what the effects did about it."""
    from analyzer.report.words import receipt_line

    mask, passed = masking([told.settings.hide]), told.passed_by()
    done = [*map(receipt_line, told.receipts), *([loud(passed)] if passed else [])]
    _shorten([f"error: {error}", error.advice, *done], termination_log, mask)
    if output == "json":
        result = _result(str(error), error.advice, told.exit_code(), mask)
        _object(replace(result, passed_by=passed, effects=told.receipts))
    complain([*lines(error, verbose=verbose), *done], mask)


def report_early(reason: str, advice: str, code: int, arguments: list[str], mask: Callable[[str], str]) -> int:
    """The same where nobody could take it up: a command line or a config file that cannot be read, or a bug. The code.

    stderr has it already. Where else it is told is taken from the command line and the environment, as far as they say so.
    """
    if arguments and arguments[0] in REPORTING:
        _shorten([f"error: {reason}", advice], _given(arguments, "--termination-log"), mask)
        if _given(arguments, "--output") == "json":
            _object(_result(reason, advice, code, mask))
    return code


def lines(error: AnalyzerError, *, verbose: bool) -> list[str]:
    """An error, what to do about it, and with `verbose` what caused it."""
    causes = [f"  caused by {cause}" for cause in error.causes()] if verbose else []
    return [f"error: {error}", *([f"  {error.advice}"] if error.advice else []), *causes]


def complain(told: list[str], mask: Callable[[str], str]) -> None:
    """Masked lines on stderr."""
    for line in told:
        note(line, mask)


def _shorten(told: list[str], termination_log: str, mask: Callable[[str], str]) -> None:
    from analyzer.report.termination import fit

    terminate(termination_log, fit(map(mask, filter(None, told))))


def _result(reason: str, advice: str, code: int, mask: Callable[[str], str]) -> "Result":
    from analyzer.report.machine import Result

    return Result(outcome="error", rule="error", reason=mask(reason), advice=mask(advice), exit_code=code)


def _object(result: "Result") -> None:
    from analyzer.report.machine import encode

    show(encode(result))


def _given(arguments: list[str], name: str) -> str:
    """An option's value, where the command line as a whole may make no sense."""
    found = os.environ.get(variable_of(name), "")
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == name:
            found = following
        elif argument.startswith(f"{name}="):
            found = argument.removeprefix(f"{name}=")
    return found
