"""The page in a real browser: on a desk and on a phone, in light and in dark, and in print.

`SCREENSHOTS=FOLDER` keeps what was seen, as PNG.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from analyzer.records.record import Record
from analyzer.report.page import render
from tests.github.conftest import finished
from tests.report.chromium import Tab, browse
from tests.report.samples import attack, empty, fail, measure
from tests.report.test_page import EXAMPLES

pytestmark = pytest.mark.browser
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")
MADE = ("rollback", "gates", "thousand", "hostile", "error", "empty")
AXE = "axe_playwright_python/axe.min.js"  # in .venv/pips: requirements/axe.txt
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"
VIOLATIONS = """axe.run(document).then(said => ({
    passed: said.passes.length,
    violations: said.violations.map(each => [each.id, each.nodes.map(node => node.html)]),
}))"""
FRAME = (
    "new Promise(tell => requestAnimationFrame(() => requestAnimationFrame(() => tell(null))))"  # is drawn
)
REACHED = "a[href], summary, [tabindex]"  # by the Tab key
PRESSES = 400  # keys, more than there are places
CLOSED = "document.activeElement.matches('summary') && !document.activeElement.parentElement.open"
OUTLINED = (
    "(({outlineStyle, outlineWidth}) => outlineStyle != 'none' && parseFloat(outlineWidth) >= 2)"
    "(getComputedStyle(document.activeElement))"
)
PAINT = """new Promise(tell => new PerformanceObserver(seen => {
    seen.getEntriesByName('first-contentful-paint').forEach(each => tell(each.startTime));
}).observe({type: 'paint', buffered: true}))"""  # in ms
# What is wider than the page, and does not scroll in a box of its own.
WIDE = """[...document.querySelectorAll('body *')]
    .filter(each => !each.closest('.wide, .skip') && each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 200))"""
# Texts of a drawing that lie over each other, or leave it.
CLASHES = """[...document.querySelectorAll('svg.drawing')].flatMap(drawing => {
    const boxes = [...drawing.querySelectorAll('text')].map(each => [each.textContent, each.getBBox()]);
    const view = drawing.viewBox.baseVal;
    return boxes.flatMap(([text, box], number) => [
        ...(box.x < 0 || box.x + box.width > view.width || box.y < -1 || box.y + box.height > view.height ? [[text]] : []),
        ...boxes.slice(number + 1)
            .filter(([, other]) => box.x < other.x + other.width && other.x < box.x + box.width
                && box.y + 2 < other.y + other.height && other.y + 2 < box.y + box.height)
            .map(([over]) => [text, over]),
    ]);
})"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browse() as opened:
        yield opened


@pytest.fixture
def page(recorded: Callable[..., Record], tmp_path: Path) -> Callable[[str], Path]:
    """`page(name)`: the page of a record, as a file."""

    def write(name: str) -> Path:
        records: dict[str, Callable[[], Record]] = {
            **{example: lambda: finished(name) for example in EXAMPLES},
            "rollback": recorded,
            "gates": lambda: measure(recorded()),
            "thousand": lambda: recorded(findings=1000, gaps=1000),
            "hostile": lambda: attack(recorded()),
            "error": lambda: fail(recorded()),
            "empty": lambda: empty(recorded()),
        }
        path = tmp_path / f"{name}.html"
        path.write_text(render(records[name]()), encoding="utf-8")
        return path

    return write


def keep(tab: Tab, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        tab.photograph(Path(folder, f"{name}.png"))


def bottom(tab: Tab, selector: str) -> Any:
    """How far down an element ends; None where there is none."""
    return tab.value(f"document.querySelector({selector!r})?.getBoundingClientRect().bottom ?? null")


@pytest.mark.parametrize("name", [*EXAMPLES, *MADE])
def test_the_page_fits_at_any_width_and_asks_for_nothing(
    tab: Tab, page: Callable[[str], Path], name: str
) -> None:
    path = page(name)
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            tab.show(path, width, height, scheme)
            keep(tab, f"{name}-{size}-{scheme}")
        assert tab.requests == [path.as_uri()]
        assert tab.complaints == []
        tab.value(OPEN_ALL)
        assert tab.value("document.documentElement.scrollWidth") <= width
        assert tab.value(WIDE) == []
        assert tab.value(CLASHES) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*EXAMPLES, *MADE])
def test_what_decided_is_seen_without_scrolling(
    tab: Tab, page: Callable[[str], Path], name: str, size: str
) -> None:
    width, height = SIZES[size]
    tab.show(page(name), width, height)
    assert bottom(tab, "h1 .outcome") <= height
    decided = name not in ("healthy", "error")
    assert (bottom(tab, "#decisive") is not None) == decided
    if (name, size) != ("hostile", "phone"):  # frames of four lines each, and they come first
        assert bottom(tab, ".decisive .sides") <= height
    if name in EXAMPLES:
        assert bottom(tab, ".times") <= height
        assert tab.value("document.querySelector('.decisive').textContent").count("localhost/cart:1.") == 2
    if name == "error":
        assert bottom(tab, ".alerts") <= height
        assert "NOT JUDGED HEALTHY" in tab.value("document.querySelector('.alerts').textContent")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["new-errors", "gates", "hostile", "error"])
