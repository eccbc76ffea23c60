"""The results as Markdown, for the summary of a CI job."""

from collections.abc import Iterator, Sequence

from analyzer.check.interface import CheckResult
from analyzer.check.reports.words import MARKS, sentence, summarize
from analyzer.exits import ExitCode
from analyzer.report.neutral import prose


def render(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return the counts, a table of what does not simply hold, and what does below it, folded away."""
    return "\n".join(_lines(results, code)) + "\n"


def _lines(results: Sequence[CheckResult], code: ExitCode) -> Iterator[str]:
    yield "## Check"
    yield ""
    yield prose(summarize(results, code))
    others = [result for result in results if result.state != "holds"]
    if others:
        yield ""
        yield from _table(others)
    if len(others) < len(results):
        yield ""
        yield "<details><summary>What holds</summary>"
        yield ""
        yield from _table([result for result in results if result.state == "holds"])
        yield ""
        yield "</details>"


def _table(results: Sequence[CheckResult]) -> Iterator[str]:
    yield "| | check | of | result |"
    yield "| --- | --- | --- | --- |"
    for result in results:
        yield (
            f"| {MARKS[result.state]} | {result.check} | {prose(result.about)} | {prose(sentence(result))} |"
        )
