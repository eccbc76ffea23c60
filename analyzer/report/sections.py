"""The sections of the text reports, below the headline; shared by the plain and the console report."""

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.records.record import Record
from analyzer.report.opinions import OpinionView
from analyzer.report.view import FindingView, View, read_view
from analyzer.report.words import COMMAND, Line, make_line, one_line


@dataclass(frozen=True)
class ReportSection:
    """A title and its lines."""

    title: str
    lines: tuple[Line, ...]


def sections(record: Record) -> Iterable[ReportSection]:
    """Yield everything below the headline, the most decisive first. Empty sections are left out."""
    view = read_view(record)
    parts = (
        ReportSection("Sides", tuple(_side_lines(view))),
        ReportSection(
            "Findings",
            tuple(line for finding in view.findings for line in _finding_lines(finding))
            or (make_line("none"),),
        ),
        ReportSection(
            one_line(f"Models ({view.judges}){': they differ' if view.differ else ''}"),
            tuple(line for opinion in view.opinions for line in _opinion_lines(opinion)),
        ),
        *(
            ReportSection(
                each.title, tuple(make_line(text, "warning" if warns else "") for text, warns in each.entries)
            )
            for each in view.lists
        ),
        ReportSection("To judge it again", (make_line(view.replay, COMMAND),) if view.replay else ()),
    )
    return (section for section in parts if section.lines)


def _side_lines(view: View) -> Iterable[Line]:
    yield make_line(view.how)
    for side in view.sides:
        yield make_line(f"{side.role}: {side.summary}")
        yield from (make_line(f"{name}: {text}", indent=1) for name, text in side.notes)
    yield from (make_line(f"{name}: {text}") for name, text in view.contexts)


def _finding_lines(finding: FindingView) -> Iterable[Line]:
    yield make_line(finding.line, finding.severity)
    yield make_line(f"stable: {finding.stable}; canary: {finding.canary}", indent=1)
    yield from (make_line(f"{name}: {text}", indent=1) for name, text in finding.notes)
    for sample in finding.samples:
        yield from (make_line(f"| {text}", "quote", indent=1) for text in sample.splitlines())


def _opinion_lines(opinion: OpinionView) -> Iterable[Line]:
    yield make_line(f"{opinion.line} [{opinion.spent}]", opinion.verdict or "warning")
    yield from (make_line(f"{name}: {text}", indent=1) for name, text in opinion.notes)
    yield from (make_line(f"| {quote}", "quote", indent=1) for quote in opinion.quotes)
    if opinion.dropped:
        yield make_line(opinion.dropped, "warning", indent=1)
