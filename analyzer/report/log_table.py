"""The log templates of each container, how often each side logs them, and when it did in the window."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods, first_created_at
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import Digest, Level
from analyzer.logs.over_time import CountsOverTime, in_spans
from analyzer.logs.spells import find_spell_of
from analyzer.report.charts import Scale
from analyzer.target import ROLES, Role

WIDTH, HEIGHT = 120, 24  # of a side's drawing, which shows the window
LEAST = 1.0  # of the height, which one line is drawn as
MIN_TIME = timedelta(seconds=1)  # lines of one moment have no rate


@dataclass(frozen=True)
class SideCount:
    """A side's lines of a template, their share of its events in percent, and how many they are a minute of
    the time that its log covers (None where lines have no times).

    `data` is the SVG path of their counts over the window, empty where there are none or it is not known;
    `words` says the same. `when` is in which part of the log they came, empty where it is all of it.
    """

    role: Role
    count: int
    share: float
    rate: float | None = None
    data: str = ""
    words: str = ""
    when: str = ""


@dataclass(frozen=True)
class TemplateRow:
    """A template of a container, with each side's count. `most` is how many lines a minute the drawings'
    height is.
    """

    container: str
    level: Level
    template: str
    sides: tuple[SideCount, ...]
    most: float = 0.0

    def difference(self) -> float:
        """Return how far the shares are apart, in percent."""
        return abs(self.sides[0].share - self.sides[1].share)


@dataclass(frozen=True)
class LogTable:
    """The templates of both sides, those first whose shares differ most, and where in the drawings the canary
    starts.

    `untimed` is whether some of them came at times that are not recorded.
    """

    rows: tuple[TemplateRow, ...]
    start: float | None
    untimed: bool


def draw_log_table(evidence: Evidence) -> LogTable:
    """Return the log templates of both sides with their counts over the window."""
    rows = sorted(_rows(evidence), key=lambda row: (-row.difference(), row.container, row.template))
    created = first_created_at(evidence.part(Pods, "canary"))
    inside = created is not None and evidence.window.start < created < evidence.window.end
    return LogTable(
        rows=tuple(rows),
        start=_across(evidence)(created.timestamp()) if created and inside else None,
        untimed=any(side.count and not side.data for row in rows for side in row.sides),
    )


def _across(evidence: Evidence) -> Scale:
    return Scale(evidence.window.start.timestamp(), evidence.window.end.timestamp(), 0, WIDTH)


def _rows(evidence: Evidence) -> Iterator[TemplateRow]:
    logs = [evidence.part(Logs, role) for role in ROLES]
    kept = [{each.container: each.digest for each in part.containers} if part else {} for part in logs]
    across = _across(evidence)
    for container in dict.fromkeys((*kept[0], *kept[1])):
        digests = [of_side.get(container, Digest()) for of_side in kept]
        for compared in compare(*digests):
            yield _row(container, compared, digests, across)


def _row(container: str, compared: Compared, digests: list[Digest], across: Scale) -> TemplateRow:
    over_time = (compared.stable_over_time, compared.canary_over_time)
    span = max((counts.span for counts in over_time if counts), default=1)
    spans = [in_spans(counts, span) if counts else {} for counts in over_time]
    most = max((count for counts in spans for count in counts.values()), default=0)
    up = Scale(0, most, HEIGHT, 0)
    sides = (
        SideCount(
            role=role,
            count=count,
            share=100 * count / max(1, digest.events()),
            rate=_rate(count, digest.first, digest.last),
            data=_draw(drawn, span, across, up),
            words=_describe(role, counts),
            when=_when(counts, digest),
        )
        for role, count, digest, counts, drawn in zip(
            ROLES, (compared.stable, compared.canary), digests, over_time, spans, strict=True
        )
    )
    return TemplateRow(
        container=container,
        level=compared.level,
        template=compared.template,
        sides=tuple(sides),
        most=60 * most / span,
    )


def _rate(count: int, first: datetime | None, last: datetime | None) -> float | None:
    """Return the lines a minute of the time that a side's log covers; None for none, and where it has no
    times.
    """
    if not count or first is None or last is None:
        return None
    return count / (max(MIN_TIME, last - first) / timedelta(minutes=1))


def _draw(counts: dict[int, int], span: int, across: Scale, up: Scale) -> str:
    """Return the SVG path data of an area of steps, one for each span."""
    if not any(counts.values()):
        return ""
    steps = [f"M{_short(across(min(counts) * span))} {HEIGHT}"]
    for number in range(min(counts), max(counts) + 1):
        count = counts.get(number, 0)
        height = min(up(count), HEIGHT - LEAST) if count else HEIGHT
        steps.append(f"V{_short(height)}H{_short(across((number + 1) * span))}")
    return f"{''.join(steps)}V{HEIGHT}Z"


def _short(place: float) -> str:
    return f"{place:g}"


def _describe(role: Role, counts: CountsOverTime | None) -> str:
    """Return what a side's drawing shows, in words."""
    if counts is None:
        return ""
    begin = counts.start.astimezone(UTC)
    end = begin + timedelta(seconds=counts.span * len(counts.counts))
    quiet = counts.counts.count(0)
    most = f"at most {max(counts.counts)} in {counts.span} s"
    none = f", none in {quiet} of {counted(len(counts.counts), 'span')}" if quiet else ""
    return f"{role}: lines from {begin:%H:%M:%S} to {end:%H:%M:%S}, {most}{none}"


def _when(counts: CountsOverTime | None, digest: Digest) -> str:
    spell = find_spell_of(counts, digest)
    return spell.words() if spell else ""
