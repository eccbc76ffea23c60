"""The table of labels, `cases.csv`: a row a case, its first line the names of the columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from analyzer.common.nearest import did_you_mean
from analyzer.errors import UsageError
from analyzer.evaluation.case import ANSWERS, Label

BUNDLE = "bundle"  # the column with the file, from the table's folder
MAX_TABLE = 64 * 1024 * 1024  # bytes
COLUMNS = (BUNDLE, *Label.__struct_fields__)
HEAD = f"its first line has the names of the columns: {', '.join(COLUMNS)}; docs/eval.md has an example"


def read_table(path: Path) -> Iterator[tuple[Path, Label]]:
    """Yield the bundle and the label of each row. Raise UsageError, with the line, for an invalid label."""
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(path, head)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield _labelled(path, reader.line_num, head, row)
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}", advice=HEAD) from error


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_TABLE + 1)
        if len(content) > MAX_TABLE:
            raise UsageError(f"the table {path} holds more than {MAX_TABLE // 1024**2} MiB", advice=HEAD)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read the table {path}: {error.strerror}", advice=HEAD) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the table {path} is not UTF-8", advice="save it as UTF-8 text") from error


def _check_head(path: Path, head: list[str]) -> None:
    for name in head:
        if name not in COLUMNS:
            advice = did_you_mean(name, COLUMNS, HEAD)
            raise UsageError(f"{path}, line 1: there is no column {name[:80]!r}", advice=advice)
    for name in (BUNDLE, "outcome"):
        if head.count(name) != 1:
            raise UsageError(f"{path}, line 1: there is no column {name}", advice=HEAD)


def _labelled(path: Path, line: int, head: list[str], row: list[str]) -> tuple[Path, Label]:
    """Return the bundle and the label of one row."""
    where = f"{path}, line {line}"
    if len(row) != len(head):
        raise UsageError(f"{where}: {len(row)} cells, and there are {len(head)} columns", advice=HEAD)
    cells = {name: cell.strip() for name, cell in zip(head, row, strict=True) if cell.strip()}
    bundle = cells.pop(BUNDLE, "")
    inner = PurePosixPath(bundle)
    if not bundle or inner.is_absolute() or ".." in inner.parts:
        raise UsageError(f"{where}: {bundle[:80]!r} is no file below the table", advice=HEAD)
    return path.parent / inner, _label(where, cells)


def _label(where: str, cells: Mapping[str, str]) -> Label:
    """Return the label that the cells of a row say."""
    answers = [*([cells["outcome"]] if "outcome" in cells else []), *cells.get("also", "").split()]
    for answer in answers:
        if answer not in ANSWERS:
            advice = did_you_mean(answer, ANSWERS, f"one of {', '.join(ANSWERS)}")
            raise UsageError(f"{where}: {answer[:80]!r} is no outcome", advice=advice)
    values = {**cells, "also": tuple(cells.get("also", "").split())}
    try:
        return msgspec.convert(values, Label, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}", advice=HEAD) from error
