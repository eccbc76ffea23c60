from collections.abc import Callable
from typing import Any

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods

Of = Callable[..., Any]


def test_a_pod_is_shown_with_its_conditions_and_what_its_containers_ended_with(
    recorded: Of, look: Of
) -> None:
    shown = "\n".join(look("describe", recorded("oom-kill"), {"pod": name_of(recorded("oom-kill"))}))
    assert "condition Ready=False since " in shown
    assert "container cart (main): image localhost/cart:1.5.2, not ready, " in shown
    assert "before terminated OOMKilled exit code 137" in shown
    assert "its probes allow it 3 s until it is ready" in shown


def test_a_name_that_no_pod_has_gets_the_names_there_are_and_is_not_repeated(recorded: Of, look: Of) -> None:
    lines = look("describe", recorded("oom-kill"), {"pod": "kube-apiserver"})
    assert lines[0] == "neither side has a pod of that name; there are:"
    assert len(lines) == 7
    assert "kube-apiserver" not in "\n".join(lines)


def name_of(evidence: Evidence) -> str:
    """The canary's first pod."""
    part = evidence.part(Pods, "canary")
    assert part
    return part.pods[0].name
