"""The workflows of GitHub: a real actionlint finds no fault, and each action of others is pinned."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FILES = [*WORKFLOWS, ROOT / "action.yml"]
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d[\d.]*")
IMAGE = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
COMMIT = re.compile(r"[0-9a-f]{40} # v\d[\d.]*")


@pytest.fixture(scope="session")
def actionlint() -> str:
    return subprocess.run(
        [ROOT / "tests/testactionlint/testactionlint"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


@pytest.mark.api
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_linter_finds_no_fault(actionlint: str, workflow: Path) -> None:
    done = subprocess.run([actionlint, workflow], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.api
def test_the_linter_would_find_one(actionlint: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        (ROOT / ".github/workflows/ci.yml").read_text().replace("github.ref }}", "github.reff }}")
    )
    done = subprocess.run([actionlint, wrong], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "reff" in done.stdout) == (1, True)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_an_action_of_others_is_pinned_by_its_commit(file: Path) -> None:
    used = re.findall(r"uses: (?!\./)(.+)", file.read_text())
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_an_image_and_a_repository_of_others_are_pinned_too() -> None:
    text = "\n".join(file.read_text() for file in WORKFLOWS)
    images, commits = (re.findall(rf"^ +{key}: (.+)", text, re.MULTILINE) for key in ("image", "ref"))
    assert [image for image in images if not IMAGE.fullmatch(image) and "${{" not in image] == []
    assert [commit for commit in commits if not COMMIT.fullmatch(commit)] == []
    assert images
    assert commits


def test_ci_runs_what_the_readme_says() -> None:
    said = re.search(r"^ +make test\b", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    assert said
    assert "make test" in [step.get("run") for step in jobs["test"]["steps"]]


def test_each_target_that_is_made_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = {name for file in WORKFLOWS for name in re.findall(r"run: make ([a-z-]+)", file.read_text())}
    assert {"sbom", "test"} <= made <= targets


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_may_do_what_it_needs_and_ends_by_itself(workflow: Path) -> None:
    whole = yaml.safe_load(workflow.read_text())
    assert whole["permissions"] == {"contents": "read"}
    for name, job in whole["jobs"].items():
        assert "uses" in job or "timeout-minutes" in job, name


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_nothing_of_others_is_put_into_a_shells_text(file: Path) -> None:
    """An expression in a script is code of whoever chose its value: it goes by the environment."""
    whole = yaml.safe_load(file.read_text())
    steps = [
        step for job in whole.get("jobs", {"": whole.get("runs")}).values() for step in job.get("steps", ())
    ]
    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_a_script_that_a_step_runs_is_there() -> None:
    named = {
        path for file in FILES for path in re.findall(r"deploy/(?:action|release)/\w+", file.read_text())
    }
    assert len(named) == 5
    for path in named:
        assert (ROOT / path).stat().st_mode & 0o111, path
