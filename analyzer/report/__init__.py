"""Reports render a finished record. A new report is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is asked for.
"""

from importlib import import_module

from analyzer.report.interface import Report

REPORTS: dict[str, str] = {
    "console": "analyzer.report.console:render",
    "json": "analyzer.report.machine:render",
    "plain": "analyzer.report.plain:render",
    "termination": "analyzer.report.termination:render",
}


def report(name: str) -> Report:
    """The report of that name."""
    module, function = REPORTS[name].split(":")
    found: Report = getattr(import_module(module), function)
    return found
