"""The tutorial, run as it is printed: without its first block, which makes the command, and without its live
part, which `tests/node/test_tutorial.py` runs.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORDED, _, LIVE = (ROOT / "docs/tutorial.md").read_text().partition("## A live canary\n")


def blocks(text: str) -> list[str]:
    """The commands of a part, as they are printed."""
    return re.findall(r"```console\n(.*?)```", text, re.DOTALL)


@pytest.mark.slow
def test_each_command_ends_as_the_tutorial_says(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "build").mkdir()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = [
        subprocess.run(
            ["bash", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        for block in blocks(RECORDED)[1:]
    ]
    assert [each.returncode for each in done] == [3, 0, 0, 3, 0], [each.stderr for each in done]
    first, markdown, prompt, stricter, healthy = (each.stdout for each in done)
    assert "rule: confidence" in first
    assert markdown.startswith("## ROLLBACK: `shop/cart`")
    assert "unknown currency" in prompt
    assert "rule: blocking finding" in stricter
    assert "new-error-template: blocking instead of warning" in stricter
    assert healthy.startswith("PROMOTE")
    assert (tmp_path / "build/cart.html").stat().st_size > 10_000
