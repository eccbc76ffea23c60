"""`label`: makes a labelled case of a saved bundle or record."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import masking, note, progress, put
from analyzer.exits import ExitCode
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation

if TYPE_CHECKING:
    from analyzer.common.deadline import Deadline
    from analyzer.evidence import Evidence
    from analyzer.records.record import Judgement
    from analyzer.settings import Settings

ANSWERS = ("promote", "rollback", "inconclusive")
CONFIG = "config.yaml"
AGAINST = ("blocking", "hold", "warning")  # severities
KEEP = "write one with 'rollout-analyzer analyze --save FILE' or 'collect --output FILE'"


@click.command(
    cls=Command,
    params=[click.Argument(["record"], metavar="RECORD|configmap:NAMESPACE/NAME"), *options("label")],
    short_help="Make a labelled case of a saved run, for 'eval'.",
)
@click.option(
    "--outcome", required=True, type=click.Choice(ANSWERS), help="The outcome that is right for it."
)
@click.option("--because", required=True, metavar="TEXT", help="Why, in a sentence.")
@click.option(
    "--also", multiple=True, type=click.Choice(ANSWERS), help="Outcome that is right as well. Repeatable."
)
@click.option("--undecidable", is_flag=True, help="The evidence does not tell, whatever the truth is.")
@click.option("--family", default="", metavar="NAME", help="What cases of this kind are called together.")
@click.option(
    "--finding",
    default="",
    metavar="TEXT",
    help="The finding that decides: its kind, its key, or words of it.",
)
@click.option(
    "--expected",
    multiple=True,
    metavar="FINDING",
    help="Finding that is no fault (F2, or its kind). What would ignore it is printed as a diff of the config"
    " file. Repeatable.",
)
@click.option("--into", default="cases", show_default=True, metavar="FOLDER", help="The folder of the cases.")
def label(  # noqa: PLR0913 - click passes each option by its name
    invocation: Invocation,
    record: str,
    *,
    outcome: str,
    because: str,
    also: tuple[str, ...],
    undecidable: bool,
    family: str,
    finding: str,
    expected: tuple[str, ...],
    into: str,
) -> int:
    """Make a labelled case of a bundle or record: what 'analyze --save' or 'collect' wrote.

    The evidence is masked again and copied; nothing else is changed.

    \b
    rollout-analyzer label cart.json.gz --outcome rollback --because "the pool ran out of connections"
    rollout-analyzer label configmap:shop/NAME --outcome promote --because "planned" --expected F2
    """
    import msgspec

    from analyzer.common.deadline import Deadline
    from analyzer.evaluation.case import Label
    from analyzer.evaluation.labelling import write_case
    from analyzer.evaluation.suggestion import name_findings
    from analyzer.evaluation.trial import is_finding

    settings = invocation.settings
    deadline = Deadline.after(settings.deadline)
    said = {
        "outcome": outcome,
        "also": also,
        "decidable": not undecidable,
        "family": family,
        "finding": finding,
        "why": because,
        "source": record,
    }
    mask = masking(settings.hide)
    with progress(settings.hide) as say:
        say(f"reading {record}")
        evidence = _read_evidence(record, settings, deadline)
    judged = _judge(evidence, settings, deadline) if expected or finding else None
    suggested = (
        _suggest(evidence, expected, judged, settings, config=invocation.config, deadline=deadline)
        if expected and judged
        else ""
    )
    labelled = msgspec.convert({**said, "why": mask(because)}, Label)
    place = write_case(Path(into), evidence, labelled)
    note(f"labelled {outcome}: {place}; 'rollout-analyzer eval {into}' judges it", mask)
    if finding and judged and not any(is_finding(graded, finding) for graded in judged.findings):
        note(f"no finding here is {finding!r}; there are: {name_findings(judged.findings)}", mask)
    if suggested:
        put(suggested)
    return ExitCode.PROMOTE


def _read_evidence(record: str, settings: "Settings", deadline: "Deadline") -> "Evidence":
    from functools import partial

    from analyzer.common.deadline import within
    from analyzer.records.record_store import read_record
    from analyzer.run.runs import parse_replay

    kept = read_record(record, settings.where, deadline, KEEP)
    return within(partial(parse_replay, kept, settings), deadline, f"{record} was not read")


def _judge(evidence: "Evidence", settings: "Settings", deadline: "Deadline") -> "Judgement":
    """Return what the built-in judge makes of the evidence."""
    from analyzer.models.builtin import Builtin
    from analyzer.run.judge import Jury, judge

    return judge(evidence, settings, Jury((Builtin(),)), deadline, lambda _: None)


def _suggest(  # noqa: PLR0913 - what is judged, and what by
    evidence: "Evidence",
    expected: tuple[str, ...],
    before: "Judgement",
    settings: "Settings",
    *,
    config: str,
    deadline: "Deadline",
) -> str:
    """Return the diff of the config file, and say what the case would come to with it."""
    from msgspec.structs import replace

    from analyzer.config.nodes import text_of
    from analyzer.evaluation.suggestion import diff, name_findings, suggest

    suggestion = suggest(expected, before.findings, evidence)
    changed = replace(settings, rules=suggestion.applied(settings.rules))
    after = _judge(evidence, changed, deadline)
    against = [graded for graded in after.findings if graded.severity in AGAINST]
    unchanged = after.decision.outcome == before.decision.outcome
    still = (
        f"; what speaks against the canary still: {name_findings(against)}" if unchanged and against else ""
    )
    note(
        f"a suggestion, not applied: with it the built-in judge says {after.decision.outcome},"
        f" without it {before.decision.outcome}"
        f"{still}"
    )
    return diff(suggestion, text_of(Path(config)) if config else "", config or CONFIG)
