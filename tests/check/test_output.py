import json
import re
from pathlib import Path

import jsonschema

from analyzer.check.interface import CheckResult
from analyzer.check.output import render_json, render_plain, render_table
from analyzer.exits import ExitCode

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "check.json").read_text())

RESULTS = (
    CheckResult(check="cluster", state="holds", about="Kubernetes API", what="[bold]answers[/bold]"),
    CheckResult(
        check="permission", state="wrong", about="list pods in shop", what="not granted", advice="grant it"
    ),
    CheckResult(check="model", state="unreachable", about="ollama", what="no answer"),
)


def test_plain_lines_say_what_to_do_below_what_does_not_hold() -> None:
    assert render_plain(RESULTS, ExitCode.USAGE).splitlines() == [
        "holds       cluster    Kubernetes API: [bold]answers[/bold]",
        "wrong       permission list pods in shop: not granted",
        "                       → grant it",
        "unreachable model      ollama: no answer",
        "1 hold, 1 wrong, 1 out of reach, exit code 2",
    ]


def test_the_table_says_the_same_with_nothing_read_as_markup() -> None:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", render_table(RESULTS, ExitCode.USAGE))
    for text in (
        "[bold]answers[/bold]",
        "list pods in shop",
        "→ grant it",
        "1 hold, 1 wrong, 1 out of reach, exit code 2",
    ):
        assert text in shown


def test_a_machine_reads_one_object_by_the_published_schema() -> None:
    told = json.loads(render_json(RESULTS, ExitCode.USAGE))
    jsonschema.validate(told, SCHEMA)
    assert told["exit_code"] == 2
    assert [each["state"] for each in told["results"]] == ["holds", "wrong", "unreachable"]
    assert told["results"][1]["advice"] == "grant it"
