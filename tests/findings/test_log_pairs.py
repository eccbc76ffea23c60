"""The logs of both sides are paired by container, compared once a run, and counted without debug lines."""

from collections.abc import Callable
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings import find, log_pairs
from analyzer.findings.log_pairs import pair_logs, pair_logs_after_start
from analyzer.logs.compare import compare
from analyzer.logs.digest import Digest
from analyzer.settings import Rules

SideLogs = Callable[..., Logs]
SERVED = [(590 - n, f"INFO served item {n}") for n in range(500)]


@pytest.fixture
def started(
    evidence: Callable[..., Evidence],
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    ago: Callable[[float], datetime],
) -> Callable[..., Evidence]:
    """Both sides' logs; the canary's container started 400 s ago, stable's a day ago."""

    def build(*logs: Logs) -> Evidence:
        def run(name: str, seconds: float) -> Pod:
            return pod(name, container(state=State(kind="running", started_at=ago(seconds))), age=seconds)

        return evidence([run("canary-1", 400)], [run("stable-1", 86400)], more=logs)

    return build


def test_only_containers_that_both_sides_log_are_paired(
    evidence: Callable[..., Evidence], side: SideLogs
) -> None:
    stable = side("stable", app=SERVED, proxy=SERVED[:9])
    canary = side("canary", helper=SERVED[:5], app=SERVED[:100])

    [pair] = pair_logs(evidence(more=[stable, canary]))
    assert (pair.container, pair.stable_lines, pair.canary_lines) == ("app", 500, 100)
    assert [(row.stable, row.canary) for row in pair.comparison] == [(500, 100)]
    assert pair_logs(evidence(more=[canary])) == ()
    assert pair_logs(evidence(more=[stable])) == ()


def test_debug_lines_are_in_no_base(evidence: Callable[..., Evidence], side: SideLogs) -> None:
    canary = side("canary", app=[*SERVED[:100], *((50, f"DEBUG cache entry {n}") for n in range(300))])

    [pair] = pair_logs(evidence(more=[side("stable", app=SERVED), canary]))
    assert pair.canary.lines == 400
    assert pair.canary_lines == 100


def test_debug_lines_are_the_base_where_stable_logs_hardly_anything_else(
    evidence: Callable[..., Evidence], side: SideLogs
) -> None:
    traces = [(590 - n, f"DEBUG cache entry {n}") for n in range(300)]
    failures = [(300 - n, "ERROR the cache is full") for n in range(60)]
    [pair] = pair_logs(
        evidence(more=[side("stable", app=traces), side("canary", app=[*traces[:90], *failures])])
    )
    assert (pair.stable_lines, pair.canary_lines) == (300, 150)


def test_what_the_canary_logs_at_its_start_alone_leaves_the_pair(
    started: Callable[..., Evidence], side: SideLogs
) -> None:
    at_start = [(398, "ERROR no broker yet")]
    canary = side("canary", app=[*at_start, *SERVED[195:]])
    seen = started(side("stable", app=SERVED), canary)

    [whole], [later] = pair_logs(seen), pair_logs_after_start(seen, Rules())
    assert [row.template for row in whole.comparison if row.level == "error"] == ["no broker yet"]
    assert [row.template for row in later.comparison if row.level == "error"] == []
    assert (whole.canary_lines, later.canary_lines) == (306, 305)
    assert later.stable == whole.stable


def test_a_pair_without_such_lines_is_the_same_after_the_start(
    started: Callable[..., Evidence], side: SideLogs
) -> None:
    seen = started(side("stable", app=SERVED), side("canary", app=SERVED[195:]))
    assert pair_logs_after_start(seen, Rules()) == pair_logs(seen)


def test_a_run_compares_each_container_once(
    evidence: Callable[..., Evidence], side: SideLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparisons: list[Digest] = []

    def count(stable: Digest, canary: Digest) -> object:
        comparisons.append(canary)
        return compare(stable, canary)

    monkeypatch.setattr(log_pairs, "compare", count)
    canary = side("canary", cart=SERVED[:211], till=SERVED[:212])
    find(evidence(more=[side("stable", cart=SERVED, till=SERVED), canary]), Rules())
    assert [digest.lines for digest in comparisons] == [211, 212]
