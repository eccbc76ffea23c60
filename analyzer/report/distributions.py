"""What a slot of the log held on both sides, for each finding that says it has shifted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analyzer.evidence.logs import Logs
from analyzer.findings.log_pairs import pair_logs_after_start
from analyzer.findings.tallies import SideTally, tally_slots
from analyzer.findings.wording import make_slug, scale_measure
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.logs.number_labels import label_numbers
from analyzer.logs.sketch import Slot, SlotValue, find_middle, merge_slots
from analyzer.records.record import Record
from analyzer.target import ROLES, Role

STATUSES = ("failing-status", "status-shift")
MEASURES = ("measure-worse", "measure-doubt")
ROWS = 16  # values, the most frequent ones
Shares = dict[tuple[float, str], float]  # of each value, in percent, by a number to sort by and its text


@dataclass(frozen=True)
class SideShares:
    """A value, and how large a share of each side's lines has it, in percent."""

    value: str
    stable: float
    canary: float


@dataclass(frozen=True)
class Distribution:
    """A slot's values on both sides. `lines` is how many lines of each side have the slot."""

    finding: str
    title: str
    lines: dict[Role, int]
    shares: tuple[SideShares, ...]


def find_distributions(record: Record) -> Iterator[Distribution]:
    """Yield the slots that findings are about, in the order of the findings."""
    for graded in record.judgement.findings:
        kind, _, rest = graded.finding.key.partition("/")
        container, _, slug = rest.partition("/")
        distribution = None
        if kind in STATUSES:
            distribution = _find_statuses(record, container, slug)
        elif kind in MEASURES:
            distribution = _find_measures(record, container, slug)
        if distribution:
            yield replace(distribution, finding=graded.id)


def _find_statuses(record: Record, container: str, slug: str) -> Distribution | None:
    """Return what the lines say of how things ended, as the rule that made the finding counts it."""
    for pair in pair_logs_after_start(record.evidence, record.settings.rules):
        for tally in tally_slots(pair.comparison) if pair.container == container else ():
            if make_slug(f"{tally.name} {tally.template}") == slug:
                sides: dict[Role, SideTally] = {"stable": tally.stable, "canary": tally.canary}
                shares = {role: _share_values(side.values, side.lines) for role, side in sides.items()}
                lines = {role: side.lines for role, side in sides.items()}
                return _compare(f"{tally.name.strip()} of container {container}", lines, shares)
    return None


def _find_measures(record: Record, container: str, slug: str) -> Distribution | None:
    """Return both sides of the slot that a finding's key means: that of one template, else of all templates
    by that name; None for a key that fits two.
    """
    slots: dict[Role, Slot] = {}
    named: list[tuple[str, str]] = []
    for role in reversed(ROLES):  # the canary's tell which it is
        part = record.evidence.part(Logs, role)
        digests = [kept.digest for kept in part.containers if kept.container == container] if part else []
        named = named or sorted({name for digest in digests for name in _find_names(digest, slug)})
        if len({slot for slot, _ in named}) != 1:
            return None
        [(slot_name, _), *_] = named
        if merged := merge_slots([_slots_of(digest, slot_name, slug) for digest in digests]):
            slots[role] = merged[0]
    lines = {role: slots[role].total() for role in ROLES if role in slots}
    shares = {role: _share_slot(slot) for role, slot in slots.items()}
    return _compare(f"{named[0][1]} of container {container}", lines, shares)


def _find_names(digest: Digest, slug: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each slot that a finding's key may mean, and what the finding calls it."""
    for group in digest.groups:
        for slot in group.slots:
            for called in _names_of(group, slot):
                if slug in (make_slug(f"{called} {group.template}"), make_slug(f"{called} ")):
                    yield slot.name, called
                    break


def _slots_of(digest: Digest, name: str, slug: str) -> list[Slot]:
    """Return the slots by a name: those of the template that a finding's key means, else of all."""
    pairs = [(group, slot) for group in digest.groups for slot in group.slots if slot.name == name]
    of_one = [
        slot
        for group, slot in pairs
        if any(make_slug(f"{called} {group.template}") == slug for called in _names_of(group, slot))
    ]
    return of_one or [slot for _, slot in pairs]


def _names_of(group: TemplateGroup, slot: Slot) -> tuple[str, ...]:
    """Return what a finding may call a slot: a field by its name, a number of a text by the words beside it,
    or where these name something else by what it is.
    """
    label = label_numbers(group.sample).get(slot.name)
    if label is None:
        return (slot.name.strip(),)
    of_time = any(bucket.unit == "s" for bucket in slot.buckets)
    return (slot.name.strip(), " ".join(label.words), "a duration" if of_time else "a number")


def _compare(title: str, lines: dict[Role, int], shares: dict[Role, Shares]) -> Distribution:
    """Return the most frequent values of both sides, in their own order, and all others together."""
    keys = {key for side in shares.values() for key in side}
    frequent = sorted(keys, key=lambda key: (-max(side.get(key, 0.0) for side in shares.values()), key))[
        :ROWS
    ]
    rows = tuple(
        SideShares(key[1], *(round(shares.get(role, {}).get(key, 0.0), 1) for role in ROLES))
        for key in sorted(frequent)
    )
    if rest := keys.difference(frequent):
        others = (round(sum(shares.get(role, {}).get(key, 0.0) for key in rest), 1) for role in ROLES)
        rows = (*rows, SideShares("any other", *others))
    return Distribution(finding="", title=title, lines=lines, shares=rows)


def _share_values(values: Iterable[SlotValue], total: int) -> Shares:
    return {
        (
            float(value.text) if value.text.isascii() and value.text.isdecimal() else 0.0,
            value.text,
        ): 100 * value.count / max(1, total)
        for value in values
    }


def _share_slot(slot: Slot) -> Shares:
    total = max(1, slot.total())
    shares = _share_values(slot.values, total)
    for bucket in slot.buckets:
        middle = find_middle(bucket.at)
        figure, unit = scale_measure(middle, bucket.unit)
        key = (middle, f"about {figure:,g} {unit}".strip())
        shares[key] = shares.get(key, 0.0) + 100 * bucket.count / total
    if slot.other:
        shares[float("inf"), "other"] = 100 * slot.other / total
    return shares
