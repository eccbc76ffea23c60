"""Errors of the canary's start weigh little where stable's log does not reach back to its own."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import assemble, mined_stream
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.builtin import judge
from analyzer.redact import redact
from analyzer.settings import Rules

Lines = Sequence[tuple[float, str]]
Found = Callable[..., tuple[Graded, ...]]
SERVED = [(590 - n, f"INFO served item {n}") for n in range(590)]
START = [(398, "ERROR no broker yet"), (390, "ERROR config cache is cold")]


@pytest.fixture
def found(
    ago: Callable[[float], datetime], evidence: Callable[..., Evidence], pod: Callable[..., Pod], container: Callable[..., Container]
) -> Found:
    """What the canary's error lines amount to: its container started 400 s ago, stable's a day ago unless told otherwise."""

    def findings(errors: Lines, stable_up: float = 86400, canary_lines: Lines = SERVED[190:], **fields: Any) -> tuple[Graded, ...]:
        def run(up: float, **more: Any) -> Container:
            return container(state=State(kind="running", started_at=ago(up)), **more)

        logs = []
        for role, lines in (("stable", SERVED), ("canary", sorted([*canary_lines, *errors], reverse=True))):
            text = "".join(f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in lines).encode()
            logs.append(assemble(role, [mined_stream(f"{role}-1", "app", False, (text,), redact)]))  # type: ignore[arg-type]  # both are roles
        canary, stable = pod("canary-1", run(400, **fields), age=410), pod("stable-1", run(stable_up), age=stable_up)
        return find(evidence([canary], [stable], more=logs), Rules())

    return findings


def kinds(graded: Sequence[Graded]) -> list[str]:
    return [each.finding.kind for each in graded if "error" in each.finding.kind]


def test_they_are_told_and_the_canary_is_judged_by_what_came_after(found: Found) -> None:
    graded = found(START)
    assert kinds(graded) == ["startup-error-template"] * 2
    assert graded[0].severity == "warning"
    assert graded[0].finding.sentence.endswith(", at its start alone, and no pod of stable has started meanwhile")
    assert judge(graded).verdict == "promote"


def test_they_are_new_where_a_pod_of_stable_has_started_as_well(found: Found) -> None:
    assert kinds(found(START, stable_up=500)) == ["new-error-template"] * 2


def test_what_comes_again_later_is_no_start(found: Found) -> None:
    again = [(at, "ERROR no broker yet") for at in (398, 396, 394, 200)]
    assert kinds(found(again)) == ["new-error-template"]
    assert kinds(found(again[:3])) == ["startup-error-template"]
    assert kinds(found([(330, "ERROR no broker yet")])) == ["new-error-template"]


def test_its_own_probes_may_allow_more(found: Found) -> None:
    assert kinds(found([(330, "ERROR no broker yet")], startup_seconds=120)) == ["startup-error-template"]


def test_what_goes_on_is_no_start(found: Found) -> None:
    assert kinds(found(START[:1], canary_lines=SERVED[190:205])) == ["new-error-template"]


def test_a_container_that_restarted_has_had_other_starts(found: Found) -> None:
    assert kinds(found(START[:1], restarts=1)) == ["new-error-template"]


def test_a_canary_that_is_not_ready_has_not_started(found: Found) -> None:
    assert kinds(found(START[:1], ready=False)) == ["new-error-template"]
