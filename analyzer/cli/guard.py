"""`guard`: waits for a canary to start."""

import click

from analyzer.cli.answer import answer
from analyzer.cli.command import ReportingCommand
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation

EXITS = """\b
Exit codes: 0 available or promoted, 2 usage, 3 broken, 4 neither by the
deadline, or nothing left to guard, 5 infrastructure (try again), 1 a bug."""


@click.command(
    cls=ReportingCommand,
    params=options("guard"),
    epilog=EXITS,
    short_help="Wait for a canary to start, or to fail at it.",
)
def guard(invocation: Invocation) -> int:
    """Wait, no longer than --deadline, until the canary's pods are available or broken in kind. No model is
    asked.

    For a background analysis: a canary that crashes at start never reaches an analysis step, and its Rollout
    hangs.

    \b
    rollout-analyzer guard --namespace shop --rollout cart --deadline 10m
    rollout-analyzer guard            # in the Job of an Argo metric
    """
    from analyzer.run.runs import run_guard

    return answer(invocation, run_guard)
