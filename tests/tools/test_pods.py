from collections.abc import Callable
from typing import Any

from analyzer.evidence.pods import Pods
from tests.recorded import canary_pod
from tests.tools.conftest import EXAMPLES

Of = Callable[..., Any]
POD = canary_pod(EXAMPLES / "crash-loop.json.gz")


def test_every_pod_of_both_sides_is_listed_in_a_line(recorded: Of, look: Of) -> None:
    lines = look("pods", recorded("crash-loop"))
    assert lines[0] == "stable: 4 pods, 4 ready"
    assert lines[5] == "canary: 2 pods, 0 ready"
    assert lines[6].startswith(f"{POD}: Running, not ready, ")
    assert "restarts, created 2026-" in lines[6]


def test_one_side_may_be_asked_for(recorded: Of, look: Of) -> None:
    lines = look("pods", recorded("crash-loop"), {"side": "canary"})
    assert [line.split(":")[0] for line in lines] == ["canary", POD, lines[2].split(":")[0]]


def test_a_side_that_could_not_be_read_is_not_one_without_pods(recorded: Of, look: Of, having: Of) -> None:
    assert look("pods", having(recorded("healthy"), without=Pods)) == [
        "stable: the pods could not be read",
        "canary: the pods could not be read",
    ]
