"""`eval`: measures how often the answers are right."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from analyzer.cli.command import Command
from analyzer.cli.summary import add_to_summary
from analyzer.cli.terminal import masking, note, progress, remark, show, watched
from analyzer.common.counted import counted
from analyzer.errors import InfrastructureError, UsageError
from analyzer.exits import for_evaluation
from analyzer.options.commands import options
from analyzer.options.invocation import Invocation

if TYPE_CHECKING:
    from analyzer.evaluation.evaluate import Evaluated, Step
    from analyzer.evaluation.figures import EvalReport
    from analyzer.evaluation.result import Result
    from analyzer.settings.evaluation import Evaluation

EXITS = """\b
Exit codes: 0 measured, and every threshold holds; 3 a threshold is missed;
4 not all was measured; 2 usage, 5 infrastructure (try again), 1 a bug."""
QUIET, WATCHED = 15.0, 0.2  # seconds between two lines of progress


@click.command(
    name="eval",
    cls=Command,
    params=[click.Argument(["folder"], required=False, metavar="FOLDER"), *options("eval")],
    epilog=EXITS,
    short_help="Measure on labelled cases how often the answers are right.",
)
def evaluate(invocation: Invocation, folder: str | None) -> int:
    """Judge the labelled cases in FOLDER as 'analyze' would, and say how often that is right.

    \b
    rollout-analyzer eval cases --model builtin --max-false-promote 0.01
    rollout-analyzer eval cases --model gemini --repeat 3 --max-cost 2 --output results
    rollout-analyzer eval cases --shard 2/3 --output results
    rollout-analyzer eval --merge results
    """
    from analyzer.evaluation.comparison import read_baseline

    wanted = invocation.evaluation
    _check_asked(wanted, folder)
    baseline = read_baseline(Path(wanted.baseline)) if wanted.baseline else None
    evaluated = _results(invocation, wanted, folder)
    report = _report(evaluated)
    if not wanted.shard:
        report = _weigh(report, wanted, baseline)
    _tell(report, invocation, wanted)
    counts = report.confusion.values()
    unread = 0 if wanted.shard else sum(count["unread"] for count in counts)  # merging counts those of shards
    missed = any(not check.holds for check in report.thresholds)
    return for_evaluation(missed=missed, whole=not report.left and not unread)


def _check_asked(wanted: "Evaluation", folder: str | None) -> None:
    """Raise UsageError for what does not go together."""
    if wanted.merge and (folder or wanted.shard):
        what = "--merge judges nothing, so it takes neither a folder of cases nor --shard"
        raise UsageError(what, advice="leave those out")
    if not wanted.merge and not folder:
        raise UsageError("eval needs the folder of the cases", advice="such as: rollout-analyzer eval cases")
    if wanted.no_worse and not wanted.baseline:
        what = "--no-worse compares with an earlier evaluation, and none is named"
        raise UsageError(what, advice="name its eval.json to --baseline")


def _results(invocation: Invocation, wanted: "Evaluation", folder: str | None) -> "Evaluated":
    from analyzer.evaluation import evaluate as evaluation

    if wanted.merge:
        return evaluation.merge(Path(wanted.merge))
    settings = invocation.settings
    try:
        with _steps(invocation) as step:
            return evaluation.evaluate(Path(folder or ""), settings, wanted, remark, step)
    except SystemExit:  # a signal
        if wanted.output:
            note(
                f"interrupted: what is done is kept in {wanted.output}, and the same command"
                " goes on from there"
            )
        raise


@contextmanager
def _steps(invocation: Invocation) -> Iterator["Step"]:
    """Yield what tells how far it is, not more often than somebody reads."""
    pause = WATCHED if watched(sys.stderr) else QUIET
    last = time.monotonic() - pause
    wrong = 0

    with progress(invocation.settings.hide) as say:

        def step(done: int, total: int, result: "Result | None") -> None:
            nonlocal last, wrong
            wrong += result is not None and not result.is_right()
            now = time.monotonic()
            if now - last >= pause or done == total:
                last = now
                say(f"{done:,} of {counted(total, 'case')} judged, {wrong:,} not right")

        yield step


def _report(evaluated: "Evaluated") -> "EvalReport":
    from analyzer.evaluation.figures import report_of

    setup = evaluated.setup
    report = report_of(
        evaluated.results,
        product=setup.product,
        models=setup.models,
        left=evaluated.left,
        why_left=evaluated.why,
    )
    return replace(report, notes=evaluated.notes)


def _weigh(report: "EvalReport", wanted: "Evaluation", baseline: "object | None") -> "EvalReport":
    """Return the report with the comparison and the thresholds. Raise UsageError for a baseline of others."""
    from analyzer.evaluation.comparison import Baseline, compare
    from analyzer.evaluation.thresholds import check_thresholds

    if isinstance(baseline, Baseline):
        now = {answered.name: answered.is_right() for answered in report.answers}
        report = replace(report, comparison=compare(baseline, now))
    return replace(report, thresholds=check_thresholds(report, wanted))


def _tell(report: "EvalReport", invocation: Invocation, wanted: "Evaluation") -> None:
    """Print the report and write it, each file masked as a record is."""
    from analyzer.evaluation.reports import FILES, TEXT, load

    mask = masking(invocation.settings.hide)
    if wanted.output and not wanted.shard:
        folder = Path(wanted.output)
        for name, place in FILES.items():
            _write(folder / name, load(place)(report))
        note(f"written to {folder}: {', '.join(FILES)}", mask)
    if not wanted.shard:
        add_to_summary(lambda: load(FILES["eval.md"])(report))
    shown = {"text": TEXT, "json": FILES["eval.json"], "markdown": FILES["eval.md"]}
    show(load(shown[invocation.format])(report))


def _write(path: Path, text: str) -> None:
    """Write a file. Raise InfrastructureError where it cannot be written."""
    from analyzer.common import files

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, text.encode())
    except OSError as error:
        advice = "name a folder to --output that is writable and has room"
        raise InfrastructureError(f"cannot write {path}: {error.strerror}", advice=advice) from error
