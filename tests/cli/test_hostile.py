"""What others wrote reaches a terminal as text: no markup, nothing that drives it, no secret."""

import gzip
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.cluster import Cluster

pytestmark = pytest.mark.slow

COMMAND = str(Path(sys.executable).parent / "rollout-analyzer")
TOKEN = "gh" + "p_" + "a1B2" * 9
# What a terminal would obey: a title, a screen that is cleared, a link; what rich would read as markup; what
# hides.
HOSTILE = "x[/y]z[bold]b [fd00::1] \x1b]0;owned\x07\x1b[2J\x9b31m \x1b]8;;http://evil\x1b\\link\u202e"
# what rich writes: colours, the cursor, a line cleared
OURS = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[hl]|[0-9]*[AK]|2K|1A)|\r")
Capture = pytest.CaptureFixture[str]


def on_a_terminal(
    *arguments: str, env: Mapping[str, str] | None = None, split: bool = False
) -> tuple[int, str]:
    """The exit code, and what came out at a pseudo-terminal that has both streams; only stderr with
    `split`.
    """
    master, slave = pty.openpty()
    out = subprocess.DEVNULL if split else slave
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", **(env or {})}
    process = subprocess.Popen(
        [COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=slave, env=environment
    )
    os.close(slave)
    told = b""
    try:
        while select.select([master], [], [], 60)[0]:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # Linux: the last one who had it open has closed it
                break
            if not chunk:
                break
            told += chunk
        return process.wait(60), told.decode(errors="replace")
    finally:
        os.close(master)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()


def harmless(told: str) -> bool:
    """Whether all that drives the terminal is our own."""
    rest = OURS.sub("", told)
    return not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", rest.replace("\r", ""))


@pytest.fixture
def hostile(healthy: str, tmp_path: Path) -> str:
    """A healthy canary in a folder, with a target, pods, and lines of such a name."""
    whole = json.loads(gzip.decompress(Path(healthy).read_bytes()))
    whole["evidence"]["target"] |= {"namespace": HOSTILE, "how": f"{HOSTILE} as asked"}
    whole["evidence"]["mismatch"] = ""
    for part in whole["evidence"]["parts"]:
        for number, pod in enumerate(part.get("pods", ()) if part["part"] == "pods" else ()):
            pod["name"] = f"{HOSTILE} token={TOKEN} {number}"
    whole["evidence"]["gaps"] = [
        {"source": "events", "side": "canary", "reason": f"{HOSTILE} Bearer {TOKEN}", "advice": HOSTILE}
    ]
    folder = tmp_path / "x[" / "y]"
    folder.mkdir(parents=True)
    (folder / "f[fd00::1].json").write_text(json.dumps(whole))
    return str(folder / "f[fd00::1].json")


class TestTerminal:
    def test_progress_is_no_markup(self, healthy: str, tmp_path: Path) -> None:
        folder = tmp_path / "x[" / "y]"
        folder.mkdir(parents=True)
        path = folder / "f[fd00::1].json.gz"
        path.write_bytes(Path(healthy).read_bytes())
        code, told = on_a_terminal("analyze", "--evidence", str(path), "--model", "builtin", split=True)
        assert code == 0
        assert f"reading {path}" in OURS.sub("", told)
        assert harmless(told)

    @pytest.mark.parametrize("command", [("analyze", "--model", "builtin"), ("prompt",)])
    def test_what_is_recorded_drives_no_terminal(self, hostile: str, command: tuple[str, ...]) -> None:
        code, told = on_a_terminal(*command, "--evidence", hostile)
        assert code in {0, 4}, told
        assert harmless(told), ascii(told)
        assert TOKEN not in told
        assert "x[/y]z[bold]b [fd00::1]" in OURS.sub("", told)

    @pytest.mark.parametrize("command", [("check", "--prometheus"), ("check", "--offline", "--file")])
    def test_nor_does_a_check(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        code, told = on_a_terminal(*command, f"{tmp_path}/{HOSTILE.replace('/', '')}-{TOKEN}")
        assert code == 2
        assert harmless(told), ascii(told)
        assert TOKEN not in told

    def test_nor_does_an_error(self) -> None:
        code, told = on_a_terminal("analyze", "--evidence", f"nowhere-{HOSTILE}-{TOKEN}")
        assert code == 2
        assert harmless(told), ascii(told)
        assert TOKEN not in told
        assert "[fd00::1]" in told

    def test_one_that_knows_nothing_is_written_plain_lines(self, healthy: str) -> None:
        code, told = on_a_terminal(
            "analyze", "--evidence", healthy, "--model", "builtin", env={"TERM": "dumb"}
        )
        assert code == 0
        assert "\x1b" not in told
        assert f"rollout-analyzer: reading {healthy}" in told

    def test_colours_that_nobody_wants_are_left_out(self, healthy: str, crashing: str) -> None:
        assert re.search(r"\x1b\[[0-9;]*3[0-9]m", on_a_terminal("analyze", "--evidence", crashing)[1])
        code, told = on_a_terminal("analyze", "--evidence", crashing, env={"NO_COLOR": "1"})
        assert code == 3
        assert not re.search(r"\x1b\[(?:[0-9;]*;)?[34][0-9][;m]", told)


class TestPipes:
    def test_a_reader_that_takes_nothing(self, crashing: str, tmp_path: Path) -> None:
        shell = (
            f'{{ "{COMMAND}" analyze --evidence "{crashing}" 2>"{tmp_path}/err";'
            f' echo $? >"{tmp_path}/code"; }} | head -c 0'
        )
        subprocess.run(["bash", "-c", shell], check=True, timeout=60)
        assert (tmp_path / "code").read_text() == "3\n"
        assert "Traceback" not in (tmp_path / "err").read_text()

    def test_progress_into_a_pipe_is_plain_lines_without_secrets(self, hostile: str) -> None:
        command = [COMMAND, "analyze", "--evidence", hostile, "--model", "builtin"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode in {0, 4}
        assert all(line.startswith("rollout-analyzer: ") for line in done.stderr.splitlines()), done.stderr
        for told in (done.stdout, done.stderr):
            assert harmless(told)
            assert "\x1b" not in told
            assert TOKEN not in told


def test_what_a_guard_is_told_by_a_server_is_masked(
    stub: Callable[..., Cluster],
    kubeconfig: Callable[..., Path],
    answer: Callable[..., None],
    capsys: Capture,
) -> None:
    """The first look succeeds; what the server says to the later ones is said while the guard waits, and at
    its end.
    """
    asked: list[str] = []

    def serve(handler: BaseHTTPRequestHandler) -> None:
        asked.extend([handler.path] * ("/pods" in handler.path))
        if len(asked) > 2:
            refusal = {
                "kind": "Status",
                "code": 403,
                "reason": "Forbidden",
                "message": f"no \x1b[2J[/y] token={TOKEN}",
            }
            answer(handler, 403, refusal)
        else:
            answer(handler, 200, {"items": [], "metadata": {}})

    host = stub(serve).api.configuration.host
    sides = ("--stable-selector", "a=b", "--canary-selector", "a=c")
    assert run(["guard", "--kubeconfig", str(kubeconfig(host)), *sides, "--deadline", "4s"]) == 4
    shown = capsys.readouterr()
    assert "rollout-analyzer: waiting: " in shown.err
    for told in (shown.out, shown.err):
        assert "the last look failed" in told
        assert "token=[masked github token]" in told
        assert TOKEN not in told
        assert "\x1b" not in told
