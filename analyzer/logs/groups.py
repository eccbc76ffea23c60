"""A stream's groups while they are counted: as many as the bound keeps, and what it left out by level."""

from analyzer.logs.digest import BOUND, LEVELS, Digest, Group, Level, Standing, standing
from analyzer.logs.lines import at
from analyzer.logs.mask import Masked

_ERRORS = {"fatal", "error"}


class Counted:
    """A group while it is counted. `first` and `last` are stamps of UTC, whose byte order is their order in time."""

    __slots__ = ("count", "first", "last", "level", "sample")

    def __init__(self, level: Level) -> None:
        self.level, self.sample = level, ""
        self.count, self.first, self.last = 0, b"", b""


class Groups:
    """The groups by level and template, and one of each level for those beyond the bound."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Level, str], Counted] = {}
        self._beyond = {level: Counted(level) for level in LEVELS}
        self._limit: Standing | None = None

    def of(self, told: Masked) -> Counted:
        """The group of an event."""
        template, level = told
        group = self._groups.get((level, template))
        if group is None:
            if self._limit is not None and standing(level, template) > self._limit:
                return self._beyond[level]
            group = self._groups[level, template] = Counted(level)
        return group

    def overfull(self) -> bool:
        """Whether it is time to prune: at twice the bound, so that it happens once for many lines."""
        return len(self._groups) > 2 * BOUND

    def prune(self) -> set[int]:
        """Down to the bound: the ids of the groups that go. They were never among the smallest, so nothing that stays loses a count."""
        ordered = sorted(self._groups, key=lambda key: standing(*key))
        gone = [self._groups.pop(key) for key in ordered[BOUND:]]
        for group in gone:
            beyond = self._beyond[group.level]
            beyond.count += group.count
            beyond.first, beyond.last = min(beyond.first or group.first, group.first or beyond.first), max(beyond.last, group.last)
        self._limit = standing(*ordered[BOUND - 1])
        return set(map(id, gone))

    def beyond(self, level: Level) -> Counted:
        """What counts in the place of groups of this level that went."""
        return self._beyond[level]

    def digest(self, *, lines: int, size: int, continued: int) -> Digest:
        """All that was counted, of a stream of so many lines and bytes."""
        if len(self._groups) > BOUND:
            self.prune()
        groups = [
            Group(template=template, level=level, count=group.count, first=at(group.first), last=at(group.last), sample=group.sample)
            for (level, template), group in self._groups.items()
            if group.count
        ]
        counted = [*self._groups.values(), *self._beyond.values()]
        return Digest(
            lines=lines,
            bytes=size,
            first=at(min((group.first for group in counted if group.first), default=b"")),
            last=at(max((group.last for group in counted), default=b"")),
            groups=tuple(sorted(groups, key=Group.standing)),
            other=sum(group.count for group in self._beyond.values()),
            continued=continued,
            errors=sum(group.count for group in counted if group.level in _ERRORS),
        )
