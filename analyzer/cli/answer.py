"""What came of a run: kept and shown, an error included."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli import failure
from analyzer.cli.terminal import asked, note, progress, show, terminate, watched
from analyzer.errors import AnalyzerError

if TYPE_CHECKING:
    from analyzer.deadline import Deadline
    from analyzer.records.record import Record
    from analyzer.settings import Settings

    Run = Callable[[Settings, Deadline, Callable[[str], None]], Record]


def answer(context: click.Context, make: "Run", output: str, save: str, termination_log: str) -> int:
    """Keeps and shows what came of a run, an error included; the exit code."""
    from analyzer import pipeline
    from analyzer.deadline import Deadline
    from analyzer.evidence import bundle
    from analyzer.records.kept import is_configmap
    from analyzer.report import report

    settings = asked(context)
    deadline = Deadline.after(settings.deadline)
    try:
        with progress(settings.hide) as say:
            record = make(settings, deadline, say)
    except AnalyzerError as error:
        told = pipeline.deliver_error(error, settings, deadline, live=not context.params.get("evidence"))
        failure.report(error, told, output, termination_log, verbose=context.params["verbose"])
        return told.exit_code()
    if save and not is_configmap(save):
        try:
            bundle.save(Path(save), record)
        except AnalyzerError as error:
            record = record.unkept(error)
    terminate(termination_log, report("termination")(record))
    text = "console" if watched(sys.stdout) else "plain"
    show(report(text if output == "text" else output)(record))
    if context.params["verbose"]:
        for stage, seconds in record.timings.items():
            note(f"{stage}: {seconds:.2f} s")
    return record.exit_code
