"""The scripts of a release, run as the workflow does; only what would be pushed is kept instead."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from analyzer import __version__

ROOT = Path(__file__).parents[2]
DIGEST = f"sha256:{'0a' * 32}"


def released(script: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / "deploy/release" / script), *arguments]
    return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)


@pytest.fixture
def changelog(tmp_path: Path) -> str:
    """One that has the package's version as released."""
    path = tmp_path / "CHANGELOG.md"
    entry = f"## {__version__} - 2026-01-01\n\n### Added\n\n- a\n\n"
    path.write_text(f"# Changelog\n\n## Unreleased\n\n- z\n\n{entry}## 0.0.1 - 2020-01-01\n\n- b\n")
    return str(path)


def test_a_tag_of_the_packages_version_is_taken(changelog: str) -> None:
    done = released("check", f"v{__version__}", "ghcr.io/Acme", CHANGELOG=changelog)
    assert done.stdout == f"version={__version__}\nimage=ghcr.io/acme/rollout-analyzer\n"


@pytest.mark.parametrize("tag", [__version__, f"v{__version__}1", "v0.0.1"])
def test_another_tag_is_not(changelog: str, tag: str) -> None:
    done = released("check", tag, "ghcr.io/acme", CHANGELOG=changelog)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"is not v{__version__}" in done.stderr


def test_the_notes_are_what_the_changelog_says_of_that_release_alone(changelog: str) -> None:
    assert released("notes", f"v{__version__}", CHANGELOG=changelog).stdout.split() == [
        "###",
        "Added",
        "-",
        "a",
    ]
    assert "### Added" in released("notes", "v0.1.0").stdout


def test_a_version_that_is_not_released_has_no_notes(changelog: str) -> None:
    done = released("notes", "v9.9.9", CHANGELOG=changelog)
    assert (done.returncode, done.stdout) == (1, "")
    assert "has no release 9.9.9" in done.stderr


@pytest.mark.api
def test_the_chart_that_is_pushed_names_the_image_that_was(helm: Callable[..., str], tmp_path: Path) -> None:
    binary = subprocess.run(
        [ROOT / "tests/testhelm/testhelm"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    stub = tmp_path / "helm"
    stub.write_text(
        f'#!/bin/sh\n[ "$1" = push ] || exec {binary} "$@"\n'
        f'cp "$2" {tmp_path}/pushed.tgz\necho "$3" > {tmp_path}/place\n'
        f'echo "Pushed: ghcr.io/acme/charts/rollout-analyzer:{__version__}" >&2\necho'
        f' "Digest: {DIGEST}" >&2\n'
    )
    stub.chmod(0o755)
    done = released(
        "chart",
        "ghcr.io/acme/rollout-analyzer",
        "ghcr.io/Acme/charts",
        PATH=f"{tmp_path}:{os.environ['PATH']}",
    )
    assert done.stdout == f"chart=ghcr.io/acme/charts/rollout-analyzer@{DIGEST}\n", done.stderr
    assert (tmp_path / "place").read_text() == "oci://ghcr.io/acme/charts\n"
    chart = yaml.safe_load(helm("show", "chart", str(tmp_path / "pushed.tgz")))
    assert (
        f"image: ghcr.io/acme/rollout-analyzer:{__version__}" in chart["annotations"]["artifacthub.io/images"]
    )
    made = helm("template", "release", str(tmp_path / "pushed.tgz"))
    assert f'image: "ghcr.io/acme/rollout-analyzer:{__version__}"' in made
    assert "registry.example.com" not in made
