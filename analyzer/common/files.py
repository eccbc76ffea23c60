"""The one place where this product writes a file.

A regular file is written whole or not at all, readable by its owner alone, because it holds what was seen of
a workload. The content is first written under an unpredictable name in the same directory, so it replaces no
other file and follows no link. A pipe, a device, or an open stream of this process is written to directly,
because a rename would put a file in its place.
"""

import os
import re
import time
from contextlib import suppress
from errno import ELOOP, ENXIO, EPERM
from pathlib import Path
from stat import S_ISLNK

GZIP = b"\x1f\x8b"  # how a compressed file begins
COMPRESSED = "a bundle or a record is for 'analyze --evidence'; save any other file uncompressed"
STREAM = "-"  # standard input or output, as the command line has it
_STREAMS = {STREAM: 1, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")
READER = 2.0  # seconds for whoever reads a pipe to come
_LINKS = 40  # one after the other, as Linux has it


def write(path: Path, content: bytes) -> None:
    """Write a whole file with mode 0600, replacing an existing one. Raise OSError, and then leave everything
    unchanged.

    A link is followed if root or this user owns it. Another user's link is refused, because it may lead to a
    file that we may write and its owner may not.
    """
    place = _find_place(path)
    if place is None:
        overwrite(path, content)
        return
    import tempfile  # with what it brings a twentieth of a start, and few runs write a file

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
    """Write into the existing file, or create one. Raise OSError.

    It is for mounted files (`/dev/termination-log`), which cannot be replaced. An open stream is continued
    where it stands. A reader that left early is no error.
    """
    number = _find_stream(path)
    if number is None:
        with os.fdopen(_open_for_writing(path), "wb") as file:
            file.write(content)
        return
    with suppress(BrokenPipeError), os.fdopen(os.dup(number), "wb") as file:
        file.write(content)


def why_unwritable(path: Path) -> str:
    """Return why a file could not be written, as far as that is known beforehand; empty if it can. Writes
    nothing.
    """
    try:
        place = _find_place(path)
        if place is None:
            return "" if _find_stream(path) is not None or os.access(path, os.W_OK) else "permission denied"
        if place.is_dir():
            return "it is a directory"
        if not place.parent.is_dir():
            return f"there is no directory {place.parent}"
        return "" if os.access(place.parent, os.W_OK) else "permission denied"
    except OSError as error:
        return error.strerror or str(error)


def _find_place(path: Path) -> Path | None:
    """Return the file that a path leads to, or None for what is written to directly. Raise OSError for a link
    that must not be followed.
    """
    if _find_stream(path) is not None:
        return None
    place = _follow_links(path)
    return None if path.exists() and not path.is_file() and not path.is_dir() else place


def _find_stream(path: Path) -> int | None:
    """Return the descriptor of this process that a path names, as a shell reads it."""
    descriptor = _DESCRIPTOR.fullmatch(str(path))
    return int(descriptor[1]) if descriptor else _STREAMS.get(str(path))


def _open_for_writing(path: Path) -> int:
    """Open an existing file, or create it exclusively. Raise OSError if nobody reads from a pipe.

    In a directory that everybody may write, Linux lets nobody create over a file that another user (such as
    the kubelet) created.
    """
    until = time.monotonic() + READER
    while True:
        try:
            # or a pipe that nobody reads is waited for without end
            descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NONBLOCK)
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


def _follow_links(path: Path) -> Path:
    for _ in range(_LINKS):
        try:
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            break
        if not S_ISLNK(status.st_mode):
            break
        if status.st_uid not in (0, os.geteuid()):
            raise OSError(EPERM, f"{path} is a link that somebody else made")
        path = path.parent / path.readlink()
    else:
        raise OSError(ELOOP, os.strerror(ELOOP))
    return path.absolute()
