"""JUnit XML, as CI servers read it. https://github.com/testmoapp/junitxml"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Problem = Literal["", "failure", "error"]


@dataclass(frozen=True)
class JunitCase:
    """One test, and what came of it. A `problem` is a failure, or an error where there was no answer; without
    one, `text` is what the test says of itself, or empty.
    """

    name: str
    problem: Problem = ""
    text: str = ""


@dataclass(frozen=True)
class Suite:
    """The tests of one name."""

    name: str
    cases: Sequence[JunitCase]


def render(name: str, suites: Sequence[Suite]) -> str:
    """Return the XML document."""
    return "\n".join(_lines(name, suites)) + "\n"


def _lines(name: str, suites: Sequence[Suite]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites {_head(name, [case for suite in suites for case in suite.cases])}>"
    for suite in suites:
        yield f"<testsuite {_head(suite.name, suite.cases)}>"
        for case in suite.cases:
            yield (
                f'<testcase classname="{_quoted(suite.name)}"'
                f' name="{_quoted(case.name)}">{_said(case)}</testcase>'
            )
        yield "</testsuite>"
    yield "</testsuites>"


def _head(name: str, cases: Sequence[JunitCase]) -> str:
    problems = [case.problem for case in cases]
    counts = f'failures="{problems.count("failure")}" errors="{problems.count("error")}"'
    return f'name="{_quoted(name)}" tests="{len(cases)}" {counts}'


def _said(case: JunitCase) -> str:
    if case.problem:
        return f'<{case.problem} message="{_quoted(case.text)}"/>'
    return f"<system-out>{_quoted(case.text)}</system-out>" if case.text else ""


def _quoted(text: str) -> str:
    """Return a text as XML has it, also as an attribute's value. What XML 1.0 cannot hold is left out."""
    return escape("".join(letter for letter in text if letter.isprintable() or letter == " "))
