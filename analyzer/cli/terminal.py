"""What is written where: the streams, which may be closed or full, the progress, and the termination message.

Whatever is written here may hold words of a server or a workload. Lines of ours pass `masking`, the one door:
nothing in them is a secret, drives a terminal or is read as markup. Reports are made of a record, which has
passed it.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from analyzer.common import files
from analyzer.errors import InfrastructureError
from analyzer.options.invocation import TERMINATION_LOG
from analyzer.settings import Hide


def masking(hide: Hide) -> Callable[[str], str]:
    """Return the mask that the settings ask for."""
    from analyzer.records.retention import make_mask

    return make_mask(hide)


def watched(stream: TextIO | None) -> bool:
    """Return whether a person reads what goes there, on a terminal that knows colours and cursors.

    A stream that was closed beforehand is None.
    """
    knows_cursors = os.environ.get("TERM", "").lower() not in {"dumb", "unknown"}
    return stream is not None and stream.isatty() and knows_cursors


def put(text: str) -> None:
    """Write to stdout what was asked for: as it is, but on a terminal without what would drive it.

    InfrastructureError when it cannot be written; who has read enough (`| head`) may leave.
    """
    if sys.stdout is not None and sys.stdout.isatty():
        from analyzer.logs.lines import safe

        text = "\n".join(map(safe, text.split("\n")))
    with contextlib.suppress(BrokenPipeError), writing():
        click.echo(text, nl=False)


def show(text: str) -> None:
    """Write a report to stdout. Without it the answer is still the answer."""
    try:
        with writing():
            click.echo(text, nl=False)
    except BrokenPipeError:
        note("warning: the report was not read to its end")
    except InfrastructureError as error:
        note(f"warning: the report is not whole: {error}")


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Hold what writes to stdout. InfrastructureError when it cannot, BrokenPipeError when nobody reads."""
    try:
        yield
    except OSError as error:
        sys.stdout = None  # or the interpreter tries, and complains, again while it ends
        if isinstance(error, BrokenPipeError):
            raise
        raise InfrastructureError(f"cannot write to standard output: {error.strerror}") from error


def note(line: str, mask: Callable[[str], str] | None = None) -> None:
    """Write a line to stderr, masked, as usual unless told otherwise."""
    masked = (mask or masking(Hide()))(line)
    try:
        print(masked, file=sys.stderr, flush=True)  # noqa: T201 - click's echo writes into a spinner's line
    except OSError:
        sys.stderr = None  # as above


def remark(line: str, mask: Callable[[str], str] | None = None) -> None:
    """Write a line to stderr that stays, above a spinner too; masked, as usual unless told otherwise."""
    note(line if watched(sys.stderr) else f"rollout-analyzer: {line}", mask)


def terminate(place: str, message: str) -> None:
    """Write the termination message where the kubelet looks for it. A failure is a warning, no more."""
    path = Path(place or TERMINATION_LOG)
    if not place and not path.exists():
        return
    try:
        files.overwrite(path, message.encode())
    except OSError as error:
        note(f"warning: no termination message in {path}: {error.strerror}")


@contextlib.contextmanager
def progress(hide: Hide) -> Iterator[Callable[[str], None]]:
    """Yield what tells the stage of a run on stderr: in a spinner while a person watches, else in lines."""
    mask = masking(hide)
    if not watched(sys.stderr):
        yield partial(remark, mask=mask)
        return
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    def doing(stage: str) -> Spinner:
        return Spinner("dots", Text(mask(stage)), style="status.spinner")

    console = Console(stderr=True)
    with Live(doing("starting"), console=console, refresh_per_second=12.5, transient=True) as live:
        # at once: a stage may be over before the next frame
        yield lambda stage: live.update(doing(stage), refresh=True)
