"""The reports of an evaluation: texts of others stay texts, and each tells what is missing."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from analyzer.evaluation.figures import EvalReport, report_of
from analyzer.evaluation.reports import FILES, TEXT, load
from analyzer.evaluation.result import Result
from analyzer.evaluation.thresholds import Threshold

EVIL = '<script>alert("x")</script> | `code` \x1b[31m & **bold**'
FOR_PEOPLE = [TEXT, FILES["eval.md"], FILES["eval.html"]]


@pytest.fixture
def report(result: Callable[..., Result]) -> EvalReport:
    results = [
        result("promote", name=EVIL, family=EVIL, why=EVIL, reason=EVIL),
        result("unread", name="b", reason="b.json is damaged", confidence=None),
        result("rollback", name="c", confidence=96),
    ]
    whole = report_of(results, product="1", models=(EVIL,), left=2, why_left="a shard is missing")
    missed = Threshold(option="--min-right", bound=0.9, figure=0.5, holds=False)
    return replace(whole, thresholds=(missed,), notes=("taken up again",))


@pytest.mark.parametrize("place", FOR_PEOPLE)
def test_each_report_for_people_tells_what_is_missing_and_what_is_missed(
    report: EvalReport, place: str
) -> None:
    text = load(place)(report).replace("\\", "")
    assert "NOT WHOLE: 2 judgements not made. a shard is missing" in text
    assert "NOT WHOLE: 1 bundle could not be read" in text
    assert "MISSED --min-right 0.9: 0.5" in text
    assert "taken up again" in text
    assert "b.json is damaged" in text


@pytest.mark.parametrize("place", [*FILES.values(), TEXT])
def test_no_text_of_others_drives_a_terminal(report: EvalReport, place: str) -> None:
    assert "\x1b" not in load(place)(report)


def test_the_page_has_no_markup_of_others(report: EvalReport) -> None:
    page = load(FILES["eval.html"])(report)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_markdown_shows_texts_of_others_as_they_are(report: EvalReport) -> None:
    text = load(FILES["eval.md"])(report)
    assert "<script" not in text.replace(r"\<", "")
    assert r"\<script\>" in text
    assert r"\*\*bold\*\*" in text
    table = [line for line in text.splitlines() if line.startswith("| ") and "script" in line]
    assert table
    assert all(line.replace(r"\|", "").count("|") in (9, 12) for line in table)


def test_junit_is_xml_with_a_failure_an_error_and_the_threshold(report: EvalReport) -> None:
    suites = ET.fromstring(load(FILES["junit.xml"])(report))
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("4", "2", "1")
    assert len(suites.findall(".//failure")) == 2
    (error,) = suites.findall(".//error")
    assert "b.json is damaged" in str(error.get("message"))


def test_the_diagram_has_a_point_for_each_bin(report: EvalReport) -> None:
    page = load(FILES["eval.html"])(report)
    assert page.count("<circle") == len(report.bins) == 1
    assert "2 answers, 93 % sure, 50.0 % right" in page
