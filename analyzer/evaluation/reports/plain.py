"""The report as text: what `eval` prints."""

from collections.abc import Iterator, Sequence

from analyzer.evaluation.figures import EvalReport
from analyzer.evaluation.reports import words
from analyzer.evaluation.reports.words import TableRow


def render(report: EvalReport) -> str:
    """Return the report as lines, its tables aligned."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(report))


def _lines(report: EvalReport) -> Iterator[str]:
    yield words.headline(report)
    yield from words.notes(report)
    yield ""
    yield from _table(words.CONFUSION_HEAD, [*words.confusion(report)])
    yield ""
    yield from _table(words.FIGURES_HEAD, [*words.figures(report)])
    yield ""
    yield from _table(words.FAMILY_HEAD, [*words.families(report)])
    yield ""
    yield from _table(words.MODEL_HEAD, [*words.models(report)])
    yield f"judging took {report.seconds:.1f} s of all processors together"
    compared = [*words.comparison(report)]
    if compared:
        yield ""
        yield from compared
    wrong = words.wrong(report)
    if wrong:
        yield ""
        yield f"Not right ({len(wrong):,})"
    for answered in wrong[: words.WRONG]:
        yield f"  {words.describe_wrong(answered)}"
    if len(wrong) > words.WRONG:
        yield f"  and {len(wrong) - words.WRONG:,} more: --output has all of them"
    if report.thresholds:
        yield ""
        yield from map(words.threshold, report.thresholds)


def _table(head: TableRow, rows: Sequence[TableRow]) -> Iterator[str]:
    """Yield the lines of a table, its first column to the left and the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        cells = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield f"{row[0]:<{widths[0]}}  {'  '.join(cells)}"
