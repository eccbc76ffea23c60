"""The tutorial's live part, run as it is printed on a machine that has nothing but the command and a
kubeconfig.
"""

import subprocess
from pathlib import Path

import pytest

from tests.node import cluster
from tests.node.conftest import COMMAND
from tests.node.shop import Side, wait
from tests.test_tutorial import LIVE, blocks

pytestmark = pytest.mark.node
MINUTE = 65.0  # seconds: "give it a minute"


def test_a_newcomer_gets_to_a_judged_canary(node: dict[str, str], tmp_path: Path) -> None:
    cluster.enter()
    pods = [Side("shop", f"role={role}") for role in ("stable", "canary")]
    wait([("shop", lambda: all(each.old(MINUTE) for each in pods))])
    (tmp_path / "build").mkdir()
    environment = node | {"PATH": f"{COMMAND.parent}:{node['PATH']}", "HOME": str(tmp_path)}
    check, analyze = (
        subprocess.run(
            ["bash", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        for block in blocks(LIVE)
    )
    assert check.returncode == 0, check.stdout + check.stderr
    assert analyze.returncode == 3, analyze.stdout + analyze.stderr
    assert analyze.stdout.startswith("ROLLBACK")
    assert "shop/cart" in analyze.stdout.splitlines()[0]
    assert "rule: blocking finding" in analyze.stdout
    page = (tmp_path / "build/live.html").read_text()
    assert "<title>ROLLBACK shop/cart</title>" in page
