"""The command line: what is printed, where, and the exit code; nothing else. What is heavy is imported when it is needed."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer import __version__
from analyzer.errors import AnalyzerError, UsageError
from analyzer.exits import Exit, for_error
from analyzer.options import (
    judge_options,
    min_age_option,
    replay_options,
    report_options,
    settings_of,
    shown,
    target_options,
    where_options,
)
from analyzer.terminal import complain, error_lines, masking, progress, report_error, terminate

if TYPE_CHECKING:
    from analyzer.deadline import Deadline
    from analyzer.evidence.bundle import Bundle
    from analyzer.record import Record
    from analyzer.settings import Hide, Settings

    Run = Callable[[Settings, Deadline, Callable[[str], None]], Record]

EXITS = """\b
Exit codes: 0 promote, 2 usage, 3 rollback, 4 inconclusive, 5 infrastructure (try again), 1 a bug.
Every option can be set by the environment, too (ROLLOUT_ANALYZER_MIN_AGE=2m is --min-age 2m), and in a file that --config names
(min_age: 2m); 'rollout-analyzer settings' shows each value and where it came from."""


CHECK_EXITS = "Exit codes: 0 all holds, 2 something is wrong, 5 something is out of reach (try again), 1 a bug."
GUARD_EXITS = "Exit codes: 0 available, 2 usage, 3 broken, 4 neither by the deadline, 5 infrastructure (try again), 1 a bug."


@click.group(epilog=EXITS)
@click.version_option(__version__, prog_name="rollout-analyzer")
def cli() -> None:
    """Judges a canary: gathers evidence of both sides of a rollout, finds what differs, asks models, and exits by the answer.

    \b
    rollout-analyzer analyze --namespace shop --rollout cart
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    rollout-analyzer analyze --evidence cart.json.gz
    """


@cli.command(epilog=EXITS, short_help="Judge a canary, and exit by the answer.")
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

    return _answer(context, lambda settings, deadline, say: judged(settings, evidence, deadline, say), output, save, termination_log)


@cli.command(epilog=GUARD_EXITS, short_help="Wait for a canary to start, or to fail at it.")
@where_options
@min_age_option
@report_options
@click.pass_context
def guard(context: click.Context, /, *, output: str, save: str, termination_log: str, **_options: object) -> int:
    """Wait, no longer than --deadline, until the canary's pods are available or broken in kind. No model is asked.

    For a background analysis: a canary that crashes at start never reaches an analysis step, and its Rollout hangs.

    \b
    rollout-analyzer guard --namespace shop --rollout cart --deadline 10m
    rollout-analyzer guard            # in the Job of an Argo metric
    """
    from analyzer.runs import guarded

    return _answer(context, guarded, output, save, termination_log)


def _answer(context: click.Context, make: "Run", output: str, save: str, termination_log: str) -> int:
    """Keeps and shows what came of a run, an error included; the exit code."""
    from analyzer import pipeline
    from analyzer.deadline import Deadline
    from analyzer.kept import is_configmap
    from analyzer.report import report

    settings = _settings(context)
    deadline = Deadline.after(settings.deadline)
    try:
        with progress() as say:
            record = make(settings, deadline, say)
        if save and not is_configmap(save):
            _save(save, record)
    except AnalyzerError as error:
        told = pipeline.deliver_error(error, settings, deadline, live=not context.params.get("evidence"))
        report_error(error, told, output, termination_log, verbose=context.params["verbose"])
        return told.exit_code()
    terminate(termination_log, report("termination")(record))
    text = "console" if sys.stdout.isatty() else "plain"
    click.echo(report(text if output == "text" else output)(record), nl=False)
    if context.params["verbose"]:
        for stage, seconds in record.timings.items():
            click.echo(f"{stage}: {seconds:.2f} s", err=True)
    return record.exit_code


@cli.command(short_help="Save the evidence, to judge it later.")
@target_options
@click.option("--output", required=True, type=click.Path(dir_okay=False), help="The bundle's file; .gz compresses it.")
@click.pass_context
def collect(context: click.Context, /, *, output: str, **_options: object) -> int:
    """Save the evidence of both sides, secrets masked, to judge it later or elsewhere.

    \b
    rollout-analyzer collect --namespace shop --rollout cart --output cart.json.gz
    """
    from analyzer.deadline import Deadline
    from analyzer.evidence.bundle import Bundle
    from analyzer.runs import evidence_of

    settings = _settings(context)
    with progress() as say:
        evidence = evidence_of("", settings, Deadline.after(settings.deadline), say)
    _save(output, Bundle(evidence=evidence))
    click.echo(f"{output}: {len(evidence.parts)} parts, {len(evidence.gaps)} gaps; judge it: rollout-analyzer analyze --evidence {output}")
    for gap in evidence.gaps:
        click.echo(f"not seen: {gap.source}{f' of the {gap.side} side' if gap.side else ''}: {gap.reason}", err=True)
    return Exit.PROMOTE


@cli.command(short_help="Print what the models would be asked.")
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

    settings = _settings(context)
    with progress() as say:
        seen = evidence_of(evidence, settings, Deadline.after(settings.deadline), say)
    rendered, _ = pipeline.question(seen, settings)
    click.echo(rendered.text, nl=False)
    left_out = f"; left out: {', '.join(rendered.left_out)}" if rendered.left_out else ""
    click.echo(f"about {rendered.tokens} tokens, {len(rendered.text.encode())} bytes{left_out}", err=True)
    return Exit.PROMOTE


@cli.command("settings", short_help="Show each setting and where it came from.")
@target_options
@replay_options
@judge_options
@report_options
@click.pass_context
def show_settings(context: click.Context, /, **_options: object) -> int:
    """Show what these options, the environment and the config file amount to, and where each value came from. Nothing is judged.

    The lines are a config file themselves.

    \b
    rollout-analyzer settings --namespace shop --rollout cart --config config.yaml
    """
    for line in shown(context):
        click.echo(line)
    return Exit.PROMOTE


@cli.command(epilog=CHECK_EXITS, short_help="Check what a run would need, before there is one.")
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
    from analyzer.check.interface import Asked
    from analyzer.deadline import Deadline

    if evidence:
        raise UsageError("check looks at what a live run needs, and --evidence needs nothing of that", advice="leave it out")
    settings = _settings(context)
    deadline = Deadline.after(settings.deadline)
    results = checks.look(Asked(settings, os.environ, files, deadline, parsed, options["offline"], options["service_account"]))
    code = checks.code(results)
    text = as_text.table if sys.stdout.isatty() else as_text.plain
    click.echo((as_text.machine if output == "json" else text)(results, code), nl=False)
    return code


def parsed(command: str, arguments: list[str]) -> "Settings":
    """What a command line in a manifest amounts to. UsageError."""
    try:
        with cli.commands[command].make_context(command, arguments, parent=click.Context(cli)) as context:
            return settings_of(context)
    except click.ClickException as error:
        raise UsageError(error.format_message()) from error
    except click.exceptions.Exit as error:
        raise UsageError("it prints the help and judges nothing") from error


def run(arguments: list[str]) -> int:
    """The exit code of one command line. Whatever goes wrong is one line on stderr, and what to do."""
    hide: list[Hide] = []
    try:
        code: int = cli.main(arguments, prog_name="rollout-analyzer", standalone_mode=False, obj=hide)
    except click.Abort:
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except AnalyzerError as error:
        complain(error_lines(error, verbose="--verbose" in arguments), masking(hide))
        return for_error(error)
    except BrokenPipeError:
        sys.stdout = None  # or the interpreter complains while it flushes a closed pipe
        return Exit.BUG
    except Exception as error:  # noqa: BLE001 - the one place that turns a bug into a line
        what = f"error: a bug in rollout-analyzer {__version__}: {type(error).__name__}: {error}"
        where = traceback.format_exc() if "--verbose" in arguments else "  --verbose shows where; please report it"
        complain([what, where], masking(hide))
        return Exit.BUG
    return code


def _save(path: str, value: "Bundle | Record") -> None:
    from analyzer.evidence.bundle import save

    save(Path(path), value)


def _settings(context: click.Context) -> "Settings":
    """The settings of a command line; from here on, what goes wrong is masked as they ask."""
    settings = settings_of(context)
    if isinstance(context.obj, list):
        context.obj.append(settings.hide)
    return settings
