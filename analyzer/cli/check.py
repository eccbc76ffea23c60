"""`check`: a preflight for CI and for people."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import asked, masking, show, watched
from analyzer.errors import UsageError
from analyzer.options.groups import judge_options, replay_options, report_options, target_options
from analyzer.options.kinds import ENVIRON
from analyzer.options.layers import settings_of, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.settings import Settings

EXITS = "Exit codes: 0 all holds, 2 something is wrong, 5 something is out of reach (try again), 1 a bug."
SEVERAL = "Give --file before each file: --file a.yaml --file b.yaml"


class Check(Command):
    """A command that takes no words but options: a shell makes more of them of `--file *.yaml`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """UsageError that says how several files are given."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if type(error) is click.UsageError and "unexpected extra argument" in error.message:
                raise click.UsageError(f"{error.message}. {SEVERAL}", ctx) from error
            raise


@click.command(cls=Check, epilog=EXITS, short_help="Check what a run would need, before there is one.")
@target_options
@replay_options
@judge_options
@report_options
@click.option("--file", "-f", "files", multiple=True, metavar="FILE", help="Manifest to look for traps in; - for stdin. Repeatable.")
@click.option("--service-account", default="", metavar="NAME", help="Whose permissions to look at, the Job's: NAME or NAMESPACE/NAME.")
@click.option("--offline", is_flag=True, help="Ask nobody: settings, the template and the manifests alone.")
@click.pass_context
def check(context: click.Context, /, *, evidence: str, output: str, files: tuple[str, ...], **options: Any) -> int:
    """Check what 'analyze' with these options would need: permissions, Argo's kinds, Prometheus, each model; and manifests for traps.

    Nothing is judged and nothing is changed. Takes the options of 'analyze'; without a target, it is one of an Argo metric's Job.

    \b
    rollout-analyzer check --namespace shop --rollout cart --model gemini
    rollout-analyzer check --namespace shop --service-account rollout-analyzer
    rollout-analyzer check --offline --file examples/analysistemplate.yaml --file rollout.yaml
    helm template . | rollout-analyzer check --offline --file -
    """
    from analyzer import check as checks
    from analyzer.check import shown as as_text
    from analyzer.check.interface import Asked, CommandLines
    from analyzer.deadline import Deadline
    from analyzer.records.retention import swept

    if evidence:
        raise UsageError("check looks at what a live run needs, and --evidence needs nothing of that", advice="leave it out")
    settings = asked(context)
    deadline = Deadline.after(settings.deadline)
    group = context.find_root().command
    assert isinstance(group, click.Group)
    lines = CommandLines(partial(parsed, group), tuple(group.commands), variables(group))
    keep = masking((settings.hide,))
    found = checks.look(Asked(settings, os.environ, files, deadline, lines, options["offline"], options["service_account"]))
    code = checks.code(found)
    results = swept(found, lambda told: " ".join(keep(told).split("\n")))
    text = as_text.table if watched(sys.stdout) else as_text.plain
    show((as_text.machine if output == "json" else text)(results, code))
    return code


def parsed(group: click.Group, command: str, arguments: list[str], environ: "Mapping[str, str] | None" = None) -> "Settings":
    """What a command line amounts to, in another environment where one is given: one of the group's commands. UsageError."""
    outer = click.Context(group)
    outer.meta[ENVIRON] = environ
    try:
        with group.commands[command].make_context(command, [*arguments], parent=outer) as context:
            return settings_of(context)
    except click.ClickException as error:
        raise UsageError(error.format_message()) from error
    except click.exceptions.Exit as error:
        raise UsageError("it prints the help and judges nothing") from error
