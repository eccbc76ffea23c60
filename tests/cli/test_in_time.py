"""Whatever a workload writes, a run ends by its deadline, and at once when it is told to."""

import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

Installed = Callable[..., "subprocess.Popen[str]"]
FAR = 6.0  # times a run without such a line; one that is held takes ten times as long and more


@dataclass(frozen=True)
class Ended:
    """What became of a process; `seconds`: of a core, which it took by itself."""

    code: int
    out: str
    told: str
    seconds: float


def end(process: "subprocess.Popen[str]") -> Ended:
    """Waits for a process that says little. The sum over all children would count others that end
    meanwhile.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    out, told = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, out, told, used.ru_utime + used.ru_stime)


@pytest.fixture
def plain(installed: Installed, healthy: str, tmp_path: Path) -> float:
    """Seconds of a core that a run takes whose log holds nothing, on this machine and in this minute."""
    evidence = bundle(tmp_path / "plain.json", healthy, ["hello"])
    return end(installed("analyze", "--evidence", evidence, "--model", "builtin")).seconds


# One line of each held the interpreter for ten seconds, or for minutes.
HOLDING = {
    "a stack frame": ["java.lang.Error: x", "\tat a.B(C.java:1)", "a.(" * 5400],
    "a header": ["2026-01-01 10:00:00 INFO " + "$" * 16000],
    "a password": ["ERROR --token \t\t" + "\\" * 16000],
    "a path": ["ERROR ~" + "/" * 300 + ":x"],
}


def bundle(path: Path, healthy: str, lines: Sequence[str]) -> str:
    """A healthy canary whose log has these lines in place of its own."""
    whole = json.loads(gzip.decompress(Path(healthy).read_bytes()))
    whole["evidence"]["parts"] = [part for part in whole["evidence"]["parts"] if part["part"] != "logs"]
    logs = {"stable": ["hello"], "canary": lines}
    whole["raw_logs"] = [
        {"side": side, "pod": f"{side}-1", "container": "app", "lines": told} for side, told in logs.items()
    ]
    path.write_text(json.dumps(whole))
    return str(path)


@pytest.mark.timed
@pytest.mark.parametrize("what", HOLDING)
def test_no_line_holds_a_run(
    installed: Installed, healthy: str, plain: float, tmp_path: Path, what: str
) -> None:
    process = installed(
        "analyze",
        "--evidence",
        bundle(tmp_path / "b.json", healthy, HOLDING[what]),
        "--model",
        "builtin",
        "--deadline",
        "8s",
    )
    ended = end(process)
    assert ended.code in {0, 3, 4}, ended.told
    assert ended.seconds < FAR * plain


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A bundle that takes minutes to judge."""
    draw, healthy = random.Random(1), Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz"
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(3, 9))) for _ in range(5000)]
    lines = [f"ERROR {' '.join(draw.choices(words, k=40))}" for _ in range(60_000)]
    return bundle(tmp_path_factory.mktemp("endless") / "b.json", str(healthy), lines)


@pytest.mark.timed
def test_a_run_that_cannot_judge_by_its_deadline_is_an_error_that_may_pass(
    installed: Installed, endless: str, plain: float
) -> None:
    ended = end(installed("analyze", "--evidence", endless, "--model", "builtin", "--deadline", "1s"))
    assert (ended.code, ended.out) == (5, "")
    assert " by the deadline" in ended.told  # whichever stage it overtook
    assert "give a longer --deadline" in ended.told
    assert ended.seconds < FAR * plain


@pytest.mark.timed
def test_a_signal_ends_a_run_that_judges(installed: Installed, endless: str) -> None:
    process = installed("analyze", "--evidence", endless, "--model", "builtin")
    assert process.stderr is not None
    assert next(line for line in process.stderr if "reading" in line)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 143
    assert time.monotonic() - began < 3


@pytest.mark.timed
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (None, 5)])
def test_a_bundle_that_never_comes_by_stdin_holds_nothing(
    installed: Installed, number: signal.Signals | None, code: int
) -> None:
    deadline = "1s" if number is None else "60s"
    process = installed(
        "analyze", "--evidence", "-", "--model", "builtin", "--deadline", deadline, stdin=subprocess.PIPE
    )
    assert process.stderr is not None
    assert next(line for line in process.stderr if "reading" in line)
    began = time.monotonic()
    if number is not None:
        process.send_signal(number)
    assert process.wait(60) == code
    assert time.monotonic() - began < 3
    assert "Fatal" not in process.stderr.read()
