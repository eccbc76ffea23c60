"""The report as JUnit XML, as CI servers read it: a suite for each family, a failure for what is not right.

https://github.com/testmoapp/junitxml
"""

from collections.abc import Iterator
from html import escape

from analyzer.evaluation.figures import Answered, Report
from analyzer.evaluation.reports import words
from analyzer.report.words import one_line


def render(report: Report) -> str:
    """Return the XML document."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    suites: dict[str, list[Answered]] = {}
    for answered in report.answers:
        suites.setdefault(answered.family, []).append(answered)
    missed = [check for check in report.thresholds if not check.holds]
    failures = sum(map(_is_failure, report.answers)) + len(missed)
    tests = len(report.answers) + len(report.thresholds)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="rollout-analyzer eval" tests="{tests}" failures="{failures}" errors="{sum(map(_is_error, report.answers))}">'
    for family, cases in suites.items():
        yield from _suite(family, cases)
    if report.thresholds:
        yield f'<testsuite name="thresholds" tests="{len(report.thresholds)}" failures="{len(missed)}" errors="0">'
        for check in report.thresholds:
            failure = "" if check.holds else _problem("failure", words.threshold(check))
            yield f'<testcase classname="thresholds" name="{_quoted(check.option)}">{failure}</testcase>'
        yield "</testsuite>"
    yield "</testsuites>"


def _suite(family: str, cases: list[Answered]) -> Iterator[str]:
    failures, errors = sum(map(_is_failure, cases)), sum(map(_is_error, cases))
    name = _quoted(one_line(family))
    yield f'<testsuite name="{name}" tests="{len(cases)}" failures="{failures}" errors="{errors}">'
    for answered in cases:
        kind = "error" if _is_error(answered) else "failure"
        problem = "" if answered.is_right() else _problem(kind, words.describe_wrong(answered))
        yield f'<testcase classname="{name}" name="{_quoted(one_line(answered.name))}">{problem}</testcase>'
    yield "</testsuite>"


def _problem(kind: str, message: str) -> str:
    return f'<{kind} message="{_quoted(message)}"/>'


def _is_error(answered: Answered) -> bool:
    """Return whether a case that is not right had no answer at all."""
    return not answered.is_right() and set(answered.outcomes) <= {"error", "unread"}


def _is_failure(answered: Answered) -> bool:
    return not answered.is_right() and not _is_error(answered)


def _quoted(text: str) -> str:
    """Return a text as an attribute's value; what XML 1.0 cannot hold is left out."""
    return escape("".join(letter for letter in text if letter.isprintable() or letter == " "))
