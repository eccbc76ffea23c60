"""The reports of an evaluation. A new one is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is written.
"""

from collections.abc import Callable
from importlib import import_module

from analyzer.evaluation.figures import EvalReport

Render = Callable[[EvalReport], str]

FILES: dict[str, str] = {
    "eval.json": "analyzer.evaluation.reports.machine:render",
    "eval.md": "analyzer.evaluation.reports.markdown:render",
    "eval.html": "analyzer.evaluation.reports.page:render",
    "junit.xml": "analyzer.evaluation.reports.junit:render",
}
TEXT = "analyzer.evaluation.reports.plain:render"


def load(place: str) -> Render:
    """Import and return a report by its `module:function`."""
    module, function = place.split(":")
    render: Render = getattr(import_module(module), function)
    return render
