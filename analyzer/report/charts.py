"""Charts as values: where each line, tick and label of a drawing is. The page's template draws them.

Coordinates are those of an SVG's viewBox, to one decimal. A side is told by its line's shape as well as by
its colour, and each chart says its figures in words too (`words`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor, isfinite, log10

from analyzer.target import ROLES, Role

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 24, 34
Points = Sequence[tuple[datetime, float | None]]
Tick = tuple[float, str]
ChartMark = tuple[datetime, str]
ChartLevel = tuple[float, str]  # a value, and what it is
MIN_SPAN = 1e-30  # between the ends of a scale
MOST_POINTS = 400  # of one curve


@dataclass(frozen=True)
class Curve:
    """The measured values of one side, or of one of its pods. None is a time without a value."""

    role: Role
    points: Points


@dataclass(frozen=True)
class Band:
    """How far the canary may go at each time, and why."""

    points: Points
    text: str


@dataclass(frozen=True)
class ChartFrame:
    """What a chart shows beside its curves: the window, horizontal lines such as a limit, lines that follow a
    curve, and moments.
    """

    window: tuple[datetime, datetime]
    bounds: Sequence[ChartLevel] = ()
    marks: Sequence[ChartMark] = ()
    bands: Sequence[Band] = ()


@dataclass(frozen=True)
class Path:
    """A curve as it is drawn: SVG path data, and its points, which show where there is only one."""

    role: Role
    data: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing over time. `bounds` are horizontal lines such as a limit, `marks` moments, `bands` lines of
    SVG path data that follow a curve. `about` are the findings on it, each with its number.
    """

    title: str
    unit: str
    words: tuple[str, ...]
    paths: tuple[Path, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    bounds: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    bands: tuple[tuple[str, str], ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Scale:
    """From values between `low` and `high` to a line between `begin` and `end`."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value is; a value beyond the scale is at its end."""
        part = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return round(self.begin + min(1.0, max(0.0, part)) * (self.end - self.begin), 1)


def draw_chart(title: str, unit: str, curves: Iterable[Curve], frame: ChartFrame) -> Chart | None:
    """Return curves over the window, None where no curve has a value. The scale begins at 0 unless a value is
    below it, and ends with a figure beside it.
    """
    known = [Curve(curve.role, _thin(curve.points)) for curve in curves]
    values = [value for curve in known for _, value in curve.points if value is not None and isfinite(value)]
    if not values:
        return None
    times = [at for curve in known for at, _ in curve.points]
    begin, end = min(frame.window[0], *times), max(frame.window[1], *times)
    every = [
        *values,
        *(value for value, _ in frame.bounds),
        *(value for band in frame.bands for _, value in band.points if value is not None and isfinite(value)),
    ]
    low, high = min(0.0, *every), max(0.0, *every)
    high = high if high - low > MIN_SPAN else low + 1.0
    if frame.bounds or frame.bands:  # whose words stand above them
        high += (high - low) * 0.08
    rounded = _round_values(low, high)
    low, high = rounded[0], rounded[-1]
    across = Scale(begin.timestamp(), end.timestamp(), LEFT, WIDTH - RIGHT)
    up = Scale(low, high, HEIGHT - BOTTOM, TOP)
    return Chart(
        title=title,
        unit=unit,
        words=tuple(_describe(role, known, unit) for role in ROLES),
        paths=tuple(_draw(curve, across, up) for curve in known),
        across=time_ticks(begin, end, across),
        up=tuple((up(value), format_figure(value)) for value in rounded),
        bounds=tuple((up(value), f"{text} {format_figure(value)}") for value, text in frame.bounds),
        marks=tuple((across(at.timestamp()), text) for at, text in frame.marks if begin <= at <= end),
        bands=tuple((_join(_place(_thin(band.points), across, up)), band.text) for band in frame.bands),
    )


def format_figure(value: float) -> str:
    """Return a number with three digits that count, such as `1,200`, `0.0125` or `2.5e9`."""
    if value == 0 or not isfinite(value):
        return "0" if value == 0 else str(value)
    if 1e-4 <= abs(value) < 1e6:
        digits = max(0, 2 - floor(log10(abs(value))))
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    figure, _, power = f"{value:.3g}".partition("e")
    return f"{figure}e{int(power)}" if power else figure


def _thin(points: Points) -> Points:
    """Return at most `MOST_POINTS` points of a curve: every second, third … one."""
    step = -(-len(points) // MOST_POINTS) or 1
    return tuple(points)[::step]


def _draw(curve: Curve, across: Scale, up: Scale) -> Path:
    places = _place(curve.points, across, up)
    dots = tuple(place for place in places if place is not None)
    return Path(curve.role, _join(places), dots if len(dots) <= 60 else dots[-1:])


def _place(points: Points, across: Scale, up: Scale) -> list[tuple[float, float] | None]:
    return [
        None if value is None or not isfinite(value) else (across(at.timestamp()), up(value))
        for at, value in points
    ]


def _join(places: Iterable[tuple[float, float] | None]) -> str:
    """Return the SVG path data of a line, which breaks where there is no value."""
    steps, follows = [], False
    for place in places:
        if place is not None:
            steps.append(f"{'L' if follows else 'M'}{place[0]} {place[1]}")
        follows = place is not None
    return "".join(steps)


def _describe(role: Role, curves: Iterable[Curve], unit: str) -> str:
    """Return a side's least, greatest and last figure, or the one that all of them are."""
    pairs = [
        (at, value)
        for curve in curves
        if curve.role == role
        for at, value in curve.points
        if value is not None and isfinite(value)
    ]
    if not pairs:
        return f"{role}: no figures"
    least, most = min(value for _, value in pairs), max(value for _, value in pairs)
    last = max(pairs, key=lambda pair: pair[0])[1]
    figures = [format_figure(value) for value in (least, most, last)]
    of_unit = f" {unit}" if unit else ""
    if least == most:
        return f"{role}: {figures[0]}{of_unit}"
    return f"{role}: {figures[0]} to {figures[1]}{of_unit}, last {figures[2]}"


def time_ticks(begin: datetime, end: datetime, across: Scale, parts: int = 4) -> tuple[Tick, ...]:
    """Return the times at the ends of so many parts of the window, and where they are."""
    form = "%H:%M:%S" if (end - begin) < timedelta(minutes=20) else "%H:%M"
    moments = [begin + (end - begin) * part / parts for part in range(parts + 1)]
    ticks = ((across(at.timestamp()), at.astimezone(UTC).strftime(form)) for at in moments)
    return tuple(dict.fromkeys(ticks))


def _round_values(low: float, high: float) -> list[float]:
    """Return up to seven values with few digits, the first at `low` or below, the last at `high` or above."""
    raw = (high - low) / 4
    unit = 10.0 ** floor(log10(raw))
    step = next(times * unit for times in (1, 2, 5, 10) if times * unit >= raw)
    return [number * step for number in range(floor(low / step), ceil(high / step) + 1)]
