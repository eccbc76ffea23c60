"""The report for a log: plain lines, no colours, the answer first and, because logs are read from their end, last.

What the effects did stands right above the last lines.
"""

from collections.abc import Iterable

from analyzer.records.record import Record
from analyzer.report.words import headline, one_line, sections, why


def render(record: Record) -> str:
    """Plain lines."""
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> Iterable[str]:
    yield headline(record)
    yield f"  {one_line(why(record))}"
    for section in sections(record):
        yield section.title
        for line in section.lines:
            yield "  " * (line.indent + 1) + line.text
    yield headline(record)
    yield f"  {one_line(why(record))}"
