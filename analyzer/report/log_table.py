"""The log templates of each container, how often each side logs them, and when it did in the window.

Of a template, the first and the last time are recorded, and how many lines there are: so what is drawn is
from when to when, as high as the mean rate between. How the lines are spread in between is not recorded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.logs.digest import Digest, Level, TemplateGroup
from analyzer.report.charts import Scale
from analyzer.target import ROLES, Role

SPAN, HEIGHT = 120, 11  # of a side's drawing, which shows the window
MIN_SPAN_SHARE = 1 / 60  # of the window, in which lines are taken to come: those of one moment have no rate


@dataclass(frozen=True)
class SideCount:
    """A side's lines of a template, their share of its events in percent, and how many they are a minute of
    the time that its log covers (None where lines have no times).

    `seen` is from and to, of `SPAN`, None where lines have no times; `density` is the lines a second in
    between, and `height` the same of `HEIGHT`, beside the other side's.
    """

    role: Role
    count: int
    share: float
    rate: float | None = None
    seen: tuple[float, float] | None = None
    density: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class TemplateRow:
    """A template of a container, with each side's count."""

    container: str
    level: Level
    template: str
    sides: tuple[SideCount, ...]

    def difference(self) -> float:
        """Return how far the shares are apart, in percent."""
        return abs(self.sides[0].share - self.sides[1].share)


def list_templates(evidence: Evidence) -> list[TemplateRow]:
    """Return the templates of both sides, those first whose shares differ most."""
    return sorted(_rows(evidence), key=lambda row: (-row.difference(), row.container, row.template))


def _rows(evidence: Evidence) -> Iterator[TemplateRow]:
    logs = {role: evidence.part(Logs, role) for role in ROLES}
    digests: dict[str, dict[Role, Digest]] = {}
    for role, part in logs.items():
        for kept in part.containers if part else ():
            digests.setdefault(kept.container, {})[role] = kept.digest
    for container, of_side in digests.items():
        groups = {
            role: {(group.level, group.template): group for group in digest.groups}
            for role, digest in of_side.items()
        }
        for level, template in dict.fromkeys(key for known in groups.values() for key in known):
            sides = (
                _count(role, groups.get(role, {}).get((level, template)), of_side.get(role), evidence.window)
                for role in ROLES
            )
            yield TemplateRow(container, level, template, _scale(tuple(sides)))


def _count(role: Role, group: TemplateGroup | None, digest: Digest | None, window: Window) -> SideCount:
    if group is None or digest is None:
        return SideCount(role, 0, 0.0)
    counted = SideCount(role, group.count, 100 * group.count / max(1, digest.events()))
    if not (group.first and group.last and digest.first and digest.last):
        return counted
    place = Scale(window.start.timestamp(), window.end.timestamp(), 0, SPAN)
    least = max(timedelta(seconds=1), (window.end - window.start) * MIN_SPAN_SHARE)
    return replace(
        counted,
        rate=group.count / (max(least, digest.last - digest.first) / timedelta(minutes=1)),
        seen=(place(group.first.timestamp()), place(group.last.timestamp())),
        density=group.count / max(least, group.last - group.first).total_seconds(),
    )


def _scale(sides: Sequence[SideCount]) -> tuple[SideCount, ...]:
    """Return the sides with the heights of their drawings, the denser one's in full."""
    most = max(side.density for side in sides) or 1.0
    return tuple(
        replace(side, height=round(max(1.0, HEIGHT * side.density / most), 1)) if side.seen else side
        for side in sides
    )
