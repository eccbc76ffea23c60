"""`report`: shows a record that was kept."""

from pathlib import Path

import click

from analyzer.cli.command import Command
from analyzer.cli.terminal import masking, note, put
from analyzer.exits import ExitCode
from analyzer.options.commands import pick_options
from analyzer.options.invocation import Invocation
from analyzer.options.param_types import File

FORMATS = {"page": "page", "markdown": "markdown", "text": "plain", "json": "json"}


@click.command(
    cls=Command,
    params=pick_options("context", "kubeconfig", "findings_link", "deadline", "redact_emails", "verbose"),
    short_help="Show a record that was kept, as a page.",
)
@click.argument("record")
@click.option(
    "--output",
    default="-",
    type=File(stream=True),
    help="The report's file; - for stdout.",
)
@click.option(
    "--format",
    "form",
    default="page",
    show_default=True,
    type=click.Choice(list(FORMATS)),
    help="Format of the report; a page is HTML.",
)
@click.option("--open", "opens", is_flag=True, help="Open the file of --output, on a laptop.")
def report(invocation: Invocation, record: str, output: str, form: str, *, opens: bool) -> int:
    """Show a record that 'analyze --save' kept: a file, or configmap:NAMESPACE/NAME. Nothing is judged anew.

    \b
    rollout-analyzer report cart.json.gz --output cart.html --open
    rollout-analyzer report configmap:shop/rollout-analyzer-1a2b --output cart.html
    rollout-analyzer report cart.json.gz --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    from functools import partial

    from msgspec.structs import replace

    from analyzer.common import files
    from analyzer.common.deadline import Deadline, within
    from analyzer.errors import UsageError
    from analyzer.evidence.bundle import check_writable
    from analyzer.records.whole import read_whole
    from analyzer.report import load_report

    settings, path = invocation.settings, Path(output)
    if opens and output == files.STREAM:
        raise UsageError("--open opens a file, and --output names none", advice="such as --output page.html")
    check_writable(path)
    deadline = Deadline.after(settings.deadline)
    read = partial(read_whole, record, settings.where, settings.hide, deadline)
    shown = within(read, deadline, f"{record} was not read")
    # The link is the reader's, never one that somebody else's record has.
    told = replace(shown.settings.tell, findings_link=settings.tell.findings_link)
    text = load_report(FORMATS[form])(replace(shown, settings=replace(shown.settings, tell=told)))
    if output == files.STREAM:
        put(text)
        return ExitCode.PROMOTE
    try:
        files.write(path, text.encode())
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror or error}", advice="name a file that is writable"
        ) from error
    note(f"{output}: the report of {record}", masking(settings.hide))
    if opens:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
    return ExitCode.PROMOTE
