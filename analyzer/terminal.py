"""What a person or the kubelet is told beside the reports: how far a run is, what went wrong, and the termination message."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.errors import AnalyzerError
from analyzer.exits import loud

if TYPE_CHECKING:
    from analyzer.effects.interface import Occasion
    from analyzer.settings import Hide

TERMINATION_LOG = "/dev/termination-log"


def report_error(error: AnalyzerError, told: "Occasion", output: str, termination_log: str, *, verbose: bool) -> None:
    """What is said when there is nothing to report on: an error is an answer, too."""
    from analyzer.report.machine import Result, encode
    from analyzer.report.termination import fit
    from analyzer.report.words import receipt_line

    mask, code, passed = masking([told.settings.hide]), told.exit_code(), told.passed_by()
    done = [*map(receipt_line, told.receipts), *([loud(passed)] if passed else [])]
    terminate(termination_log, fit(map(mask, filter(None, (f"error: {error}", error.advice, *done)))))
    if output == "json":
        result = Result(
            outcome="error",
            rule="error",
            reason=mask(str(error)),
            advice=mask(error.advice),
            exit_code=code,
            passed_by=passed,
            effects=told.receipts,
        )
        click.echo(encode(result), nl=False)
    complain([*error_lines(error, verbose=verbose), *done], mask)


def error_lines(error: AnalyzerError, *, verbose: bool) -> list[str]:
    """An error, what to do about it, and with `verbose` what caused it."""
    causes = [f"  caused by {cause}" for cause in error.causes()] if verbose else []
    return [f"error: {error}", *([f"  {error.advice}"] if error.advice else []), *causes]


def terminate(asked: str, message: str) -> None:
    """Writes the termination message where the kubelet looks for it. Without it the answer is still the answer."""
    path = Path(asked or TERMINATION_LOG)
    if not asked and not path.exists():
        return
    try:
        path.write_text(message, encoding="utf-8")
    except OSError as error:
        click.echo(f"warning: no termination message in {path}: {error.strerror}", err=True)


def masking(hide: "list[Hide]") -> Callable[[str], str]:
    """The mask that the last of these settings asks for, the usual one where there are none yet."""
    from analyzer.retention import mask
    from analyzer.settings import Hide

    return mask(hide[-1] if hide else Hide())


def complain(lines: list[str], mask: Callable[[str], str]) -> None:
    """Masked lines on stderr."""
    for line in lines:
        click.echo(mask(line), err=True)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A spinner while a person watches; one plain line a stage otherwise. On stderr."""
    if not sys.stderr.isatty():
        yield lambda stage: click.echo(f"rollout-analyzer: {stage}", err=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update
