"""The README's answers to "where do I see why", run as they stand on the real API server; and what it
installs.
"""

import re
import shlex
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.effects.conftest import Shop

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]
README = (Path(__file__).parents[2] / "README.md").read_text()
CRASHES = "container app exits with code 1 again and again"


def commands(section: str) -> list[str]:
    text = README.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return [
        line for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]


def kubectl(namespace: "Namespace", command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "kubectl"
    return namespace.server.run(*(namespace.name if each == "shop" else each for each in arguments))


def test_the_reason_is_among_the_rollouts_events(shop: Callable[..., Shop]) -> None:
    cart = shop(crashing=True)
    assert cart.attempt()[0] == 3
    describe, *_ = commands("Where do I see why")
    assert CRASHES in kubectl(cart.namespace, describe)


def test_without_events_it_is_in_the_log_and_in_the_termination_message(
    namespace: "Namespace", simulated_node: str, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    _, logs, messages = commands("Where do I see why")
    labels = {"app.kubernetes.io/name": "rollout-analyzer"}
    namespace.server.write_log(
        "logged-2", f"{datetime.now(UTC):%FT%T}.000000000Z stdout F ROLLBACK: {CRASHES}\n".encode()
    )
    namespace.pod("logged-2", labels, nodeName=simulated_node)
    wait_until(lambda: namespace.admin.get(namespace.path("pods/logged-2"))["status"]["phase"] == "Running")
    ended: dict[str, Any] = {"terminated": {"exitCode": 3, "message": f"ROLLBACK: {CRASHES}"}}
    container = {
        "name": "app",
        "image": "app:1",
        "imageID": "",
        "ready": False,
        "restartCount": 0,
        "state": ended,
    }
    namespace.report("pods", "logged-2", {"phase": "Failed", "containerStatuses": [container]})
    assert f"ROLLBACK: {CRASHES}" in kubectl(namespace, logs)
    assert kubectl(namespace, messages) == f"logged-2: ROLLBACK: {CRASHES}\n"


@pytest.mark.parametrize("command", [each for each in commands("In Argo") if "apply" in each])
def test_what_the_readme_installs_the_api_server_takes(
    namespace: "Namespace", command: str, tmp_path: Path
) -> None:
    """The pipe as it stands, but for the namespace, and as a dry run."""
    line = command.replace("-n shop", f"-n {namespace.name} --dry-run=server").replace(
        "YOUR-IMAGE", "images.example.com/analyzer:9"
    )
    line = line.replace("kubectl", shlex.quote(str(namespace.server.kubectl)))
    environment = {
        "KUBECONFIG": str(namespace.server.kubeconfig),
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
    }
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("analysistemplate") == 2
