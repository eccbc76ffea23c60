"""The report for a person who watches: the plain report's words, with colours and at the terminal's width."""

import io
import shutil

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from analyzer.records.record import Record
from analyzer.report.sections import sections
from analyzer.report.words import COMMAND, headline, standing_line

COLOURS = {
    "promote": "green",
    "started": "green",
    "rollback": "red",
    "inconclusive": "yellow",
    "error": "yellow",
    "cannot_tell": "yellow",
    "blocking": "red",
    "hold": "yellow",
    "warning": "yellow",
    "quote": "dim",
}


def make_page() -> Console:
    """Return a console that keeps what is printed, with escapes, at the terminal's width, without markup."""
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        width=shutil.get_terminal_size().columns,
        highlight=False,
        markup=False,
    )


def render(record: Record) -> str:
    """Return text with terminal escapes. Nothing in the record is read as markup."""
    page = make_page()
    outcome = record.judgement.decision.outcome
    page.print(Text(headline(record), style=f"bold {COLOURS[outcome]}"))
    page.print(Padding(Text(standing_line(record)), (0, 0, 0, 2)))
    for section in sections(record):
        page.print(Text(f"\n{section.title}", style="bold"))
        for line in section.lines:
            if line.weight == COMMAND:
                page.print(Text(line.text), soft_wrap=True)
            else:
                page.print(
                    Padding(
                        Text(line.text, style=COLOURS.get(line.weight, "")), (0, 0, 0, 2 * (line.indent + 1))
                    )
                )
    output = page.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()
