"""The results for a person at a terminal."""

import io
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from analyzer.check.interface import CheckResult
from analyzer.check.reports.words import MARKS, summarize
from analyzer.exits import ExitCode
from analyzer.report.console import make_page

COLOURS = {"holds": "green", "note": "cyan", "wrong": "red", "unreachable": "yellow"}


def render(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return a table at the terminal's width. Nothing in the results is read as markup."""
    page = make_page()
    rows = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        rows.add_column(overflow="fold")
    for result in results:
        said = Text(result.what)
        if result.advice:
            said.append(f"\n→ {result.advice}", style="bold")
        rows.add_row(
            Text(MARKS[result.state], style=COLOURS[result.state]),
            Text(result.check, style="dim"),
            Text(result.about),
            said,
        )
    page.print(rows)
    page.print(Text(summarize(results, code), style="bold green" if code == ExitCode.PROMOTE else "bold red"))
    output = page.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()
