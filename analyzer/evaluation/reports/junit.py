"""The report as JUnit XML: a suite for each family, a failure for what is not right."""

from analyzer.common import junit
from analyzer.evaluation.figures import Answered, EvalReport
from analyzer.evaluation.reports import words
from analyzer.evaluation.thresholds import Threshold
from analyzer.report.words import one_line


def render(report: EvalReport) -> str:
    """Return the XML document."""
    families: dict[str, list[junit.JunitCase]] = {}
    for answered in report.answers:
        families.setdefault(one_line(answered.family), []).append(_case(answered))
    suites = [junit.Suite(name, cases) for name, cases in families.items()]
    if report.thresholds:
        suites.append(junit.Suite("thresholds", [*map(_threshold, report.thresholds)]))
    return junit.render("rollout-analyzer eval", suites)


def _case(answered: Answered) -> junit.JunitCase:
    """Return a case; one that is not right because it had no answer at all is an error."""
    name = one_line(answered.name)
    if answered.is_right():
        return junit.JunitCase(name)
    unanswered = set(answered.outcomes) <= {"error", "unread"}
    return junit.JunitCase(name, "error" if unanswered else "failure", words.describe_wrong(answered))


def _threshold(check: Threshold) -> junit.JunitCase:
    return (
        junit.JunitCase(check.option)
        if check.holds
        else junit.JunitCase(check.option, "failure", words.threshold(check))
    )
