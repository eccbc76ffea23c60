"""What a failing canary says of its cause: stack frames, the texts of its errors, and the keys of its
template that changed. Pure.
"""

from collections.abc import Iterator

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, Stream
from analyzer.findings.interface import Graded
from analyzer.findings.spec import FieldChange, find_changes
from analyzer.github.frames import StackFrame, read_frames
from analyzer.logs.traces import kind_of
from analyzer.records.record import Record
from analyzer.target import Role

GROUPS = ("env", "config", "command", "volumes", "mounts", "other")
TEXTS = 60
MAX_CLUE = 500  # characters of a text
LINES = 4_000  # of the logs' ends
SEVERE = ("blocking", "hold", "warning")


class Clues(Value):
    """The frames, nearest to the exception first; the texts, most severe first; the names of keys."""

    frames: tuple[StackFrame, ...] = ()
    texts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def find_clues(record: Record) -> Clues:
    """Return what a finished run says of its cause."""
    texts = [text for graded in record.judgement.findings if _counts(graded) for text in _texts(graded)]
    traces = list(_trace_lines(record.evidence))
    keys = {
        key for change in find_changes(record.evidence) if change.group in GROUPS for key in _keys(change)
    }
    return make_clues([*texts, *traces], texts, sorted(keys))


def make_clues(lines: list[str], texts: list[str], keys: list[str]) -> Clues:
    """Return the clues of log lines, error texts and changed keys. What a trace quotes of the source, and the
    names of its functions, are no text of the error.
    """
    own = (line for text in dict.fromkeys(texts) for line in text.splitlines())
    said = [line for line in own if kind_of(line) not in ("frame", "behind", "blank")]
    shown = tuple(dict.fromkeys(line[:MAX_CLUE] for line in said))
    return Clues(frames=read_frames(lines), texts=shown[:TEXTS], keys=tuple(keys))


def _counts(graded: Graded) -> bool:
    return graded.severity in SEVERE and graded.finding.scope in ("canary", "uncompared")


def _texts(graded: Graded) -> Iterator[str]:
    yield from graded.finding.samples
    if graded.finding.kind == "missing-reference":
        yield graded.finding.sentence


def _trace_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the trace lines at the ends of the canary's logs that stable lacks, a failed run's first."""
    known = {line for stream in _streams(evidence, "stable") for line in _lines(stream)}
    for stream in sorted(_streams(evidence, "canary"), key=lambda stream: not stream.previous):
        yield from (line for line in _lines(stream) if line not in known and kind_of(line) != "plain")


def _streams(evidence: Evidence, role: Role) -> tuple[Stream, ...]:
    logs = evidence.part(Logs, role)
    return logs.streams if logs else ()


def _lines(stream: Stream) -> list[str]:
    return [line.text for line in stream.excerpt][-LINES:]


def _keys(change: FieldChange) -> Iterator[str]:
    """Yield the names that a change may have in a repository."""
    if change.group == "command":
        words = f"{change.stable or ''} {change.canary or ''}".replace("=", " ").replace(",", " ").split()
        yield from (word.strip("[]\"'").lstrip("-") for word in words if word.strip("[]\"'").startswith("--"))
    else:
        yield change.name.rpartition("/")[2] if change.group == "config" else change.name
