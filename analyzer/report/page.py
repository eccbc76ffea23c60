"""The report as a page: one HTML file that needs nothing else, no script and no network.

Every text is escaped (Jinja's autoescape) and without characters that control or hide. The policy in the page
forbids scripts, and every style but its own, by its digest. A page is at most `MAX_PAGE` bytes: samples are
cut first, then the prompt and the lists, and the page says what it leaves out.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from analyzer.common.short import cut
from analyzer.common.templates import TemplateKind
from analyzer.logs.lines import safe
from analyzer.records.record import Record
from analyzer.report.charts import format_figure
from analyzer.report.cuts import count_cut_lines, describe_cuts
from analyzer.report.distributions import find_distributions
from analyzer.report.drawings import draw_charts, draw_happenings
from analyzer.report.log_table import TemplateRow, list_templates
from analyzer.report.opinions import OpinionView
from analyzer.report.view import FindingView, View, read_view

MAX_PAGE = 1024 * 1024  # bytes
PARAGRAPH = 4_000  # characters of one text
OPEN = 20  # entries of a list before it folds


@dataclass(frozen=True)
class PageRoom:
    """How much is shown: samples of a finding, lines of a sample, characters of a line, findings, characters
    of the prompt, log templates, entries of a list, and charts.
    """

    samples: int
    lines: int
    width: int
    findings: int
    prompt: int
    templates: int
    entries: int
    charts: int


ROOMS = (
    PageRoom(20, 60, 2000, 2000, 200_000, 120, 2000, 24),
    PageRoom(3, 12, 500, 2000, 100_000, 120, 1000, 24),
    PageRoom(1, 6, 200, 2000, 100_000, 60, 500, 12),
    PageRoom(0, 0, 200, 2000, 60_000, 60, 500, 12),
    PageRoom(0, 0, 150, 400, 20_000, 30, 100, 4),
    PageRoom(0, 0, 100, 50, 5_000, 10, 20, 0),
)


def _write(value: Any) -> Any:
    """Return what the page shows of a value: lines stay lines, and nothing in them controls or hides.

    Markup of the template's own macros, which has `__html__`, stays as it is.
    """
    if hasattr(value, "__html__") or isinstance(value, int | float):
        return value
    return "\n".join(safe(line) for line in str(value).splitlines())


PAGE = TemplateKind(
    shipped="report.html.j2", option="", start_from="", filters={}, write=_write, escapes=True
)
STYLE = TemplateKind(shipped="report.css", option="", start_from="", filters={})


def render(record: Record) -> str:
    """Return the page, of at most `MAX_PAGE` bytes."""
    source, view = PAGE.read(), read_view(record)
    style = STYLE.read()[1]
    values = {
        "view": view,
        "style": style,
        "style_digest": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "happenings": draw_happenings(record.evidence),
        "distributions": tuple(find_distributions(record)),
        "window": record.evidence.window,
        "finished": record.finished_at,
        "product": record.product,
        "tokens": record.judgement.prompt.tokens,
        "open_most": OPEN,
        "figure": format_figure,
    }
    templates, charts = list_templates(record.evidence), draw_charts(record)
    text = ""
    fitting = [room for room in ROOMS if _count_characters(view, room) <= MAX_PAGE]
    for room in fitting or ROOMS[-1:]:
        shown = {**values, "charts": charts[: room.charts], **_shorten(record, view, templates, room)}
        shown["cuts"] = tuple(_cuts(record, view, room, len(templates), len(charts)))
        text = PAGE.fill(source, shown)
        if len(text.encode()) <= MAX_PAGE:
            break
    return text


def _count_characters(view: View, room: PageRoom) -> int:
    """Return how long the samples are that there would be room for: a page of them would be no shorter."""
    return sum(
        min(len(line), room.width)
        for finding in view.findings[: room.findings]
        for sample in finding.samples[: room.samples]
        for line in sample.splitlines()[: room.lines]
    )


def _shorten(record: Record, view: View, templates: list[TemplateRow], room: PageRoom) -> dict[str, object]:
    """Return the items that fit, and in words the ones that do not."""
    prompt = record.judgement.prompt.text
    findings = tuple(_shorten_finding(finding, room) for finding in view.findings[: room.findings])
    return {
        "reason": cut(view.reason, PARAGRAPH),
        "decisive": _shorten_finding(view.decisive, room) if view.decisive else None,
        "serious": [finding for finding in findings if finding.severity != "info"],
        "remarks": [finding for finding in findings if finding.severity == "info"],
        "opinions": [(opinion, _locate_quotes(opinion, findings, prompt)) for opinion in view.opinions],
        "templates": [
            replace(row, template=cut(row.template, min(room.width, 300)))
            for row in templates[: room.templates]
        ],
        "lists": [
            (
                each.anchor,
                each.title,
                [cut(text, max(room.width, 200)) for text in each.texts()[: room.entries]],
            )
            for each in view.lists
        ],
        "prompt": prompt[: room.prompt],
    }


def _shorten_finding(finding: FindingView, room: PageRoom) -> FindingView:
    return replace(
        finding,
        sentence=cut(finding.sentence, max(room.width, 400)),
        stable=cut(finding.stable, max(room.width, 200)),
        canary=cut(finding.canary, max(room.width, 200)),
        notes=tuple((name, cut(text, max(room.width, 400))) for name, text in finding.notes),
        samples=tuple(
            "\n".join(cut(line, room.width) for line in sample.splitlines()[: room.lines])
            for sample in finding.samples[: room.samples]
        ),
    )


def _locate_quotes(
    opinion: OpinionView, findings: tuple[FindingView, ...], prompt: str
) -> list[tuple[str, str]]:
    """Return each quote and the id of the element that has it: a finding, else the prompt; empty for none."""
    located = []
    for quote in opinion.quotes:
        owner = next(
            (finding.id for finding in findings if any(quote in sample for sample in finding.samples)), ""
        )
        located.append((quote, owner or ("prompt-text" if quote in prompt else "")))
    return located


def _cuts(record: Record, view: View, room: PageRoom, templates: int, charts: int) -> Iterator[str]:
    """Yield what there is no room for, in words."""
    wide = sum(
        len(line) > room.width
        for finding in view.findings[: room.findings]
        for sample in finding.samples[: room.samples]
        for line in sample.splitlines()[: room.lines]
    )
    missing = (
        count_cut_lines(
            [finding.samples for finding in view.findings[: room.findings]], room.samples, room.lines
        ),
        (wide, "end of a long line", "ends of long lines"),
        (len(view.findings) - room.findings, "finding", "findings"),
        (templates - room.templates, "log template", "log templates"),
        (
            len(record.judgement.prompt.text) - room.prompt,
            "character of the prompt",
            "characters of the prompt",
        ),
        (charts - room.charts, "chart", "charts"),
        (
            sum(max(0, len(each.entries) - room.entries) for each in view.lists),
            "entry of a list",
            "entries of lists",
        ),
    )
    yield from describe_cuts(missing, " of this page")
