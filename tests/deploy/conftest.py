"""What is deployed: the kustomizations as kubectl renders them, the chart as Helm does, and each by the
rights it grants.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import ApiServer

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def kustomized(api_server: "ApiServer") -> Callable[[str], list[Json]]:
    """What `kubectl kustomize` makes of a folder."""

    def render(folder: str | Path) -> list[Json]:
        return list(yaml.safe_load_all(api_server.run("kustomize", str(ROOT / folder))))

    return render


@pytest.fixture(scope="session")
def helm() -> Callable[..., str]:
    """Runs the real Helm; its standard output. It may fail: CalledProcessError."""
    binary = subprocess.run(
        [ROOT / "tests/testhelm/testhelm"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()

    def run(*arguments: str) -> str:
        return subprocess.run(
            [binary, *arguments], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout

    return run
