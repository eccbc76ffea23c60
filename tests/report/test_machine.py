"""The report for a machine."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema

from analyzer.records.record import Record
from analyzer.report.machine import JsonResult, encode, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "result.json").read_text())


def test_it_is_one_object_by_the_published_schema(recorded: Callable[..., Record]) -> None:
    result = json.loads(render(recorded()))
    jsonschema.validate(result, SCHEMA)
    assert (result["outcome"], result["rule"], result["exit_code"]) == ("rollback", "blocking finding", 3)
    assert result["target"]["rollout"] == "cart"
    assert [verdict["type"] for verdict in result["verdicts"]] == ["verdict", "abstention", "failed"]
    assert [verdict["weight"] for verdict in result["verdicts"]] == [2.0, 1.0, 1.0]
    assert (result["disagree"], result["verdicts"][0]["dropped_quotes"]) == (True, 1)
    assert result["gaps"][0]["advice"] == "grant list on events"
    assert result["timings"] == {"gather": 1.5, "judge": 0.5}


def test_a_run_that_came_to_nothing_is_an_object_by_the_same_schema() -> None:
    result = json.loads(
        encode(
            JsonResult(outcome="error", rule="error", reason="no pod list", advice="grant it", exit_code=5)
        )
    )
    jsonschema.validate(result, SCHEMA)
    assert (result["outcome"], result["advice"]) == ("error", "grant it")
