"""`label`: a case of a saved run, and the entry of the config file that an expected finding suggests."""

import json
import re
from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.evaluation.folder import read_cases

pytestmark = pytest.mark.slow  # each judges whole records or manifests

EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"
ERRORS = str(EXAMPLES / "new-errors.json.gz")

Capture = pytest.CaptureFixture[str]


def label(into: Path, *more: str, record: str = ERRORS) -> int:
    return run(["label", record, "--because", "it was planned", "--into", str(into), *more])


@pytest.mark.slow
def test_a_record_becomes_a_case_that_can_be_judged(tmp_path: Path, capsys: Capture) -> None:
    record = tmp_path / "record.json"
    assert run(["analyze", "--evidence", ERRORS, "--model", "builtin", "--save", str(record)]) == 3
    said = [
        "--outcome",
        "rollback",
        "--family",
        "prices",
        "--finding",
        "error-share",
        "--also",
        "inconclusive",
    ]
    assert label(tmp_path / "cases", *said, record=str(record)) == 0
    (case,) = read_cases(tmp_path / "cases").cases
    assert re.fullmatch(r"shop-cart-\d{8}T\d{6}-[0-9a-f]{6}", case.name)
    assert case.label.right() == {"rollback", "inconclusive"}
    assert (case.label.family, case.label.finding, case.label.why) == (
        "prices",
        "error-share",
        "it was planned",
    )
    capsys.readouterr()
    assert run(["eval", str(tmp_path / "cases"), "--model", "builtin", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["found"]["count"] == 1


def test_what_cannot_be_told_is_labelled_so(tmp_path: Path) -> None:
    assert label(tmp_path, "--outcome", "rollback", "--undecidable") == 0
    (case,) = read_cases(tmp_path).cases
    assert case.label.right() == {"inconclusive"}


def test_a_case_has_one_label(tmp_path: Path, capsys: Capture) -> None:
    assert label(tmp_path, "--outcome", "rollback") == 0
    assert label(tmp_path, "--outcome", "rollback") == 0
    assert label(tmp_path, "--outcome", "promote") == 2
    assert "has another label already" in capsys.readouterr().err
    (case,) = read_cases(tmp_path).cases
    assert case.label.outcome == "rollback"


def test_an_expected_line_is_a_suggested_pattern_that_changes_nothing(
    tmp_path: Path, capsys: Capture
) -> None:
    config = tmp_path / "config.yaml"
    text = "min_share: 0.7\nignore:\n  - lease renewed\n"
    config.write_text(text)
    said = ["--outcome", "promote", "--expected", "new-error-template", "--config", str(config)]
    assert label(tmp_path / "cases", *said) == 0
    shown = capsys.readouterr()
    assert "   - lease renewed\n+  - 'checkout failed error=price service: unknown currency " in shown.out
    assert "a suggestion, not applied" in shown.err
    assert config.read_text() == text


def test_the_suggested_pattern_ignores_that_line(tmp_path: Path, capsys: Capture) -> None:
    assert label(tmp_path / "cases", "--outcome", "promote", "--expected", "new-error-template") == 0
    added = [
        line[1:]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("+") and not line.startswith("+++")
    ]
    config = tmp_path / "config.yaml"
    config.write_text("\n".join(added) + "\n")
    run(["analyze", "--evidence", ERRORS, "--model", "builtin", "--config", str(config), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert "ignored-log-templates" in {graded["finding"]["kind"] for graded in findings}
    assert not [graded for graded in findings if "checkout failed" in graded["finding"]["sentence"]]


def test_an_expected_fault_that_is_no_line_is_a_suggested_severity(tmp_path: Path, capsys: Capture) -> None:
    record = str(EXAMPLES / "oom-kill.json.gz")
    assert label(tmp_path / "cases", "--outcome", "promote", "--expected", "oom-kill", record=record) == 0
    assert "+severity:\n+  oom-kill: info\n" in capsys.readouterr().out


def test_a_suggestion_that_changes_nothing_says_what_speaks_against_the_canary_still(
    tmp_path: Path, capsys: Capture
) -> None:
    assert label(tmp_path / "cases", "--outcome", "promote", "--expected", "F1") == 0
    told = capsys.readouterr().err
    assert "with it the built-in judge says rollback, without it rollback; what speaks against" in told


def test_a_finding_that_is_not_there_is_noted_with_those_that_are(tmp_path: Path, capsys: Capture) -> None:
    assert label(tmp_path / "a", "--outcome", "rollback", "--finding", "nosuch") == 0
    told = capsys.readouterr().err
    assert "no finding here is 'nosuch'; there are: F1 " in told
    assert label(tmp_path / "b", "--outcome", "rollback", "--finding", "error-share") == 0
    assert "no finding here" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--outcome", "rolback"], "is not one of"),
        (["--outcome", "promote", "--expected", "F99"], "there is no such finding"),
        ([], "Missing option '--outcome'"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    tmp_path: Path, capsys: Capture, arguments: list[str], words: str
) -> None:
    assert label(tmp_path / "cases", *arguments) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "cases").exists()


def test_a_record_that_is_none_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert label(tmp_path / "cases", "--outcome", "promote", record=str(tmp_path / "x.json")) == 2
    assert "is no evidence bundle" in capsys.readouterr().err
    assert label(tmp_path / "cases", "--outcome", "promote", record="nowhere.json") == 2
    told = capsys.readouterr().err
    assert "there is no file nowhere.json" in told
    assert "'rollout-analyzer analyze --save FILE' or 'collect --output FILE'" in told


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "cases").write_text("a file")
    assert label(tmp_path / "cases", "--outcome", "promote") == 2
    assert "cannot write" in capsys.readouterr().err
