"""Two digests side by side: templates generalised over both at once, so that no line looks novel because of a parameter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from analyzer.logs.digest import Digest, Group, Level
from analyzer.logs.general import generalise
from analyzer.value import Value


class Compared(Value):
    """One template on both sides. Times and sample are the canary's, or stable's where the canary has none.

    `certain` is false where one side's count is 0 only as far as its digest goes, the bound having left templates like it out.
    """

    template: str
    level: Level
    stable: int
    canary: int
    first: datetime | None
    last: datetime | None
    sample: str
    certain: bool = True


@lru_cache(maxsize=16)
def compare(stable: Digest, canary: Digest) -> tuple[Compared, ...]:
    """Every template of either side, by where it stands (worst level first)."""
    general = general_forms((*stable.groups, *canary.groups))
    sides: dict[tuple[Level, str], tuple[list[Group], list[Group]]] = defaultdict(lambda: ([], []))
    for side, digest in enumerate((stable, canary)):
        for group in digest.groups:
            sides[group.level, general[group.level, group.template]][side].append(group)
    compared = [_compared(template, one, two, stable, canary) for (_, template), (one, two) in sides.items()]
    return tuple(sorted(compared, key=lambda each: Group.standing(_as_group(each))))


def general_forms(groups: Iterable[Group]) -> dict[tuple[Level, str], str]:
    """What each group's level and template is a case of, over all of the groups."""
    levels: dict[Level, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        levels[group.level][group.template] += group.count
    return {(level, template): form for level, templates in levels.items() for template, form in generalise(templates).items()}


def _as_group(each: Compared) -> Group:
    return Group(template=each.template, level=each.level, count=each.canary, first=None, last=None, sample="")


def _compared(template: str, stable: Sequence[Group], canary: Sequence[Group], all_stable: Digest, all_canary: Digest) -> Compared:
    shown = canary or stable
    firsts, lasts = [group.first for group in shown if group.first], [group.last for group in shown if group.last]
    earliest = min(firsts, default=None)
    return Compared(
        template=template,
        level=shown[0].level,
        stable=sum(group.count for group in stable),
        canary=sum(group.count for group in canary),
        first=earliest,
        last=max(lasts, default=None),
        sample=min(group.sample for group in shown if group.first == earliest),
        certain=bool(stable and canary) or _within(shown, all_canary if stable else all_stable),
    )


def _within(groups: Iterable[Group], missing_from: Digest) -> bool:
    """Whether the other side's digest would show them if it had them."""
    limit = missing_from.limit()
    return limit is None or all(group.standing() <= limit for group in groups)
