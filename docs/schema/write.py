"""Writes the published JSON Schemas from the code's own types: `make golden`."""

import json
from pathlib import Path

from analyzer.check.shown import Report
from analyzer.cli import cli
from analyzer.evidence.bundle import Bundle, schema
from analyzer.options.schema import config_schema
from analyzer.records.record import Record
from analyzer.report.machine import Result
from analyzer.value import Value

PUBLISHED: dict[str, type[Value]] = {"check": Report, "evidence": Bundle, "record": Record, "result": Result}

for name, kind in PUBLISHED.items():
    Path(__file__).with_name(f"{name}.json").write_text(json.dumps(schema(kind), indent=1) + "\n")

Path(__file__).with_name("config.json").write_text(json.dumps(config_schema(cli), indent=1) + "\n")
