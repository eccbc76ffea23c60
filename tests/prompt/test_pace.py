"""Counts by time stand in the prompt where they changed."""

from collections.abc import Iterable
from datetime import timedelta

from healthy import NOW

from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.streams import mined_stream
from analyzer.prompt.pace import describe_pace


def pace(*lines: Iterable[tuple[float, str]]) -> list[str]:
    """What is said of a log whose lines came so many seconds before the window's end."""
    written = sorted((line for some in lines for line in some), reverse=True)
    text = "".join(f"{(NOW - timedelta(seconds=before)).isoformat()} {line}\n" for before, line in written)
    digest = mined_stream("app", "app", False, (text.encode(),), str)[1]
    return list(describe_pace([ContainerLogs(container="app", digest=digest)]))


def each_second(first: int, last: int, line: str) -> list[tuple[float, str]]:
    return [(float(before), line) for before in range(last, first)]


def test_work_that_goes_on_evenly_has_no_course() -> None:
    assert pace(each_second(500, 0, "INFO served")) == []


def test_work_that_came_to_a_halt_is_told_by_the_minute() -> None:
    [lines] = pace(each_second(500, 241, "INFO served"), [(1.0, "INFO served")])
    unit, _, counts = lines.partition(", oldest first (both ends in part): ")
    assert unit == "lines per min"
    assert [int(count) for count in counts.split(", ")][1:-1] == [60, 60, 60, 60, 0, 0, 0]


def test_errors_that_came_late_are_told_beside_even_work() -> None:
    [errors] = pace(each_second(500, 0, "INFO served"), each_second(150, 0, "ERROR no seat"))
    assert errors.startswith("errors per min, oldest first (both ends in part): 0, 0, ")
    assert len(errors.split(", ")) <= 11


def test_a_longer_window_has_no_more_counts() -> None:
    [lines] = pace(each_second(3600, 1800, "INFO served"), [(1.0, "INFO served")])
    assert lines.startswith("lines per 8 min, oldest first (both ends in part): ")
    assert len(lines.split(", ")) <= 11


def test_a_log_without_times_has_no_course() -> None:
    digest = mined_stream("app", "app", False, (b"ERROR no seat\n" * 99,), str)[1]
    assert list(describe_pace([ContainerLogs(container="app", digest=digest)])) == []
