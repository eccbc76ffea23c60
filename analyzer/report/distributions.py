"""What a slot of the log held on both sides, for each finding that says it has shifted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analyzer.evidence.logs import Logs
from analyzer.findings.log_pairs import pair_logs_after_start
from analyzer.findings.tallies import SideTally, tally_slots
from analyzer.findings.wording import make_slug
from analyzer.logs.digest import Digest
from analyzer.logs.sketch import Slot, SlotValue, find_middle, merge_slots
from analyzer.records.record import Record
from analyzer.report.charts import format_figure
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
    slots: dict[Role, Slot] = {}
    for role in ROLES:
        part = record.evidence.part(Logs, role)
        digests = [kept.digest for kept in part.containers if kept.container == container] if part else []
        merged = merge_slots([_slots_of(digest, slug) for digest in digests])
        if merged:
            slots[role] = merged[0]
    if "canary" not in slots:
        return None
    lines = {role: slot.total() for role, slot in slots.items()}
    shares = {role: _share_slot(slot) for role, slot in slots.items()}
    return _compare(f"{slots['canary'].name.strip()} of container {container}", lines, shares)


def _slots_of(digest: Digest, slug: str) -> list[Slot]:
    """Return the slots that a finding's key means: those of one template, else of all by that name."""
    pairs = [(group.template, slot) for group in digest.groups for slot in group.slots]
    of_one = [slot for template, slot in pairs if make_slug(f"{slot.name.strip()} {template}") == slug]
    return of_one or [slot for _, slot in pairs if make_slug(f"{slot.name.strip()} ") == slug]


def _compare(title: str, lines: dict[Role, int], shares: dict[Role, Shares]) -> Distribution:
    """Return the most frequent values of both sides, in their own order."""
    keys = {key for side in shares.values() for key in side}
    frequent = sorted(keys, key=lambda key: (-max(side.get(key, 0.0) for side in shares.values()), key))[
        :ROWS
    ]
    rows = tuple(
        SideShares(key[1], *(round(shares.get(role, {}).get(key, 0.0), 1) for role in ROLES))
        for key in sorted(frequent)
    )
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
        key = (middle, f"about {format_figure(middle)} {bucket.unit}".strip())
        shares[key] = shares.get(key, 0.0) + 100 * bucket.count / total
    if slot.other:
        shares[float("inf"), "other"] = 100 * slot.other / total
    return shares
