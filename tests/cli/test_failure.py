"""An error is an answer, too: on stderr, as an object, and as the termination message, whichever way it came
about.
"""

import json
from pathlib import Path

import jsonschema
import pytest

from analyzer.cli import run

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "result.json").read_text())

Capture = pytest.CaptureFixture[str]

WRONG = {
    "an option that there is not": (["--rolout", "cart"], "No such option"),
    "a letter that there is not": (["-xy"], "No such option"),
    "an option's value": (["--min-fault-age", "soon"], "no duration"),
    "a config file": (["--config", "wrong.yaml"], "there is no key 'min_fault_agee'"),
    "a model": (["--model", "gpt"], "there is no model 'gpt'"),
    "evidence": (["--evidence", "nowhere.json"], "there is no file nowhere.json"),
    "evidence twice": (["--evidence", "a.json", "--evidence=b.json"], "--evidence is given twice"),
    "what is no text": (["--extra-prompt", "b\udcffd"], "not UTF-8"),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.yaml").write_text("min_fault_agee: 2m\n")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["analyze", "guard"])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_everywhere(capsys: Capture, command: str, wrong: str) -> None:
    arguments, says = WRONG[wrong]
    if command == "guard" and arguments[0] not in ("--rolout", "-xy", "--min-fault-age", "--config"):
        return
    assert run([command, *arguments, "--format", "json", "--termination-log", "message"]) == 2
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    jsonschema.validate(told, SCHEMA)
    assert (told["outcome"], told["exit_code"]) == ("error", 2)
    assert says in told["reason"]
    assert Path("message").read_text().startswith(f"error: {told['reason']}")
    assert says in shown.err


def test_where_it_is_told_may_stand_in_the_environment_or_behind_an_equals_sign(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_FORMAT", "json")
    assert run(["analyze", "--min-fault-age", "soon", "--termination-log=message"]) == 2
    assert "no duration" in json.loads(capsys.readouterr().out)["reason"]
    assert "no duration" in Path("message").read_text()


def test_a_bug_is_told_where_people_look(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, healthy: str
) -> None:
    monkeypatch.setattr("analyzer.run.runs.judge", lambda *_: 1 / 0)
    assert run(["analyze", "--evidence", healthy, "--format", "json", "--termination-log", "message"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["exit_code"]) == ("error", 1)
    assert "a bug in rollout-analyzer" in told["reason"]
    assert Path("message").read_text().startswith("error: a bug in rollout-analyzer")


def test_a_bug_before_the_run_is_told_there_as_well(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.config.read_config", lambda *_: 1 / 0)
    arguments = ["analyze", "--config", "wrong.yaml", "--format", "json", "--termination-log", "message"]
    assert run(arguments) == 1
    assert "a bug in rollout-analyzer" in json.loads(capsys.readouterr().out)["reason"]
    assert Path("message").read_text().startswith("error: a bug in rollout-analyzer")


def test_what_is_told_early_is_masked_as_well(capsys: Capture) -> None:
    key = "sk" + "-" + "a1B2" * 8
    run(["analyze", "--min-fault-age", key, "--format", "json", "--termination-log", "message"])
    shown = capsys.readouterr()
    assert key not in shown.out
    assert key not in shown.err
    assert "[masked api key]" in shown.err
    assert key not in Path("message").read_text()


@pytest.mark.parametrize("command", ["collect", "prompt"])
def test_a_command_that_reports_nothing_leaves_stdout_alone(capsys: Capture, command: str) -> None:
    assert run([command, "--format", "json", "--min-fault-agee", "1"]) == 2
    assert capsys.readouterr().out == ""
