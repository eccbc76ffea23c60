"""A command loads what it was asked for, and not what it might have been."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = (
    "import sys\nfrom analyzer.cli import run\nrun(sys.argv[1:])\nsys.exit('\\n'.join(sorted(sys.modules)))"
)
REPLAY = ("analyze", "--evidence", "examples/evidence/crash-loop.json.gz", "--model", "builtin")
CLIENTS = {
    "github",
    "google",
    "grpc",
    "httpx",
    "httpx2",
    "kubernetes",
    "ollama",
    "requests",
    "ssl",
    "urllib3",
}
OTHERS = {"asyncio", "difflib", "email", "multiprocessing", "pygments", "re2", "rich", "yaml"}
ROOMS = {"check", "config", "evaluation", "webhooks"}
PARTS = {
    "analyzer.effects.annotations",
    "analyzer.effects.configmap",
    "analyzer.effects.event",
    "analyzer.effects.fix",
    "analyzer.effects.issue",
    "analyzer.effects.status",
    "analyzer.effects.webhook",
    "analyzer.github.client",
    "analyzer.github.issue_text",
    "analyzer.models.gemini",
    "analyzer.models.ollama",
    "analyzer.models.openai",
    "analyzer.report.console",
    "analyzer.report.machine",
    "analyzer.report.markdown",
    "analyzer.report.page",
}

pytestmark = pytest.mark.slow


def loaded(*arguments: str) -> set[str]:
    """The modules that a command line has loaded by its end, and the packages that they are in."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    modules = set(done.stderr.splitlines())
    assert "analyzer.cli" in modules, done.stderr
    return modules


@pytest.mark.usefixtures("bare_environment")
def test_a_replay_loads_no_client_no_other_report_and_no_effect() -> None:
    modules = loaded(*REPLAY)
    assert modules & (CLIENTS | OTHERS | PARTS) == set()
    assert {room for room in ROOMS if f"analyzer.{room}" in modules} == set()
    assert "analyzer.run.runs" in modules


@pytest.mark.usefixtures("bare_environment")
@pytest.mark.parametrize("arguments", [("--help",), ("analyze", "--help-all"), ("--version",)])
def test_the_help_loads_no_more_than_the_options(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert modules & (CLIENTS | OTHERS | PARTS | {"jinja2", "tempfile"}) == set()
    rooms = {name.split(".")[1] for name in modules if name.startswith("analyzer.")}
    assert rooms <= {"cli", "common", "errors", "exits", "options", "settings"}


@pytest.mark.usefixtures("bare_environment")
def test_what_is_asked_for_is_loaded() -> None:
    assert "analyzer.report.machine" in loaded(*REPLAY, "--format", "json")
