"""The log templates of each container, how often each side logs them, and when it did in the window."""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.logs.digest import Digest, Level, TemplateGroup
from analyzer.report.charts import Scale
from analyzer.target import ROLES, Role

SPAN = 120  # of the drawing that shows the window


@dataclass(frozen=True)
class SideCount:
    """A side's lines of a template, their share of its events in percent, and when they were seen: from and
    to, of `SPAN`, None where lines have no times.
    """

    role: Role
    count: int
    share: float
    seen: tuple[float, float] | None


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
            yield TemplateRow(container, level, template, tuple(sides))


def _count(role: Role, group: TemplateGroup | None, digest: Digest | None, window: Window) -> SideCount:
    if group is None or digest is None:
        return SideCount(role, 0, 0.0, None)
    place = Scale(window.start.timestamp(), window.end.timestamp(), 0, SPAN)
    seen = (
        (place(group.first.timestamp()), place(group.last.timestamp()))
        if group.first and group.last
        else None
    )
    return SideCount(role, group.count, 100 * group.count / max(1, digest.events()), seen)
