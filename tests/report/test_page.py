"""The page: what it tells, what it can never do, and that it fits."""

import base64
import hashlib
import html
import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from analyzer.decision import Decision
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.evidence.usage import ContainerUsage, Usage, UsageSample
from analyzer.findings.interface import Finding
from analyzer.records.record import Receipt, Record
from analyzer.report import load_report
from analyzer.report.page import MAX_PAGE, render
from analyzer.report.view import read_view
from analyzer.settings import Gate, Rules, Settings, Tell
from analyzer.target import ROLES
from tests.github.conftest import finished
from tests.github.hostile import TEXTS

EXAMPLES = ("crash-loop", "new-errors", "oom-kill", "healthy")
TYPICAL = 300 * 1024  # bytes
VOID = {"meta", "br", "link", "img", "input", "hr", "wbr"}
LOADS = {"src", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href", "ping"}
HOSTILE = (
    *TEXTS[::25],
    "</pre></style></title><script>alert(1)</script><style>@import 'https://evil.example';</style>",
    '"><svg onload=alert(1)><a href=javascript:alert(1)>x</a><base href=//evil.example>',
    "' autofocus onfocus='alert(1)' x='{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u202c \u2066x\u2069 \x1b[31mred\x1b[0m \x00\x08 \ud7ff",
)


class Page(HTMLParser):
    """The elements of a page and their attributes. A page whose elements do not close is none."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
        else:
            self.text += data

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]


def check(text: str) -> Page:
    """Return the page, which loads nothing and runs nothing."""
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        assert not LOADS & set(attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("href", "#")[1:] in ("", *ids)
        assert attributes.get("href", "#").startswith("#")
    policies = [attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert "@import" not in page.style
    assert "url(" not in page.style
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", text)
    return page


def hostile(record: Record, text: str) -> Record:
    """The record, with the text wherever others may write one."""
    [graded] = record.judgement.findings
    finding = Finding(
        kind="crash-loop", key="k", sentence=text, stable=text, canary=text, because=text, samples=(text,)
    )
    judgement = replace(
        record.judgement,
        findings=(replace(graded, finding=finding),),
        decision=replace(record.judgement.decision, reason=text),
        prompt=replace(record.judgement.prompt, text=text, left_out=(text,)),
    )
    gaps = tuple(replace(gap, reason=text) for gap in record.evidence.gaps)
    start = record.evidence.window.start
    pods = Pods(
        side="canary",
        pods=(
            Pod(
                name=text,
                owner="",
                phase="Running",
                created_at=start,
                containers=(Container(name=text, type="main", image=text, state=State(kind="running")),),
            ),
        ),
    )
    metrics = Metrics(
        side="canary", figures=(QueryFigures(query=text, promql=text, state="values", value=1.0),)
    )
    evidence = replace(record.evidence, gaps=gaps, parts=(pods, metrics), mismatch=text)
    return replace(record, judgement=judgement, evidence=evidence, judges=text)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_of_a_recorded_canary_loads_nothing_and_is_small(name: str) -> None:
    text = render(finished(name))
    check(text)
    assert len(text.encode()) < TYPICAL
    assert "Left out of this page" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_was_seen_it_is_text(recorded: Callable[..., Record], text: str) -> None:
    plain = check(render(hostile(recorded(sample="x", summary="x"), "x")))
    page = check(render(hostile(recorded(sample=text, summary=text), text)))
    assert page.shape() == plain.shape()


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_markdown_and_page_say_the_same(name: str) -> None:
    record = finished(name)
    page = " ".join(Page(render(record)).text.split())
    markdown = load_report("markdown")(record)
    text = load_report("plain")(record)
    outcome = record.judgement.decision.outcome.upper()
    assert text.startswith(outcome)
    assert markdown.startswith(f"## {outcome}")
    assert page.partition("Skip to the findings ")[2].startswith(outcome)
    for graded in record.judgement.findings:
        for words in (graded.finding.sentence, graded.finding.stable, graded.finding.canary):
            assert words in text
            assert " ".join(words.split()) in page
            assert words.split()[0] in markdown
        for report in (text, markdown, page):
            assert f"{graded.id} {graded.severity}" in report
            assert graded.finding.kind in report
    for opinion in record.judgement.opinions:
        assert opinion.model in page


def test_the_lists_stand_in_one_order_in_every_report(recorded: Callable[..., Record]) -> None:
    receipt = Receipt(effect="event", done=True, detail="written")
    rules = Rules(severity={"crash-loop": "warning"})
    record = replace(recorded(), receipts=(receipt,), settings=Settings(rules=rules))
    titles = [each.title for each in read_view(record).lists]
    assert len(titles) == 5
    for report in (load_report("plain")(record), load_report("markdown")(record), Page(render(record)).text):
        found = [line.strip(" #") for line in report.splitlines()]
        assert [title for title in found if title in titles][-5:] == titles


def test_what_decided_stands_before_anything_else(recorded: Callable[..., Record]) -> None:
    text = render(finished("crash-loop"))
    first = html.unescape(text.partition("<nav")[0]).replace("<wbr>", "")
    assert "exit code 3; rule: blocking finding" in first
    assert "2 of 2 pods, 6 restarts" in first
    assert "0 of 4 pods" in first
    assert "cart: localhost/cart:1.5.1" in first
    doubtful = render(recorded(gaps=2)).partition("<nav")[0]
    assert "the models differ" in doubtful
    assert "2 gaps in the evidence: events of the canary side: denied 0" in doubtful


def test_an_error_and_missing_sides_are_shown_as_such(recorded: Callable[..., Record]) -> None:
    record = recorded(findings=0, gaps=0)
    target = replace(record.evidence.target, stable=None, canary=None)
    judgement = replace(
        record.judgement, decision=Decision(outcome="error", rule="quorum", reason="nobody answered")
    )
    page = check(
        render(
            replace(
                record,
                evidence=replace(record.evidence, target=target),
                judgement=replace(judgement, opinions=()),
            )
        )
    )
    assert "ERROR" in page.text
    assert page.text.partition("Findings")[0].count("no such side") == len(ROLES)
    assert "The record holds nothing over time." in page.text


def test_a_finding_opens_to_its_samples_and_its_meaning(recorded: Callable[..., Record]) -> None:
    page = check(render(recorded()))
    assert "panic: no database" in page.text
    assert "A container exits again and again" in page.text
    assert "this quote is in F1" in page.text


DOCS = "https://git.example.com/team/docs/findings.md"


@pytest.mark.parametrize("name", ["page", "markdown"])
def test_a_finding_links_to_its_kind_where_it_is_said_where_that_is(
    recorded: Callable[..., Record], name: str
) -> None:
    told = replace(recorded(), settings=Settings(tell=Tell(findings_link=DOCS)))
    link = {"page": f'href="{DOCS}#crash-loop"', "markdown": f"]({DOCS}#crash-loop)"}[name]
    assert link in load_report(name)(told)
    assert DOCS not in load_report(name)(recorded())


@pytest.mark.parametrize("name", ["page", "markdown"])
@pytest.mark.parametrize("place", ["javascript:alert(1)//", "https://evil.example/)[x](y", "//evil.example"])
def test_what_is_no_address_is_no_link(recorded: Callable[..., Record], name: str, place: str) -> None:
    told = replace(recorded(), settings=Settings(tell=Tell(findings_link=place)))
    assert place not in load_report(name)(told)


@pytest.mark.parametrize("name", ["page", "markdown"])
def test_a_kind_of_another_version_is_no_link(recorded: Callable[..., Record], name: str) -> None:
    told = replace(hostile(recorded(), "x"), settings=Settings(tell=Tell(findings_link=DOCS)))
    [graded] = told.judgement.findings
    other = replace(graded, finding=replace(graded.finding, kind="quantum-loop"))
    told = replace(told, judgement=replace(told.judgement, findings=(other,)))
    assert DOCS not in load_report(name)(told)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sample",
    ["panic: no database", "x" * 100_000, "\n".join(["<&>" * 100] * 200)],
    ids=["short", "wide", "long"],
)
def test_a_thousand_findings_fit_and_what_is_left_out_is_said(
    recorded: Callable[..., Record], sample: str
) -> None:
    text = render(recorded(findings=1000, gaps=1000, sample=sample))
    page = check(text)
    assert len(text.encode()) <= MAX_PAGE
    assert "ROLLBACK" in page.text
    assert ("Left out of this page for lack of room" in page.text) == (sample != "panic: no database")


def test_metrics_and_usage_are_drawn_with_their_bounds(recorded: Callable[..., Record]) -> None:
    record = recorded()
    start = record.evidence.window.start
    window = Window(start=start, end=start + timedelta(minutes=10))
    parts: list[Metrics | Usage | Pods] = []
    for role, height in zip(ROLES, (0.1, 0.4), strict=True):
        points = (height, None, height, height)
        figures = QueryFigures(
            query="errors", promql="q", state="values", points=points, start=start, step=60.0
        )
        sample = UsageSample(at=start, cpu=0.25, memory=64 * 1024**2)
        pod = Pod(
            name="p",
            owner="",
            phase="Running",
            created_at=start + timedelta(minutes=1),
            containers=(
                Container(
                    name="app",
                    type="main",
                    image="i",
                    state=State(kind="running"),
                    limits={"memory": "128Mi"},
                ),
            ),
        )
        parts += [
            Metrics(side=role, figures=(figures,)),
            Usage(side=role, containers=(ContainerUsage(pod="p", container="app", samples=(sample,)),)),
            Pods(side=role, pods=(pod,)),
        ]
    settings = Settings(rules=Rules(gates=(Gate(query="errors", at_most=0.2),)))
    evidence = replace(record.evidence, window=window, parts=tuple(parts))
    page = check(render(replace(record, evidence=evidence, settings=settings)))
    labels = [attributes.get("aria-label", "") for tag, attributes in page.elements if tag == "svg"]
    assert "errors. stable: 0.1. canary: 0.4" in labels
    assert "memory of container app. stable: 64 MiB. canary: 64 MiB" in labels
    for bound in ("at most 0.2", "limit (stable and canary) 128"):
        assert bound in page.text
    assert "canary starts" in page.text
    paths = [attributes["d"] for tag, attributes in page.elements if tag == "path"]
    assert paths[0].count("M") == len(ROLES)  # a missing point is a gap in the line, never a value


@pytest.mark.slow
def test_more_curves_than_a_page_can_hold_are_left_out_and_said(recorded: Callable[..., Record]) -> None:
    record = recorded()
    start = record.evidence.window.start
    samples = tuple(
        UsageSample(at=start + timedelta(seconds=number), cpu=number / 7, memory=number * 99_991)
        for number in range(400)
    )
    containers = tuple(
        ContainerUsage(pod=f"p{pod}", container=f"c{pod % 6}", samples=samples) for pod in range(90)
    )
    usage = tuple(Usage(side=role, containers=containers) for role in ROLES)
    text = render(replace(record, evidence=replace(record.evidence, parts=usage)))
    page = check(text)
    assert len(text.encode()) <= MAX_PAGE
    assert "memory of container c0, 12 pods of each side" in page.text
    assert "8 charts. They are in the record." in page.text