def test_axe_finds_nothing_wrong(tab: Tab, page: Callable[[str], Path], name: str, scheme: str) -> None:
    tab.show(page(name), scheme=scheme)
    tab.value(OPEN_ALL)
    [wheel] = (Path(__file__).parents[2] / ".venv/pips").glob("axe_playwright_python-*.whl")
    tab.value(f"{ZipFile(wheel).read(AXE).decode()}; 0")
    said = tab.value(VIOLATIONS)
    assert said["violations"] == []
    assert said["passed"] > 30


@pytest.mark.parametrize("name", ["crash-loop", "new-errors", "gates"])
def test_the_whole_page_is_used_with_the_keyboard(tab: Tab, page: Callable[[str], Path], name: str) -> None:
    """Tab goes through everything that opens or scrolls, in the order in which it stands; the place is seen;
    Enter opens each finding.
    """
    tab.show(page(name))
    tab.press("Tab", 9)
    assert tab.value("document.activeElement.textContent") == "Skip to the findings"
    assert tab.value("document.activeElement.getBoundingClientRect().left") >= 0
    for _ in range(PRESSES):
        if tab.value(CLOSED):
            tab.press("Enter", 13, "\r")
            assert not tab.value(CLOSED)
        assert tab.value(OUTLINED), tab.value("document.activeElement.outerHTML")
        tab.value("document.activeElement.dataset.visited = Number(document.body.dataset.visits ?? 0)")
        tab.value("document.body.dataset.visits = Number(document.body.dataset.visits ?? 0) + 1")
        tab.press("Tab", 9)
        if tab.value(
            "document.activeElement === document.body || 'visited' in document.activeElement.dataset"
        ):
            break
    assert tab.value("[...document.querySelectorAll('details')].every(each => each.open)")
    visited = "each => each.dataset.visited ?? each.outerHTML"
    order = tab.value(f"[...document.querySelectorAll('{REACHED}')].map({visited})")
    assert order == [str(number) for number in range(len(order))]


@pytest.mark.parametrize("size", SIZES)
def test_a_link_to_a_finding_leads_to_it(tab: Tab, page: Callable[[str], Path], size: str) -> None:
    """Although it is folded: the browser opens what a link leads into."""
    tab.show(page("crash-loop"), *SIZES[size])
    tab.value("document.querySelectorAll('details').forEach(each => { each.open = false })")
    tab.value("document.querySelector('#decisive a').focus()")
    tab.press("Enter", 13, "\r")
    tab.value(FRAME)
    assert tab.value("document.querySelector('#F1').checkVisibility({contentVisibilityAuto: true})")
    assert 0 <= tab.value("document.querySelector('#F1').getBoundingClientRect().top") < SIZES[size][1]


def test_a_thousand_findings_fold_and_open(tab: Tab, page: Callable[[str], Path]) -> None:
    tab.show(page("thousand"))
    folded = "[...document.querySelectorAll('main details details')].filter(each => each.checkVisibility())"
    assert tab.value(f"{folded}.length") == 0
    assert tab.value("document.documentElement.scrollHeight") < 6000
    tab.value("document.querySelectorAll('main section > details').forEach(each => { each.open = true })")
    assert tab.value(f"{folded}.length") == 980


def test_what_is_folded_is_printed(tab: Tab, page: Callable[[str], Path]) -> None:
    tab.show(page("new-errors"))
    folded = (
        "document.querySelector('details:not([open])"
        " > .target').checkVisibility({contentVisibilityAuto: true})"
    )
    assert not tab.value(folded)
    tab.dress(media="print")
    tab.value(FRAME)
    keep(tab, "print")
    assert tab.value(folded)
    assert tab.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not tab.value("document.querySelector('nav').checkVisibility()")


def test_a_chart_shows_what_each_gate_asks(tab: Tab, page: Callable[[str], Path]) -> None:
    """A line of a gate is as wide as the drawing, and between its edges."""
    tab.show(page("gates"))
    drawn = tab.value(
        """[...document.querySelectorAll('.charts figure')].map(each => [
            each.querySelector('strong').textContent,
            [...each.querySelectorAll('svg .bound')].map(line => line.getBBox()).filter(box => box.width > 300).length,
        ])"""
    )
    assert drawn == [
        ["p99 latency", 1],
        ["error share", 1],
        ["queue length", 2],
        ["orders", 2],
        ["not gated", 0],
    ]


@pytest.mark.timed
def test_the_first_paint_of_a_thousand_findings_is_quick(tab: Tab, page: Callable[[str], Path]) -> None:
    """The best of three: what else the machine does is not the page's business."""
    path, paints = page("thousand"), []
    for _ in range(3):
        tab.show(path)
        paints.append(tab.value(PAINT))
    assert min(paints) <= 1000
