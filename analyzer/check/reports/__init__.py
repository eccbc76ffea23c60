"""The reports of a check. A new one is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is written. `table` is `text` for a
person at a terminal.
"""

from collections.abc import Callable, Sequence
from importlib import import_module

from analyzer.check.interface import CheckResult
from analyzer.exits import ExitCode

Render = Callable[[Sequence[CheckResult], ExitCode], str]

REPORTS: dict[str, str] = {
    "text": "analyzer.check.reports.plain:render",
    "table": "analyzer.check.reports.table:render",
    "json": "analyzer.check.reports.machine:render",
    "markdown": "analyzer.check.reports.markdown:render",
    "sarif": "analyzer.check.reports.sarif:render",
    "junit": "analyzer.check.reports.junit:render",
}


def load(name: str) -> Render:
    """Import and return the report of that name."""
    module, function = REPORTS[name].split(":")
    render: Render = getattr(import_module(module), function)
    return render
