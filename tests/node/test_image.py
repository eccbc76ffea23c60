"""What is in our image, and that another build makes the same."""

import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import image_size
import pytest

from analyzer import __version__

pytestmark = pytest.mark.node

ROOT = Path(__file__).parents[2]
WRITABLE_BY_OTHERS, SETUID, STICKY = 0o002, 0o4000, 0o1000


def manifest(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as outer:
        (image,) = json.load(outer.extractfile("manifest.json"))  # type: ignore[arg-type]
        found: dict[str, Any] = {
            "layers": image["Layers"],
            "config": json.load(outer.extractfile(image["Config"])),  # type: ignore[arg-type]
        }
        return found


def ours(archive: Path) -> Iterator[tarfile.TarInfo]:
    """The files of each layer over the base's."""
    with tarfile.open(archive) as outer:
        for name in manifest(archive)["layers"][1:]:
            with tarfile.open(fileobj=outer.extractfile(name)) as layer:
                yield from layer.getmembers()


def test_it_is_as_small_as_is_promised(archive: Path) -> None:
    size = image_size.measure(archive)
    assert size.installed() / 1e6 <= image_size.MOST_UNPACKED
    assert size.compressed / 1e6 <= image_size.MOST_COMPRESSED


def test_another_build_makes_the_same_layers(archive: Path, tmp_path: Path) -> None:
    (base,) = archive.parent.glob("base-*.tar")
    (tmp_path / base.name).symlink_to(base)
    again = subprocess.run(
        [ROOT / "tests/node/image"],
        env=os.environ | {"ANALYZER_CACHE": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    assert manifest(Path(again))["layers"] == manifest(archive)["layers"]


def test_it_runs_the_analysis_as_nobody_and_says_what_it_is(archive: Path) -> None:
    config = manifest(archive)["config"]["config"]
    assert (config["User"], config["Entrypoint"], config["Cmd"]) == (
        "65532:65532",
        ["rollout-analyzer"],
        ["analyze"],
    )
    said = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert (said["version"], said["licenses"]) == (__version__, "Apache-2.0")
    assert {"revision", "source", "base.name"} <= set(said)


def test_whoever_runs_it_can_read_it_and_nobody_can_change_it(archive: Path) -> None:
    for member in ours(archive):
        if (member.isreg() or member.isdir()) and not Path(member.name).name.startswith(".wh."):
            assert member.mode & (0o005 if member.isdir() else 0o004), member.name
            assert not member.mode & WRITABLE_BY_OTHERS or member.mode & STICKY, member.name
            assert not member.mode & SETUID, member.name


def test_every_module_is_compiled_and_no_installer_is_there(archive: Path) -> None:
    names = {member.name for member in ours(archive)}
    modules = {name for name in names if "/site-packages/" in name and name.endswith(".py")}
    compiled = {
        f"{folder}/{file.partition('.')[0]}.py"
        for folder, found, file in (name.partition("/__pycache__/") for name in names)
        if found
    }
    assert modules
    assert modules - compiled == set()
    assert [name for name in names if name.endswith("/bin/pip") or "/site-packages/pip/" in name] == []
    assert {Path(name).name for name in names if "/rollout-analyzer/bin/" in name} == {
        "python",
        "python3",
        "python3.11",
        "rollout-analyzer",
    }
