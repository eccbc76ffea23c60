"""The bundle: evidence as one JSON file, gzip when its name ends in `.gz`. A saved record reads as a bundle
too.

Layout: `{"schema": "rollout-analyzer/evidence", "version": 1, "product": "0.2.0", "evidence": {…},
"raw_logs": […]}`. `raw_logs` carries lines gathered by other means; the loader redacts and mines them. JSON
Schema: docs/schema/evidence.json.
"""

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from analyzer import __version__
from analyzer.common import files
from analyzer.common.value import UNREADABLE, Value, json_schema
from analyzer.errors import InfrastructureError, UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.validation import find_invalid_values
from analyzer.redact import count_masked, redact
from analyzer.target import ROLES, Role

FORMAT: Literal[1] = 1
EVIDENCE: Literal["rollout-analyzer/evidence"] = "rollout-analyzer/evidence"
RECORD: Literal["rollout-analyzer/record"] = "rollout-analyzer/record"
LARGEST_BUNDLE = 64 * 1024 * 1024  # bytes of JSON: some hundred times a bundle of a large service
COLLECT = "write one with 'rollout-analyzer collect --output FILE'"
JUDGED = "'rollout-analyzer collect --output FILE' and 'analyze --save FILE' write what can be judged"
SCHEMA = "see docs/schema/evidence.json"


class RawLog(Value):
    """One container's log as lines, from elsewhere. Lines may start with an RFC 3339 time."""

    side: Role
    pod: str
    container: str
    previous: bool = False
    lines: tuple[str, ...]


class Bundle(Value):
    """What `collect` writes. `product` is the version that wrote it."""

    schema: Literal["rollout-analyzer/evidence"] = EVIDENCE
    version: Literal[1] = FORMAT
    product: str = __version__
    evidence: Evidence
    raw_logs: tuple[RawLog, ...] = ()


class _Head(Value, forbid_unknown_fields=False):
    """What a bundle and a record have in common, before the evidence itself is read."""

    schema: str
    version: int
    evidence: msgspec.Raw
    raw_logs: tuple[RawLog, ...] = ()


def save(path: Path, bundle: Value) -> None:
    """Write a bundle or a record (`files.write`). The same value gives the same bytes. Raises UsageError."""
    whole = encode(bundle)
    try:
        files.write(path, gzip.compress(whole, mtime=0) if path.suffix == ".gz" else whole)
    except OSError as error:
        raise _unwritable_error(path, error.strerror or str(error)) from error


def check_writable(path: Path) -> None:
    """Raise UsageError where a file could not be written, as far as that shows beforehand. Writes nothing."""
    if wrong := files.why_unwritable(path):
        raise _unwritable_error(path, wrong)


def _unwritable_error(path: Path, why: str) -> UsageError:
    return UsageError(
        f"cannot write {path}: {why}", advice="name a file in a directory that is writable and has room"
    )


def encode(bundle: Value) -> bytes:
    """Return the file's bytes before compression: indented JSON, its keys in a fixed order."""
    return msgspec.json.format(msgspec.json.encode(bundle, order="deterministic"), indent=1) + b"\n"


def load(path: Path, mask: Callable[[str], str] = redact) -> Evidence:
    """Return the evidence of a bundle or a record in a file. Raises UsageError, in one line, for anything
    else.
    """
    return parse_evidence(read_content(path), str(path), mask)


def parse_evidence(raw: bytes, path: str, mask: Callable[[str], str] = redact) -> Evidence:
    """Return the evidence of a bundle or a record, its raw logs masked and mined. `path` is named in errors.

    Raises UsageError, in one line, for anything else.
    """
    _check_beginning(raw, path)
    try:
        head = msgspec.json.decode(raw, type=_Head)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path} is no evidence bundle: {error}", advice=JUDGED) from error
    except UNREADABLE as error:
        raise UsageError(
            f"{path} is not whole JSON: {error}", advice="the file may be cut short: copy or collect it again"
        ) from error
    if head.schema not in (EVIDENCE, RECORD):
        raise UsageError(
            f"{path} has schema {head.schema!r}, not {EVIDENCE!r} or {RECORD!r}",
            advice=JUDGED,
        )
    if head.version != FORMAT:
        raise UsageError(
            f"{path} has format version {head.version}, and this product reads {FORMAT}",
            advice="use the version that wrote it",
        )
    try:
        evidence = msgspec.json.decode(head.evidence, type=Evidence)
    except UNREADABLE as error:
        raise UsageError(f"{path} does not follow the bundle's schema: {error}", advice=SCHEMA) from error
    whole = _with_raw_logs(evidence, head.raw_logs, mask) if head.raw_logs else evidence
    fault = next(find_invalid_values(whole), "")
    if fault:
        raise UsageError(f"{path}: {fault}", advice=SCHEMA)
    return whole


def _check_beginning(raw: bytes, path: str) -> None:
    """Raise UsageError for what is empty, or begins as no JSON object does."""
    start = raw.lstrip()[:1]
    if not start:
        raise UsageError(f"{path} is empty", advice="the command that writes it says why")
    if start != b"{":
        raise UsageError(f"{path} is no bundle or record", advice=JUDGED)


def build_schema(kind: type[Value]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that is published under docs/schema/."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **json_schema(kind)}


def _with_raw_logs(evidence: Evidence, raw_logs: tuple[RawLog, ...], mask: Callable[[str], str]) -> Evidence:
    parts = list(evidence.parts)
    for role in ROLES:
        mined = [
            mined_stream(
                raw.pod,
                raw.container,
                raw.previous,
                ("".join(line + "\n" for line in raw.lines).encode(),),
                mask,
            )
            for raw in raw_logs
            if raw.side == role
        ]
        if not mined:
            continue
        if evidence.part(Logs, role) is not None:
            raise UsageError(
                f"the bundle has both raw logs and a logs part of the {role} side",
                advice="keep one of the two",
            )
        parts.append(assemble(role, mined))
    whole = msgspec.structs.replace(evidence, parts=tuple(parts))
    return msgspec.structs.replace(whole, masked=count_masked(msgspec.json.encode(whole.parts).decode()))


def read_content(path: Path, advice: str = COLLECT) -> bytes:
    """Return the file's JSON, unzipped, at most `LARGEST_BUNDLE` bytes.

    Raises UsageError, with `advice` where there is no such file, or InfrastructureError where the file cannot
    be read.
    """
    try:
        with path.open("rb") as file:
            return unpack(file, str(path))
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a directory", advice="name one file") from error
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {path}", advice=advice) from error
    except PermissionError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror}", advice="run as the one who may read it"
        ) from error
    except OSError as error:
        raise InfrastructureError(f"cannot read {path}: {error.strerror or error}") from error


def unpack(file: IO[bytes], path: str) -> bytes:
    """Return what a file holds, unzipped where it is gzip, at most `LARGEST_BUNDLE` bytes. `path` is named in
    errors.

    Raises UsageError for a file that is damaged or too large, and OSError as the file raises it.
    """
    raw = file.read(LARGEST_BUNDLE + 1)  # a pipe cannot be read twice
    try:
        unzipped = (
            gzip.GzipFile(fileobj=io.BytesIO(raw)).read(LARGEST_BUNDLE + 1)
            if raw.startswith(files.GZIP)
            else raw
        )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(
            f"{path} is damaged or cut short: {error}", advice="copy or collect it again"
        ) from error
    if len(unzipped) > LARGEST_BUNDLE:
        raise UsageError(
            f"{path} holds more than {LARGEST_BUNDLE // 1024**2} MiB",
            advice="collect it again with a smaller --since or --log-bytes",
        )
    return unzipped
