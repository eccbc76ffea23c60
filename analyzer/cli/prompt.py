"""`prompt`: prints what the models would be asked."""

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import asked, masking, note, progress, put
from analyzer.exits import Exit
from analyzer.options.groups import replay_options, target_options


@click.command(cls=Command, short_help="Print what the models would be asked.")
@target_options
@replay_options
@click.pass_context
def prompt(context: click.Context, /, *, evidence: str, **_options: object) -> int:
    """Print the prompt that the models would be sent, and its estimated size. No model is asked.

    \b
    rollout-analyzer prompt --namespace shop --rollout cart --extra-prompt "Ignore colour changes"
    rollout-analyzer prompt --evidence examples/evidence/new-errors.json.gz --template my-prompt.md.j2
    """
    from analyzer import pipeline
    from analyzer.deadline import Deadline
    from analyzer.runs import evidence_of

    settings = asked(context)
    with progress(settings.hide) as say:
        deadline = Deadline.after(settings.deadline)
        rendered, _ = pipeline.asked(evidence_of(evidence, settings, deadline, say), settings, deadline)
    put(rendered.text)
    left_out = f"; left out: {', '.join(rendered.left_out)}" if rendered.left_out else ""
    over = f", more than --prompt-tokens {budget}" if rendered.tokens > (budget := settings.ask.prompt_tokens) else ""
    note(f"about {rendered.tokens} tokens{over}, {len(rendered.text.encode())} bytes{left_out}", masking((settings.hide,)))
    return Exit.PROMOTE
