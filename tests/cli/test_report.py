"""`report`, and `analyze --report`: the page of a record, and no answer lost for want of one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.cli import run

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow  # a server, or a whole run, each time


def analyze(evidence: str, *more: str) -> int:
    return run(["analyze", "--evidence", evidence, "--model", "builtin", *more])


@pytest.fixture
def kept(crashing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A record that was kept, and beside it the page that the same run wrote."""
    record = tmp_path / "record.json.gz"
    assert analyze(crashing, "--save", str(record), "--report", str(tmp_path / "run.html")) == 3
    capsys.readouterr()
    return record


def test_the_page_of_a_record_is_the_page_of_its_run(kept: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(["report", str(kept), "--output", str(page)]) == 0
    assert page.read_bytes() == (tmp_path / "run.html").read_bytes()
    assert page.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("page", "<!DOCTYPE html>"),
        ("markdown", "## ROLLBACK: `shop/cart`"),
        ("text", "ROLLBACK shop/cart"),
    ],
)
def test_a_record_is_shown_in_every_form(
    kept: Path, capsys: pytest.CaptureFixture[str], form: str, start: str
) -> None:
    assert run(["report", str(kept), "--format", form]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_as_json_it_is_what_the_run_said(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(kept), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["outcome"], result["exit_code"]) == ("rollback", 3)


def test_a_page_is_opened_where_that_is_asked_for(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the browser that BROWSER names, as the standard library has it: in a process of its own."""
    page, opened = tmp_path / "my page.html", tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n')
    browser.chmod(0o755)
    command = [sys.executable, "-m", "analyzer", "report", str(kept), "--output", str(page)]
    for more in ([], ["--open"]):
        assert not opened.exists()
        environment = {**os.environ, "BROWSER": f"{browser} %s"}
        subprocess.run([*command, *more], env=environment, check=True, capture_output=True, cwd=ROOT)
    assert opened.read_text() == page.as_uri()


def test_a_link_of_the_record_is_not_taken_over(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record may be somebody else's; where the documentation is, the one who reads it says."""
    import gzip

    whole = json.loads(gzip.decompress(kept.read_bytes()))
    whole["settings"].setdefault("tell", {})["findings_link"] = "https://evil.example/findings.md"
    kept.write_bytes(gzip.compress(json.dumps(whole).encode()))
    for form in ("page", "markdown"):
        assert run(["report", str(kept), "--format", form]) == 0
        assert "evil.example" not in capsys.readouterr().out
        mine = ["--findings-link", "https://git.example.com/findings.md"]
        assert run(["report", str(kept), "--format", form, *mine]) == 0
        assert "https://git.example.com/findings.md#crash-loop" in capsys.readouterr().out


def test_a_bundle_is_judged_first(healthy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", healthy]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is a bundle, which nobody has judged" in shown.err
    assert f"rollout-analyzer analyze --evidence {healthy} --report page.html" in shown.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["no-such.json"],
            "there is no file no-such.json\n  write one with 'rollout-analyzer analyze --save FILE'",
        ),
        (["configmap:A B"], "names no ConfigMap"),
        (["record", "--open"], "--output names none"),
        (["record", "--output", "/no/such/folder/page.html"], "cannot write /no/such/folder/page.html"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert run(["report", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_record_of_another_form_says_what_to_do(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import gzip

    whole = json.loads(gzip.decompress(kept.read_bytes()))
    whole["judgement"]["decision"]["outcome"] = "perhaps"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(whole))
    assert run(["report", str(other)]) == 2
    assert "is no record of this version" in capsys.readouterr().err


def test_a_secret_in_a_record_of_somebody_else_is_masked(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import gzip

    whole = json.loads(gzip.decompress(kept.read_bytes()))
    whole["judgement"]["findings"][0]["finding"]["sentence"] = "password=hunter2hunter2 is refused"
    whole["judgement"]["prompt"]["text"] += "\npassword=hunter2hunter2"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(whole))
    for form in ("page", "markdown", "text", "json"):
        assert run(["report", str(other), "--format", form]) == 0
        assert "hunter2" not in capsys.readouterr().out


def test_a_page_that_cannot_be_written_is_said_before_anything_is_judged(
    crashing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(crashing, "--report", "/no/such/folder/page.html") == 2
    assert "cannot write /no/such/folder/page.html" in capsys.readouterr().err


def test_a_page_that_fails_later_changes_no_answer(
    crashing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analyzer.common.files.write", full)
    assert analyze(crashing, "--report", str(tmp_path / "page.html")) == 3
    assert "warning: no report in" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_without_a_page_does_not_load_it(crashing: str) -> None:
    """Its start is what every Job waits for."""
    program = (
        "import sys; from analyzer.cli import run;"
        f"run(['analyze', '--evidence', {crashing!r}, '--model', 'builtin']);"
        "sys.exit(str([name for name in sys.modules if name.startswith('analyzer.report.')]))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    loaded = ended.stderr.splitlines()[-1]
    assert "analyzer.report.plain" in loaded
    assert not [name for name in ("page", "charts", "markdown") if f"analyzer.report.{name}" in loaded]
