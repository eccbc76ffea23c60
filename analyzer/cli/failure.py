"""What is said when there is nothing to report on: an error is an answer, too."""

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from analyzer import __version__
from analyzer.cli.terminal import masking, note, show, terminate
from analyzer.errors import AnalyzerError
from analyzer.exits import ExitCode, for_error, warn_of_pass
from analyzer.options.invocation import Invocation

if TYPE_CHECKING:
    from analyzer.effects.interface import EffectContext
    from analyzer.report.machine import JsonResult

PLEASE = "--verbose shows where; please report it"


class FailedInvocation(Exception):  # noqa: N818 - an error, and where to tell it
    """An error of one invocation. `reports`: its command's answer is a report."""

    def __init__(self, error: Exception, invocation: Invocation, *, reports: bool) -> None:
        super().__init__(str(error))
        self.error, self.invocation, self.reports = error, invocation, reports


def report(error: AnalyzerError, occasion: "EffectContext", invocation: Invocation) -> None:
    """Report a run that came to nothing, and what the effects did about it."""
    from analyzer.report.words import receipt_line

    mask, passed = masking(occasion.settings.hide), occasion.passed_by()
    done = [*map(receipt_line, occasion.receipts), *([warn_of_pass(passed)] if passed else [])]
    _shorten([f"error: {error}", error.advice, *done], invocation, mask)
    if invocation.format == "json":
        result = _result(str(error), error.advice, occasion.exit_code(), mask)
        _object(replace(result, passed_by=passed, effects=occasion.receipts))
    complain([*lines(error, verbose=invocation.verbose), *done], mask)


def report_early(error: Exception, invocation: Invocation, *, reports: bool) -> int:
    """Report what no run could take up: an invocation that does not hold, or a bug. Return the exit code."""
    mask = masking(invocation.settings.hide)
    if isinstance(error, click.ClickException):
        usage = StringIO()
        error.show(usage)
        said = usage.getvalue().splitlines()
        reason, advice, code = error.format_message(), "", ExitCode.USAGE
    elif isinstance(error, AnalyzerError):
        said = lines(error, verbose=invocation.verbose)
        reason, advice, code = str(error), error.advice, for_error(error)
    else:
        reason = f"a bug in rollout-analyzer {__version__}: {type(error).__name__}: {error}"
        import traceback

        where = "".join(traceback.format_exception(error)) if invocation.verbose else f"  {PLEASE}"
        said, advice, code = [f"error: {reason}", where], PLEASE, ExitCode.BUG
    complain(said, mask)
    if reports:
        _shorten([f"error: {reason}", advice], invocation, mask)
        if invocation.format == "json":
            _object(_result(reason, advice, code, mask))
    return code


def lines(error: AnalyzerError, *, verbose: bool) -> list[str]:
    """Return an error, what to do about it, and with `verbose` what caused it."""
    causes = [f"  caused by {cause}" for cause in error.causes()] if verbose else []
    return [f"error: {error}", *([f"  {error.advice}"] if error.advice else []), *causes]


def complain(messages: list[str], mask: Callable[[str], str]) -> None:
    """Write masked lines to stderr."""
    for message in messages:
        note(message, mask)


def _shorten(messages: list[str], invocation: Invocation, mask: Callable[[str], str]) -> None:
    from analyzer.report.termination import fit_lines

    terminate(invocation.termination_log, fit_lines(map(mask, filter(None, messages))))


def _result(reason: str, advice: str, code: int, mask: Callable[[str], str]) -> "JsonResult":
    from analyzer.report.machine import JsonResult

    return JsonResult(outcome="error", rule="error", reason=mask(reason), advice=mask(advice), exit_code=code)


def _object(result: "JsonResult") -> None:
    from analyzer.report.machine import encode

    show(encode(result))
