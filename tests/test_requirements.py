"""What installs the lock goes on installing it: any pip, whatever is released later. Stand-ins with the real
names, versions and needs.
"""

import re
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE))
OLD_PIPS = sorted(
    (ROOT / ".venv/pips").glob("pip-*.whl")
)  # Debian's, and that of Python 3.11 and 3.12: `make setup` brings them
NEWER = "9999"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lock, each distribution that it names, and of each a release that came later."""
    folder = tmp_path_factory.mktemp("index")
    pins = (
        f"{name}=={version} \\\n    --hash=sha256:{stand_in(folder, name, version)}\n"
        for name, version in PINNED.items()
    )
    (folder / "lock.txt").write_text("".join(pins))
    for name in PINNED:
        stand_in(folder, name, NEWER)
    return folder


def stand_in(folder: Path, name: str, version: str) -> str:
    """Writes an empty wheel that needs what the real one does; the SHA-256 of its file."""
    information = f"{titled(name, version)}.dist-info"
    real = distribution(name).metadata
    head = [
        f"{field}: {value}"
        for field in ("Requires-Dist", "Provides-Extra")
        for value in real.get_all(field) or ()
    ]
    files = {
        "METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *head, ""]),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "".join(f"{information}/{file},,\n" for file in ("METADATA", "WHEEL", "RECORD")),
    }
    wheel = folder / f"{titled(name, version)}-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{information}/{file}", text)
    return sha256(wheel.read_bytes()).hexdigest()


def titled(name: str, version: str) -> str:
    """What the files of a distribution are called by."""
    return f"{re.sub('[-.]', '_', name)}-{version}"


def flags() -> list[str]:
    """How we install a lock: with what flags, said once where `make run`, `make setup` and the image
    agree.
    """
    dry = ["make", "--dry-run", "--always-make", "run", "setup"]
    made = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    image = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    ours = re.findall(r" install (.*?) *-r requirements/", f"{made}\n{image}")
    assert len(ours) == 4, ours
    return sorted(
        {
            " ".join(flag for flag in each.split() if flag not in ("--quiet", "--no-cache-dir"))
            for each in ours
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("flags", flags())
@pytest.mark.parametrize(
    "pip", [*OLD_PIPS, None], ids=lambda pip: pip.name.split("-")[1] if pip else "the lock's own"
)
def test_the_lock_is_what_is_installed_whatever_has_newer_releases(
    pip: Path | None, flags: str, index: Path, tmp_path: Path
) -> None:
    if pip and "-23.0.1-" in pip.name and sys.version_info >= (3, 12):
        pytest.skip("it does not run on this Python")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    python = str(tmp_path / "bin/python")
    runs = [python, str(pip / "pip")] if pip else [sys.executable, "-m", "pip", "--python", python]
    command = [
        *runs,
        "--disable-pip-version-check",
        "--isolated",
        "install",
        "--no-index",
        "--find-links",
        str(index),
        "--no-compile",
    ]
    done = subprocess.run(
        [*command, *flags.split(), "-r", str(index / "lock.txt")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = {
        each.name.removesuffix(".dist-info")
        for each in tmp_path.glob("lib/python*/site-packages/*.dist-info")
    }
    assert found == {titled(name, version) for name, version in PINNED.items()}


def test_old_pips_are_among_them() -> None:
    """The resolver of 23.2.1 looks past a pin for a newer release where something asks for its extras."""
    assert [pip.name.split("-")[1] for pip in OLD_PIPS] == ["23.0.1", "23.2.1"]


def test_no_line_of_ours_lets_pip_choose() -> None:
    """Neither in the Makefile and the image nor where a suite or a benchmark makes an environment of its
    own.
    """
    files = [
        ROOT / "Makefile",
        ROOT / "Dockerfile",
        *(file for folder in ("tests", "bench") for file in (ROOT / folder).rglob("*")),
    ]
    ours = [
        file for file in files if file.is_file() and file.suffix in ("", ".py") and file != Path(__file__)
    ]
    chooses = re.compile(r"\bpip\b.*\b(install|download|wheel)[\"' ,]")
    lines = [line for file in ours for line in file.read_text().splitlines() if chooses.search(line)]
    assert len(lines) >= 8
    lines = [line for line in lines if "rm -rf" not in line]
    assert [line for line in lines if "--no-deps" not in line] == []
    assert [line for line in lines if "-r" in line.split() and "--require-hashes" not in line] == []
