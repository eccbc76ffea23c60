"""A share of errors above stable's becomes a finding, and so do logs that there is nothing to compare
with.
"""

from collections.abc import Callable, Iterable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.findings import logs, new_templates
from analyzer.findings.interface import Finding
from analyzer.findings.kinds import KINDS
from analyzer.settings import Rules

Timed = Sequence[tuple[float, str]]  # (seconds before the window's end, line)
ORDINARY: Timed = [(590 - n, f"INFO served item {n} in {n}ms") for n in range(580)]
Side = Callable[..., Logs]
Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge(evidence: Callable[..., Evidence]) -> Callable[..., list[Finding]]:
    def find(*parts: Logs, gaps: Iterable[Gap] = ()) -> list[Finding]:
        seen = evidence(more=parts)
        seen = Evidence(target=seen.target, window=seen.window, nonce="n", parts=seen.parts, gaps=tuple(gaps))
        return [finding for rule in (*new_templates.RULES, *logs.RULES) for finding in rule(seen, Rules())]

    return find


def test_the_same_logs_give_nothing(side: Side, judge: Judge) -> None:
    assert judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY[::7])) == []


def test_a_flood_of_debug_lines_hides_no_errors(side: Side, judge: Judge) -> None:
    def with_errors(count: int) -> Timed:
        return [*ORDINARY, *((at, "ERROR payment declined by bank") for at, _ in ORDINARY[:: 580 // count])]

    flood = [(at, f"DEBUG looked up {at}") for at, _ in ORDINARY for _ in range(20)]
    [_, share] = judge(side("stable", app=with_errors(10)), side("canary", app=[*with_errors(58), *flood]))
    assert (share.kind, share.canary) == ("error-share", "58 errors in 638 lines")
    assert [
        each.kind
        for each in judge(side("stable", app=with_errors(10)), side("canary", app=[*with_errors(10), *flood]))
    ] == ["new-log-template"]


@pytest.mark.parametrize(
    "line",
    [
        "WARN could not write the receipt",
        '{"level":"warn","msg":"receipt","error":"disk is gone"}',
        "Não foi possível gravar o recibo",
    ],
)
def test_failures_that_words_tell_of_count_where_they_are_many(line: str, side: Side, judge: Judge) -> None:
    def with_failures(every: int) -> Logs:
        return side("canary", app=[*ORDINARY, *((at, line) for at, _ in ORDINARY[-1::-every])])

    [new, share] = judge(side("stable", app=ORDINARY), with_failures(1))
    assert (new.kind, share.kind) == ("new-failure-template", "error-share")
    assert (share.stable, share.canary) == ("0 failures in 580 lines", "580 failures in 1,160 lines")
    assert "logs failures on 50 % of its lines" in share.sentence
    [alone] = judge(side("stable", app=ORDINARY), with_failures(20))
    assert alone.kind == "new-failure-template"


def test_failures_in_words_that_stable_has_as_often_say_nothing(side: Side, judge: Judge) -> None:
    lines = [*ORDINARY, *((at, "WARN could not write the receipt") for at, _ in ORDINARY)]
    assert judge(side("stable", app=lines), side("canary", app=lines[::2])) == []


def test_a_container_only_the_canary_has_is_told_once(side: Side, judge: Judge) -> None:
    found = judge(
        side("stable", app=ORDINARY),
        side("canary", app=ORDINARY, proxy=[(5, "ERROR a b c"), (4, "starting up")]),
    )
    assert [(each.kind, each.canary, each.scope) for each in found] == [
        ("unmatched-container-logs", "1 error in 2 lines", "uncompared")
    ]


def test_one_that_goes_on_logging_errors_is_a_warning(side: Side, judge: Judge) -> None:
    """A container of another name may be the service itself."""
    errors = [(at, "ERROR no database") for at in range(50)]
    [found] = judge(side("stable", app=ORDINARY), side("canary", server=[*ORDINARY, *errors]))
    assert (found.kind, found.canary) == ("unmatched-container-errors", "50 errors in 630 lines")
    [found] = judge(
        side("stable", app=ORDINARY),
        side("canary", server=[*ORDINARY, *((at + 500, line) for at, line in errors)]),
    )
    assert found.kind == "unmatched-container-logs"


def test_one_error_is_enough_where_stable_logs_nothing(side: Side, judge: Judge) -> None:
    """A service that logs nothing but errors is quiet while it is well."""
    [found] = judge(
        side("stable", app=[]), side("canary", app=[(300, "starting up"), (5, "ERROR no database")])
    )
    assert (found.kind, found.stable, found.canary) == (
        "unmatched-container-errors",
        "no log lines",
        "1 error in 2 lines",
    )


def test_errors_that_a_stable_without_a_line_would_have_logged_too_count_as_a_share(
    side: Side, judge: Judge
) -> None:
    errors = [(at * 5, "ERROR no database") for at in range(60)]
    [found] = judge(side("stable", app=[]), side("canary", app=errors))
    assert found.sentence == (
        "container app goes on logging errors and hardly anything else, and stable, whose pods are Ready and"
        " whose log was read, has no line"
    )
    assert (found.kind, found.scope) == ("unmatched-container-errors", "canary")
    assert (found.excess or 0) > 0.8
    [found] = judge(side("stable", app=[]), side("canary", app=[*errors, *ORDINARY]))
    assert found.excess is None, "stable's log may go elsewhere"
    [found] = judge(side("stable", app=[]), side("canary", app=errors[:10]))
    assert found.excess is None, "ten may be one episode"


def test_a_stable_container_whose_log_could_not_be_read_is_not_called_absent(
    side: Side, judge: Judge
) -> None:
    gap = Gap(source="logs", side="stable", reason="container proxy of pod x: denied")
    assert (
        judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY, proxy=[(5, "ERROR a")]), gaps=[gap])
        == []
    )


def test_errors_that_stables_unread_log_leaves_uncompared_are_a_warning(side: Side, judge: Judge) -> None:
    failing = [(at, "ERROR no database") for at in range(50)]
    [found] = judge(side("canary", app=[*ORDINARY, *failing]))
    assert (found.kind, found.stable, found.canary) == (
        "unmatched-container-errors",
        "not seen",
        "50 errors in 630 lines",
    )
    assert found.sentence == (
        "container app has logs that were not read of stable, so they are compared with"
        " nothing; it logs errors"
    )


def test_a_larger_share_of_errors_is_found_with_its_worst_lines(side: Side, judge: Judge) -> None:
    def with_errors(every: int) -> Timed:
        return [
            (at, "ERROR payment declined by bank") if index % every == 0 else (at, line)
            for index, (at, line) in enumerate(ORDINARY)
        ]

    assert judge(side("stable", app=with_errors(20)), side("canary", app=with_errors(18))) == []
    [found] = judge(side("stable", app=with_errors(100)), side("canary", app=with_errors(10)))
    assert (found.kind, found.stable, found.canary) == (
        "error-share",
        "6 errors in 580 lines",
        "58 errors in 580 lines",
    )
    assert found.sentence == "container app logs errors on 10 % of its lines, stable on 1 %"
    assert found.samples == ("ERROR payment declined by bank",)


@pytest.mark.parametrize(("stable", "canary"), [((2, 580), (6, 580)), ((60, 580), (110, 580))])
def test_few_errors_or_less_than_twice_the_share_are_no_finding(
    side: Side, judge: Judge, stable: tuple[int, int], canary: tuple[int, int]
) -> None:
    def errors(count: int, lines: int) -> Timed:
        return [(at, "ERROR payment declined by bank") for at, _ in ORDINARY[:count]] + list(
            ORDINARY[count:lines]
        )

    assert judge(side("stable", app=errors(*stable)), side("canary", app=errors(*canary))) == []


def test_every_kind_is_graded() -> None:
    assert {
        "new-error-template",
        "new-log-template",
        "more-log-templates",
        "unmatched-container-logs",
        "error-share",
    } <= set(KINDS)
    assert KINDS["unmatched-container-errors"].severity == "warning"
