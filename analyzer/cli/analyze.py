"""`analyze`: judges a canary."""

from typing import TYPE_CHECKING

import click

from analyzer.cli.answer import answer
from analyzer.cli.command import ReportingCommand
from analyzer.cli.terminal import remark
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation

if TYPE_CHECKING:
    from analyzer.common.deadline import Deadline
    from analyzer.records.record import Record
    from analyzer.run.context import Say
    from analyzer.settings import Settings

EXITS = """\b
Exit codes: 0 promote, 2 usage, 3 rollback, 4 inconclusive, 5 infrastructure
(try again), 1 a bug.
Every option but --verbose can be set by the environment, too
(ROLLOUT_ANALYZER_IDLE_OK=true is --idle-ok), and in a file that --config
names (idle_ok: true); 'rollout-analyzer settings' shows each value and where
it came from."""  # by hand: click's own lines break at the dashes of an option


@click.command(
    cls=ReportingCommand,
    params=options("analyze"),
    epilog=EXITS,
    short_help="Judge a canary, and exit by the answer.",
)
def analyze(invocation: Invocation) -> int:
    """Judge a canary, on a cluster or from recorded evidence.

    \b
    rollout-analyzer analyze --namespace shop --rollout cart --model gemini --model ollama:gemma4
    rollout-analyzer analyze --evidence examples/evidence/crash-loop.json.gz --model builtin
    """
    from analyzer.run.runs import run_analysis

    def make(settings: "Settings", deadline: "Deadline", say: "Say") -> "Record":
        return run_analysis(settings, invocation.evidence, deadline, say, remark)

    return answer(invocation, make)
