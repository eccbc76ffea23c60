"""The time line as values: what happened when, a row for each thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzer.report.charts import RIGHT, WIDTH, ChartMark, Scale, Tick, time_ticks
from analyzer.target import Role

NAMES = 190  # of the rows of the time line


@dataclass(frozen=True)
class Lane:
    """One row of the time line: its subject, its place, and how often it happened `earlier`."""

    name: str
    role: Role
    y: float
    at: tuple[float, ...]
    earlier: int


@dataclass(frozen=True)
class TimeLine:
    """What happened when, within `window`; `words` say what the marks do not."""

    lanes: tuple[Lane, ...]
    across: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    window: tuple[float, float]
    height: float
    words: tuple[str, ...] = ()
    width: int = WIDTH
    left: int = NAMES
    right: int = WIDTH - RIGHT


def draw_time_line(
    lanes: Sequence[tuple[str, Role, Sequence[datetime]]],
    window: tuple[datetime, datetime],
    marks: Sequence[ChartMark] = (),
) -> TimeLine | None:
    """Return what happened when, a row for each thing that happened; None where nothing did."""
    shown = [lane for lane in lanes if lane[2]]
    if not shown:
        return None
    earliest = window[0] - max((window[1] - window[0]) / 2, timedelta(seconds=30))
    times = [at for _, _, moments in shown for at in moments] + [at for at, _ in marks]
    begin, end = max(earliest, min([*times, window[0]])), max([*times, window[1]])
    across = Scale(begin.timestamp(), end.timestamp(), NAMES, WIDTH - RIGHT)
    rows = tuple(
        Lane(
            name=name,
            role=role,
            y=34 + 26 * number,
            at=tuple(sorted({across(at.timestamp()) for at in moments if at >= begin})),
            earlier=sum(at < begin for at in moments),
        )
        for number, (name, role, moments) in enumerate(shown)
    )
    return TimeLine(
        lanes=rows,
        across=time_ticks(begin, end, across, parts=3),
        marks=tuple((across(at.timestamp()), text) for at, text in marks if begin <= at <= end),
        window=(across(window[0].timestamp()), across(window[1].timestamp())),
        height=34 + 26 * len(rows) + 24,
    )
