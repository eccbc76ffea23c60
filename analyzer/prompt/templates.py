"""Log templates of both sides, as the prompt shows them: what tells most first, requests that differ by their
status alone as one, and with the values of what is masked.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt

from msgspec.structs import replace

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import chance_of_one_rate, hypergeometric_tail
from analyzer.findings.compare import CHANCE
from analyzer.findings.failing import complains
from analyzer.findings.rates import RATIO
from analyzer.findings.start import find_beginning, find_shared_start
from analyzer.findings.wording import format_percent
from analyzer.logs.compare import Compared, SlotPair, compare
from analyzer.logs.digest import LEVELS, Digest
from analyzer.logs.over_time import CountsOverTime
from analyzer.logs.over_time import merge as merge_counts
from analyzer.logs.sketch import merge_slots
from analyzer.logs.spells import find_spell_of
from analyzer.prompt.distributions import SlotDistribution, compare_classes, find_distributions

_CLASS = re.compile(r"(?<!\w)([1-5]xx)\b")  # how a template tells the class of a status
_STATUS = "<status>"
FAR_APART = 5.0  # standard deviations


class TemplateView(Value):
    """One log template of one container, with both sides' counts. `levels` has one level, or those of the
    requests that are told as one. `started`: stable logged it at its own start, before the window. `equal`:
    it tells of no failure, and has about the same share of both sides' lines, and the same values in them;
    and neither side logs it in a part of the time alone, or both do.

    `stable` and `canary` are the counts in words, each with its share of the container's events where the
    sides have not as many; and when it came, where that is a part of the side's log only. `by_chance` is that
    the shares differ no more than chance makes them.
    """

    container: str
    compared: Compared
    stable: str = ""
    canary: str = ""
    by_chance: bool = False
    levels: str = ""
    distributions: tuple[SlotDistribution, ...] = ()
    started: bool = False
    equal: bool = False

    def is_urgent(self) -> bool:
        """Return whether the canary alone complains so, or its values differ from stable's."""
        row = self.compared
        alone = bool(row.canary) and not row.stable and complains(row)
        return alone or any(distribution.differs for distribution in self.distributions)


class EqualTemplates(Value):
    """How many templates are not shown one by one, for they are equal on both sides."""

    count: int


def find_templates(evidence: Evidence) -> list[TemplateView]:
    """Return the log templates of both sides: those that differ to the canary's harm first, then by level and
    count. There are none where the logs of a side were not read.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return []
    stable_digests, canary_digests = (
        {container.container: container.digest for container in part.containers} for part in (stable, canary)
    )
    views: list[TemplateView] = []
    for name in sorted(stable_digests.keys() | canary_digests.keys()):
        views += _container_views(
            name, evidence, stable_digests.get(name, Digest()), canary_digests.get(name, Digest())
        )
    views.sort(
        key=lambda view: (
            not view.is_urgent(),
            LEVELS.index(view.compared.level),
            -view.compared.canary - view.compared.stable,
            view.container,
        )
    )
    return views


def _container_views(name: str, evidence: Evidence, stable: Digest, canary: Digest) -> Iterator[TemplateView]:
    """Yield the log templates of one container, with both sides' counts."""
    at_start = find_shared_start(find_beginning(name, evidence), stable, canary)
    for rows in _group_by_status(compare(stable, canary)):
        row = rows[0] if len(rows) == 1 else _join(rows)
        counts = _describe_counts(row, stable.events(), canary.events())
        distributions = find_distributions(row) if len(rows) == 1 else _describe_statuses(row, rows)
        calm = not any(distribution.differs for distribution in distributions)
        spells = (
            find_spell_of(row.stable_over_time, stable),
            find_spell_of(row.canary_over_time, canary),
        )
        one_in_part = (spells[0] is None) != (spells[1] is None)
        yield TemplateView(
            container=name,
            compared=row,
            stable=f"{counts[0]} {spells[0].words()}" if spells[0] else counts[0],
            canary=f"{counts[1]} {spells[1].words()}" if spells[1] else counts[1],
            by_chance=not one_in_part
            and counts[0].partition(" ")[2] != counts[1].partition(" ")[2]
            and _differs_by_chance(row, stable.events(), canary.events()),
            levels=_name_levels(rows),
            distributions=distributions,
            started=not row.stable and (row.level, row.template) in at_start,
            equal=calm
            and not one_in_part
            and (len(rows) > 1 or not complains(row))
            and _comes_as_often(row, stable, canary),
        )


