"""None of the secrets is in anything that is kept, sent or shown; ordinary lines stay as they are."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from analyzer.cli import run
from analyzer.evidence.bundle import Bundle, RawLog, encode, load
from analyzer.evidence.events import Event, Events
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.redact import count_masked, redact
from analyzer.report import REPORTS, load_report

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from tests.corpus_redaction.conftest import Secret

RECORDED = Path(__file__).parents[2] / "examples" / "evidence" / "new-errors.json.gz"


def left(secrets: "Iterable[Secret]", *texts: str) -> list[str]:
    return [
        f"{each.kind}: {each.line}"
        for each in secrets
        if any(trace in text for trace in each.traces() for text in texts)
    ]


def test_there_are_200_secrets_of_25_kinds_and_each_is_in_its_line(secrets: "list[Secret]") -> None:
    assert len(secrets) == 200
    assert len({each.kind for each in secrets}) == 25
    assert all(each.secret in each.line for each in secrets)


def test_none_of_them_is_left_in_its_line_and_each_leaves_a_marker(secrets: "list[Secret]") -> None:
    assert [line for each in secrets for line in left([each], redact(each.line))] == []
    assert [each.line for each in secrets if not count_masked(redact(each.line))] == []


def test_at_most_one_ordinary_line_in_a_hundred_is_altered(ordinary: list[str]) -> None:
    assert len(ordinary) == 2000
    assert len(set(ordinary)) > 1000
    altered = [(line, redact(line)) for line in ordinary if redact(line) != line]
    assert len(altered) <= 20, altered


@pytest.fixture
def told(
    tmp_path: Path, secrets: "list[Secret]", ordinary: list[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A bundle from elsewhere that nobody has masked, and two models that repeat all they were never
    shown.
    """
    monkeypatch.setenv("HOME", str(tmp_path))
    recorded = load(RECORDED)
    parts = [part for part in recorded.parts if not isinstance(part, (Logs, Events))]
    events = tuple(
        Event(object="Pod/p", type="Warning", reason="Failed", message=each.line) for each in secrets
    )
    gaps = tuple(Gap(source="metrics", side="canary", reason=each.line, advice=each.line) for each in secrets)
    evidence = msgspec.structs.replace(
        recorded, parts=(*parts, Events(side="canary", events=events)), gaps=gaps, mismatch=secrets[0].line
    )
    lines = tuple(part for each in secrets for part in each.line.split("\n"))
    raw = (
        RawLog(side="stable", pod="s", container="app", lines=tuple(ordinary)),
        RawLog(side="canary", pod="c", container="app", lines=(*ordinary, *lines)),
    )
    (tmp_path / "raw.json").write_bytes(encode(Bundle(evidence=evidence, raw_logs=raw)))
    said = "\n".join(each.line for each in secrets)
    answer = {
        "verdict": "rollback",
        "confidence": 90,
        "summary": said,
        "root_cause": said,
        "remediation": said,
        "quotes": [said],
    }
    (tmp_path / "echo.json").write_text(json.dumps({"answer": answer}))
    (tmp_path / "fails.json").write_text(json.dumps({"failure": {"reason": said, "advice": said}}))
    return {
        "raw": str(tmp_path / "raw.json"),
        "models": [f"scripted:{tmp_path / name}.json" for name in ("echo", "fails")],
    }


def test_none_leaves_by_bundle_prompt_record_or_report(
    told: dict[str, Any], tmp_path: Path, secrets: "list[Secret]", capsys: pytest.CaptureFixture[str]
) -> None:
    record, termination = tmp_path / "record.json", tmp_path / "termination"
    models = [argument for model in told["models"] for argument in ("--model", model)]
    texts = {}
    for output in ("text", "json"):
        arguments = [
            "--evidence",
            told["raw"],
            *models,
            "--save",
            str(record),
            "--termination-log",
            str(termination),
            "--format",
            output,
        ]
        assert run(["analyze", *arguments, "--prompt-tokens", "200000"]) in (0, 3, 4)
        texts[output] = "".join(capsys.readouterr())
    run(["prompt", "--evidence", told["raw"], "--prompt-tokens", "200000"])
    texts["prompt"] = "".join(capsys.readouterr())
    texts |= {"record": record.read_text(), "termination": termination.read_text()}
    from analyzer.records.record import Record

    kept = msgspec.json.decode(record.read_bytes(), type=Record)
    texts |= {name: load_report(name)(kept) for name in REPORTS}
    texts["bundle"] = encode(Bundle(evidence=kept.evidence)).decode()
    for name, text in texts.items():
        assert left(secrets, text) == [], name
    assert kept.evidence.masked == count_masked(
        msgspec.json.encode((kept.evidence.parts, kept.evidence.gaps, kept.evidence.mismatch)).decode()
    )
    assert sum(kept.evidence.masked.values()) > 400
    assert "[masked github token]" in texts["prompt"]
    assert "[masked github token]" in texts["json"]


def test_none_leaves_by_an_error(
    tmp_path: Path,
    secrets: "list[Secret]",
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from analyzer.errors import InfrastructureError

    said = " ".join(each.line for each in secrets[:20])

    def fail(*_: object) -> None:
        raise InfrastructureError(said, advice=said) from ValueError(said)

    monkeypatch.setattr("analyzer.run.waiting.gather", fail)
    assert (
        run(
            [
                "analyze",
                "-n",
                "shop",
                "--rollout",
                "cart",
                "--verbose",
                "--format",
                "json",
                "--model",
                "builtin",
            ]
        )
        == 5
    )
    assert left(secrets, "".join(capsys.readouterr())) == []
