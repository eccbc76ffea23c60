"""The termination message, which `kubectl describe pod` shows. The kubelet cuts it at 4,096 bytes, so the
outcome comes first.

https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
"""

from collections.abc import Iterable

from analyzer.common.short import cut_bytes
from analyzer.records.record import PAUSE, Record
from analyzer.report.words import (
    finding_line,
    gap_line,
    headline,
    models_differ,
    one_line,
    opinion_line,
    override_lines,
    receipt_line,
    standing_line,
    voice_line,
)

MAX_MESSAGE = 4096  # bytes
VOICES = 1536  # bytes of it for models that differ, together: no number of findings may push them out
MAX_FIRST_LINE = 1200  # bytes of the first line: names may have 253, and the reason has its own bound
MIN_LINE = 60  # bytes of one of them


def render(record: Record) -> str:
    """Return at most `MAX_MESSAGE` bytes, the outcome and its reason first."""
    return fit_lines(_lines(record))


def fit_lines(lines: Iterable[str]) -> str:
    """Return as many of the lines, in order, as fit whole. A first line that is too long is cut at a
    character.
    """
    message = ""
    for line in lines:
        longer = f"{message}\n{line}" if message else line
        if len(longer.encode()) > MAX_MESSAGE:
            return message or cut_bytes(line, MAX_MESSAGE)
        message = longer
    return message


def _lines(record: Record) -> Iterable[str]:
    yield _shorten(headline(record), MAX_FIRST_LINE)
    yield _shorten(standing_line(record))
    yield from (
        _shorten(receipt_line(receipt), 1000) for receipt in record.receipts if receipt.effect == PAUSE
    )
    yield from _differing_lines(record)
    yield from (_shorten(f"overridden severity: {override}") for override in override_lines(record))
    yield from (
        _shorten(finding_line(graded)) for graded in record.judgement.findings if graded.severity != "info"
    )
    opinions = record.judgement.opinions
    yield from (_shorten(opinion_line(opinion, alone=len(opinions) == 1)) for opinion in opinions)
    if command := record.replay():
        yield _shorten(f"to judge it again: {command}")
    yield from (_shorten(receipt_line(receipt)) for receipt in record.receipts if receipt.effect != PAUSE)
    yield from (_shorten(f"not seen: {gap_line(gap)}") for gap in record.evidence.gaps)


def _differing_lines(record: Record) -> Iterable[str]:
    """Yield each model in short if they differ. All are listed, since a missing one would look as if it was
    not asked.
    """
    opinions = record.judgement.opinions
    if models_differ(opinions):
        yield "the models differ:"
        yield from (
            _shorten(voice_line(opinion, alone=False), max(MIN_LINE, VOICES // len(opinions)))
            for opinion in opinions
        )


def _shorten(line: str, longest: int = 600) -> str:
    """Return the line safe to show, in at most `longest` bytes, so that it leaves room for others."""
    return cut_bytes(one_line(line), longest)
