"""`--previous`: what a saved record says was answered before, whose it has to be, and that it decides
nothing.
"""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzer.cli import run
from analyzer.errors import UsageError
from analyzer.evidence.bundle import load
from analyzer.evidence.previous_answers import EarlierAnswer
from analyzer.prompt.sections import estimate
from analyzer.records.previous import MOST_ANSWERS, Recorded, match_canary, read_previous

pytestmark = [pytest.mark.usefixtures("bare_environment"), pytest.mark.slow]
ROOT = Path(__file__).parents[2]
ERRORS, HEALTHY = (
    str(ROOT / "examples" / "evidence" / f"{name}.json.gz") for name in ("new-errors", "healthy")
)

Capture = pytest.CaptureFixture[str]
Save = Callable[..., str]


@pytest.fixture
def save(tmp_path: Path, capsys: Capture) -> Save:
    """The file of a record that judged a bundle some minutes before the bundle's own time."""

    def saved(
        bundle: str, *arguments: str, minutes: float = 10, name: str = "earlier.json", **changes: Any
    ) -> str:
        whole = tmp_path / "whole.json"
        run(["analyze", "--evidence", bundle, "--save", str(whole), *arguments])
        capsys.readouterr()
        record = json.loads(whole.read_text())
        record["evidence"]["window"]["end"] = (
            load(Path(bundle)).window.end - timedelta(minutes=minutes)
        ).isoformat()
        record["evidence"]["target"].update(changes)
        content = json.dumps(record).encode()
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return str(tmp_path / name)

    return saved


def scripted(tmp_path: Path, *steps: dict[str, Any]) -> str:
    (tmp_path / "script.json").write_text(json.dumps(steps))
    return f"scripted:{tmp_path / 'script.json'}"


def prompt(capsys: Capture, *arguments: str) -> str:
    assert run(["prompt", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["earlier.json", "earlier.json.gz"])
def test_a_record_is_read_to_its_answer_and_each_models_voice(save: Save, tmp_path: Path, name: str) -> None:
    failing = scripted(tmp_path, {"failure": {"reason": "gone"}})
    recorded = read_previous(Path(save(ERRORS, "--model", "builtin", "--model", failing, name=name)))
    assert recorded.answer.outcome == "inconclusive"
    assert recorded.answer.rule == "quorum"
    assert "1 of 2 models" in recorded.answer.reason
    assert recorded.answer.voices == (
        EarlierAnswer(model="builtin", said="rollback", confidence=99),
        EarlierAnswer(model=failing, said="failed"),
    )


@pytest.mark.slow
def test_the_prompt_carries_it_between_delimiters_of_its_own_each_line_marked(
    save: Save, capsys: Capture
) -> None:
    text = prompt(capsys, "--evidence", ERRORS, "--previous", save(ERRORS))
    nonce = load(Path(ERRORS)).nonce
    inside = text.split(f"<<<earlier {nonce}>>>\n")[1].split(f"<<<end of earlier {nonce}>>>")[0]
    at, why, voice = inside.splitlines()
    earlier = load(Path(ERRORS)).window.end - timedelta(minutes=10)
    assert (at, voice) == (f"{earlier.isoformat()}: rollback", "| builtin: rollback, 99 %")
    assert why.startswith(
        "| confidence: container cart logs an error line that stable never logs: checkout failed"
    )
    assert why.endswith("; said by builtin (99 %)")
    assert "earlier" not in prompt(capsys, "--evidence", ERRORS)


def test_it_is_no_evidence_a_quote_of_it_does_not_hold(save: Save, capsys: Capture, tmp_path: Path) -> None:
    answer = {
        "verdict": "rollback",
        "confidence": 90,
        "summary": "As before.",
        "quotes": ["builtin: rollback, 99 %"],
    }
    model = scripted(tmp_path, {"answer": answer}, {"answer": answer})
    earlier = save(ERRORS)
    assert (
        run(["analyze", "--evidence", ERRORS, "--previous", earlier, "--model", model, "--format", "json"])
        == 4
    )
    assert "without a basis in the evidence" in json.loads(capsys.readouterr().out)["verdicts"][0]["reason"]


@pytest.mark.slow
def test_it_changes_no_finding_and_no_decision(save: Save, capsys: Capture) -> None:
    told = []
    for more in ((), ("--previous", save(ERRORS)), ("--previous", save(ERRORS, "--quorum", "2"))):
        run(["analyze", "--evidence", ERRORS, "--format", "json", *more])
        result = json.loads(capsys.readouterr().out)
        told.append(
            [result[key] for key in ("outcome", "rule", "reason", "confidence", "findings", "verdicts")]
        )
    assert told[0] == told[1] == told[2]


@pytest.mark.slow
def test_a_record_replays_to_the_same_prompt_without_the_earlier_files(
    save: Save, capsys: Capture, tmp_path: Path
) -> None:
    whole = str(tmp_path / "new.json")
    earlier = save(ERRORS)
    first = prompt(capsys, "--evidence", ERRORS, "--previous", earlier)
    run(["analyze", "--evidence", ERRORS, "--previous", earlier, "--save", whole])
    capsys.readouterr()
    Path(earlier).unlink()
    assert prompt(capsys, "--evidence", whole) == first
    assert json.loads(Path(whole).read_text())["judgement"]["prompt"]["text"] == first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"canary": {"role": "canary", "selector": "x=2", "hash": "zzz"}},
            "it is about another canary (zzz)",
        ),
        ({"canary": None}, "it is about another canary (none)"),
        ({"rollout": "other"}, "it is about shop/other"),
        ({"namespace": "other"}, "it is about other"),
        ({"minutes": 0}, "it is not earlier"),
    ],
)
def test_one_of_another_canary_or_time_is_left_out_and_said(
    save: Save, capsys: Capture, changes: dict[str, Any], why: str
) -> None:
    earlier = save(ERRORS, **changes)
    assert f"previous: {earlier} is left out: {why}" in prompt(
        capsys, "--evidence", ERRORS, "--previous", earlier
    )
    assert run(["analyze", "--evidence", ERRORS, "--previous", earlier]) == 3
    assert f"previous: {earlier} is left out: {why}" in capsys.readouterr().out


