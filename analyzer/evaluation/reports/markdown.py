"""The report as Markdown, for the summary of a CI job."""

from collections.abc import Iterator, Sequence

from analyzer.evaluation.figures import EvalReport
from analyzer.evaluation.reports import words
from analyzer.evaluation.reports.words import TableRow
from analyzer.report.neutral import prose


def render(report: EvalReport) -> str:
    """Return the report as Markdown: tables, and the cases that are not right."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: EvalReport) -> Iterator[str]:
    yield "## Evaluation"
    yield ""
    yield prose(words.headline(report))
    for note in words.notes(report):
        yield ""
        yield f"**{prose(note)}**"
    if report.thresholds:
        yield ""
        yield from (f"- {prose(words.threshold(check))}" for check in report.thresholds)
    for head, rows in (
        (words.CONFUSION_HEAD, words.confusion(report)),
        (words.FIGURES_HEAD, words.figures(report)),
        (words.FAMILY_HEAD, words.families(report)),
        (words.MODEL_HEAD, words.models(report)),
    ):
        yield ""
        yield from _table(head, [*rows])
    compared = [*words.comparison(report)]
    if compared:
        yield ""
        yield from (f"- {prose(line)}" for line in compared)
    wrong = words.wrong(report)
    if wrong:
        yield ""
        yield f"<details><summary>Not right ({len(wrong):,})</summary>"
        yield ""
        yield from (f"- {prose(words.describe_wrong(answered))}" for answered in wrong[: words.WRONG])
        if len(wrong) > words.WRONG:
            yield f"- and {len(wrong) - words.WRONG:,} more"
        yield ""
        yield "</details>"


def _table(head: TableRow, rows: Sequence[TableRow]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join((prose(row[0]), *row[1:]))} |"  # the others are figures
