"""The streams: one that is closed or full, and what a locale cannot write, cost no answer."""

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Installed = Callable[..., "subprocess.Popen[str]"]


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize(("bundle", "code"), [("crashing", 3), ("healthy", 0)])
class TestUnread:
    """A report that nobody reads to its end is no other answer."""

    def test_by_a_reader_that_left(self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str) -> None:
        process = installed("analyze", "--evidence", request.getfixturevalue(bundle), "--output", output)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == code
        assert process.stderr is not None
        told = process.stderr.read()
        assert "warning: the report was not read to its end" in told
        assert "Traceback" not in told

    def test_on_a_full_disk(self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str) -> None:
        with Path("/dev/full").open("w") as full:
            process = installed("analyze", "--evidence", request.getfixturevalue(bundle), "--output", output, stdout=full)
            _, told = process.communicate()
        assert process.returncode == code
        assert "No space left on device" in told
        assert "bug" not in told

    def test_by_nobody(self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str) -> None:
        process = installed("analyze", "--evidence", request.getfixturevalue(bundle), "--output", output, preexec_fn=lambda: os.close(1))
        assert process.wait() == code


@pytest.mark.parametrize("number", [1, 2])
def test_progress_and_errors_that_nobody_reads_change_no_code(installed: Installed, crashing: str, number: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        found = [
            installed("analyze", "--evidence", evidence, **{("stdout", "stderr")[number - 1]: writer}).wait()
            for evidence in (crashing, "nowhere.json")
        ]
    finally:
        os.close(writer)
    assert found == [3, 2]


def test_a_prompt_that_cannot_be_written_is_an_error_and_no_bug(installed: Installed, crashing: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = installed("prompt", "--evidence", crashing, stdout=full)
        _, told = process.communicate()
    assert process.returncode == 5
    assert "error: cannot write to standard output: No space left on device" in told


def test_what_a_locale_cannot_write_is_spelt(installed: Installed, crashing: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    out, _ = installed("prompt", "--evidence", crashing, "--extra-prompt", "greater …", env=environment).communicate()
    assert "greater \\u2026" in out


def test_a_disk_that_fills_while_the_record_is_saved_costs_the_record_and_no_answer(
    installed: Installed, tmp_path: Path, crashing: str
) -> None:
    record = tmp_path / "record.json"
    full = installed(
        *("analyze", "--evidence", crashing, "--save", str(record)),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
    )
    out, _ = full.communicate()
    assert full.returncode == 3
    assert f"file: NOT DONE: cannot write {record}: File too large" in out
    assert "To judge it again" not in out
    assert not list(tmp_path.glob("record.json*"))
