"""The results as they come: a file of JSON lines, so that what is done is kept, whatever happens then.

The first line says what the results have in common (`Setup`), each other line is a result. A line that was
cut by the end of its process is left out, and its case is judged again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EIO, ENOSPC
from io import FileIO
from os import strerror
from pathlib import Path

import msgspec

from analyzer.common.value import UNREADABLE, Value
from analyzer.errors import InfrastructureError, UsageError
from analyzer.evaluation.plan import Setup
from analyzer.evaluation.result import Result

PATTERN = "results*.jsonl"


class Kept(Value):
    """The results that one or more files have, no judgement twice. `double` counts those that were there
    again, `broken` the lines that are none.
    """

    setup: Setup
    results: tuple[Result, ...]
    double: int = 0
    broken: int = 0


def journal_name(shard: tuple[int, int]) -> str:
    """Return the name of a shard's file."""
    index, count = shard
    return "results.jsonl" if count == 1 else f"results-{index}-of-{count}.jsonl"


def read_journals(paths: Sequence[Path]) -> Kept:
    """Return the results of the files together. Raise UsageError for files that do not belong together."""
    setups: dict[Path, Setup] = {}
    results: dict[tuple[str, int], Result] = {}
    double = broken = 0
    for path in paths:
        head, *lines = _lines_of(path)
        try:
            setups[path] = msgspec.json.decode(head, type=Setup)
        except UNREADABLE as error:
            advice = "remove the file, or name another folder"
            raise UsageError(f"{path} holds no results of an evaluation", advice=advice) from error
        for line in lines:
            try:
                result = msgspec.json.decode(line, type=Result)
            except UNREADABLE:
                broken += 1
                continue
            key = result.case.name, result.turn
            double += key in results and results[key].outcome != "error"
            results[key] = result  # the later one: what had no answer is asked again
    first, *others = paths
    for path in others:
        if setups[path] != setups[first]:
            raise UsageError(
                (
                    f"{path} and {first} are of different evaluations:"
                    f" {_difference(setups[path], setups[first])}"
                ),
                advice="judge all shards with one version, the same settings and the same cases",
            )
    return Kept(setup=setups[first], results=tuple(results.values()), double=double, broken=broken)


def find_journals(folder: Path) -> list[Path]:
    """Return the files of results in a folder. Raise UsageError for a folder without any."""
    paths = sorted(folder.glob(PATTERN)) if folder.is_dir() else []
    if not paths:
        raise UsageError(
            f"there are no results in {folder}", advice="--merge names the --output folder of the shards"
        )
    return paths


def read_earlier(path: Path, setup: Setup) -> Kept:
    """Return the results that a file has already, none where there is no file yet. Raise UsageError where
    they are of other settings or cases.
    """
    if not path.exists() or not path.stat().st_size:
        return Kept(setup=setup, results=())
    kept = read_journals([path])
    if kept.setup != setup:
        raise UsageError(
            f"{path} has results of another evaluation: {_difference(kept.setup, setup)}",
            advice="name another folder to --output, or remove the file",
        )
    return kept


@contextmanager
def appending(path: Path, setup: Setup) -> Iterator["Appender"]:
    """Yield what adds results to a file, which is begun with its setup. Raise UsageError where it cannot be
    written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)  # a buffer would be written once more when closed
    except OSError as error:
        what = f"cannot write {path}: {error.strerror}"
        raise UsageError(what, advice="name a folder to --output that is writable") from error
    with file:
        appender = Appender(path, file)
        appender.begin(setup)
        yield appender


class Appender:
    """Adds lines to a file; each is handed to the system at once."""

    def __init__(self, path: Path, file: FileIO) -> None:
        self._path, self._file = path, file

    def begin(self, setup: Setup) -> None:
        """Write the setup into a new file; end a line that was cut in an old one."""
        size = self._file.seek(0, 2)
        if not size:
            self._write(msgspec.json.encode(setup) + b"\n")
            return
        self._file.seek(size - 1)
        if self._file.read(1) != b"\n":
            self._write(b"\n")

    def add(self, result: Result) -> None:
        """Add a result. Raise InfrastructureError where it cannot be written, as on a full disk."""
        self._write(msgspec.json.encode(result) + b"\n")

    def _write(self, line: bytes) -> None:
        try:
            written = self._file.write(line)
        except OSError as error:
            raise self._unwritable(error.errno) from error
        if written < len(line):
            raise self._unwritable(ENOSPC)

    def _unwritable(self, number: int | None) -> InfrastructureError:
        return InfrastructureError(
            f"cannot write {self._path}: {strerror(number or EIO)}",
            advice="make room and run the same command again: what is there is kept",
        )


def _lines_of(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().split(b"\n") if line] or [b""]
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", advice="is it the right folder?") from error


def _difference(one: Setup, other: Setup) -> str:
    """Return the fields in which two setups differ, in words."""
    words = {
        "product": "the version",
        "models": "the models",
        "settings": "the settings",
        "selection": "the cases",
        "total": "the number of cases",
    }
    differ = [word for name, word in words.items() if getattr(one, name) != getattr(other, name)]
    return f"{' and '.join(differ)} differ"
