"""A canary that logs requests and has had a handful of them is held, by default."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Pod
from analyzer.findings.few_requests import few_requests
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import Role

Build = Callable[..., Evidence]
GET = '10.0.0.7 - - [03/Nov/2026:11:59:30 +0000] "GET /v1/items/{} HTTP/1.1" 200 512 "-" "curl/8.5"'
FAILED = '10.0.0.7 - - [03/Nov/2026:11:59:30 +0000] "GET /v1/items/{} HTTP/1.1" 500 512 "-" "curl/8.5"'


def logs(role: Role, lines: Iterable[str]) -> Logs:
    content = "".join(
        f"2026-11-03T11:59:{number % 60:02}Z {line}\n" for number, line in enumerate(lines)
    ).encode()
    return assemble(role, [mined_stream(f"{role}-1", "app", False, (content,), str)])


def requests(count: int, form: str = GET) -> list[str]:
    return [form.format(number) for number in range(count)]


@pytest.fixture
def found(evidence: Build, pod: Callable[..., Pod]) -> Callable[..., list[Finding]]:
    def find(canary: list[str], stable: list[str], **rules: Any) -> list[Finding]:
        seen = evidence(
            canary=[pod("canary-1", age=300)],
            stable=[pod("stable-1", age=9000)],
            more=(logs("stable", stable), logs("canary", canary)),
        )
        return list(few_requests(seen, Rules(**rules)))

    return find


def test_a_handful_of_requests_is_held_with_the_figures_and_how_many_are_enough(
    found: Callable[..., list[Finding]],
) -> None:
    (finding,) = found(requests(2), requests(300))
    assert (finding.kind, weigh_finding(finding)) == ("too-little-traffic", "hold")
    assert finding.sentence == (
        "the canary logged 2 requests, which are too few to tell: 10 are enough to see a fault of"
        " one request in four"
    )
    assert (finding.stable, finding.canary) == ("300 requests logged", "2 requests logged, 10 are enough")


@pytest.mark.parametrize(("count", "held"), [(9, 1), (10, 0)])
def test_ten_are_enough(found: Callable[..., list[Finding]], count: int, held: int) -> None:
    assert len(found(requests(count), requests(300))) == held


def test_other_lines_of_work_are_enough_as_well(found: Callable[..., list[Finding]]) -> None:
    batches = [f"batch {number} stored" for number in range(20)]
    assert found([*requests(2), *batches], [*requests(9), *batches]) == []


def test_a_team_that_says_how_many_are_enough_is_asked_elsewhere(found: Callable[..., list[Finding]]) -> None:
    assert found(requests(2), requests(300), min_requests=1) == []
    assert found(requests(2), requests(300), idle_ok=True) == []


def test_requests_that_fail_are_told_by_other_rules(found: Callable[..., list[Finding]]) -> None:
    assert found(requests(4, FAILED), requests(300)) == []


def test_a_service_that_logs_no_requests_is_not_asked_for_any(found: Callable[..., list[Finding]]) -> None:
    batches = [f"batch {number} stored" for number in range(200)]
    assert found(batches[:3], [*requests(1), *batches]) == []
