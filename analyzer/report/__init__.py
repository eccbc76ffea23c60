"""Reports render a finished record. A new report is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is asked for.
"""

from analyzer.common.lazy_imports import load_object
from analyzer.report.interface import Report

REPORTS: dict[str, str] = {
    "console": "analyzer.report.console:render",
    "json": "analyzer.report.machine:render",
    "markdown": "analyzer.report.markdown:render",
    "page": "analyzer.report.page:render",
    "plain": "analyzer.report.plain:render",
    "termination": "analyzer.report.termination:render",
}


def load_report(name: str) -> Report:
    """Import and return the report of that name."""
    render: Report = load_object(REPORTS[name])
    return render
