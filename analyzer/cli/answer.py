"""What came of a run: kept and shown, an error included."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.cli import failure
from analyzer.cli.terminal import note, progress, show, terminate, watched
from analyzer.errors import AnalyzerError
from analyzer.options.invocation import Invocation

if TYPE_CHECKING:
    from analyzer.common.deadline import Deadline
    from analyzer.records.record import Record
    from analyzer.settings import Settings
    from analyzer.telemetry.finished import FinishedRun

    Run = Callable[[Settings, Deadline, Callable[[str], None]], Record]


def answer(invocation: Invocation, make: "Run") -> int:
    """Keep and show what comes of a run, an error included. Return the exit code."""
    from analyzer.common.deadline import Deadline
    from analyzer.evidence import bundle
    from analyzer.records.record_store import is_configmap
    from analyzer.report import load_report
    from analyzer.run.deliver import deliver_error
    from analyzer.telemetry import finished

    def tell(run: "FinishedRun", asked: "Settings") -> None:
        if not invocation.evidence:
            _send_telemetry(run, asked, deadline)

    settings, begun = invocation.settings, time.monotonic()
    deadline = Deadline.after(settings.deadline)
    try:
        if invocation.report:
            bundle.check_writable(Path(invocation.report))
        with progress(settings.hide) as say:
            record = make(settings, deadline, say)
    except AnalyzerError as error:
        occasion = deliver_error(error, settings, deadline, live=not invocation.evidence)
        failure.report(error, occasion, invocation)
        tell(finished.from_error(occasion, time.monotonic() - begun), occasion.settings)
        return occasion.exit_code()
    save = settings.tell.save
    if save and not is_configmap(save):
        try:
            bundle.save(Path(save), record)
        except AnalyzerError as error:
            record = record.unkept(error)
    terminate(invocation.termination_log, load_report("termination")(record))
    text = "console" if watched(sys.stdout) else "plain"
    show(load_report(text if invocation.format == "text" else invocation.format)(record))
    if invocation.report:
        _write_page(record, Path(invocation.report))
    if invocation.verbose:
        for stage, seconds in record.timings.items():
            note(f"{stage}: {seconds:.2f} s")
    tell(finished.from_record(record, time.monotonic() - begun), record.settings)
    return record.exit_code


def _send_telemetry(run: "FinishedRun", settings: "Settings", deadline: "Deadline") -> None:
    """Send the run where --otlp asks for it. Without it the answer is still the answer."""
    from analyzer.telemetry import send

    for line in send(run, settings.tell, os.environ, deadline):
        note(f"warning: {line}")


def _write_page(record: "Record", path: Path) -> None:
    """Write the page. Without it the answer is still the answer."""
    from analyzer.common import files
    from analyzer.report import load_report

    try:
        files.write(path, load_report("page")(record).encode())
    except OSError as error:
        note(f"warning: no report in {path}: {error.strerror or error}")
