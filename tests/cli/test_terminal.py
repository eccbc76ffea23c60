"""The streams: one that is closed or full, and what a locale cannot write, cost no answer."""

import os
import pty
import resource
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

Installed = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize(("bundle", "code"), [("crashing", 3), ("healthy", 0)])
class TestUnread:
    """A report that nobody reads to its end is no other answer."""

    def test_by_a_reader_that_left(
        self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str
    ) -> None:
        process = installed("analyze", "--evidence", request.getfixturevalue(bundle), "--format", output)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == code
        assert process.stderr is not None
        told = process.stderr.read()
        assert "warning: the report was not read to its end" in told
        assert "Traceback" not in told

    def test_on_a_full_disk(
        self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str
    ) -> None:
        with Path("/dev/full").open("w") as full:
            process = installed(
                "analyze", "--evidence", request.getfixturevalue(bundle), "--format", output, stdout=full
            )
            _, told = process.communicate()
        assert process.returncode == code
        assert "No space left on device" in told
        assert "bug" not in told

    def test_by_nobody(
        self, installed: Installed, request: pytest.FixtureRequest, bundle: str, code: int, output: str
    ) -> None:
        process = installed(
            "analyze",
            "--evidence",
            request.getfixturevalue(bundle),
            "--format",
            output,
            preexec_fn=lambda: os.close(1),
        )
        assert process.wait() == code


class TestWhatLeaves:
    """Nobody listens at port 9, so that nothing is sent anywhere."""

    LEAVES = "is sent to Ollama at 127.0.0.1:9 (ollama:gemma4)"

    def test_a_person_who_named_no_model_reads_it_and_how_to_choose(
        self, installed: Installed, healthy: str
    ) -> None:
        """On a terminal a stage is overwritten by the next; this stays, and stands before the answer."""
        ours, theirs = pty.openpty()
        process = installed(
            "analyze",
            "--evidence",
            healthy,
            "--deadline",
            "2s",
            stderr=theirs,
            env={**os.environ, "OLLAMA_HOST": "127.0.0.1:9", "COLUMNS": "400"},
        )
        os.close(theirs)
        told = b"".join(iter(partial(_read, ours), b"")).decode()
        assert process.wait() == 5
        stays = [line for line in told.split("\n") if self.LEAVES in line]
        assert len(stays) == 1
        # in a line that was cleared, above the spinner
        assert stays[0].rpartition("\x1b[2K")[2].startswith("evidence from pods")
        assert (
            "no --model was given: --model builtin sends nothing, --model ollama is the same"
            " without this notice"
        ) in stays[0]
        assert "asking ollama:gemma4" not in told.partition(self.LEAVES)[0]

    @pytest.mark.parametrize("named", [(), ("--model", "ollama")])
    def test_a_job_s_log_has_it_and_who_is_asked(
        self, installed: Installed, healthy: str, named: tuple[str, ...]
    ) -> None:
        environ = {**os.environ, "OLLAMA_HOST": "127.0.0.1:9"}
        _, told = installed(
            "analyze", "--evidence", healthy, "--deadline", "2s", *named, env=environ
        ).communicate()
        leaves, *_ = told.splitlines()
        assert leaves.startswith(
            "rollout-analyzer: evidence from pods, events and logs, with secrets masked,"
            " is sent to Ollama at 127.0.0.1:9"
        )
        assert ("no --model was given" in leaves) == (not named)

    def test_the_built_in_judge_sends_nothing(self, installed: Installed, healthy: str) -> None:
        _, told = installed("analyze", "--evidence", healthy).communicate()
        assert "is sent to" not in told


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody writes there any more
        return b""


ASKED_FOR = {
    "the help": (["--help"], 0),
    "a command's help": (["analyze", "--help"], 0),
    "the version": (["--version"], 0),
    "a prompt": (["prompt", "--evidence", "{bundle}"], 0),
    "the settings": (["settings"], 0),
    "a check that holds": (["check", "--offline"], 0),
    "a check that does not": (["check", "--offline", "--file", "nowhere.yaml"], 2),
}


@pytest.mark.parametrize("what", ASKED_FOR)
def test_who_has_read_enough_may_leave(installed: Installed, crashing: str, what: str) -> None:
    """As `| head` does: no exit code is lost, no error is made, and nobody is told what they did
    themselves.
    """
    arguments, code = ASKED_FOR[what]
    process = installed(*(each.format(bundle=crashing) for each in arguments))
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait() == code
    assert process.stderr is not None
    told = process.stderr.read()
    assert "rror" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("what", ASKED_FOR)
def test_what_was_asked_for_and_cannot_be_written_is_told(
    installed: Installed, crashing: str, what: str
) -> None:
    """A full disk is nobody's choice: 5, but for a check, whose answer is its exit code."""
    arguments, code = ASKED_FOR[what]
    with Path("/dev/full").open("w") as full:
        process = installed(*(each.format(bundle=crashing) for each in arguments), stdout=full)
        _, told = process.communicate()
    assert process.returncode == (code if arguments[0] == "check" else 5)
    assert "cannot write to standard output: No space left on device" in told
    assert "bug" not in told


@pytest.mark.parametrize("number", [1, 2])
def test_progress_and_errors_that_nobody_reads_change_no_code(
    installed: Installed, crashing: str, number: int
) -> None:
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


def test_what_a_locale_cannot_write_is_spelt(installed: Installed, crashing: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    out, _ = installed(
        "prompt", "--evidence", crashing, "--extra-prompt", "greater …", env=environment
    ).communicate()
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
