"""The log templates of both sides: how many, how large a share, how many a minute, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.report.log_table import HEIGHT, SPAN, TemplateRow, list_templates
from analyzer.target import ROLES, Role, Side, Target

START = datetime(2026, 11, 29, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def group(
    count: int, first: float | None, last: float | None, template: str = "order placed"
) -> TemplateGroup:
    times = [None if minutes is None else at(minutes) for minutes in (first, last)]
    return TemplateGroup(
        template=template, level="info", count=count, first=times[0], last=times[1], sample=template
    )


def rows(stable: list[TemplateGroup], canary: list[TemplateGroup]) -> list[TemplateRow]:
    """The rows of a window of ten minutes, which each side's log covers."""
    parts: list[Any] = []
    for role, groups in zip(ROLES, (stable, canary), strict=True):
        lines = sum(each.count for each in groups)
        timed = any(each.first for each in groups)
        digest = Digest(
            lines=lines,
            groups=tuple(groups),
            first=at(0) if timed else None,
            last=at(10) if timed else None,
        )
        parts.append(Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=()))
    stable_side, canary_side = (Side(role=role, selector=f"side={role}") for role in ROLES)
    target = Target(namespace="shop", how="given", resolved_at=START, stable=stable_side, canary=canary_side)
    window = Window(start=at(0), end=at(10))
    return list_templates(
        Evidence(target=target, window=window, nonce="0123456789abcdef", parts=tuple(parts))
    )


def side(row: TemplateRow, role: Role) -> Any:
    return row.sides[ROLES.index(role)]


def test_a_side_has_its_share_and_its_lines_a_minute() -> None:
    [row] = rows([group(300, 0, 10)], [group(60, 5, 10)])
    assert [(each.count, each.share, each.rate) for each in row.sides] == [(300, 100, 30), (60, 100, 6)]


def test_what_is_drawn_is_from_when_to_when_as_high_as_the_mean_rate() -> None:
    [row] = rows([group(300, 0, 10)], [group(60, 5, 10)])
    assert (side(row, "stable").seen, side(row, "canary").seen) == ((0, SPAN), (SPAN / 2, SPAN))
    assert side(row, "stable").height == HEIGHT
    assert side(row, "canary").height == round(HEIGHT * 12 / 30, 1)


def test_lines_of_one_moment_are_no_endless_rate() -> None:
    [row] = rows([group(10, 0, 10)], [group(1, 5, 5)])
    assert (side(row, "canary").seen, side(row, "canary").height) == ((SPAN / 2, SPAN / 2), HEIGHT)
    assert side(row, "stable").height == round(HEIGHT / 6, 1)


def test_lines_without_times_are_counted_and_not_drawn() -> None:
    [row] = rows([group(10, None, None)], [])
    assert [(each.count, each.rate, each.seen) for each in row.sides] == [(10, None, None), (0, None, None)]


def test_those_whose_shares_differ_most_come_first() -> None:
    made = rows(
        [group(50, 0, 10, "a"), group(50, 0, 10, "b")],
        [group(1, 0, 10, "a"), group(99, 0, 10, "b"), group(100, 0, 10, "new")],
    )
    assert [row.template for row in made] == ["new", "a", "b"]


def test_groups_that_count_nothing_are_drawn_as_nothing() -> None:
    [row] = rows([group(0, 1, 5)], [group(0, 2, 4)])
    assert {side(row, role).count for role in ROLES} == {0}
