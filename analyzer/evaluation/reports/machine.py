"""The report as JSON: what `--format json` prints, and what `--baseline` reads. Schema:
docs/schema/evaluation.json.
"""

import msgspec

from analyzer.evaluation.figures import EvalReport


def render(report: EvalReport) -> str:
    """Return the report as indented JSON, its keys in a fixed order."""
    return msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=1).decode() + "\n"
