"""What only the canary logs, and errors above stable's share, become findings; what was not read does not."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings import logs
from analyzer.findings.grade import KINDS
from analyzer.findings.interface import Finding
from analyzer.logs.digest import Digest
from analyzer.logs.mine import mine
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Ago = Callable[[float], datetime]
Timed = Sequence[tuple[float, str]]  # (seconds before the window's end, line)
ORDINARY: Timed = [(590 - n, f"INFO served item {n} in {n}ms") for n in range(580)]


@pytest.fixture
def side(ago: Ago) -> Callable[..., Logs]:
    def build(role: Role, **containers: Timed) -> Logs:
        def digest(lines: Timed) -> Digest:
            return mine([b"".join(f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n".encode() for at, line in lines)], redact).digest

        merged = tuple(ContainerLogs(container=name, digest=digest(lines)) for name, lines in containers.items())
        return Logs(side=role, containers=merged, streams=())

    return build


@pytest.fixture
def judge(evidence: Callable[..., Evidence]) -> Callable[..., list[Finding]]:
    def find(*parts: Logs, gaps: Iterable[Gap] = ()) -> list[Finding]:
        seen = evidence(more=parts)
        seen = Evidence(target=seen.target, window=seen.window, nonce="n", parts=seen.parts, gaps=tuple(gaps))
        return [finding for rule in logs.RULES for finding in rule(seen, Rules())]

    return find


Side = Callable[..., Logs]
Judge = Callable[..., list[Finding]]


def test_the_same_logs_give_nothing(side: Side, judge: Judge) -> None:
    assert judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY[::7])) == []


def test_an_error_only_the_canary_logs_is_found_with_both_figures(side: Side, judge: Judge) -> None:
    new = [(at, f"ERROR no such column price_{at}") for at in (40, 20, 1)]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert (found.kind, found.stable, found.canary, found.ongoing) == ("new-error-template", "0 of 580 lines", "3 of 583 lines", True)
    assert found.sentence == "container app logs an error line that stable never logs: no such column price_<num>"
    assert found.samples == ("ERROR no such column price_40",)
    assert found.key == "new-error-template/app/no-such-column-price"


def test_a_new_line_that_is_no_error_is_of_another_kind(side: Side, judge: Judge) -> None:
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, (1, "INFO feature flags loaded")]))
    assert found.kind == "new-log-template"


def test_a_burst_that_ended_is_told_apart(side: Side, judge: Judge) -> None:
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[(500, "ERROR warming up"), *ORDINARY]))
    assert not found.ongoing
    assert "stopped" in found.sentence


def test_a_container_that_fell_silent_after_its_error_did_not_recover(side: Side, judge: Judge) -> None:
    short = [*ORDINARY[:50], (539, "FATAL cannot open the database")]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=short))
    assert found.ongoing


def test_without_stables_logs_nothing_is_new(side: Side, judge: Judge) -> None:
    assert judge(side("canary", app=[(1, "ERROR x")])) == []


def test_a_tiny_stable_log_makes_weak_grounds_and_says_so(side: Side, judge: Judge) -> None:
    [found] = judge(side("stable", app=ORDINARY[-3:]), side("canary", app=[*ORDINARY, (1, "INFO feature flags loaded")]))
    assert "stable logged only 3 lines" in found.sentence


def test_a_container_only_the_canary_has_is_told_once(side: Side, judge: Judge) -> None:
    found = judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY, proxy=[(5, "ERROR a b c"), (4, "starting up")]))
    assert [(each.kind, each.canary, each.scope) for each in found] == [("unmatched-container-logs", "1 errors in 2 lines", "uncompared")]


def test_a_stable_container_whose_log_could_not_be_read_is_not_called_absent(side: Side, judge: Judge) -> None:
    gap = Gap(source="logs", side="stable", reason="container proxy of pod x: denied")
    assert judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY, proxy=[(5, "ERROR a")]), gaps=[gap]) == []


def test_a_larger_share_of_errors_is_found_with_its_worst_lines(side: Side, judge: Judge) -> None:
    def with_errors(every: int) -> Timed:
        return [(at, "ERROR payment declined by bank") if index % every == 0 else (at, line) for index, (at, line) in enumerate(ORDINARY)]

    assert judge(side("stable", app=with_errors(20)), side("canary", app=with_errors(18))) == []
    [found] = judge(side("stable", app=with_errors(100)), side("canary", app=with_errors(10)))
    assert (found.kind, found.stable, found.canary) == ("error-share", "6 errors in 580 lines", "58 errors in 580 lines")
    assert found.sentence == "container app logs errors on 10 % of its lines, stable on 1 %"
    assert found.samples == ("ERROR payment declined by bank",)


@pytest.mark.parametrize(("stable", "canary"), [((2, 580), (6, 580)), ((60, 580), (110, 580))])
def test_few_errors_or_less_than_twice_the_share_are_no_finding(
    side: Side, judge: Judge, stable: tuple[int, int], canary: tuple[int, int]
) -> None:
    def errors(count: int, lines: int) -> Timed:
        return [(at, "ERROR payment declined by bank") for at, _ in ORDINARY[:count]] + list(ORDINARY[count:lines])

    assert judge(side("stable", app=errors(*stable)), side("canary", app=errors(*canary))) == []


def test_many_new_templates_are_bounded_worst_first_and_the_rest_counted(side: Side, judge: Judge) -> None:
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx", "moth"]
    new = [(10 - index / 10, f"{word} {word[::-1]}") for index, word in enumerate(words)] + [(1, "FATAL out of disk")]
    found = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert [each.kind for each in found] == ["new-error-template", *["new-log-template"] * 9, "more-log-templates"]
    assert found[-1].sentence.startswith("4 more log templates are on the canary alone, 0 of them errors")


def test_every_kind_is_graded() -> None:
    assert {"new-error-template", "new-log-template", "more-log-templates", "unmatched-container-logs", "error-share"} <= set(KINDS)
