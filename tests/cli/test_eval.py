"""`eval` as a person runs it: what it prints and writes, exit codes, shards, interrupts, and bad input."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from analyzer.cli import run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "evidence"
SCHEMA = json.loads((ROOT / "docs" / "schema" / "evaluation.json").read_text())
LABELS = {
    "crash-loop": ("rollback", "start", "crash-loop"),
    "healthy": ("promote", "harmless", ""),
    "new-errors": ("rollback", "release", "new-error-template"),
    "oom-kill": ("rollback", "resources", "oom-kill"),
}
BUILTIN = ["--model", "builtin", "--parallel", "2"]

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four recorded canaries and the table of their labels."""
    cases = tmp_path / "cases"
    cases.mkdir()
    rows = ["bundle,outcome,family,finding"]
    for name, labels in LABELS.items():
        (cases / f"{name}.json.gz").write_bytes((EXAMPLES / f"{name}.json.gz").read_bytes())
        rows.append(",".join((f"{name}.json.gz", *labels)))
    (cases / "cases.csv").write_text("\n".join(rows) + "\n")
    return cases


def report(path: Path) -> dict[str, Any]:
    """The figures that do not depend on when and where they were made."""
    whole: dict[str, Any] = json.loads(path.read_text())
    whole.pop("seconds")
    whole.pop("notes")
    for model in whole["by_model"]:
        model["seconds"] = model["slowest"] = None
    return whole


