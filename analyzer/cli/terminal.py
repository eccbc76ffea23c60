"""What is written where: the streams, which may be closed or full, how far a run is, and the termination message."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from analyzer.errors import InfrastructureError
from analyzer.options.layers import check_variables, settings_of

if TYPE_CHECKING:
    from analyzer.settings import Settings

TERMINATION_LOG = "/dev/termination-log"


def asked(context: click.Context) -> "Settings":
    """The settings of a command line; from here on, what goes wrong is masked as they ask."""
    check_variables(context)
    settings = settings_of(context)
    if isinstance(context.obj, list):
        context.obj.append(settings.hide)
    return settings


def watched(stream: TextIO | None) -> bool:
    """Whether a person reads what goes there. A stream that was closed beforehand is None."""
    return stream is not None and stream.isatty()


def put(text: str) -> None:
    """Writes to stdout what was asked for. InfrastructureError when it cannot be written; who has read enough (`| head`) may leave."""
    with contextlib.suppress(BrokenPipeError), writing():
        click.echo(text, nl=False)


def show(text: str) -> None:
    """Writes a report to stdout. Without it the answer is still the answer."""
    try:
        with writing():
            click.echo(text, nl=False)
    except (InfrastructureError, BrokenPipeError) as error:
        note(f"warning: the report was not read to its end: {error}")


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


def note(line: str) -> None:
    """A line on stderr, for whom it may concern."""
    try:
        click.echo(line, err=True)
    except OSError:
        sys.stderr = None  # as above


def terminate(place: str, message: str) -> None:
    """Writes the termination message where the kubelet looks for it. Without it the answer is still the answer."""
    path = Path(place or TERMINATION_LOG)
    if not place and not path.exists():
        return
    try:
        path.write_text(message, encoding="utf-8")
    except OSError as error:
        note(f"warning: no termination message in {path}: {error.strerror}")


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A spinner while a person watches; one plain line a stage otherwise. On stderr."""
    if not watched(sys.stderr):
        yield lambda stage: note(f"rollout-analyzer: {stage}")
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update
