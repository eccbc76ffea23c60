"""The results for a log: a line for each."""

from collections.abc import Sequence

from analyzer.check.interface import CheckResult
from analyzer.check.reports.words import summarize
from analyzer.exits import ExitCode


def render(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return a line for each result, its advice below it, and the counts at the end."""
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.state:<11} {result.check:<10} {result.about}: {result.what}")
        lines += [f"{'':<22} → {result.advice}"] if result.advice else []
    return "\n".join((*lines, summarize(results, code), ""))
