"""`settings`: shows each setting and where it came from."""

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import put, tell_variables
from analyzer.exits import Exit
from analyzer.options.groups import judge_options, replay_options, report_options, target_options
from analyzer.options.layers import shown


@click.command(cls=Command, short_help="Show each setting and where it came from.")
@target_options
@replay_options
@judge_options
@report_options
@click.pass_context
def settings(context: click.Context, /, **_options: object) -> int:
    """Show what these options, the environment and the config file amount to, and where each value came from. Nothing is judged.

    The lines are a config file themselves.

    \b
    rollout-analyzer settings --namespace shop --rollout cart --config config.yaml
    """
    tell_variables(context)
    put("".join(f"{line}\n" for line in shown(context)))
    return Exit.PROMOTE
