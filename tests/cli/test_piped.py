"""A bundle that goes from one command to another by a pipe: stdout is its alone, and stdin is read once."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import load

pytestmark = pytest.mark.slow

Installed = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch, crashing: str) -> Evidence:
    """What a look at the cluster would give."""
    evidence = load(Path(crashing))
    monkeypatch.setattr("analyzer.run.runs.read_evidence", lambda *_: evidence)
    return evidence


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_what_is_collected_is_alone_on_stdout(
    collected: Evidence, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, output: str
) -> None:
    assert run(["collect", "--rollout", "cart", "--output", output]) == 0
    written, told = capfdbinary.readouterr()
    (tmp_path / "bundle.json").write_bytes(written)
    assert load(tmp_path / "bundle.json") == collected
    assert b" parts, " in told


def test_what_is_collected_into_a_file_is_said_on_stderr_with_what_judges_it(
    collected: Evidence, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["collect", "--rollout", "cart", "--output", str(tmp_path / "cart.json")]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"judge it: rollout-analyzer analyze --evidence {tmp_path / 'cart.json'}" in shown.err
    assert load(tmp_path / "cart.json") == collected


@pytest.mark.parametrize("place", ["-", "/dev/stdin"])
@pytest.mark.parametrize("options", [[], ["--investigate"]])
def test_what_comes_by_stdin_is_judged_as_the_file_is(
    installed: Installed, crashing: str, tmp_path: Path, place: str, options: list[str]
) -> None:
    (tmp_path / "model.json").write_text(
        json.dumps({"answer": {"verdict": "rollback", "confidence": 90, "summary": "it crashes"}})
    )
    arguments = ("--model", f"scripted:{tmp_path / 'model.json'}", "--format", "json", *options)
    read_from_file = installed("analyze", "--evidence", crashing, *arguments).communicate()[0]
    with (
        Path(crashing).open("rb") as bundle,
        subprocess.Popen(["cat"], stdin=bundle, stdout=subprocess.PIPE) as cat,
    ):
        process = installed("analyze", "--evidence", place, *arguments, stdin=cat.stdout)
        out, told = process.communicate()
    assert process.returncode == 3, told
    judged, expected = json.loads(out), json.loads(read_from_file)
    for each in (judged, expected):
        each.pop("timings")
        each.pop("finished_at", None)
    assert judged == expected


@pytest.mark.parametrize(
    ("given", "says", "code"),
    [
        (
            "",
            "standard input was empty",
            5,
        ),  # whoever was to write it has failed, and may not another time
        ("{", "standard input is not whole JSON", 2),
        ("{}", "standard input is no evidence bundle", 2),
        (None, "there is none", 2),
    ],
)
def test_what_is_no_bundle_on_stdin_is_told(
    installed: Installed, given: str | None, says: str, code: int
) -> None:
    if given is None:
        process = installed("analyze", "--evidence", "-", preexec_fn=lambda: os.close(0))
        _, told = process.communicate()
    else:
        process = installed("analyze", "--evidence", "-", stdin=subprocess.PIPE)
        _, told = process.communicate(given)
    assert process.returncode == code
    assert says in told
    assert "Traceback" not in told


def test_a_pipe_that_nobody_reads_is_told_and_not_waited_for(
    installed: Installed, healthy: str, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "kept")
    process = installed(
        "analyze", "--evidence", healthy, "--model", "builtin", "--save", str(tmp_path / "kept")
    )
    out, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "nobody reads from it" in out + told
