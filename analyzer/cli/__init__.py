"""The command line: what is printed, where, and the exit code; nothing else.

What is heavy is imported when it is needed. A new command is one file beside this one, and its line in
`COMMANDS`.
"""

import click

from analyzer import __version__
from analyzer.cli import failure
from analyzer.cli.analyze import EXITS, analyze
from analyzer.cli.check import check
from analyzer.cli.collect import collect
from analyzer.cli.command import CommandGroup
from analyzer.cli.eval import evaluate
from analyzer.cli.guard import guard
from analyzer.cli.label import label
from analyzer.cli.prompt import prompt
from analyzer.cli.report import report
from analyzer.cli.settings import settings
from analyzer.exits import ExitCode
from analyzer.options.invocation import Invocation

COMMANDS: tuple[click.Command, ...] = (
    analyze,
    guard,
    collect,
    prompt,
    report,
    settings,
    check,
    evaluate,
    label,
)


@click.group(cls=CommandGroup, commands=COMMANDS, epilog=EXITS)
@click.version_option(__version__, prog_name="rollout-analyzer")
def cli() -> None:
    """Judge a canary: gather evidence of both sides of a rollout, find what differs, ask models, and exit by
    the answer.

    \b
    rollout-analyzer analyze --namespace shop --rollout cart
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    rollout-analyzer analyze --evidence cart.json.gz
    """


def run(arguments: list[str]) -> int:
    """Return the exit code of one command line. Whatever goes wrong is one line on stderr, and what to do."""
    try:
        code: int = cli.main(arguments, prog_name="rollout-analyzer", standalone_mode=False)
    except click.Abort:
        return ExitCode.INTERRUPTED
    except failure.FailedInvocation as failed:
        return failure.report_early(failed.error, failed.invocation, reports=failed.reports)
    except Exception as error:  # noqa: BLE001 - the one place that turns a bug into a line
        return failure.report_early(error, Invocation(), reports=False)
    return code
