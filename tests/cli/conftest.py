"""What the tests of the command share: a bare environment, recorded canaries, and the command as it is
installed.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"
KEYS = (
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "OLLAMA_HOST",
    "KUBECONFIG",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*KEYS, *(name for name in os.environ if name.startswith("ROLLOUT_ANALYZER_"))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def crashing() -> str:
    return str(EXAMPLES / "crash-loop.json.gz")


@pytest.fixture
def healthy() -> str:
    return str(EXAMPLES / "healthy.json.gz")


@pytest.fixture
def installed() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts the command as it is installed, its streams piped unless told otherwise; what it started is gone
    after the test.
    """
    command = Path(sys.executable).parent / "rollout-analyzer"
    with contextlib.ExitStack() as started:

        def start(*arguments: str, **more: Any) -> "subprocess.Popen[str]":
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
            process = subprocess.Popen([command, *arguments], text=True, **streams)
            started.callback(process.kill)
            return started.enter_context(process)

        yield start
