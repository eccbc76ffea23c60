"""The one door by which this product writes a file.

A regular file is written whole or not at all, and for its owner alone: what was seen of a workload is nobody else's to read. What is
written first has a name that nobody can foretell in the same directory, so that it takes no neighbour's place and follows no link.
A pipe, a device, or a stream this process has open is written to as it is, for a rename would put a file in its place.
"""

import os
import re
import tempfile
import time
from contextlib import suppress
from errno import ELOOP, ENXIO, EPERM
from pathlib import Path
from stat import S_ISLNK

STREAM = "-"  # standard input or output, as the command line has it
_STREAMS = {STREAM: 1, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")
READER = 2.0  # seconds for whoever reads a pipe to come
_LINKS = 40  # one after the other, as Linux has it


def write(path: Path, content: bytes) -> None:
    """Writes a file whole, in place of one that is there, mode 0600. OSError, and then nothing is changed or left behind.

    A link is followed where it is root's or our own; anybody else's is refused, for it may lead to what is ours to write and not theirs.
    """
    place = _place(path)
    if place is None:
        overwrite(path, content)
        return
    descriptor, part = tempfile.mkstemp(prefix=".rollout-analyzer-", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(place)
    except BaseException:  # a signal ends a run with SystemExit
        Path(part).unlink(missing_ok=True)
        raise


def overwrite(path: Path, content: bytes) -> None:
    """Writes to what is there as it is, or makes a file: for what is mounted (`/dev/termination-log`), which nothing can replace. OSError.

    A stream that is open is written on from where it is. Who reads it may have read enough: that is no error.
    """
    number = _stream(path)
    if number is None:
        with os.fdopen(_opened(path), "wb") as file:
            file.write(content)
        return
    with suppress(BrokenPipeError), os.fdopen(os.dup(number), "wb") as file:
        file.write(content)


def unwritable(path: Path) -> str:
    """Why nothing could be written there, as far as that can be told beforehand; empty where it can. Nothing is written."""
    try:
        place = _place(path)
        if place is None:
            return "" if _stream(path) is not None or os.access(path, os.W_OK) else "permission denied"
        if place.is_dir():
            return "it is a directory"
        if not place.parent.is_dir():
            return f"there is no directory {place.parent}"
        return "" if os.access(place.parent, os.W_OK) else "permission denied"
    except OSError as error:
        return error.strerror or str(error)


def _place(path: Path) -> Path | None:
    """Where the file is that a path leads to; None for what is written to as it is. OSError for a link that is not to be followed."""
    if _stream(path) is not None:
        return None
    place = _followed(path)
    return None if path.exists() and not path.is_file() and not path.is_dir() else place


def _stream(path: Path) -> int | None:
    """The stream of this process that a path names, as a shell reads it."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STREAMS.get(str(path))


def _opened(path: Path) -> int:
    """Made only where it is not there: in a directory for everybody Linux lets nobody make what another, such as the kubelet, has made."""
    until = time.monotonic() + READER
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NONBLOCK)  # or a pipe that nobody reads is waited for without end
        except FileNotFoundError:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            if error.errno != ENXIO:
                raise
            if time.monotonic() >= until:
                raise OSError(ENXIO, "nobody reads from it") from error
            time.sleep(0.05)
        else:
            os.set_blocking(descriptor, True)
            return descriptor


def _followed(path: Path) -> Path:
    for _ in range(_LINKS):
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            break
        if not S_ISLNK(found.st_mode):
            break
        if found.st_uid not in (0, os.geteuid()):
            raise OSError(EPERM, f"{path} is a link that somebody else made")
        path = path.parent / path.readlink()
    else:
        raise OSError(ELOOP, os.strerror(ELOOP))
    return path.absolute()
