"""`analyze`: judges a canary."""

import click

from analyzer.cli.answer import answer
from analyzer.cli.command import Command
from analyzer.cli.terminal import remark
from analyzer.options.groups import judge_options, replay_options, report_options, target_options

EXITS = """\b
Exit codes: 0 promote, 2 usage, 3 rollback, 4 inconclusive, 5 infrastructure (try again), 1 a bug.
Every option but --verbose can be set by the environment, too (ROLLOUT_ANALYZER_MIN_AGE=2m is --min-age 2m), and in a file that
--config names (min_age: 2m); 'rollout-analyzer settings' shows each value and where it came from."""


@click.command(cls=Command, epilog=EXITS, short_help="Judge a canary, and exit by the answer.")
@target_options
@replay_options
@judge_options
@report_options
@click.pass_context
def analyze(context: click.Context, /, *, evidence: str, output: str, save: str, termination_log: str, **_options: object) -> int:
    """Judge a canary, on a cluster or from recorded evidence.

    \b
    rollout-analyzer analyze --namespace shop --rollout cart --model gemini --model ollama:gemma4
    rollout-analyzer analyze --evidence examples/evidence/crash-loop.json.gz --model builtin
    """
    from analyzer.runs import judged

    return answer(context, lambda settings, deadline, say: judged(settings, evidence, deadline, say, remark), output, save, termination_log)