def test_only_the_latest_few_are_shown_the_latest_first(save: Save) -> None:
    one, seen = read_previous(Path(save(ERRORS))), load(Path(ERRORS))
    many = [
        Recorded(
            file=f"{number}",
            target=one.target,
            answer=msgspec.structs.replace(one.answer, at=one.answer.at - timedelta(hours=number)),
        )
        for number in (3, 0, 6, 1, 4, 2, 5)
    ]
    answers, gaps = match_canary(many, seen.target, seen.window)
    assert [answer.at for answer in answers] == [
        one.answer.at - timedelta(hours=number) for number in range(MOST_ANSWERS)
    ]
    assert [gap.reason for gap in gaps] == [
        f"{number} is left out: only the latest {MOST_ANSWERS} are shown" for number in (5, 6)
    ]
    assert all(gap.minor for gap in gaps)


@pytest.mark.slow
def test_it_counts_in_the_prompts_budget_and_goes_before_the_findings_do(save: Save, capsys: Capture) -> None:
    earlier = save(ERRORS)
    whole = estimate(prompt(capsys, "--evidence", ERRORS))
    for budget in range(whole, 1000, -100):
        text = prompt(capsys, "--evidence", ERRORS, "--previous", earlier, "--prompt-tokens", str(budget))
        assert estimate(text) <= budget
        if "1 of 1 earlier answers" in text:
            break
    assert "1 of 1 earlier answers" in text
    assert "F1 [warning]" in text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"schema": "rollout-analyzer/record", "version": 1}',
        b"\x1f\x8b\x08",
    ],
)
def test_a_file_that_is_no_record_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: Capture, content: bytes
) -> None:
    (tmp_path / "broken").write_bytes(content)
    assert run(["analyze", "--evidence", HEALTHY, "--previous", str(tmp_path / "broken")]) == 2
    shown = capsys.readouterr()
    assert str(tmp_path / "broken") in shown.err
    assert "Traceback" not in shown.err


def test_a_bundle_is_no_record_and_one_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no record"):
        read_previous(Path(HEALTHY))
    with pytest.raises(UsageError, match="there is no file"):
        read_previous(tmp_path / "nowhere.json")


@pytest.mark.slow
def test_a_secret_in_a_record_from_elsewhere_is_masked(save: Save, capsys: Capture) -> None:
    earlier = Path(save(ERRORS))
    record = json.loads(earlier.read_text())
    token = "gh" + "p_" + "a1B2" * 9
    record["judgement"]["decision"]["reason"] = f"token={token}"
    earlier.write_text(json.dumps(record))
    whole = earlier.with_name("new.json")
    run(["analyze", "--evidence", ERRORS, "--previous", str(earlier), "--save", str(whole)])
    record = json.loads(whole.read_text())
    for text in (
        prompt(capsys, "--evidence", ERRORS, "--previous", str(earlier)),
        json.dumps(record),
        json.dumps(record["evidence"]),
    ):
        assert token not in text
        assert "token=[masked github token]" in text
    assert record["evidence"]["masked"] == {"github token": 1}
