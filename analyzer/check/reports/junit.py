"""The results as JUnit XML: a suite for each check, a failure for what is wrong."""

from collections.abc import Sequence

from analyzer.check.interface import CheckResult, CheckState
from analyzer.check.reports.words import sentence
from analyzer.common import junit
from analyzer.exits import ExitCode

PROBLEMS: dict[CheckState, junit.Problem] = {"wrong": "failure", "unreachable": "error"}


def render(results: Sequence[CheckResult], _code: ExitCode) -> str:
    """Return the XML document. What is out of reach is an error, a note is the output of a test."""
    suites: dict[str, list[junit.JunitCase]] = {}
    for result in results:
        text = "" if result.state == "holds" else sentence(result)
        case = junit.JunitCase(result.about, PROBLEMS.get(result.state, ""), text)
        suites.setdefault(result.check, []).append(case)
    return junit.render("rollout-analyzer check", [junit.Suite(*suite) for suite in suites.items()])
