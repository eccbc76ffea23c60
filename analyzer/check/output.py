"""The results of `check` for a person at a terminal, for a log, and for a machine."""

import io
from collections import Counter
from collections.abc import Sequence

import msgspec

from analyzer.check.interface import CheckResult, State
from analyzer.common.value import Value
from analyzer.exits import ExitCode

STATE_WORDS: dict[State, str] = {
    "holds": "hold",
    "note": "to know",
    "wrong": "wrong",
    "unreachable": "out of reach",
}
COLOURS = {"holds": "green", "note": "cyan", "wrong": "red", "unreachable": "yellow"}
MARKS = {"holds": "✓", "note": "i", "wrong": "✗", "unreachable": "?"}


class CheckReport(Value):
    """The results as JSON."""

    exit_code: int
    results: tuple[CheckResult, ...]


def render_json(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return one line of JSON."""
    return msgspec.json.encode(CheckReport(exit_code=int(code), results=tuple(results))).decode() + "\n"


def render_plain(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return a line for each result, its advice below it, and the counts at the end."""
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.state:<11} {result.check:<10} {result.about}: {result.what}")
        lines += [f"{'':<22} → {result.advice}"] if result.advice else []
    return "\n".join((*lines, summarize(results, code), ""))


def render_table(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return a table at the terminal's width. Nothing in the results is read as markup."""
    from rich.table import Table
    from rich.text import Text

    from analyzer.report.console import make_page

    page = make_page()
    rows = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        rows.add_column(overflow="fold")
    for result in results:
        sentence = Text(result.what)
        if result.advice:
            sentence.append(f"\n→ {result.advice}", style="bold")
        rows.add_row(
            Text(MARKS[result.state], style=COLOURS[result.state]),
            Text(result.check, style="dim"),
            Text(result.about),
            sentence,
        )
    page.print(rows)
    page.print(Text(summarize(results, code), style="bold green" if code == ExitCode.PROMOTE else "bold red"))
    output = page.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def summarize(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return the counts and the exit code, such as `12 hold, 1 wrong, exit code 2`."""
    counts = Counter(result.state for result in results)
    return f"{', '.join(f'{counts[state]} {word}' for state, word in STATE_WORDS.items() if counts[state])}, exit code {code.value}"
