"""The real node (tests/testcluster), our service's image and Argo's kinds on it. ARGO_CRDS (default
../shared/argo-crds) holds those.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
TESTCLUSTER = ROOT / "tests/testcluster/testcluster"
RUN = Path(os.environ.setdefault("TESTCLUSTER_RUN", "/tmp/testcluster"))
EXPORTS = RUN / "exports"
ARGO_CRDS = Path(os.environ.get("ARGO_CRDS", ROOT.parent / "shared/argo-crds"))
PANICS, LEAKS, FAILS = ("-panic-after=6",), ("-leak=2",), ("-fail-every=3",)
VERSIONS = {
    "1.4.2": (),
    "1.5.0": (),
    "1.5.1": PANICS,
    "1.5.2": LEAKS,
    "1.5.3": FAILS,
}  # of the service: one binary, its options in the image


def up(archive: Path | None = None) -> None:
    """The node, new, with the service's images or those of an archive, and Argo's kinds."""
    if RUN.exists():
        down()
    EXPORTS.write_text(run(TESTCLUSTER, "up", "--node"))
    enter()
    if archive:
        run(TESTCLUSTER, "load", archive)
    else:
        _load_images()
    for name, plural in (
        ("rollout", "rollouts"),
        ("analysis-run", "analysisruns"),
        ("experiment", "experiments"),
    ):
        kubectl("create", "-f", str(ARGO_CRDS / f"{name}-crd.yaml"))
        for condition in (
            f"jsonpath={{.status.acceptedNames.plural}}={plural}",
            "condition=Established",
        ):  # a new one has no conditions
            kubectl("wait", f"--for={condition}", f"crd/{plural}.argoproj.io")


def down() -> None:
    """Stops all that `up` started."""
    run(TESTCLUSTER, "down")


def enter() -> None:
    """kubectl, and whatever else we run, meets the cluster that is up."""
    os.environ |= environment()


def environment() -> dict[str, str]:
    """What leads to the cluster that is up."""
    return dict(line.removeprefix("export ").split("=", 1) for line in EXPORTS.read_text().splitlines())


def kubectl(*arguments: str, stdin: object = None) -> str:
    """What kubectl says; `stdin` is sent as JSON."""
    command = [os.environ["KUBEBUILDER_ASSETS"] + "/kubectl", *arguments]
    return run(*command, stdin=json.dumps(stdin) if stdin else None)


def create(*things: Json) -> None:
    """All of them, in order."""
    kubectl("create", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": list(things)})


def get(*arguments: str) -> Json:
    """What there is, as JSON."""
    found: Json = json.loads(kubectl("get", *arguments, "-o", "json"))
    return found


def run(*command: str | Path, stdin: str | None = None, cwd: Path = ROOT, **environment: str) -> str:
    """Standard output. A command that fails ends us, its own error shown."""
    done = subprocess.run(
        command,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, **environment},
        check=True,
    )
    return done.stdout


def _load_images() -> None:
    """From nothing but its static binary."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        run(
            "go",
            "build",
            "-trimpath",
            "-ldflags=-s -w",
            "-o",
            work / "cart",
            ".",
            cwd=Path(__file__).parent / "app",
            CGO_ENABLED="0",
        )
        buildah = (
            "buildah",
            "--storage-driver",
            "vfs",
            "--root",
            work / "storage",
            "--runroot",
            work / "run",
        )
        for version, options in VERSIONS.items():
            name, archive = f"localhost/cart:{version}", work / f"{version}.tar"
            start = json.dumps(["/cart", f"-version={version}", *options])
            (work / "Dockerfile").write_text(f"FROM scratch\nCOPY cart /cart\nENTRYPOINT {start}\n")
            run(*buildah, "bud", "--isolation", "chroot", "--layers=false", "-q", "-t", name, work)
            run(*buildah, "push", "-q", name, f"docker-archive:{archive}:{name}")
            run(TESTCLUSTER, "load", archive)
