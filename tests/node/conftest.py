"""The real node with every case on it, and the installed command to judge them with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("rollout-analyzer")


@dataclass(frozen=True)
class Judged:
    """What the installed command said: its exit code, and its one JSON object."""

    code: int
    report: dict[str, Any]

    def kinds(self, *severities: str) -> set[str]:
        return {
            graded["finding"]["kind"]
            for graded in self.report["findings"]
            if graded["severity"] in severities
        }

    def samples(self, kind: str) -> list[str]:
        return [
            sample
            for graded in self.report["findings"]
            if graded["finding"]["kind"] == kind
            for sample in graded["finding"]["samples"]
        ]


@pytest.fixture(scope="session")
def node() -> Iterator[dict[str, str]]:
    """The environment to reach the node, each case on it showing what it is about. SHOP_UP: it is up already,
    and stays.
    """
    kept = bool(os.environ.get("SHOP_UP"))
    shop = [sys.executable, "-m", "tests.node.shop"]
    try:
        exports = subprocess.run(
            [*shop, "exports" if kept else "up"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        yield os.environ | dict(line.removeprefix("export ").split("=", 1) for line in exports.splitlines())
    finally:
        if not kept:
            subprocess.run([*shop, "down"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def archive() -> Path:
    """Our image, as a docker-archive."""
    built = subprocess.run([ROOT / "tests/node/image"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return Path(built.strip())


@pytest.fixture(scope="session")
def with_image(node: dict[str, str], archive: Path) -> dict[str, str]:
    """The environment to reach the node, which has our image."""
    subprocess.run([ROOT / "tests/testcluster/testcluster", "load", archive], env=node, check=True)
    return node


@pytest.fixture(scope="session")
def judge(node: dict[str, str]) -> Callable[..., Judged]:
    """Judges one namespace with the built-in judge; the pods have run for a few seconds only."""
    young = ("--min-ready-time", "5s", "--model", "builtin")
    return lambda namespace, *options: _said(node, "analyze", "--namespace", namespace, *options, *young)


@pytest.fixture(scope="session")
def guarded(node: dict[str, str]) -> Callable[..., Judged]:
    """Guards the start of one namespace's canary; its pods have run for a few seconds only."""
    return lambda namespace, *options: _said(
        node, "guard", "--namespace", namespace, *options, "--deadline", "60s"
    )


def _said(node: dict[str, str], *arguments: str) -> Judged:
    command = [str(COMMAND), *arguments, "--min-fault-age", "5s", "--format", "json"]
    done = subprocess.run(command, env=node, stdout=subprocess.PIPE, text=True, check=False)
    return Judged(done.returncode, json.loads(done.stdout))
