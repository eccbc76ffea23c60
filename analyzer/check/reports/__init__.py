"""The reports of a check. A new one is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is written. `table` is `text` for a
person at a terminal.
"""

from collections.abc import Callable, Sequence

from analyzer.check.interface import CheckResult
from analyzer.common.lazy_imports import load_object
from analyzer.exits import ExitCode

RenderResults = Callable[[Sequence[CheckResult], ExitCode], str]

REPORTS: dict[str, str] = {
    "text": "analyzer.check.reports.plain:render",
    "table": "analyzer.check.reports.table:render",
    "json": "analyzer.check.reports.machine:render",
    "markdown": "analyzer.check.reports.markdown:render",
    "sarif": "analyzer.check.reports.sarif:render",
    "junit": "analyzer.check.reports.junit:render",
}


def load(name: str) -> RenderResults:
    """Import and return the report of that name."""
    render: RenderResults = load_object(REPORTS[name])
    return render
