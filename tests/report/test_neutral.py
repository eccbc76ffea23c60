"""What is inert is inert as GitHub renders it (cmark-gfm, with its extensions), and to who reads the raw
text.
"""

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from analyzer.report.neutral import code, prose, quoted
from tests.github.hostile import AGENTS, TEXTS

# What GitHub links in a text that it has rendered, outside code (github.com/gjtorikian/html-pipeline and the
# documentation, "Autolinked references and URLs").
MENTION = re.compile(r"(?<![A-Za-z0-9])@[A-Za-z0-9]")
REFERENCE = re.compile(r"(?i)#[0-9]|\bGH-[0-9]")
COMMIT = re.compile(r"(?i)\b[0-9a-f]{7,40}\b")
EMOJI = re.compile(r":[a-z+-][a-z0-9_+-]*:")
MATHEMATICS = re.compile(r"\$.*\$")
PLAIN = {"p", "code", "pre"}


class Rendered(HTMLParser):
    """The elements of a page, and its text outside code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text = ""
        self.code = 0
        # unsafe: what a raw element would be, GitHub's sanitiser apart
        options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
        html: str = cmarkgfm.github_flavored_markdown_to_html(markdown, options)  # type: ignore[no-untyped-call]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.append(tag)
        self.code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "code"

    def handle_comment(self, data: str) -> None:
        self.elements.append("!--")

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.text += data


def live(markdown: str) -> list[str]:
    """What acts: as it is rendered, and as it is."""
    page = Rendered(markdown)
    acts = [element for element in page.elements if element not in PLAIN]
    for pattern in (MENTION, REFERENCE, COMMIT, EMOJI, MATHEMATICS):
        acts += pattern.findall(page.text)
    acts += [f"@{agent}" for agent in AGENTS if f"@{agent}" in markdown.lower()]
    acts += [
        line
        for line in re.split(r"[\r\n\x0b\x0c\u2028\u2029\x85]", markdown)
        if line.lstrip().startswith("/")
    ]
    acts += re.findall(
        r"(?i)\b(?:clos|fix|resolv)\w*:?\s+(?:[\w./-]*#[0-9]|GH-[0-9]|https?://\S+/(?:issues|pull)/[0-9])",
        markdown,
    )
    return acts + (["front matter"] if markdown.startswith("---") else [])


def test_there_are_200_and_each_acts_when_it_is_written_as_it_is() -> None:
    assert len(set(TEXTS)) == 200
    assert [text for text in TEXTS if not live(text)] == []


@pytest.mark.parametrize("way", range(0, 200, len(AGENTS)))
def test_no_hostile_text_acts_as_prose_as_code_or_quoted(way: int) -> None:
    for text in TEXTS[way : way + len(AGENTS)]:
        for shown in (
            prose(text),
            f"- {prose(text)}",
            f"**Reason:** {prose(text)}",
            code(text),
            quoted([text]),
        ):
            assert [act for act in live(shown) if act not in ("ul", "li", "strong")] == [], shown


@given(st.text(alphabet="`~*_[]()<>!#@&$:/\\|-+=. \n\t1aw{}\"'", max_size=60))
def test_nor_does_any_other_text(text: str) -> None:
    assert live(prose(text)) == []
    assert live(quoted([text])) == []
    assert live(code(text)) == []


@given(st.text(alphabet="`~<>#@\\ \nab", max_size=40), st.text(alphabet="`~*_[]<>\\ab1f", max_size=40))
def test_a_quote_and_prose_end_where_they_end(text: str, other: str) -> None:
    page = Rendered(f"{quoted([text])}\n\n*own*\n\n{prose(other)} **own**")
    assert page.elements[-1:] == ["strong"]
    assert "em" in page.elements


def test_it_stays_legible() -> None:
    text = (
        'ask @claude: Fixes #12 in pod cart-7c9b64f5d8: Get "http://10.79.0.9:8080/healthz"'
        " at 12:30:05 cost $5"
    )
    page = Rendered(prose(text))
    assert page.text.replace("\N{FULLWIDTH COMMERCIAL AT}", "@").startswith("ask @claude: Fixes")
    assert "10.79.0.9:8080/healthz" in page.text
    assert "12:30:05" in page.text
    assert 'Get "http://10.79.0.9:8080/healthz"' in quoted([text])


def test_a_long_text_is_cut() -> None:
    assert len(prose("word " * 10_000, 100)) < 110
    assert len(quoted(["x" * 10_000], 100)) < 130


def test_nothing_quoted_is_nothing() -> None:
    assert (quoted([]), prose(""), code(" ")) == ("", "", "")
