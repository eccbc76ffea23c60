"""Files that the one who runs it may not read or write, as in a container that runs as another user: one
line, and never a bug.
"""

import ctypes
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Installed = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.slow

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2  # linux/prctl.h, linux/capability.h


def as_anybody() -> None:
    """Permissions hold for root, too, from the next exec on. Who is not root may not do that, and need
    not.
    """
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@pytest.fixture
def closed(tmp_path: Path) -> str:
    """A folder into which nobody may look."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0)
    return str(folder)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--rollout", "cart", "--kubeconfig", "{closed}/config"], "no such kubeconfig"),
        (["--evidence", "{closed}/bundle.json"], "Permission denied"),
        (["--evidence", "{crashing}", "--save", "{closed}/record.json"], "cannot write"),
        (["--evidence", "{crashing}", "--template", "{closed}/prompt.md.j2"], "cannot read the template"),
        (["--evidence", "{crashing}", "--previous", "{closed}/record.json"], "cannot read"),
        (["--config", "{closed}/config.yaml"], "cannot read the config file"),
        (
            ["--rollout", "cart", "--prometheus", "http://127.0.0.1:9", "--prometheus-ca", "{closed}/ca.pem"],
            "{closed}/ca.pem",
        ),
    ],
    ids=lambda each: each[-2] if isinstance(each, list) else "",
)
def test_a_closed_folder_is_one_line(
    installed: Installed, closed: str, crashing: str, arguments: list[str], says: str
) -> None:
    given = [each.format(closed=closed, crashing=crashing) for each in arguments]
    process = installed("analyze", *given, preexec_fn=as_anybody)
    _, told = process.communicate()
    assert process.returncode == 2
    assert says.format(closed=closed) in told
    assert "bug" not in told


def test_a_home_that_is_closed_holds_no_kubeconfig(installed: Installed, closed: str) -> None:
    process = installed(
        "analyze", "--rollout", "cart", preexec_fn=as_anybody, env=os.environ | {"HOME": closed}
    )
    _, told = process.communicate()
    assert process.returncode == 2
    assert "give --kubeconfig FILE or set KUBECONFIG" in told


@pytest.mark.parametrize("given", ["by the environment", "by the option"])
def test_a_kubeconfig_of_somebody_else_says_how_to_run_as_its_owner(
    installed: Installed, tmp_path: Path, given: str
) -> None:
    config = tmp_path / "config"
    config.write_text("{}")
    config.chmod(0)
    told_by: dict[str, Any] = (
        {"env": os.environ | {"KUBECONFIG": str(config)}} if given == "by the environment" else {}
    )
    option = () if told_by else ("--kubeconfig", str(config))
    process = installed("analyze", "--rollout", "cart", *option, preexec_fn=as_anybody, **told_by)
    _, told = process.communicate()
    assert process.returncode == 2
    assert f"the kubeconfig {config} may not be read" in told
    assert "docker run --user" in told
