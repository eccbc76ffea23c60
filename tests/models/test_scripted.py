import json
import re
from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.models.scripted import Step, create

ASKED = (Turn(role="user", text="judge"),)
AGAIN = (*ASKED, Turn(role="model", text="?"), Turn(role="user", text="again"))


def said(
    path: Path, text: str, question: Question, turns: tuple[Turn, ...] = ASKED
) -> Reply | Calls | Failure:
    path.write_text(text)
    return create(str(path), {}).ask(question, turns, Deadline.after(10))


def test_a_single_step_may_stand_alone(tmp_path: Path, question: Question) -> None:
    assert said(tmp_path / "s", '{"text": "hello"}', question) == Reply(text="hello", latency=0.0)


def test_the_nth_message_gets_the_nth_step(tmp_path: Path, question: Question) -> None:
    script = '[{"text": "first"}, {"answer": {"verdict": "promote"}, "delay": 0}]'
    assert said(tmp_path / "s", script, question) == Reply(text="first", latency=0.0)
    assert said(tmp_path / "s", script, question, AGAIN) == Reply(text='{"verdict":"promote"}', latency=0.0)


def test_a_script_that_ends_too_early_fails_and_never_starts_again(
    tmp_path: Path, question: Question
) -> None:
    reply = said(tmp_path / "s", '[{"text": "first"}]', question, AGAIN)
    assert isinstance(reply, Failure)
    assert "1 step" in reply.reason


def test_a_step_may_call_tools(tmp_path: Path, question: Question) -> None:
    reply = said(tmp_path / "s", '{"calls": [{"name": "logs", "arguments": {"pod": "cart-1"}}]}', question)
    assert reply == Calls(calls=(Call(name="logs", arguments={"pod": "cart-1"}),), latency=0.0)


def test_a_failure_is_given_as_it_stands(tmp_path: Path, question: Question) -> None:
    reply = said(tmp_path / "s", '{"failure": {"reason": "queue full", "retryable": true}}', question)
    assert reply == Failure(reason="queue full", retryable=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[{}]",
        '{"text": "a", "answer": {}}',
        '{"text": 1}',
        '{"calls": []}',
        '{"calls": [{"name": "logs"}], "text": "a"}',
        '{"txt": "a"}',
        '{"text": "a", "delay": -1}',
        "3",
        "\xff\x00",
        '{"failure": {}}',
    ],
)
def test_a_broken_script_is_a_usage_error(tmp_path: Path, question: Question, text: str) -> None:
    with pytest.raises(UsageError, match="is no script"):
        said(tmp_path / "s", text, question)


def test_bytes_that_are_no_text_are_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b'{"text": "\xff"}')
    with pytest.raises(UsageError, match="is no script"):
        create(str(tmp_path / "s"), {})


@pytest.mark.parametrize("missing", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match="cannot read the script"):
        create(str(tmp_path / missing), {})


def test_the_file_must_be_named() -> None:
    with pytest.raises(UsageError, match="needs its file"):
        create("", {})


ROOT = Path(__file__).parents[2]
SHOWN = re.search(
    r"## A scripted model\n.*?```json\n(.*?)```\n(.*)", (ROOT / "docs" / "verdicts.md").read_text(), re.DOTALL
)


def test_the_script_that_the_documentation_shows_is_asked_again_and_promotes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SHOWN
    (tmp_path / "script.json").write_text(SHOWN[1])
    evidence = str(ROOT / "examples" / "evidence" / "healthy.json.gz")
    assert (
        run(
            [
                "analyze",
                "--evidence",
                evidence,
                "--model",
                f"scripted:{tmp_path / 'script.json'}",
                "--format",
                "json",
            ]
        )
        == 0
    )
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    assert verdict["answer"]["summary"] == "Both sides behave alike."


def test_the_documentation_names_what_a_step_can_have() -> None:
    assert SHOWN
    assert {*re.findall(r"^\| `(\w+)` \|", SHOWN[2], re.MULTILINE), "delay"} == set(Step.__struct_fields__)
