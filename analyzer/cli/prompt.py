"""`prompt`: prints what the models would be asked."""

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import masking, note, progress, put
from analyzer.exits import ExitCode
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation


@click.command(cls=Command, params=options("prompt"), short_help="Print what the models would be asked.")
def prompt(invocation: Invocation) -> int:
    """Print the prompt that the models would be sent, and its estimated size. No model is asked.

    \b
    rollout-analyzer prompt --namespace shop --rollout cart --extra-prompt "Ignore colour changes"
    rollout-analyzer prompt --evidence examples/evidence/new-errors.json.gz --template my-prompt.md.j2
    """
    from analyzer.common.deadline import Deadline
    from analyzer.run.judge import build_question_within
    from analyzer.run.runs import read_evidence

    settings = invocation.settings
    with progress(settings.hide) as say:
        deadline = Deadline.after(settings.deadline)
        evidence = read_evidence(invocation.evidence, settings, deadline, say)
        rendered, _ = build_question_within(evidence, settings, deadline)
    put(rendered.text)
    budget = settings.ask.prompt_tokens
    left_out = f"; left out: {', '.join(rendered.left_out)}" if rendered.left_out else ""
    over = f", more than --prompt-tokens {budget}" if rendered.tokens > budget else ""
    size = len(rendered.text.encode())
    note(f"about {rendered.tokens} tokens{over}, {size} bytes{left_out}", masking(settings.hide))
    return ExitCode.PROMOTE
