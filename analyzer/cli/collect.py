"""`collect`: saves the evidence."""

from pathlib import Path

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import masking, note, progress
from analyzer.common.counted import counted
from analyzer.exits import ExitCode
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation
from analyzer.options.param_types import File


@click.command(cls=Command, params=options("collect"), short_help="Save the evidence, to judge it later.")
@click.option(
    "--output",
    required=True,
    type=File(stream=True),
    help="The bundle's file; .gz compresses it; - for stdout.",
)
def collect(invocation: Invocation, output: str) -> int:
    """Save the evidence of both sides, secrets masked, to judge it later or elsewhere.

    \b
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    rollout-analyzer collect -n shop --rollout cart --output - | rollout-analyzer analyze --evidence -
    """
    from analyzer.common.deadline import Deadline
    from analyzer.common.files import STREAM
    from analyzer.errors import UsageError
    from analyzer.evidence.bundle import Bundle, check_writable, save
    from analyzer.records.record_store import is_configmap
    from analyzer.run.runs import read_evidence

    settings = invocation.settings
    if is_configmap(output):
        raise UsageError(
            f"--output {output}: a bundle is kept in a file",
            advice="name a file; analyze --save keeps a record in a ConfigMap",
        )
    check_writable(Path(output))
    with progress(settings.hide) as say:
        evidence = read_evidence("", settings, Deadline.after(settings.deadline), say)
    save(Path(output), Bundle(evidence=evidence))
    mask = masking(settings.hide)
    judge = "" if output == STREAM else f"; judge it: rollout-analyzer analyze --evidence {output}"
    counts = f"{counted(len(evidence.parts), 'part')}, {counted(len(evidence.gaps), 'gap')}"
    note(f"{output}: {counts}{judge}", mask)  # stdout may be the bundle's
    for gap in evidence.gaps:
        side = f" of the {gap.side} side" if gap.side else ""
        note(f"not seen: {gap.source}{side}: {gap.reason}", mask)
    return ExitCode.PROMOTE
