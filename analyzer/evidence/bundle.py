"""The bundle: evidence as one JSON file, gzip when its name ends in `.gz`. A saved record reads as a bundle too.

Layout: `{"schema": "rollout-analyzer/evidence", "version": 1, "product": "0.1.0", "evidence": {…}, "raw_logs": […]}`.
`raw_logs` carries lines gathered by other means; the loader redacts and mines them. JSON Schema: docs/schema/evidence.json.
"""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from analyzer import __version__
from analyzer.errors import InfrastructureError, UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.redact import masked, redact
from analyzer.target import ROLES, Role
from analyzer.value import Value

FORMAT: Literal[1] = 1
EVIDENCE: Literal["rollout-analyzer/evidence"] = "rollout-analyzer/evidence"
RECORD: Literal["rollout-analyzer/record"] = "rollout-analyzer/record"
LARGEST = 64 * 1024 * 1024  # bytes of JSON: some hundred times a bundle of a large service
_GZIP = b"\x1f\x8b"


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
    """Writes a bundle or a record, whole or not at all. The same value gives the same bytes."""
    whole = encode(bundle)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(gzip.compress(whole, mtime=0) if path.suffix == ".gz" else whole)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", advice="name a file in a directory that is writable") from error


def encode(bundle: Value) -> bytes:
    """The file's bytes before compression: indented, keys in a fixed order."""
    return msgspec.json.format(msgspec.json.encode(bundle, order="deterministic"), indent=1) + b"\n"


def load(path: Path, mask: Callable[[str], str] = redact) -> Evidence:
    """The evidence of a bundle or a record in a file. UsageError, in one line, for anything else."""
    return parsed(content(path), str(path), mask)


def parsed(raw: bytes, path: str, mask: Callable[[str], str] = redact) -> Evidence:
    """The evidence of a bundle or a record, its raw logs masked and mined. UsageError, in one line, for anything else."""
    try:
        head = msgspec.json.decode(raw, type=_Head)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{path} is no evidence bundle: {error}", advice="write one with 'rollout-analyzer collect --output FILE'"
        ) from error
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} is not whole JSON: {error}", advice="the file may be cut short: copy or collect it again") from error
    if head.schema not in (EVIDENCE, RECORD):
        raise UsageError(f"{path} has schema {head.schema!r}, not {EVIDENCE!r} or {RECORD!r}")
    if head.version != FORMAT:
        raise UsageError(
            f"{path} has format version {head.version}, and this product reads {FORMAT}", advice="use the version that wrote it"
        )
    try:
        evidence = msgspec.json.decode(head.evidence, type=Evidence)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} does not follow the bundle's schema: {error}", advice="see docs/schema/evidence.json") from error
    return _with_raw_logs(evidence, head.raw_logs, mask) if head.raw_logs else evidence


def schema(kind: type[Value]) -> dict[str, Any]:
    """The JSON Schema (2020-12) that is published under docs/schema/."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def _with_raw_logs(evidence: Evidence, raw_logs: tuple[RawLog, ...], mask: Callable[[str], str]) -> Evidence:
    parts = list(evidence.parts)
    for role in ROLES:
        mined = [
            mined_stream(raw.pod, raw.container, raw.previous, ("".join(line + "\n" for line in raw.lines).encode(),), mask)
            for raw in raw_logs
            if raw.side == role
        ]
        if not mined:
            continue
        if evidence.part(Logs, role) is not None:
            raise UsageError(f"the bundle has both raw logs and a logs part of the {role} side", advice="keep one of the two")
        parts.append(assemble(role, mined))
    whole = msgspec.structs.replace(evidence, parts=tuple(parts))
    return msgspec.structs.replace(whole, masked=masked(msgspec.json.encode(whole.parts).decode()))


def content(path: Path) -> bytes:
    """The file's JSON, unzipped and bounded. UsageError or InfrastructureError when there is none to read."""
    try:
        with path.open("rb") as file:
            return unpacked(file, str(path))
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a directory", advice="name one bundle file") from error
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {path}", advice="write one with 'rollout-analyzer collect --output FILE'") from error
    except OSError as error:
        raise InfrastructureError(f"cannot read {path}: {error.strerror}") from error


def unpacked(file: IO[bytes], path: str) -> bytes:
    """What a file holds, unzipped where it is zipped, and bounded. UsageError; OSError as the file raises it."""
    magic = file.read(2)
    file.seek(0)
    try:
        found = _bounded(gzip.GzipFile(fileobj=file) if magic == _GZIP else file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{path} is damaged or cut short: {error}", advice="copy or collect it again") from error
    if len(found) > LARGEST:
        raise UsageError(
            f"{path} holds more than {LARGEST // 1024**2} MiB", advice="collect it again with a smaller --since or --log-bytes"
        )
    return found


def _bounded(file: "IO[bytes] | gzip.GzipFile") -> bytes:
    return file.read(LARGEST + 1)
