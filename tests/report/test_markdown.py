"""The report in Markdown: what it tells, what it can never do, and that it fits."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from analyzer.findings.interface import Finding
from analyzer.records.record import Record
from analyzer.report.markdown import MAX_MARKDOWN, render
from tests.github.conftest import finished
from tests.github.hostile import TEXTS
from tests.report.test_neutral import live

OURS = {"ul", "li", "strong", "h2", "table", "thead", "tbody", "tr", "th", "td", "em", "blockquote"}


def acts(text: str) -> list[str]:
    return [act for act in live(text) if act not in OURS]


def test_the_verdict_the_rule_and_the_decisive_figures_stand_first() -> None:
    first = render(finished("crash-loop")).partition("## Sides")[0]
    assert first.startswith("## ROLLBACK: `shop/cart`\n")
    assert "exit code 3; rule: blocking finding" in first
    assert "| 0 of 4 pods | 2 of 2 pods, 6 restarts |" in first


@pytest.mark.parametrize("name", ["crash-loop", "new-errors", "oom-kill", "healthy"])
def test_nothing_of_a_recorded_canary_acts(name: str) -> None:
    assert acts(render(finished(name))) == []


@pytest.mark.parametrize("text", TEXTS[::8])
def test_whatever_was_seen_it_is_text(recorded: Callable[..., Record], text: str) -> None:
    record = recorded(sample=text, summary=text)
    [graded] = record.judgement.findings
    finding = Finding(
        kind=graded.finding.kind, key="k", sentence=text, stable=text, canary=text, because=text, remedy=text
    )
    hostile = replace(
        record.judgement,
        findings=(graded, replace(graded, finding=finding)),
        decision=replace(record.judgement.decision, reason=text),
    )
    assert acts(render(replace(record, judgement=hostile, judges=text))) == []


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["x " * 3000, "\n".join(["panic"] * 500)], ids=["wide", "long"])
def test_it_fits_and_says_what_it_leaves_out_and_still_names_each_model(
    recorded: Callable[..., Record], sample: str
) -> None:
    text = render(recorded(findings=1000, gaps=1000, sample=sample))
    assert len(text) <= MAX_MARKDOWN
    assert "Left out for lack of room: " in text
    assert "Models: they differ" in text
    assert "scripted (weight 1): failed" in text
