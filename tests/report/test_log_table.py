"""The log templates of both sides: how many, how large a share, how many a minute, and when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod, Pods
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.logs.over_time import CountsOverTime
from analyzer.logs.timeline import Timeline
from analyzer.report.log_table import HEIGHT, WIDTH, LogTable, TemplateRow, draw_log_table
from analyzer.target import ROLES, Role, Side, Target

START = datetime(2026, 11, 29, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def group(
    counts: Sequence[int], begin: float = 0, template: str = "order placed", span: int = 60
) -> TemplateGroup:
    """Lines by spans of so many seconds from a minute on."""
    over_time = CountsOverTime(start=at(begin), span=span, counts=tuple(counts))
    return TemplateGroup(
        template=template,
        level="info",
        count=sum(counts),
        first=at(begin),
        last=at(begin + len(counts) * span / 60),
        sample=template,
        over_time=over_time,
    )


def untimed(count: int, template: str = "order placed") -> TemplateGroup:
    return TemplateGroup(template=template, level="info", count=count, first=None, last=None, sample=template)


def table(
    stable: list[TemplateGroup],
    canary: list[TemplateGroup],
    started: float | None = None,
    *,
    whole: bool = True,
) -> LogTable:
    """The table of a window of ten minutes, which each side's log covers. `whole`: it was read to its end."""
    parts: list[Any] = []
    for role, groups in zip(ROLES, (stable, canary), strict=True):
        lines = sum(each.count for each in groups)
        timed = any(each.first for each in groups)
        digest = Digest(
            lines=lines,
            groups=tuple(groups),
            first=at(0) if timed else None,
            last=at(10) if timed else None,
            timeline=Timeline() if whole else None,
        )
        parts.append(Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=()))
    if started is not None:
        pod = Pod(
            name="app-2", owner="", phase="Running", created_at=at(started), containers=(), conditions=()
        )
        parts.append(Pods(side="canary", pods=(pod,)))
    stable_side, canary_side = (Side(role=role, selector=f"side={role}") for role in ROLES)
    target = Target(namespace="shop", how="given", resolved_at=START, stable=stable_side, canary=canary_side)
    window = Window(start=at(0), end=at(10))
    return draw_log_table(
        Evidence(target=target, window=window, nonce="0123456789abcdef", parts=tuple(parts))
    )


def row(stable: list[TemplateGroup], canary: list[TemplateGroup]) -> TemplateRow:
    [found] = table(stable, canary).rows
    return found


def side(row: TemplateRow, role: Role) -> Any:
    return row.sides[ROLES.index(role)]


def test_a_side_has_its_share_and_its_lines_a_minute() -> None:
    found = row([group([30] * 10)], [group([12] * 5, 5)])
    assert [(each.count, each.share, each.rate) for each in found.sides] == [(300, 100, 30), (60, 100, 6)]


def test_both_sides_are_drawn_over_the_window_on_one_scale() -> None:
    found = row([group([30] * 10)], [group([15, 0, 30], 5)])
    assert found.most == 30
    assert (
        side(found, "stable").data
        == f"M0 {HEIGHT}" + "".join(f"V0H{WIDTH * minute // 10}" for minute in range(1, 11)) + f"V{HEIGHT}Z"
    )
    assert side(found, "canary").data == "M60 24V12H72V24H84V0H96V24Z"


def test_one_line_among_thousands_is_still_seen() -> None:
    found = row([group([6000] * 10)], [group([1], 5)])
    assert side(found, "canary").data == "M60 24V23H72V24Z"


def test_sides_with_other_spans_are_drawn_by_the_longer() -> None:
    found = row([group([30] * 5, span=120)], [group([10, 20], 6)])
    assert (found.most, side(found, "canary").data) == (15, "M72 24V0H96V24Z")


def test_a_drawing_says_what_it_shows() -> None:
    found = row([group([30] * 10)], [group([15, 0, 30], 5)])
    assert side(found, "stable").words == "stable: lines from 12:00:00 to 12:10:00, at most 30 in 60 s"
    assert side(found, "canary").words == (
        "canary: lines from 12:05:00 to 12:08:00, at most 30 in 60 s, none in 1 of 3 spans"
    )


def test_a_part_of_the_log_is_said_where_it_is_no_chance() -> None:
    found = row([group([30] * 10)], [group([15, 0, 30], 4)])
    assert [each.when for each in found.sides] == ["", "from 12:04:00 to 12:07:00 only, 15 a minute"]


def test_it_is_not_said_of_a_log_that_was_not_read_to_its_end() -> None:
    [found] = table([group([30] * 10)], [group([15, 0, 30], 4)], whole=False).rows
    assert (side(found, "canary").when, bool(side(found, "canary").data)) == ("", True)


def test_the_start_of_the_canary_is_drawn_where_it_is_in_the_window() -> None:
    assert table([group([1])], [], started=5).start == WIDTH / 2
    assert table([group([1])], [], started=-3).start is None
    assert table([group([1])], []).start is None


def test_lines_without_times_are_counted_and_not_drawn() -> None:
    found = table([untimed(10)], [])
    [one] = found.rows
    assert [(each.count, each.rate, each.data) for each in one.sides] == [(10, None, ""), (0, None, "")]
    assert found.untimed
    assert not table([group([1])], []).untimed


def test_those_whose_shares_differ_most_come_first() -> None:
    found = table(
        [group([50], template="a"), group([50], template="b")],
        [group([1], template="a"), group([99], template="b"), group([100], template="new")],
    )
    assert [each.template for each in found.rows] == ["new", "a", "b"]


def test_groups_that_count_nothing_are_drawn_as_nothing() -> None:
    found = row([group([0])], [group([0])])
    assert {side(found, role).count for role in ROLES} == {0}
    assert {side(found, role).data for role in ROLES} == {""}
