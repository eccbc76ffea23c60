"""What a release wrote is read by every later version of the same major one: its bundles, its records, and
its chart (`tests/deploy/test_chart.py`).

`tests/released/VERSION` has what that version itself wrote of its examples; nothing there is ever written
anew.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.evidence.bundle import load
from analyzer.records.previous import read_previous
from analyzer.records.record import Record
from analyzer.records.whole import read_whole
from analyzer.settings import Hide, Where

ROOT = Path(__file__).parents[1]
RELEASED = Path(__file__).with_name("released")
RECORDS = sorted(RELEASED.glob("*/*.record.json.gz"))
BUNDLES = sorted(RELEASED.glob("*/*.bundle.json.gz"))

Judge = Callable[[Path], dict[str, Any]]

pytestmark = pytest.mark.slow  # each judges whole records or manifests


def label(path: Path) -> str:
    return f"{path.parent.name}-{path.name.partition('.')[0]}"


def whole(path: Path) -> Record:
    return read_whole(str(path), Where(), Hide(), Deadline.after(60))


@pytest.fixture
def judged(capsys: pytest.CaptureFixture[str]) -> Judge:
    """What the built-in judge says of a bundle's or a record's evidence, today."""

    def judge(path: Path) -> dict[str, Any]:
        run(["analyze", "--evidence", str(path), "--model", "builtin", "--format", "json"])
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return said

    return judge


def test_there_is_a_folder_for_each_release() -> None:
    releases = set(re.findall(r"^## (\d\S+) - ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    assert {folder.name for folder in RELEASED.iterdir()} == releases
    assert {path.parent.name for path in BUNDLES} == {path.parent.name for path in RECORDS} == releases


@pytest.mark.parametrize("path", [*BUNDLES, *RECORDS], ids=label)
def test_it_was_written_by_that_release(path: Path) -> None:
    import gzip

    assert json.loads(gzip.decompress(path.read_bytes()))["product"] == path.parent.name


@pytest.mark.parametrize("path", BUNDLES, ids=label)
def test_a_bundle_is_judged_as_it_was(path: Path, judged: Judge) -> None:
    then, now = whole(path.with_name(path.name.replace(".bundle.", ".record."))), judged(path)
    assert (now["outcome"], now["rule"], now["exit_code"]) == (
        then.judgement.decision.outcome,
        then.judgement.decision.rule,
        then.exit_code,
    )


@pytest.mark.parametrize("path", RECORDS, ids=label)
def test_a_record_is_shown_with_the_answer_that_it_had(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    then = whole(path)
    assert run(["report", str(path), "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["outcome"], shown["exit_code"]) == (then.judgement.decision.outcome, then.exit_code)
    for form in ("page", "markdown", "text"):
        assert run(["report", str(path), "--format", form]) == 0


@pytest.mark.parametrize("path", RECORDS, ids=label)
def test_a_record_is_evidence_that_is_judged_as_its_bundle(path: Path, judged: Judge) -> None:
    bundles = [each for each in BUNDLES if load(each) == load(path)]
    assert len(bundles) == 1
    assert judged(path)["outcome"] == judged(bundles[0])["outcome"]


@pytest.mark.parametrize("path", RECORDS, ids=label)
def test_a_record_is_an_earlier_answer(path: Path) -> None:
    assert read_previous(path).answer.outcome == whole(path).judgement.decision.outcome


def test_an_option_that_has_another_name_now_keeps_its_value_and_its_origin() -> None:
    settings = whole(RELEASED / "0.1.0/two-models.record.json.gz").settings
    assert (settings.rules.min_fault_age, settings.rules.min_ready_time) == (30, 10)
    assert (settings.origins["min_fault_age"], settings.origins["min_ready_time"]) == ("option", "option")
