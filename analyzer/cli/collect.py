"""`collect`: saves the evidence."""

from pathlib import Path

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import asked, masking, note, progress
from analyzer.exits import Exit
from analyzer.options.groups import target_options
from analyzer.options.kinds import File


@click.command(cls=Command, short_help="Save the evidence, to judge it later.")
@target_options
@click.option("--output", required=True, type=File(stream=True), help="The bundle's file; .gz compresses it; - for stdout.")
@click.pass_context
def collect(context: click.Context, /, *, output: str, **_options: object) -> int:
    """Save the evidence of both sides, secrets masked, to judge it later or elsewhere.

    \b
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    rollout-analyzer collect --namespace shop --rollout cart --output - | rollout-analyzer analyze --evidence -
    """
    from analyzer.deadline import Deadline
    from analyzer.errors import UsageError
    from analyzer.evidence.bundle import Bundle, check_writable, save
    from analyzer.files import STREAM
    from analyzer.records.kept import is_configmap
    from analyzer.runs import evidence_of

    settings = asked(context)
    if is_configmap(output):
        raise UsageError(
            f"--output {output}: a bundle is kept in a file", advice="name a file; analyze --save keeps a record in a ConfigMap"
        )
    check_writable(Path(output))
    with progress(settings.hide) as say:
        evidence = evidence_of("", settings, Deadline.after(settings.deadline), say)
    save(Path(output), Bundle(evidence=evidence))
    mask = masking((settings.hide,))
    judge = "" if output == STREAM else f"; judge it: rollout-analyzer analyze --evidence {output}"
    note(f"{output}: {len(evidence.parts)} parts, {len(evidence.gaps)} gaps{judge}", mask)  # stdout may be the bundle's
    for gap in evidence.gaps:
        note(f"not seen: {gap.source}{f' of the {gap.side} side' if gap.side else ''}: {gap.reason}", mask)
    return Exit.PROMOTE
