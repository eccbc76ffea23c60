import json
import re
from pathlib import Path

import jsonschema

from analyzer.check.interface import Result
from analyzer.check.shown import machine, plain, table
from analyzer.exits import Exit

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "check.json").read_text())

RESULTS = (
    Result(check="cluster", state="holds", about="Kubernetes API", what="[bold]answers[/bold]"),
    Result(check="permission", state="wrong", about="list pods in shop", what="not granted", advice="grant it"),
    Result(check="model", state="unreachable", about="ollama", what="no answer"),
)


def test_plain_lines_say_what_to_do_below_what_does_not_hold() -> None:
    assert plain(RESULTS, Exit.USAGE).splitlines() == [
        "holds       cluster    Kubernetes API: [bold]answers[/bold]",
        "wrong       permission list pods in shop: not granted",
        "                       → grant it",
        "unreachable model      ollama: no answer",
        "1 hold, 1 wrong, 1 out of reach, exit code 2",
    ]


def test_the_table_says_the_same_with_nothing_read_as_markup() -> None:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", table(RESULTS, Exit.USAGE))
    for text in ("[bold]answers[/bold]", "list pods in shop", "→ grant it", "1 hold, 1 wrong, 1 out of reach, exit code 2"):
        assert text in shown


def test_a_machine_reads_one_object_by_the_published_schema() -> None:
    told = json.loads(machine(RESULTS, Exit.USAGE))
    jsonschema.validate(told, SCHEMA)
    assert told["exit_code"] == 2
    assert [each["state"] for each in told["results"]] == ["holds", "wrong", "unreachable"]
    assert told["results"][1]["advice"] == "grant it"
