"""The report as one HTML page that needs nothing else: no script, no font, no request."""

from collections.abc import Iterator, Sequence
from html import escape

from analyzer.evaluation.figures import EvalReport
from analyzer.evaluation.reports import words
from analyzer.evaluation.reports.diagram import reliability
from analyzer.evaluation.reports.words import TableRow

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --bad: #c2410c; --good: #15803d; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
th { font-weight: 600; } tbody tr:hover { background: var(--soft); }
.missed, .note { color: var(--bad); font-weight: 600; } .holds { color: var(--good); }
svg { max-width: 30rem; width: 100%; height: auto; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
"""
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>rollout-analyzer eval</title>
<style>{style}</style>
</head>
<body>
"""


def render(report: EvalReport) -> str:
    """Return the page."""
    return HEAD.replace("{style}", STYLE) + "\n".join(_body(report)) + "\n</body>\n</html>\n"


def _body(report: EvalReport) -> Iterator[str]:
    yield f"<h1>Evaluation</h1>\n<p>{escape(words.headline(report))}</p>"
    yield from (f'<p class="note">{escape(note)}</p>' for note in words.notes(report))
    if report.thresholds:
        yield "<h2>Thresholds</h2>\n<ul>"
        for check in report.thresholds:
            kind = "holds" if check.holds else "missed"
            yield f'<li class="{kind}">{escape(words.threshold(check))}</li>'
        yield "</ul>"
    yield from _section("Confusion matrix", words.CONFUSION_HEAD, [*words.confusion(report)])
    yield from _section("Figures", words.FIGURES_HEAD, [*words.figures(report)])
    if report.bins:
        yield "<h2>Is an answer as often right as it is sure?</h2>"
        yield reliability(report.bins)
    compared = [*words.comparison(report)]
    if compared:
        yield "<h2>Against the baseline</h2>\n<ul>"
        yield from (f"<li>{escape(line)}</li>" for line in compared)
        yield "</ul>"
    yield from _section("Models", words.MODEL_HEAD, [*words.models(report)])
    yield from _section("Families, the worst first", words.FAMILY_HEAD, [*words.families(report)])
    wrong = words.wrong(report)
    if wrong:
        yield f"<h2>Not right ({len(wrong):,})</h2>\n<ul>"
        yield from (f"<li>{escape(words.describe_wrong(answered))}</li>" for answered in wrong)
        yield "</ul>"


def _section(title: str, head: TableRow, rows: Sequence[TableRow]) -> Iterator[str]:
    yield f'<h2>{escape(title)}</h2>\n<div class="wide"><table>\n<thead><tr>'
    yield "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    yield "</tr></thead>\n<tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody>\n</table></div>"
