"""Two digests side by side: templates generalised over both at once, so that no line looks novel because of a
parameter.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from analyzer.common.value import Value
from analyzer.logs.digest import Digest, Level, TemplateGroup
from analyzer.logs.general import generalise
from analyzer.logs.number_labels import label_numbers
from analyzer.logs.sketch import Slot, merge_slots


class SlotPair(Value):
    """One slot of a template on both sides, empty on a side that has no such line. `aligned` is false of a
    number of a text where the lines of the two sides have more and fewer numbers.
    """

    name: str
    stable: Slot
    canary: Slot
    aligned: bool = True


class Compared(Value):
    """One template on both sides. Times and sample are the canary's, or stable's where the canary has none.

    `certain` is false where one side's count is 0 only as far as its digest goes, the bound having left
    templates like it out.
    """

    template: str
    level: Level
    stable: int
    canary: int
    first: datetime | None
    last: datetime | None
    sample: str
    certain: bool = True
    slots: tuple[SlotPair, ...] = ()


@lru_cache(maxsize=16)
def compare(stable: Digest, canary: Digest) -> tuple[Compared, ...]:
    """Return every template of either side, by where it stands (worst level first)."""
    general = general_forms((*stable.groups, *canary.groups))
    sides: dict[tuple[Level, str], tuple[list[TemplateGroup], list[TemplateGroup]]] = defaultdict(
        lambda: ([], [])
    )
    for side, digest in enumerate((stable, canary)):
        for group in digest.groups:
            sides[group.level, general[group.level, group.template]][side].append(group)
    compared = [_compared(template, one, two, stable, canary) for (_, template), (one, two) in sides.items()]
    return tuple(sorted(compared, key=lambda template: TemplateGroup.standing(_as_group(template))))


def general_forms(groups: Iterable[TemplateGroup]) -> dict[tuple[Level, str], str]:
    """Return what each group's level and template is a case of, over all of the groups."""
    levels: dict[Level, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        levels[group.level][group.template] += group.count
    return {
        (level, template): form
        for level, templates in levels.items()
        for template, form in generalise(templates).items()
    }


def cases_of(rows: Container[tuple[Level, str]], stable: Digest, canary: Digest) -> set[tuple[Level, str]]:
    """Return (level, template) of each group that is a case of one of these rows of `compare(stable,
    canary)`.
    """
    return {
        key for key, form in general_forms((*stable.groups, *canary.groups)).items() if (key[0], form) in rows
    }


def _as_group(compared: Compared) -> TemplateGroup:
    return TemplateGroup(
        template=compared.template,
        level=compared.level,
        count=compared.canary,
        first=None,
        last=None,
        sample="",
    )


def _compared(
    template: str,
    stable: Sequence[TemplateGroup],
    canary: Sequence[TemplateGroup],
    all_stable: Digest,
    all_canary: Digest,
) -> Compared:
    shown = canary or stable
    firsts, lasts = (
        [group.first for group in shown if group.first],
        [group.last for group in shown if group.last],
    )
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
        slots=tuple(_pairs(stable, canary)),
    )


def _pairs(stable: Sequence[TemplateGroup], canary: Sequence[TemplateGroup]) -> Iterator[SlotPair]:
    theirs, ours = (
        {slot.name: slot for slot in merge_slots(group.slots for group in side)} for side in (stable, canary)
    )
    lengths = {
        len(label_numbers(min(group.sample for group in side))) for side in (stable, canary) if side and ours
    }
    for name in sorted({*theirs, *ours}):
        yield SlotPair(
            name=name,
            stable=theirs.get(name, Slot(name=name)),
            canary=ours.get(name, Slot(name=name)),
            aligned=not name.startswith("#") or len(lengths) == 1,
        )


def _within(groups: Iterable[TemplateGroup], missing_from: Digest) -> bool:
    """Return whether the other side's digest would show them if it had them."""
    limit = missing_from.limit()
    return limit is None or all(group.standing() <= limit for group in groups)
