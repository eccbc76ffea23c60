from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.evidence.usage import ContainerUsage, Usage, UsageSample
from tests.recorded import canary_pod
from tests.tools.conftest import EXAMPLES

Of = Callable[..., Any]
POD = canary_pod(EXAMPLES / "crash-loop.json.gz")
AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def used(pod: str, *amounts: tuple[float, int]) -> Usage:
    samples = tuple(UsageSample(at=AT, cpu=cpu, memory=memory * 1024**2) for cpu, memory in amounts)
    return Usage(side="canary", containers=(ContainerUsage(pod=pod, container="cart", samples=samples),))


def test_the_latest_figure_stands_beside_the_limit_and_the_range(recorded: Of, look: Of, having: Of) -> None:
    limited = Container(
        name="cart", type="main", image="cart:1", state=State(kind="running"), limits={"memory": "64Mi"}
    )
    pods = Pods(
        side="canary", pods=(Pod(name=POD, owner="", phase="Running", created_at=AT, containers=(limited,)),)
    )
    several = used(POD, (0.1, 20), (0.5, 60), (0.2, 40))
    lines = look(
        "usage",
        having(having(recorded("crash-loop"), pods, without=Pods), several, without=Usage),
        {"pod": POD},
    )
    assert lines[:2] == ["stable: the usage could not be read", "canary: figures of 1 container"]
    told = (
        f"cpu 0.200 cores (0.100 to 0.500), memory 40.0 MiB (20.0 MiB to 60.0 MiB) at {AT.isoformat()},"
        " 3 looks, limits memory=64Mi"
    )
    assert lines[2:] == [f"{POD} cart: {told}"]


def test_one_look_has_no_range_and_a_pod_that_is_gone_no_limits(recorded: Of, look: Of, having: Of) -> None:
    lines = look("usage", having(recorded("crash-loop"), used("gone", (0.25, 8)), without=Usage))
    assert (
        lines[2] == f"gone cart: cpu 0.250 cores, memory 8.0 MiB at {AT.isoformat()}, 1 look, no known limits"
    )


def test_a_name_that_no_pod_has_gets_the_names_there_are(recorded: Of, look: Of) -> None:
    assert POD in look("usage", recorded("crash-loop"), {"pod": "elsewhere"})
