"""The report for logs: plain lines without colours. The answer is first, and also last, because logs are read
from their end.

The results of the effects stand right above the last lines.
"""

from collections.abc import Iterable

from analyzer.records.record import Record
from analyzer.report.sections import sections
from analyzer.report.words import headline, standing_line


def render(record: Record) -> str:
    """Return plain lines."""
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> Iterable[str]:
    yield headline(record)
    yield f"  {standing_line(record)}"
    for section in sections(record):
        yield section.title
        for line in section.lines:
            yield "  " * (line.indent + 1) + line.text
    yield headline(record)
    yield f"  {standing_line(record)}"