def _group_by_status(rows: Sequence[Compared]) -> list[list[Compared]]:
    """Return the rows, those that differ by the class of a status alone together."""
    groups: dict[str, list[Compared]] = defaultdict(list)
    for index, row in enumerate(rows):
        classed = _CLASS.search(row.template)
        groups[_CLASS.sub(_STATUS, row.template) if classed else f"{index}"].append(row)
    return list(groups.values())


def _join(rows: Sequence[Compared]) -> Compared:
    """Return rows of requests as one; its level, times and sample are those of the worst."""
    slots: dict[str, list[SlotPair]] = defaultdict(list)
    for row in rows:
        for pair in row.slots:
            slots[pair.name].append(pair)
    return replace(
        rows[0],
        template=_CLASS.sub(_STATUS, rows[0].template),
        stable=sum(row.stable for row in rows),
        canary=sum(row.canary for row in rows),
        certain=all(row.certain for row in rows),
        stable_over_time=_join_over_time([row.stable_over_time for row in rows if row.stable]),
        canary_over_time=_join_over_time([row.canary_over_time for row in rows if row.canary]),
        slots=tuple(
            SlotPair(
                name=name,
                stable=merge_slots([pair.stable] for pair in pairs)[0],
                canary=merge_slots([pair.canary] for pair in pairs)[0],
                aligned=all(pair.aligned for pair in pairs),
            )
            for name, pairs in slots.items()
        ),
    )


def _join_over_time(parts: Sequence[CountsOverTime | None]) -> CountsOverTime | None:
    """Return the counts of several rows as one, None where those of one are not known."""
    known = [part for part in parts if part is not None]
    return merge_counts(known) if len(known) == len(parts) else None


def _describe_statuses(row: Compared, rows: Sequence[Compared]) -> tuple[SlotDistribution, ...]:
    """Return the distributions of requests that are told as one, their statuses by class where not every
    line's value was looked at.
    """
    distributions = find_distributions(row)
    if any(distribution.is_status and distribution.exact for distribution in distributions):
        return distributions
    others = tuple(distribution for distribution in distributions if not distribution.is_status)
    counts: dict[str, tuple[int, int]] = {}
    for answer in rows:
        for name in _CLASS.findall(answer.template)[:1]:
            stable, canary = counts.get(name, (0, 0))
            counts[name] = (stable + answer.stable, canary + answer.canary)
    return (compare_classes(counts), *others)


def _name_levels(rows: Sequence[Compared]) -> str:
    """Return the levels of rows that are told as one, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.level] += row.stable + row.canary
    return ", ".join(sorted(counts, key=lambda level: -counts[level]))


def _describe_counts(row: Compared, stable_events: int, canary_events: int) -> tuple[str, str]:
    """Return how often stable and the canary logged a template, in words."""
    sides = ((row.stable, stable_events), (row.canary, canary_events))
    if stable_events == canary_events:
        return f"{row.stable}", f"{row.canary}"
    stable, canary = (f"{count} ({format_percent(count / of)})" if count else "0" for count, of in sides)
    return stable, canary


def _differs_by_chance(row: Compared, stable_events: int, canary_events: int) -> bool:
    """Return whether both sides log a template, and their shares of the events differ no more than chance
    makes them: Fisher's exact test. It would take long only where the shares are so far apart that chance is
    beyond question.

    What one side alone logs is left to its count and its words: one panic is no chance.
    """
    if not row.stable or not row.canary:
        return False
    stable, canary = (row.stable, stable_events), (row.canary, canary_events)
    apart = abs(row.stable / stable_events - row.canary / canary_events)
    pooled = (row.stable + row.canary) / (stable_events + canary_events)
    deviation = sqrt(pooled * (1 - pooled) * (1 / stable_events + 1 / canary_events))
    if not deviation or apart > FAR_APART * deviation:
        return False
    return min(hypergeometric_tail(*canary, *stable), hypergeometric_tail(*stable, *canary)) >= CHANCE / 2


def _comes_as_often(row: Compared, stable: Digest, canary: Digest) -> bool:
    """Return whether both sides log a template about as often by their lines."""
    if not row.stable or not row.canary:
        return False
    ratio = (row.canary * stable.events()) / (row.stable * canary.events())
    chance = chance_of_one_rate(row.canary, canary.events(), row.stable, stable.events())
    return 1 / RATIO < ratio < RATIO or chance >= CHANCE
