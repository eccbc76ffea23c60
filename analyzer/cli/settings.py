"""`settings`: shows each setting and where it came from."""

from collections.abc import Callable

import click

from analyzer.cli.command import Command
from analyzer.cli.failure import complain, lines
from analyzer.cli.terminal import masking, put
from analyzer.errors import UsageError
from analyzer.exits import ExitCode
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation
from analyzer.options.layers import setting_lines


@click.command(
    cls=Command,
    params=options("settings"),
    short_help="Show each setting and where it came from.",
)
@click.pass_context
def settings(context: click.Context, invocation: Invocation) -> int:
    """Show what these options, the environment and the config file amount to, and where each value came from.
    Nothing is judged.

    The lines are a config file themselves. What 'analyze' would refuse of them is said below them, with exit
    code 2.

    \b
    rollout-analyzer settings --namespace shop --rollout cart --config config.yaml
    """
    from analyzer.run.preflight import checks

    put("".join(f"{line}\n" for line in setting_lines(context)))
    every_check = {} if invocation.evidence else checks(invocation.settings)
    errors = list(filter(None, map(_error, every_check.values())))
    for error in errors:
        complain(lines(error, verbose=invocation.verbose), masking(invocation.settings.hide))
    return ExitCode.USAGE if errors else ExitCode.PROMOTE


def _error(check: Callable[[], None]) -> UsageError | None:
    """Return what a check says of settings that do not hold."""
    try:
        check()
    except UsageError as error:
        return error
    return None
