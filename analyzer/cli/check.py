"""`check`: a preflight for CI and for people."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from analyzer.cli.command import Command
from analyzer.cli.failure import FailedInvocation
from analyzer.cli.summary import add_to_summary
from analyzer.cli.terminal import masking, show, watched
from analyzer.errors import UsageError
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation
from analyzer.options.layers import invocation_of
from analyzer.options.option import ENVIRON
from analyzer.options.variables import variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.settings import Settings

EXITS = "Exit codes: 0 all holds, 2 something is wrong, 5 something is out of reach (try again), 1 a bug."
SEVERAL = "Give --file before each file: --file a.yaml --file b.yaml"


class Check(Command):
    """The command that a shell gives words, by `--file *.yaml`."""

    words = SEVERAL


@click.command(
    cls=Check,
    params=options("check"),
    epilog=EXITS,
    short_help="Check what a run would need, before there is one.",
)
@click.option(
    "--file",
    "-f",
    "files",
    multiple=True,
    metavar="FILE",
    help="Manifest to look for traps in; - for stdin. Repeatable.",
)
@click.option(
    "--service-account",
    default="",
    metavar="NAME",
    help="Whose permissions to look at, the Job's: NAME or NAMESPACE/NAME.",
)
@click.option("--offline", is_flag=True, help="Ask nobody: settings, the template and the manifests alone.")
@click.pass_context
def check(
    context: click.Context,
    invocation: Invocation,
    files: tuple[str, ...],
    service_account: str,
    *,
    offline: bool,
) -> int:
    """Check what 'analyze' with these options would need: permissions, Argo's kinds, Prometheus, each model;
    and manifests for traps.

    Nothing is judged and nothing is changed. Takes the options of 'analyze'; without a target, it is one of
    an Argo metric's Job.

    \b
    rollout-analyzer check --namespace shop --rollout cart --model gemini
    rollout-analyzer check --namespace shop --service-account rollout-analyzer
    rollout-analyzer check --offline --file examples/analysistemplate.yaml --file rollout.yaml
    helm template . | rollout-analyzer check --offline --file -
    rollout-analyzer check --offline --file rollout.yaml --format sarif > check.sarif
    """
    from analyzer import check as checks
    from analyzer.check.documents import Files
    from analyzer.check.interface import CheckRequest, CommandLines
    from analyzer.check.reports import load
    from analyzer.common.deadline import Deadline
    from analyzer.records.retention import mask_texts

    if invocation.evidence:
        what = "check looks at what a live run needs, and --evidence needs nothing of that"
        raise UsageError(what, advice="leave it out")
    settings = invocation.settings
    deadline = Deadline.after(settings.deadline)
    group = context.find_root().command
    assert isinstance(group, click.Group)
    lines = CommandLines(partial(parsed, group), tuple(group.commands), variables(group))
    mask = masking(settings.hide)
    request = CheckRequest(settings, os.environ, Files(files), deadline, lines, offline, service_account)
    results = checks.run_checks(request)
    code = checks.exit_code_of(results)
    masked = mask_texts(results, lambda text: " ".join(mask(text).split("\n")))
    add_to_summary(lambda: load("markdown")(masked, code))
    text = "table" if watched(sys.stdout) else "text"
    show(load(text if invocation.check_format == "text" else invocation.check_format)(masked, code))
    return code


def parsed(
    group: click.Group,
    command: str,
    arguments: list[str],
    environ: "Mapping[str, str] | None" = None,
) -> "Settings":
    """Return the settings that a command line of one of the commands amounts to. UsageError if it is wrong.

    `environ` is the environment that it is read in, by default this process's.
    """
    outer = click.Context(group)
    outer.meta[ENVIRON] = environ
    try:
        with group.commands[command].make_context(command, [*arguments], parent=outer) as context:
            return invocation_of(context).settings
    except FailedInvocation as failed:
        if isinstance(failed.error, click.ClickException):
            raise UsageError(failed.error.format_message()) from failed
        raise failed.error from failed
    except click.exceptions.Exit as error:
        raise UsageError("it prints the help and judges nothing") from error
