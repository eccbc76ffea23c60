"""What is written where: the streams, which may be closed or full, how far a run is, and the termination message.

Whatever is written here may hold words of a server or a workload. Lines of ours pass `masking`, the one door: nothing in them is a
secret, drives a terminal or is read as markup. Reports are made of a record, which has passed it.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from analyzer import files
from analyzer.errors import InfrastructureError
from analyzer.options.layers import check_variables, settings_of

if TYPE_CHECKING:
    from analyzer.settings import Hide, Settings

TERMINATION_LOG = "/dev/termination-log"


def asked(context: click.Context) -> "Settings":
    """The settings of a command line; from here on, what goes wrong is masked as they ask."""
    tell_variables(context)
    settings = settings_of(context)
    if isinstance(context.obj, list):
        context.obj.append(settings.hide)
    return settings


def tell_variables(context: click.Context) -> None:
    """A line on stderr for each variable of the environment that only seems to set an option. UsageError."""
    for line in check_variables(context):
        remark(line)


def masking(hide: "Sequence[Hide]") -> Callable[[str], str]:
    """The mask that the last of these settings asks for, the usual one where there are none yet."""
    from analyzer.records.retention import mask
    from analyzer.settings import Hide

    return mask(hide[-1] if hide else Hide())


def watched(stream: TextIO | None) -> bool:
    """Whether a person reads what goes there, on a terminal that knows colours and cursors. A stream that was closed beforehand is None."""
    return stream is not None and stream.isatty() and os.environ.get("TERM", "").lower() not in {"dumb", "unknown"}


def put(text: str) -> None:
    """Writes to stdout what was asked for: as it is, but on a terminal without what would drive it.

    InfrastructureError when it cannot be written; who has read enough (`| head`) may leave.
    """
    if sys.stdout is not None and sys.stdout.isatty():
        from analyzer.logs.lines import safe

        text = "\n".join(map(safe, text.split("\n")))
    with contextlib.suppress(BrokenPipeError), writing():
        click.echo(text, nl=False)


def show(text: str) -> None:
    """Writes a report to stdout. Without it the answer is still the answer."""
    try:
        with writing():
            click.echo(text, nl=False)
    except BrokenPipeError:
        note("warning: the report was not read to its end")
    except InfrastructureError as error:
        note(f"warning: the report is not whole: {error}")


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """For what writes to stdout: InfrastructureError when it cannot be written; BrokenPipeError when nobody reads it."""
    try:
        yield
    except OSError as error:
        sys.stdout = None  # or the interpreter tries, and complains, again while it ends
        if isinstance(error, BrokenPipeError):
            raise
        raise InfrastructureError(f"cannot write to standard output: {error.strerror}") from error


def note(line: str, mask: Callable[[str], str] | None = None) -> None:
    """A line on stderr, for whom it may concern; masked, as usual unless told otherwise."""
    try:
        print((mask or masking(()))(line), file=sys.stderr, flush=True)  # noqa: T201 - click's echo writes past a spinner, into its line
    except OSError:
        sys.stderr = None  # as above


def remark(line: str, mask: Callable[[str], str] | None = None) -> None:
    """A line on stderr that stays, above a spinner too; masked, as usual unless told otherwise."""
    note(line if watched(sys.stderr) else f"rollout-analyzer: {line}", mask)


def terminate(place: str, message: str) -> None:
    """Writes the termination message where the kubelet looks for it. Without it the answer is still the answer."""
    path = Path(place or TERMINATION_LOG)
    if not place and not path.exists():
        return
    try:
        files.overwrite(path, message.encode())
    except OSError as error:
        note(f"warning: no termination message in {path}: {error.strerror}")


@contextlib.contextmanager
def progress(hide: "Hide") -> Iterator[Callable[[str], None]]:
    """A spinner while a person watches; one plain line a stage otherwise. On stderr."""
    mask = masking((hide,))
    if not watched(sys.stderr):
        yield partial(remark, mask=mask)
        return
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    def doing(stage: str) -> Spinner:
        return Spinner("dots", Text(mask(stage)), style="status.spinner")

    with Live(doing("starting"), console=Console(stderr=True), refresh_per_second=12.5, transient=True) as live:
        yield lambda stage: live.update(doing(stage), refresh=True)  # at once: a stage may be over before the next frame
