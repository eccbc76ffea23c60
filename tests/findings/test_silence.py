"""A canary without a line, where stable logs much, is held; where none is to be expected, it is not."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Pod
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.weights import Weight
from analyzer.findings import find
from analyzer.models.builtin import judge
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Found = Callable[..., dict[str, str]]
SERVED = [(590 - n, f"INFO served item {n}") for n in range(590)]
REQUESTS = [
    (590 - n, f'10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/{n} HTTP/1.1" 200 12')
    for n in range(590)
]


@pytest.fixture
def logs(ago: Callable[[float], datetime]) -> Callable[..., Logs]:
    """One side's logs, the same of each pod, as (seconds before the window's end, line)."""

    def side(role: Role, lines: Sequence[tuple[float, str]], pods: int = 1, container: str = "app") -> Logs:
        text = "".join(
            f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in lines
        ).encode()
        return assemble(
            role,
            [
                mined_stream(f"{role}-{number}", container, False, (text,), redact)
                for number in range(1, pods + 1)
            ],
        )

    return side


@pytest.fixture
def seen(evidence: Callable[..., Evidence], pod: Callable[..., Pod]) -> Callable[..., Evidence]:
    """A canary whose work is seen in a figure, so that nothing but its log is at issue."""
    works = Metrics(
        side="canary",
        figures=(QueryFigures(query="jobs", promql="jobs", state="values", value=1.0, work=True),),
    )

    def build(*parts: AnyPart, age: float = 300, stable_pods: int = 1) -> Evidence:
        return evidence(
            [pod("canary-1", age=age)],
            [pod(f"stable-{number + 1}") for number in range(stable_pods)],
            more=(works, *parts),
        )

    return build


@pytest.fixture
def found(seen: Callable[..., Evidence]) -> Found:
    def kinds(*parts: AnyPart, **more: Any) -> dict[str, str]:
        graded = find(seen(*parts, **more), Rules())
        return {each.finding.kind: each.severity for each in graded if each.severity != "info"}

    return kinds


def weighted(weight: int | None) -> tuple[Traffic, ...]:
    strategy: Any = "blueGreen" if weight is None else "canary"
    return tuple(Traffic(side=role, strategy=strategy, weight=weight) for role in ("stable", "canary"))


def test_a_canary_without_a_line_is_not_healthy(
    seen: Callable[..., Evidence], logs: Callable[..., Logs]
) -> None:
    graded = find(seen(logs("stable", SERVED), logs("canary", [])), Rules())
    [silent] = [each.finding for each in graded if each.finding.kind == "silent"]
    assert (silent.stable, silent.canary) == ("590 lines", "0 lines, about 301 expected")
    assert judge(graded).verdict == "cannot_tell"


def test_one_line_is_enough(found: Found, logs: Callable[..., Logs]) -> None:
    assert found(logs("stable", SERVED), logs("canary", [(200, "INFO started")])) == {}


@pytest.mark.parametrize(
    ("weight", "kinds"), [(50, {"silent": "hold"}), (5, {}), (0, {}), (100, {}), (None, {})]
)
def test_it_is_expected_to_log_its_share_of_the_requests(
    weight: int | None, kinds: dict[str, str], found: Found, logs: Callable[..., Logs]
) -> None:
    assert found(logs("stable", SERVED), logs("canary", []), *weighted(weight)) == kinds


@pytest.mark.parametrize(
    ("weights", "kinds"),
    [
        ([(600, 50)], {"silent": "hold"}),
        ([(200, 50)], {"silent": "hold"}),
        ([(600, 5), (60, 50)], {"missing-work": "hold"}),  # 240 s at 5 % and 60 s at 50 %: 71 lines are due
        ([(60, 50)], {"missing-work": "hold"}),  # 60 lines
        ([(60, 5)], {}),
        ([(600, 50), (300, 5)], {}),
    ],
)
def test_the_weight_of_this_moment_is_not_that_of_the_whole_window(
    weights: list[tuple[float, int]],
    kinds: dict[str, str],
    found: Found,
    logs: Callable[..., Logs],
    ago: Callable[[float], datetime],
) -> None:
    changes = tuple(Weight(at=ago(at), weight=weight) for at, weight in weights)
    canary = Traffic(side="canary", strategy="canary", weight=weights[-1][1], weights=changes)
    assert found(logs("stable", SERVED), logs("canary", []), canary) == kinds


def test_without_a_rollout_as_much_as_one_pod_of_stable(found: Found, logs: Callable[..., Logs]) -> None:
    few = SERVED[::20]
    assert found(logs("stable", few, pods=6), logs("canary", []), stable_pods=6) == {}
    assert found(logs("stable", SERVED, pods=6), logs("canary", []), stable_pods=6) == {"silent": "hold"}


def test_a_canary_that_has_just_become_ready_has_had_no_time(found: Found, logs: Callable[..., Logs]) -> None:
    assert found(logs("stable", SERVED), logs("canary", []), age=20) == {"too-young": "hold"}


def test_a_log_that_was_read_of_stable_alone_holds(
    seen: Callable[..., Evidence], found: Found, logs: Callable[..., Logs]
) -> None:
    """Of the whole side, and of the one container that does the work."""
    assert found(logs("stable", SERVED)) == {"unread-log": "hold"}
    assert found(logs("stable", SERVED), logs("canary", [], container="proxy")) == {"unread-log": "hold"}
    assert judge(find(seen(logs("stable", SERVED[:1])), Rules()), gaps=1).verdict == "cannot_tell"


def test_a_log_that_was_read_of_neither_side_is_no_difference(
    found: Found, logs: Callable[..., Logs]
) -> None:
    assert found() == {}
    assert found(logs("stable", [])) == {}
    assert found(logs("canary", SERVED)) == {}


def test_a_container_that_the_canary_has_not_is_not_unread(found: Found, logs: Callable[..., Logs]) -> None:
    assert found(logs("stable", SERVED, container="gone"), logs("canary", [])) == {}


def test_missing_requests_are_told_as_such(found: Found, logs: Callable[..., Logs]) -> None:
    assert found(logs("stable", REQUESTS), logs("canary", []), *weighted(50)) == {"no-traffic": "hold"}


DECLINED = [(590 - n * 10, "ERROR payment declined") for n in range(59)]


def test_a_canary_that_logs_complaints_alone_is_not_compared_by_its_lines(
    seen: Callable[..., Evidence], logs: Callable[..., Logs]
) -> None:
    """Its log level changed: of a hundred errors in a hundred lines nothing follows."""
    graded = find(seen(logs("stable", [*SERVED, *DECLINED]), logs("canary", DECLINED[29:])), Rules())
    [silent] = [each for each in graded if each.severity != "info"]
    assert silent.finding.sentence.startswith(
        "container app logs nothing but warnings and errors in the canary, and much else in stable"
    )
    assert (silent.finding.stable, silent.finding.canary) == (
        "590 other lines",
        "0 other lines, about 301 expected",
    )


def test_one_that_complains_more_than_stable_does_fails(found: Found, logs: Callable[..., Logs]) -> None:
    failing = [(290 - n, "ERROR payment declined") for n in range(290)]
    assert found(logs("stable", [*SERVED, *DECLINED]), logs("canary", failing)) == {
        "error-share": "warning",
        "error-template-rate": "warning",
    }


def test_one_whose_every_request_fails_is_heard(found: Found, logs: Callable[..., Logs]) -> None:
    failing = [(at, line.replace(" 200 ", " 503 ")) for at, line in REQUESTS[300:]]
    assert found(logs("stable", REQUESTS), logs("canary", failing)) == {
        "new-error-template": "warning",
        "error-share": "warning",
    }
    refused = [(at, line.replace(" 200 ", " 404 ")) for at, line in REQUESTS]
    assert "silent" not in found(
        logs("stable", [*REQUESTS[::2], *refused[1::2]]), logs("canary", refused[300:])
    )
