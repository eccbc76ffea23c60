"""The composite action: its step is run as GitHub would, with the command as it is installed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
SOUND = "tests/check/sound.yaml"
TRAP = "examples/analysistemplate.yaml"
CRASHING = "examples/evidence/crash-loop.json.gz"


class Ran:
    """What a step left: its exit code, its log, and the files of GitHub's that it wrote."""

    def __init__(self, folder: Path, step: Any, inputs: dict[str, str]) -> None:
        commands = folder / "rollout-analyzer/bin"
        commands.mkdir(parents=True)
        (commands / "rollout-analyzer").symlink_to(Path(sys.executable).parent / "rollout-analyzer")
        self.folder = folder
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_OUTPUT": str(folder / "output"),
        }
        given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
        values = {f"inputs.{name}": text for name, text in given.items()} | {"github.action_path": str(ROOT)}
        for name, text in step["env"].items():
            environment[name] = values[text.removeprefix("${{ ").removesuffix(" }}")]
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # GitHub's `shell: bash`
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.code, self.log, self.errors = done.returncode, done.stdout, done.stderr

    def said(self) -> str:
        """What was printed while the runner takes no command."""
        [token] = re.findall(r"^::stop-commands::(\w{32})$", self.log, re.MULTILINE)
        before, said, after = re.split(
            rf"^::(?:stop-commands::)?{token}::?\n?|^::stop-commands::{token}\n", self.log, flags=re.MULTILINE
        )
        assert (before, after) == ("", "")
        return said.strip()

    def read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def step(tmp_path: Path) -> Any:
    """Runs the action's last step with some inputs."""
    [found] = (each for each in ACTION["runs"]["steps"] if each.get("id") == "run")
    return lambda **inputs: Ran(tmp_path, found, inputs)


pytestmark = pytest.mark.slow


def test_a_check_adds_to_the_summary_and_ends_with_its_code(step: Any) -> None:
    ran = step(command="check", args=f"--offline --file {TRAP}")
    assert (ran.code, ran.read("output")) == (2, "exit-code=2\n")
    assert f"| manifest | {TRAP}:" in ran.read("summary")
    assert "placeholder" in ran.log


def test_sarif_goes_to_the_file_that_is_named(step: Any, tmp_path: Path) -> None:
    file = tmp_path / "a file.sarif"
    ran = step(command="check", args=f'--offline --file "{SOUND}" --format sarif', output=str(file))
    assert (ran.code, ran.said()) == (0, "")
    assert json.loads(file.read_text())["version"] == "2.1.0"
    assert "## Check" in ran.read("summary")


def test_a_replay_shows_its_report_in_the_summary(step: Any) -> None:
    ran = step(command="replay", args=f"--evidence {CRASHING} --model builtin")
    assert (ran.code, ran.read("output")) == (3, "exit-code=3\n")
    assert "ROLLBACK" in ran.log
    assert "crash-loop" in ran.read("summary")
    assert not list(ran.folder.rglob("*.json.gz"))


def test_an_evaluation_adds_to_the_summary(step: Any, tmp_path: Path) -> None:
    case = tmp_path / "cases/crash-loop"
    case.mkdir(parents=True)
    (case / "bundle.json.gz").symlink_to(ROOT / CRASHING)
    (case / "case.yaml").write_text("outcome: rollback\n")
    ran = step(command="eval", args=f"{tmp_path / 'cases'} --model builtin")
    assert ran.code == 0, ran.errors
    assert "## Evaluation" in ran.read("summary")


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"command": "analyze"}, "command is check, replay or eval, not analyze"),
        ({"command": "replay", "args": "--model builtin"}, "a replay needs --evidence FILE"),
        ({"command": "check", "args": "--file 'a"}, "a quote is not closed"),
    ],
)
def test_what_cannot_be_is_one_line(step: Any, inputs: dict[str, str], says: str) -> None:
    ran = step(**inputs)
    assert (ran.code, ran.read("output"), ran.read("summary")) == (2, "exit-code=2\n", "")
    assert (
        ran.log
        == f"::error title=rollout-analyzer::{ran.log.partition('::error title=rollout-analyzer::')[2]}"
    )
    assert says in ran.log


def test_nothing_in_the_arguments_is_expanded(step: Any, tmp_path: Path) -> None:
    ran = step(command="check", args=f"--offline --file '$(touch {tmp_path / 'made'})' --file *.md")
    assert ran.code == 2
    assert "cannot read *.md" in ran.log
    assert not (tmp_path / "made").exists()


def test_what_is_installed_is_pinned(tmp_path: Path) -> None:
    """With a pip that only says what it was asked."""
    stub = tmp_path / "python3"
    stub.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf \'#!/bin/sh\\necho "$@" >> %s\\n\' "$PWD/asked" >'
        ' "$3/bin/pip"\nchmod +x "$3/bin/pip"\n'
    )
    stub.chmod(0o755)
    subprocess.run(
        [ROOT / "deploy/action/install", ROOT, tmp_path / "made"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        cwd=tmp_path,
        check=True,
    )
    packages, ours = (tmp_path / "asked").read_text().splitlines()
    assert "--no-deps --require-hashes" in packages
    assert {f"{ROOT}/requirements/{name}.txt" for name in ("run", "build")} <= set(packages.split())
    assert ours.endswith(f"--no-deps --no-build-isolation {ROOT}")
