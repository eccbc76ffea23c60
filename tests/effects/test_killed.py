"""A run that is killed, as for lack of memory, before or after any request that writes, and the attempt that
follows: told of once.
"""

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from analyzer.cluster import kubeconfig
from tests.effects.conftest import BROKEN, LOOK, WRITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.effects.conftest import Shop

pytestmark = pytest.mark.api

PROGRAM = """
import itertools, os, signal, sys
from pathlib import Path
from analyzer.cli import run
from analyzer.cluster import connection, kubeconfig

kubeconfig.SERVICE_ACCOUNT = Path(os.environ["ACCOUNT"])
kind, number, when = os.environ["KILLED"].split()
count, send = {"read": itertools.count(1), "write": itertools.count(1)}, connection.Connection.send

def send_or_die(self, path, query, request_body=None):
    what = "write" if request_body and "authorization.k8s.io" not in path else "read"
    here = (what, next(count[what])) == (kind, int(number))
    if here and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = send(self, path, query, request_body)
    if here and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

connection.Connection.send = send_or_die
sys.exit(run(sys.argv[1:]))
"""
NEVER = "write 99 after"


def attempt(cart: "Shop", killed: str) -> int:
    """The exit code of one more Job's pod, as a process of its own that ends at that request."""
    cart.attempts += 1
    pod = cart.namespace.measurement(
        cart.asking, name=f"{cart.asking['metadata']['uid']}.judge.{cart.attempts}"
    )
    cart.enter(cart.namespace, pod, LOOK, *WRITES.values())
    command = [sys.executable, "-c", PROGRAM, "analyze", "--model=builtin", "--min-fault-age=0s"]
    environ = os.environ | {"ACCOUNT": str(kubeconfig.SERVICE_ACCOUNT), "KILLED": killed}
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    "killed",
    [
        "read 1 before",
        "read 6 after",
        *(f"write {number} {when}" for number in (1, 2, 3) for when in ("before", "after")),
    ],
)
def test_whatever_kills_an_attempt_the_next_one_tells_once(shop: "Callable[..., Shop]", killed: str) -> None:
    cart = shop(crashing=True)
    assert attempt(cart, killed) == -signal.SIGKILL
    assert attempt(cart, NEVER) == BROKEN
    assert set(cart.events()) == {"AnalysisRun", "Rollout"}
    assert cart.annotations()["rollout-analyzer/judge.outcome"] == "rollback"
