"""A stream's groups while they are counted: as many as the bound keeps, and what it left out by level."""

from collections.abc import Callable

from analyzer.logs.digest import BOUND, ERRORS, LEVELS, Digest, Level, Standing, TemplateGroup, standing
from analyzer.logs.lines import at
from analyzer.logs.mask import Masked
from analyzer.logs.sketch import PER_TEMPLATE, SLOTS, Slot, SlotCounts
from analyzer.logs.slot_names import rank_slot

_NUMBER = "12345678"  # one that a secret may be
ALWAYS_READ = 8  # events of a group whose values are looked at in any case


class Counted:
    """A group while it is counted. `first` and `last` are stamps of UTC, whose byte order is their order in
    time. `slots` is what was seen of the values, in `seen` events; `looked_at` counts the first ones, which
    are in any case, and `telling` is whether they may tell how something ended.
    """

    __slots__ = ("count", "first", "last", "level", "looked_at", "sample", "seen", "slots", "telling")

    def __init__(self, level: Level, looked_at: int = 0) -> None:
        self.level, self.sample = level, ""
        self.count, self.first, self.last = 0, b"", b""
        self.looked_at, self.seen = looked_at, looked_at
        self.slots: dict[str, SlotCounts[bytes]] = {}
        self.telling = False


class Groups:
    """The groups by level and template, and one of each level for those beyond the bound."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Level, str], Counted] = {}
        self._beyond = {level: Counted(level, ALWAYS_READ) for level in LEVELS}
        self._limit: Standing | None = None

    def find(self, masked: Masked) -> Counted:
        """Return the group of an event, a new one where it is the first of its template."""
        template, level = masked
        group = self._groups.get((level, template))
        if group is None:
            if self._limit is not None and standing(level, template) > self._limit:
                return self._beyond[level]
            group = self._groups[level, template] = Counted(level)
        return group

    def overfull(self) -> bool:
        """Return whether it is time to prune: at twice the bound, so that it happens once for many lines."""
        return len(self._groups) > 2 * BOUND

    def prune(self) -> set[int]:
        """Go down to the bound; return the ids of the groups that go. They were never among the smallest, so
        nothing that stays loses a count.
        """
        ordered = sorted(self._groups, key=lambda key: standing(*key))
        gone = [self._groups.pop(key) for key in ordered[BOUND:]]
        for group in gone:
            beyond = self._beyond[group.level]
            beyond.count += group.count
            beyond.first, beyond.last = (
                min(beyond.first or group.first, group.first or beyond.first),
                max(beyond.last, group.last),
            )
        self._limit = standing(*ordered[BOUND - 1])
        return set(map(id, gone))

    def narrow(self) -> None:
        """Drop the slots that cannot be among the first of all, as `sketch.py` orders them."""
        left = SLOTS
        for key in sorted(self._groups, key=lambda key: standing(*key)):
            group = self._groups[key]
            kept = sorted(group.slots, key=rank_slot)[: min(PER_TEMPLATE, left)]
            group.slots = {name: group.slots[name] for name in kept}
            left -= len(kept)

    def beyond(self, level: Level) -> Counted:
        """Return what counts in the place of groups of this level that went."""
        return self._beyond[level]

    def digest(self, *, lines: int, size: int, continued: int, shows: Callable[[str], bool]) -> Digest:
        """Return all that was counted, of a stream of so many lines and bytes. `shows` says whether a field
        and its value (`name=value`) may be.
        """
        if len(self._groups) > BOUND:
            self.prune()
        self.narrow()
        groups = [
            TemplateGroup(
                template=template,
                level=level,
                count=group.count,
                first=at(group.first),
                last=at(group.last),
                sample=group.sample,
                slots=_slots(group, shows),
            )
            for (level, template), group in self._groups.items()
            if group.count
        ]
        counted = [*self._groups.values(), *self._beyond.values()]
        return Digest(
            lines=lines,
            bytes=size,
            first=at(min((group.first for group in counted if group.first), default=b"")),
            last=at(max((group.last for group in counted), default=b"")),
            groups=tuple(sorted(groups, key=TemplateGroup.standing)),
            other=sum(group.count for group in self._beyond.values()),
            continued=continued,
            errors=sum(group.count for group in counted if group.level in ERRORS),
        )


def _slots(group: Counted, shows: Callable[[str], bool]) -> tuple[Slot, ...]:
    """Return the group's slots by name, without fields whose name would redact a number."""
    return tuple(
        group.slots[name].slot(name, moment=at, shows=shows)
        for name in sorted(group.slots)
        if name.startswith("#") or shows(f"{name.strip()}={_NUMBER}")
    )
