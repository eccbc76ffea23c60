"""The reports of an evaluation. A new one is one file here and its line below.

Values are `module:function`, so that a report costs nothing until it is written.
"""

from collections.abc import Callable

from analyzer.common.lazy_imports import load_object
from analyzer.evaluation.figures import EvalReport

RenderEvaluation = Callable[[EvalReport], str]

FILES: dict[str, str] = {
    "eval.json": "analyzer.evaluation.reports.machine:render",
    "eval.md": "analyzer.evaluation.reports.markdown:render",
    "eval.html": "analyzer.evaluation.reports.page:render",
    "junit.xml": "analyzer.evaluation.reports.junit:render",
}
TEXT = "analyzer.evaluation.reports.plain:render"


def load(place: str) -> RenderEvaluation:
    """Import and return a report by its `module:function`."""
    render: RenderEvaluation = load_object(place)
    return render
