"""What is installed is what is in the repository: the wheel, used from elsewhere, beside the packages that
the image has.
"""

import contextlib
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.metadata import distribution, distributions
from pathlib import Path
from threading import Thread

import pytest
from prune import unused

from analyzer.cli import cli
from analyzer.models import ADAPTERS

ROOT = Path(__file__).parents[1]
PRUNE = ROOT / "requirements/prune.py"
BYTECODE = ROOT / "requirements/bytecode.py"
CRASHING = str(ROOT / "examples/evidence/crash-loop.json.gz")
BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a network, as the image's build does."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *pip(Path(sys.executable)),
            "wheel",
            "--no-index",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            folder,
            ROOT,
        ],
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment made as the image's is: the pinned set alone, pruned, and the
    wheel.

    The packages are those of where the tests run.
    """
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin/python"
    (site,) = folder.glob("lib/python*/site-packages")
    for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE):
        for file in distribution(name).files or ():
            if ".." not in file.parts:
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                link(Path(str(file.locate())), site / file)
    subprocess.run([python, PRUNE], check=True)
    subprocess.run([*pip(python), "install", "--no-index", "--no-deps", wheel], check=True)
    return python.parent


def link(file: Path, to: Path) -> None:
    try:
        to.hardlink_to(file)
    except OSError:  # on another file system
        shutil.copyfile(file, to)


def pip(python: Path) -> list[str]:
    return [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]


def run(installed: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [str(installed / "rollout-analyzer"), *arguments]
    return subprocess.run(
        command, cwd=installed, env=BARE | environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """A server of nothing that anybody asks for."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b'{"error": {"message": "only tea"}, "message": "only tea"}'
            self.send_response(HTTPStatus.IM_A_TEAPOT)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
def test_the_wheel_holds_templates_and_license_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    templates = {f"analyzer/templates/{path.name}" for path in (ROOT / "templates").iterdir()}
    assert templates
    assert templates <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if not name.startswith("rollout_analyzer-")} == {"analyzer"}


@pytest.mark.slow
def test_the_installed_command_is_the_wheels(installed: Path) -> None:
    where = [str(installed / "python"), "-c", "import analyzer; print(analyzer.__file__)"]
    file = subprocess.run(where, cwd=installed, capture_output=True, text=True, check=True).stdout
    assert file.startswith(str(installed.parent))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--version",), 0, "rollout-analyzer"),
        *(((command, "--help"), 0, "Usage:") for command in cli.commands),
        (("analyze", "--evidence", CRASHING, "--model", "builtin"), 3, "crash-loop"),
        (
            ("analyze", "--evidence", CRASHING, "--model", "builtin", "--format", "json"),
            3,
            '"outcome": "rollback"',
        ),
        (("prompt", "--evidence", CRASHING), 0, "cart"),
        (("settings", "--config", str(ROOT / "examples/config.yaml")), 0, "config file"),
        (("check", "--offline", "--file", str(ROOT / "examples/analysistemplate.yaml")), 2, "placeholder"),
    ],
    ids=lambda each: " ".join(map(os.path.basename, each)) if isinstance(each, tuple) else "",
)
def test_what_is_pruned_is_missed_by_no_command(
    installed: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = run(installed, *arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stdout


@pytest.mark.slow
def test_what_is_pruned_is_missed_by_no_report_to_a_person(installed: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(installed / "rollout-analyzer"), "analyze", "--evidence", CRASHING, "--model", "builtin"]
    with os.fdopen(ours, "rb", buffering=0) as screen:
        done = subprocess.Popen(
            command, env=BARE | {"TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody is left
            while more := screen.read(65536):
                shown += more
    assert (done.wait(), b"Traceback" in shown, b"ROLLBACK" in shown.upper(), b"\x1b[" in shown) == (
        3,
        False,
        True,
        True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("model", [name for name in ADAPTERS if name not in ("builtin", "scripted")])
def test_what_is_pruned_is_missed_by_no_adapter(installed: Path, refusing: str, model: str) -> None:
    """Each gets as far as its server's answer."""
    named = {"openai": f"openai:any@{refusing}", "agent": f"agent:{refusing}"}.get(model, model)
    evidence = str(ROOT / "examples/evidence/healthy.json.gz")
    environ = {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": refusing, "OLLAMA_HOST": refusing}
    done = run(installed, "analyze", "--evidence", evidence, "--format", "json", "--model", named, **environ)
    (said,) = json.loads(done.stdout)["verdicts"]
    assert "tea" in said["reason"], said


@pytest.mark.slow
def test_what_is_pruned_is_missed_by_no_cluster(installed: Path, refusing: str, tmp_path: Path) -> None:
    config = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": refusing}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
    }
    (tmp_path / "config").write_text(json.dumps(config))
    done = run(
        installed,
        "analyze",
        "--rollout",
        "cart",
        "--namespace",
        "shop",
        "--kubeconfig",
        str(tmp_path / "config"),
    )
    assert (done.returncode, "tea" in done.stderr) == (5, True), done.stderr


@pytest.mark.slow
def test_what_is_left_is_what_the_packages_say_of_themselves(installed: Path) -> None:
    """So that pip can check, upgrade and remove it, and nobody wonders."""
    subprocess.run([*pip(installed / "python"), "check"], check=True)
    (site,) = installed.parent.glob("lib/python*/site-packages")
    told = [
        file
        for each in distributions(path=[str(site)])
        for file in each.files or ()
        if ".." not in file.parts
    ]
    assert [file for file in told if not (site / file).exists()] == []
    assert [path for path in site.rglob("*") if unused(str(path.relative_to(site)))] == []
    assert not (site / "kubernetes/aio").exists()  # an empty folder could be imported


@pytest.mark.slow
def test_a_part_that_an_upgrade_moved_is_no_silent_growth(installed: Path) -> None:
    done = subprocess.run([installed / "python", PRUNE], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "kubernetes has no kubernetes/aio/* any more" in done.stderr


@pytest.mark.slow
def test_what_a_start_loads_is_compiled_whatever_times_its_files_have(
    installed: Path, tmp_path: Path
) -> None:
    """As on a base whose standard library is source alone."""
    bare = BARE | {"PYTHONPYCACHEPREFIX": str(tmp_path / "none")}
    subprocess.run([installed / "python", BYTECODE, tmp_path / "library"], env=bare, check=True)
    (client,) = tmp_path.glob("none/**/analyzer/cluster/kubeconfig.*.pyc")
    (library,) = tmp_path.glob("library/**/json/decoder.*.pyc")
    for compiled in (client, library):
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01  # by hash, unchecked: PEP 552


def test_no_test_can_import_what_is_pruned() -> None:
    """Or the other suites would show nothing about the image."""
    for name in (
        "kubernetes.aio.client",
        "kubernetes.client.models.v1_pod",
        "google.genai.tests",
        "google.genai._gaos.sdk",
        "aiohttp",
        "pydantic.v1",
    ):
        with pytest.raises(ModuleNotFoundError, match="not in the image"):
            import_module(name)


def test_pins_have_hashes_and_name_no_index() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in file.read_text().splitlines() if line and not line.lstrip().startswith("#")]
        pins = [line for line in lines if not line.startswith(" ")]
        assert pins, file.name
        assert all("==" in pin and pin.endswith("\\") for pin in pins), file.name
        assert all(line.strip().startswith("--hash=sha256:") for line in lines if line.startswith(" ")), (
            file.name
        )