def test_all_reports_are_written_and_say_the_same(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert run(["eval", str(folder), *BUILTIN, "--output", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("4 cases, 4 judgements by builtin")
    assert "100.0 % right" in printed
    whole = json.loads((out / "eval.json").read_text())
    jsonschema.validate(whole, SCHEMA)
    assert whole["confusion"]["fault"]["rollback"] == 3
    assert whole["figures"]["found"]["count"] == whole["figures"]["cited"]["count"] == 3
    suites = ET.fromstring((out / "junit.xml").read_text())
    assert {case.get("name") for case in suites.iter("testcase")} == set(LABELS)
    assert suites.get("failures") == "0"
    page = (out / "eval.html").read_text()
    assert "100.0 % right" in page
    assert "<svg" in page
    assert all(word not in page for word in ("<script", "http://", "https://", "src=", "@import"))
    assert "| right | 100.0 % |" in (out / "eval.md").read_text()


def test_json_goes_to_stdout_where_it_is_asked_for(folder: Path, capsys: Capture) -> None:
    assert run(["eval", str(folder), *BUILTIN, "--format", "json", "--family", "start"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), SCHEMA)


def test_a_summary_of_a_ci_job_gets_the_markdown(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run(["eval", str(folder), *BUILTIN, "--limit", "1"]) == 0
    assert summary.read_text().startswith("before\n## Evaluation\n")


def test_a_missed_threshold_is_exit_code_3(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    table = folder / "cases.csv"
    table.write_text(table.read_text().replace("healthy.json.gz,promote", "healthy.json.gz,rollback"))
    out = tmp_path / "out"
    asked = ["eval", str(folder), *BUILTIN, "--output", str(out)]
    assert run([*asked, "--max-false-promote", "0.2", "--min-right", "0.7"]) == 3
    printed = capsys.readouterr().out
    assert "MISSED --max-false-promote 0.2: 0.25" in printed
    assert "holds  --min-right 0.7: 0.75" in printed
    assert "healthy: promote, right is rollback" in printed
    failed = ET.fromstring((out / "junit.xml").read_text()).findall(".//failure")
    assert len(failed) == 2


def test_a_baseline_is_compared_case_by_case(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert run(["eval", str(folder), *BUILTIN, "--output", str(out)]) == 0
    capsys.readouterr()
    table = folder / "cases.csv"
    table.write_text(table.read_text().replace("healthy.json.gz,promote", "healthy.json.gz,rollback"))
    again = ["eval", str(folder), *BUILTIN, "--output", str(out)]
    assert run([*again, "--baseline", str(out / "eval.json"), "--no-worse"]) == 0
    printed = capsys.readouterr().out
    assert "4 results of an earlier run taken up" in printed
    assert "0 right that were not, 1 not right that were; McNemar's exact test: p = 1" in printed
    assert "no longer right: healthy" in printed


def test_a_bundle_that_cannot_be_read_is_said_counted_and_exit_code_4(folder: Path, capsys: Capture) -> None:
    (folder / "healthy.json.gz").write_text("{")
    (folder / "oom-kill.json.gz").unlink()
    assert run(["eval", str(folder), *BUILTIN]) == 4
    printed = capsys.readouterr().out
    assert "NOT WHOLE: 2 bundles could not be read" in printed
    assert "healthy: not read" in printed
    assert "there is no file" in printed
    assert "50.0 % right" in printed


@pytest.mark.parametrize("shards", [3])
def test_shards_of_which_one_was_killed_amount_to_one_run(
    folder: Path, tmp_path: Path, capsys: Capture, shards: int
) -> None:
    one, shared, merged = tmp_path / "one", tmp_path / "shared", tmp_path / "merged"
    asked = ["eval", str(folder), *BUILTIN, "--repeat", "2"]
    assert run([*asked, "--output", str(one)]) == 0
    for index in range(1, shards + 1):
        assert run([*asked, "--output", str(shared), "--shard", f"{index}/{shards}"]) == 0
    killed = shared / "results-2-of-3.jsonl"
    killed.write_bytes(killed.read_bytes()[:-30])  # as a kill in the middle of a line leaves it
    assert run(["eval", "--merge", str(shared), "--output", str(merged)]) == 4
    assert "NOT WHOLE: 1 judgement not made" in capsys.readouterr().out
    assert run([*asked, "--output", str(shared), "--shard", "2/3"]) == 0
    assert run(["eval", "--merge", str(shared), "--output", str(merged)]) == 0
    assert report(merged / "eval.json") == report(one / "eval.json")


def test_an_interrupt_keeps_what_is_done(
    folder: Path, tmp_path: Path, installed: Callable[..., "subprocess.Popen[str]"]
) -> None:
    script = tmp_path / "slow.json"
    script.write_text(
        json.dumps({"answer": {"verdict": "promote", "confidence": 90, "summary": "x"}, "delay": 1})
    )
    out = tmp_path / "out"
    asked = ["eval", str(folder), "--model", f"scripted:{script}", "--parallel", "1", "--output", str(out)]
    process = installed(*asked)
    journal = out / "results.jsonl"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 2:
        assert process.poll() is None
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "interrupted: what is done is kept" in said
    assert "Traceback" not in said
    done = journal.read_bytes().count(b"\n") - 1
    again = installed(*asked)
    printed, _ = again.communicate()
    assert again.returncode == 0
    assert f"{done} result" in printed
    assert printed.startswith("4 cases, 4 judgements")


class HalfOfTheTime(BaseHTTPRequestHandler):
    """A model's server that refuses every second request."""

    turns: "count[int]"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = {"verdict": "promote", "confidence": 90, "summary": "all is well"}
        body: dict[str, Any] = {
            "choices": [
                {"message": {"role": "assistant", "content": json.dumps(answer)}, "finish_reason": "stop"}
            ],
            "usage": {"prompt_tokens": 3000, "completion_tokens": 50},
        }
        fails = next(self.turns) % 2
        sent = json.dumps({"error": {"message": "refused"}} if fails else body).encode()
        self.send_response(400 if fails else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def half() -> Iterator[str]:
    """The URL of such a server."""
    HalfOfTheTime.turns = count()
    server = ThreadingHTTPServer(("127.0.0.1", 0), HalfOfTheTime)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_model_that_fails_half_of_the_time_abstains_then(folder: Path, half: str, capsys: Capture) -> None:
    table = folder / "cases.csv"
    healthy = "".join(f"copy-{number}.json.gz,promote,harmless,\n" for number in range(4))
    for number in range(4):
        (folder / f"copy-{number}.json.gz").write_bytes((EXAMPLES / "healthy.json.gz").read_bytes())
    table.write_text("bundle,outcome,family,finding\n" + healthy)
    model = f"openai:tiny@{half}"
    assert run(["eval", str(folder), "--model", model, "--parallel", "1", "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    (figures,) = whole["by_model"]
    assert figures["said"] == {"promote": 2, "failed": 2}
    assert figures["right"]["of"] == 2
    assert whole["confusion"]["harmless"]["promote"] == 2
    assert whole["confusion"]["harmless"]["inconclusive"] + whole["confusion"]["harmless"]["error"] == 2
    assert figures["tokens_in"] == 6000


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--shard", "1/2"], "--shard needs --output"),
        (["--shard", "3/2", "--output", "o"], "is no I/N"),
        (["--merge", "o"], "--merge judges nothing"),
        (["--no-worse"], "--no-worse compares with an earlier evaluation"),
        (["--baseline", "nowhere.json"], "there is no file nowhere.json"),
        (["--family", "strat"], "did you mean start?"),
        (["--model", "nobody"], "there is no model 'nobody'"),
        (["--require", "nothing"], "there is no such source"),
        (["--max-false-promote", "2"], "is not in the range"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, more: list[str], words: str
) -> None:
    monkeypatch.chdir(folder.parent)
    assert run(["eval", str(folder), *more]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert shown.out == ""


def test_a_folder_is_needed_and_has_to_have_cases(tmp_path: Path, capsys: Capture) -> None:
    assert run(["eval"]) == 2
    assert "eval needs the folder of the cases" in capsys.readouterr().err
    assert run(["eval", str(tmp_path)]) == 2
    assert "there is no labelled case" in capsys.readouterr().err


def test_results_of_other_settings_are_not_mixed(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    asked = ["eval", str(folder), *BUILTIN, "--limit", "1", "--output", str(tmp_path / "out")]
    assert run(asked) == 0
    assert run([*asked, "--min-confidence", "99"]) == 2
    assert "has results of another evaluation: the settings differ" in capsys.readouterr().err
