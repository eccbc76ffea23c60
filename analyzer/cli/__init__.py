"""The command line: what is printed, where, and the exit code; nothing else. What is heavy is imported when it is needed.

A new command is one file beside this one, and its line in `COMMANDS`.
"""

import os
import traceback
from io import StringIO
from typing import TYPE_CHECKING

import click

from analyzer import __version__
from analyzer.cli import failure
from analyzer.cli.analyze import EXITS, analyze
from analyzer.cli.check import check
from analyzer.cli.collect import collect
from analyzer.cli.command import Group
from analyzer.cli.guard import guard
from analyzer.cli.prompt import prompt
from analyzer.cli.settings import settings
from analyzer.cli.terminal import masking
from analyzer.errors import AnalyzerError, UsageError
from analyzer.exits import Exit, for_error
from analyzer.options.kinds import PREFIX

if TYPE_CHECKING:
    from analyzer.settings import Hide

PLEASE = "--verbose shows where; please report it"
COMMANDS: tuple[click.Command, ...] = (analyze, guard, collect, prompt, settings, check)


@click.group(cls=Group, commands=COMMANDS, epilog=EXITS)
@click.version_option(__version__, prog_name="rollout-analyzer")
def cli() -> None:
    """Judges a canary: gathers evidence of both sides of a rollout, finds what differs, asks models, and exits by the answer.

    \b
    rollout-analyzer analyze --namespace shop --rollout cart
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    rollout-analyzer analyze --evidence cart.json.gz
    """


def run(arguments: list[str]) -> int:
    """The exit code of one command line. Whatever goes wrong is one line on stderr, and what to do."""
    hide: list[Hide] = []
    try:
        _texts(arguments)
        code: int = cli.main(arguments, prog_name="rollout-analyzer", standalone_mode=False, obj=hide)
    except click.Abort:
        return Exit.INTERRUPTED
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        failure.complain(shown.getvalue().splitlines(), masking(hide))
        return failure.report_early(error.format_message(), "", Exit.USAGE, arguments, masking(hide))
    except AnalyzerError as error:
        failure.complain(failure.lines(error, verbose="--verbose" in arguments), masking(hide))
        return failure.report_early(str(error), error.advice, for_error(error), arguments, masking(hide))
    except Exception as error:  # noqa: BLE001 - the one place that turns a bug into a line
        what = f"a bug in rollout-analyzer {__version__}: {type(error).__name__}: {error}"
        where = traceback.format_exc() if "--verbose" in arguments else f"  {PLEASE}"
        failure.complain([f"error: {what}", where], masking(hide))
        return failure.report_early(what, PLEASE, Exit.BUG, arguments, masking(hide))
    return code


def _texts(arguments: list[str]) -> None:
    """UsageError for what is no text: everything that is asked may be kept, and told, as UTF-8."""
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for what, text in (*(("an argument", each) for each in arguments), *given.items()):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"{what} is not UTF-8: {text!a}", advice="is the terminal's encoding UTF-8?") from error
