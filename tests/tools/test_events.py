from collections.abc import Callable
from typing import Any

from analyzer.evidence.events import Events
from tests.recorded import canary_pod
from tests.tools.conftest import EXAMPLES

Of = Callable[..., Any]
POD = canary_pod(EXAMPLES / "crash-loop.json.gz")


def test_the_events_of_one_pod_come_latest_first(recorded: Of, look: Of) -> None:
    lines = look("events", recorded("crash-loop"), {"pod": POD})
    assert lines[0] == "stable: 0 events"
    told = lines[2:]
    assert lines[1] == f"canary: {len(told)} events, the latest first"
    assert all(f" Pod/{POD}, " in line for line in told)
    times = [line.partition(" ")[0] for line in told]
    assert len(set(times)) > 2
    assert times == sorted(times, reverse=True)
    assert any(" Warning BackOff " in line for line in told)


def test_without_a_pod_the_events_of_replicasets_are_there_too(recorded: Of, look: Of) -> None:
    assert any("SuccessfulCreate ReplicaSet/" in line for line in look("events", recorded("crash-loop")))


def test_events_that_could_not_be_read_are_not_none(recorded: Of, look: Of, having: Of) -> None:
    lines = look("events", having(recorded("healthy"), without=Events))
    assert lines == ["stable: the events could not be read", "canary: the events could not be read"]


def test_a_name_that_no_pod_has_gets_the_names_there_are(recorded: Of, look: Of) -> None:
    assert POD in look("events", recorded("crash-loop"), {"pod": "elsewhere"})
