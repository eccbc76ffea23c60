"""Writes the published JSON Schemas from the code's own types, and the reference of all options: `make
golden`.
"""

import json
import runpy
from pathlib import Path

from analyzer.check.reports.machine import CheckReport
from analyzer.cli import cli
from analyzer.common.value import Value
from analyzer.evaluation.figures import EvalReport
from analyzer.evidence.bundle import Bundle, build_schema
from analyzer.options.schema import config_schema
from analyzer.records.record import Record
from analyzer.report.machine import JsonResult
from analyzer.webhooks.handoff import Handoff

PUBLISHED: dict[str, type[Value]] = {
    "check": CheckReport,
    "evaluation": EvalReport,
    "evidence": Bundle,
    "handoff": Handoff,
    "record": Record,
    "result": JsonResult,
}

for name, kind in PUBLISHED.items():
    Path(__file__).with_name(f"{name}.json").write_text(json.dumps(build_schema(kind), indent=1) + "\n")

Path(__file__).with_name("config.json").write_text(json.dumps(config_schema(cli), indent=1) + "\n")

runpy.run_path(str(Path(__file__).with_name("options.py")), run_name="__main__")
runpy.run_path(str(Path(__file__).with_name("chart.py")), run_name="__main__")
