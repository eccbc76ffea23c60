"""The report in Markdown: for a job's summary on GitHub, an issue, a chat. Text of others is inert in it.

GitHub takes 65,536 characters of an issue. What is too long loses samples first, then findings and what was
not seen, with a line that says so. The verdict, its reason and each model always stay.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from analyzer.common.short import cut
from analyzer.common.templates import TemplateKind
from analyzer.records.record import Record
from analyzer.report import neutral
from analyzer.report.cuts import count_cut_lines, describe_cuts
from analyzer.report.view import FindingView, View, read_view

MAX_MARKDOWN = 60_000  # characters
MAX_TEXT = 4_000  # characters of one text
Room = tuple[int, int, int, int]  # samples of a finding, lines of a sample, findings, and lines of a list
ROOMS: tuple[Room, ...] = (
    (20, 100, 1000, 200),
    (3, 20, 200, 60),
    (1, 8, 60, 30),
    (0, 0, 30, 15),
    (0, 0, 5, 3),
)


TEMPLATE = TemplateKind(
    shipped="report.md.j2",
    option="",
    start_from="",
    filters={
        "code": neutral.code,
        "quoted": neutral.quoted,
        "command": neutral.command,
        "link": neutral.link,
    },
    write=partial(neutral.write_value, longest=MAX_TEXT),
)


def render(record: Record) -> str:
    """Return Markdown of at most `MAX_MARKDOWN` characters, unless what always stays is longer."""
    source, view = TEMPLATE.read(), read_view(record)
    text = ""
    for room in ROOMS:
        text = neutral.squeeze_blanks(TEMPLATE.fill(source, _values(record, view, room))) + "\n"
        if len(text) <= MAX_MARKDOWN:
            break
    return text


def _values(record: Record, view: View, room: Room) -> dict[str, object]:
    samples, lines, findings, entries = room
    window = record.evidence.window
    lists = [(each.title, each.texts()) for each in view.lists]
    return {
        "view": view,
        "findings": [_shorten(finding, samples, lines) for finding in view.findings[:findings]],
        "lists": [(title, items[:entries]) for title, items in lists],
        "start": neutral.Markdown(f"{window.start:%Y-%m-%d %H:%M:%S}"),
        "end": neutral.Markdown(f"{window.end:%H:%M:%S} UTC"),
        "finished": neutral.Markdown(f"{record.finished_at:%Y-%m-%d %H:%M:%S} UTC"),
        "product": neutral.Markdown(cut(record.product, 40)),
        "cuts": tuple(_cuts(view, room, [items for _, items in lists])),
    }


def _shorten(finding: FindingView, samples: int, lines: int) -> FindingView:
    shown = ("\n".join(sample.splitlines()[:lines]) for sample in finding.samples[:samples])
    return replace(finding, samples=tuple(shown))


def _cuts(view: View, room: Room, lists: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield what there is no room for, in words."""
    samples, lines, findings, entries = room
    missing = (
        count_cut_lines([finding.samples for finding in view.findings[:findings]], samples, lines),
        (len(view.findings) - findings, "finding", "findings"),
        (sum(max(0, len(items) - entries) for items in lists), "line of a list", "lines of the lists"),
    )
    yield from describe_cuts(missing)
