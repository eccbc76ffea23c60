"""What is installed is what is in the repository: the wheel, used from elsewhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a network, as the image's build does."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's folder of packages; dependencies come from where the tests run."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--target", folder, wheel], check=True)
    return folder


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(installed / "bin/rollout-analyzer"), *arguments]
    return subprocess.run(
        command, cwd=installed, env=os.environ | {"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_templates_and_license_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    templates = {f"analyzer/templates/{path.name}" for path in (ROOT / "templates").iterdir()}
    assert templates
    assert templates <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if not name.startswith("rollout_analyzer-")} == {"analyzer"}


def test_the_installed_command_is_the_wheels(installed: Path) -> None:
    where = [sys.executable, "-c", "import analyzer; print(analyzer.__file__)"]
    file = subprocess.run(
        where, cwd=installed, env=os.environ | {"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=True
    ).stdout
    assert file.startswith(str(installed))
    assert run(installed, "--help").returncode == 0


def test_the_installed_command_judges_a_recording(installed: Path) -> None:
    bundle = str(ROOT / "examples/evidence/crash-loop.json.gz")
    done = run(installed, "analyze", "--evidence", bundle, "--model", "builtin")
    assert (done.returncode, done.stderr.count("Traceback")) == (3, 0)


def test_pins_have_hashes_and_name_no_index() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in file.read_text().splitlines() if line and not line.lstrip().startswith("#")]
        pins = [line for line in lines if not line.startswith(" ")]
        assert pins, file.name
        assert all("==" in pin and pin.endswith("\\") for pin in pins), file.name
        assert all(line.strip().startswith("--hash=sha256:") for line in lines if line.startswith(" ")), file.name
