"""The termination message: what `kubectl describe pod` shows. The kubelet cuts at 4,096 bytes, so the outcome comes first.

https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
"""

from collections.abc import Iterable

from analyzer.records.record import PAUSE, Record
from analyzer.report.words import differ, finding_line, gap_line, headline, one_line, opinion_line, overrides, receipt_line, voice, why

MOST = 4096  # bytes
VOICES = 1536  # bytes of it for models that differ, together: no number of findings may push them out
LEAST = 60  # bytes of one of them


def render(record: Record) -> str:
    """At most `MOST` bytes, the outcome and its reason first."""
    return fit(_lines(record))


def fit(lines: Iterable[str]) -> str:
    """As many of the lines, in order, as fit whole; a first line that is too long by itself is cut, at a character."""
    message = ""
    for line in lines:
        longer = f"{message}\n{line}" if message else line
        if len(longer.encode()) > MOST:
            return message or line.encode()[:MOST].decode(errors="ignore")
        message = longer
    return message


def _lines(record: Record) -> Iterable[str]:
    yield headline(record)
    yield _cut(why(record))
    yield from (_cut(receipt_line(each), 1000) for each in record.receipts if each.effect == PAUSE)
    yield from _differing(record)
    yield from (_cut(f"overridden severity: {each}") for each in overrides(record))
    yield from (_cut(finding_line(graded)) for graded in record.judgement.findings if graded.severity != "info")
    opinions = record.judgement.opinions
    yield from (_cut(opinion_line(opinion, alone=len(opinions) == 1)) for opinion in opinions)
    yield from (_cut(f"to judge it again: {command}") for command in (record.replay(),) if command)
    yield from (_cut(receipt_line(each)) for each in record.receipts if each.effect != PAUSE)
    yield from (_cut(f"not seen: {gap_line(gap)}") for gap in record.evidence.gaps)


def _differing(record: Record) -> Iterable[str]:
    """Each model in short, where they differ: all of them, or none could be told from one that was not asked."""
    opinions = record.judgement.opinions
    if differ(opinions):
        yield "the models differ:"
        yield from (_cut(voice(opinion, alone=False), max(LEAST, VOICES // len(opinions))) for opinion in opinions)


def _cut(line: str, longest: int = 600) -> str:
    """Safe to show, and in so few bytes that no single line can push out all others."""
    raw = one_line(line).encode()
    return raw.decode() if len(raw) <= longest else raw[:longest].decode(errors="ignore") + " …"
