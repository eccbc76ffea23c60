"""The results for a person who watches, for a log, and for a machine."""

import io
import shutil
from collections import Counter
from collections.abc import Sequence

import msgspec

from analyzer.check.interface import Result, State
from analyzer.exits import Exit
from analyzer.value import Value

SAID: dict[State, str] = {"holds": "hold", "note": "to know", "wrong": "wrong", "unreachable": "out of reach"}
COLOURS = {"holds": "green", "note": "cyan", "wrong": "red", "unreachable": "yellow"}
MARKS = {"holds": "✓", "note": "i", "wrong": "✗", "unreachable": "?"}


class Report(Value):
    """What a machine reads."""

    exit_code: int
    results: tuple[Result, ...]


def machine(results: Sequence[Result], code: Exit) -> str:
    """One line of JSON."""
    return msgspec.json.encode(Report(exit_code=int(code), results=tuple(results))).decode() + "\n"


def plain(results: Sequence[Result], code: Exit) -> str:
    """A line for each, what to do below it, and the sum in the end."""
    lines: list[str] = []
    for each in results:
        lines.append(f"{each.state:<11} {each.check:<10} {each.about}: {each.what}")
        lines += [f"{'':<22} → {each.advice}"] if each.advice else []
    return "\n".join((*lines, summary(results, code), ""))


def table(results: Sequence[Result], code: Exit) -> str:
    """A table at the terminal's width. Nothing of the results is read as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    page = Console(file=io.StringIO(), force_terminal=True, width=shutil.get_terminal_size().columns, highlight=False, markup=False)
    rows = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        rows.add_column(overflow="fold")
    for each in results:
        told = Text(each.what)
        if each.advice:
            told.append(f"\n→ {each.advice}", style="bold")
        rows.add_row(Text(MARKS[each.state], style=COLOURS[each.state]), Text(each.check, style="dim"), Text(each.about), told)
    page.print(rows)
    page.print(Text(summary(results, code), style="bold green" if code == Exit.PROMOTE else "bold red"))
    output = page.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def summary(results: Sequence[Result], code: Exit) -> str:
    """`12 hold, 1 wrong, exit code 2`."""
    counts = Counter(each.state for each in results)
    return f"{', '.join(f'{counts[state]} {said}' for state, said in SAID.items() if counts[state])}, exit code {code.value}"
