"""What stood where a template's values are masked, on both sides: how requests and calls ended, exit codes
and counts of failures, and the measures and codes that differ.

What findings tell of these is decided in `findings/shifted_slots.py`, for a whole container and on stricter
grounds. Here a reader sees each template's own values.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from analyzer.common.value import Value
from analyzer.findings.chance import hypergeometric_tail
from analyzer.findings.measures import measure_growth
from analyzer.findings.tallies import SideTally
from analyzer.findings.wording import scale_measure
from analyzer.logs.compare import Compared, SlotPair
from analyzer.logs.number_labels import NumberLabel, label_numbers
from analyzer.logs.outcome_values import End, count_values
from analyzer.logs.outcomes import SlotOutcome, find_outcomes
from analyzer.logs.requests import probes
from analyzer.logs.sketch import Slot, SlotValue, Unit, find_middle, merge_slots
from analyzer.logs.slot_names import FAILING, split_words

MOST_DISTRIBUTIONS = 3  # distributions of one template
NAME = 40  # characters of a name
FEW_CODES = 8  # different values of a code
LEAST_LINES = 20  # lines of a side: the values of fewer say little
MOVED = 0.2  # of the lines, at least, have another value where a code differs
ALPHA = 0.001  # many slots are looked at
_NAMES = {"http": "status", "grpc": "status", "exit": "exit code"}
_CLASSED: tuple[End, ...] = ("failed", "refused")


class SlotDistribution(Value):
    """The values of one slot of a template, in words: each side's, empty on a side that has no such line.

    `differs`: the sides differ beyond chance. `exact`: every line was looked at. `is_status`: they tell how
    requests or calls were answered. `is_measure`: they are medians.
    """

    name: str
    stable: str
    canary: str
    differs: bool
    is_status: bool = False
    is_measure: bool = False
    exact: bool = True

    def is_single(self) -> bool:
        """Return whether it is of one status alone, as a raw line shows it."""
        return self.is_status and "," not in f"{self.stable}{self.canary}" and not self.differs

    def words(self) -> str:
        """Return both sides' values: "status: stable 200 ×1,376; canary 200 ×458, 500 ×229"."""
        if self.stable == self.canary:
            return f"{self.name}: {self.stable} on both sides"
        sides = (("stable", self.stable), ("canary", self.canary))
        return f"{self.name}: {'; '.join(f'{side} {values}' for side, values in sides if values)}"


def find_distributions(row: Compared) -> tuple[SlotDistribution, ...]:
    """Return the distributions of a template's slots that tell more than the template: at most
    `MOST_DISTRIBUTIONS`, those that tell how something ended first, then those that differ.
    """
    if not row.slots:
        return ()
    around = label_numbers(row.sample)
    kinds = find_outcomes([_merge(pair.stable, pair.canary) for pair in row.slots], row.sample)
    ends = [
        distribution
        for pair in row.slots
        if pair.name in kinds
        for distribution in _describe_end(row, pair, kinds[pair.name], around.get(pair.name))
    ]
    others = [
        distribution
        for pair in row.slots
        if pair.name not in kinds and pair.aligned and row.stable and row.canary and not probes(row.sample)
        for distribution in _describe_other(pair, around.get(pair.name))
    ]
    unique = {(distribution.stable, distribution.canary): distribution for distribution in reversed(ends)}
    ordered = sorted((*reversed(unique.values()), *others), key=lambda distribution: not distribution.differs)
    return tuple(ordered[:MOST_DISTRIBUTIONS])


def compare_classes(counts: Mapping[str, tuple[int, int]]) -> SlotDistribution:
    """Return the distribution of the classes of statuses ("5xx"), from stable's and the canary's counts."""
    sides = []
    for number in (0, 1):
        values = tuple(
            SlotValue(text=name, count=both[number]) for name, both in counts.items() if both[number]
        )
        lines = sum(value.count for value in values)
        sides.append(SideTally("http", values, lines, lines))
    stable, canary = sides
    return SlotDistribution(
        name="status",
        stable=_count_values(stable, ()),
        canary=_count_values(canary, ()),
        differs=any(_moved(stable, canary, which) for which in _CLASSED),
        is_status=True,
    )


def _describe_end(
    row: Compared, pair: SlotPair, outcome: SlotOutcome, label: NumberLabel | None
) -> Iterator[SlotDistribution]:
    """Yield the distribution of a slot that tells how something ended, unless the template says it."""
    stable, canary = (
        SideTally(outcome.kind, count_values(slot), slot.total() - slot.other, slot.sampled())
        for slot in (pair.stable, pair.canary)
    )
    kept = {value.text for side in (stable, canary) for value in side.values}
    both = bool(row.stable and row.canary)
    differs = both and any(_moved(stable, canary, which) for which in _CLASSED)
    failing = any(side.of(which) for side in (stable, canary) for which in _CLASSED)
    if outcome.kind == "count":
        telling = differs or (not both and not failing)
    else:
        telling = not _is_said(row, outcome, kept) and (failing or not both or not _is_said_in_class(row))
    if not kept or not telling:
        return
    alone = kept if both and len(kept) == 1 else set[str]()
    yield SlotDistribution(
        name=_name_slot(pair.name, outcome, label),
        stable=_count_values(stable, alone),
        canary=_count_values(canary, alone),
        differs=differs,
        is_status=outcome.kind in ("http", "grpc"),
        exact=all(round(side.sampled) >= side.lines for side in (stable, canary)),
    )


def _is_said(row: Compared, outcome: SlotOutcome, kept: set[str]) -> bool:
    """Return whether the only value is the level, or the template has it as it is: "code Unavailable"."""
    only = min(kept, default="")
    word = len(kept) == 1 and outcome.kind != "http" and not only.isdecimal()
    return word and (only.lower() == row.level or only in row.template)


def _is_said_in_class(row: Compared) -> bool:
    """Return whether the template has the class of a status that went well."""
    return any(f"{digit}xx" in row.template for digit in "123")


def _count_values(side: SideTally, alone: Collection[str]) -> str:
    """Return a side's values with their counts; `alone` is the only value of both sides."""
    if not side.lines:
        return ""
    return min(alone) if alone else side.words("")


def _moved(stable: SideTally, canary: SideTally, which: End) -> bool:
    """Return whether the share of values that end so differs beyond chance, in either direction."""
    ours, theirs = canary.hits(which), stable.hits(which)
    return min(hypergeometric_tail(*ours, *theirs), hypergeometric_tail(*theirs, *ours)) < ALPHA


def _describe_other(pair: SlotPair, label: NumberLabel | None) -> Iterator[SlotDistribution]:
    """Yield the distribution of a measure or a code that differs between the sides."""
    named = label.words if label else split_words(pair.name.strip())
    if min(pair.stable.total(), pair.canary.total()) < LEAST_LINES:
        return
    swapped = SlotPair(name=pair.name, stable=pair.canary, canary=pair.stable)
    grown = measure_growth(pair, named, None) or measure_growth(swapped, named, None)
    if grown is not None:
        if grown.direction != "none":
            yield SlotDistribution(
                name=_name_slot(pair.name, None, label),
                stable=_describe_measure(pair.stable, grown.unit),
                canary=_describe_measure(pair.canary, grown.unit),
                differs=True,
                is_measure=True,
            )
    elif _is_code(pair) and _codes_differ(pair):
        stable, canary = (
            SideTally("word", slot.values, slot.total(), slot.sampled()).words("")
            for slot in (pair.stable, pair.canary)
        )
        yield SlotDistribution(
            name=_name_slot(pair.name, None, label), stable=stable, canary=canary, differs=True
        )


def _is_code(pair: SlotPair) -> bool:
    """Return whether both sides have few values, none of them measured."""
    texts = {value.text for slot in (pair.stable, pair.canary) for value in slot.values}
    plain = not any(slot.many or slot.buckets or slot.other for slot in (pair.stable, pair.canary))
    return plain and 0 < len(texts) <= FEW_CODES


def _codes_differ(pair: SlotPair) -> bool:
    """Return whether a value's share of the lines differs by `MOVED` and beyond chance."""
    stable, canary = (
        Counter({value.text: value.count for value in slot.values}) for slot in (pair.stable, pair.canary)
    )
    n, m = (max(1, min(slot.total(), round(slot.sampled()))) for slot in (pair.canary, pair.stable))
    for text in stable | canary:
        ours, theirs = canary[text] / pair.canary.total(), stable[text] / pair.stable.total()
        hits, others = round(ours * n), round(theirs * m)
        chance = min(hypergeometric_tail(hits, n, others, m), hypergeometric_tail(others, m, hits, n))
        if abs(ours - theirs) >= MOVED and chance < ALPHA:
            return True
    return False


def _name_slot(name: str, outcome: SlotOutcome | None, label: NumberLabel | None) -> str:
    """Return what a slot is called: its field, the words beside its number, or what it tells."""
    if label is None:
        return name.strip()[:NAME]
    if outcome is None:
        return " ".join(label.words)[:NAME] or f"number {name.removeprefix('#')}"
    failing = " ".join(word for word in label.words if word in FAILING)
    return _NAMES.get(outcome.kind, failing or " ".join(label.words))[:NAME]


def _describe_measure(slot: Slot, unit: Unit) -> str:
    """Return the median of a measure, and what 95 % of its values stay within."""
    numbers = sorted(
        (
            *((find_middle(bucket.at), bucket.count) for bucket in slot.buckets if bucket.unit == unit),
            *((float(value.text), value.count) for value in slot.values if value.text.isdecimal()),
        )
    )
    half, most = (_quantile(numbers, share) for share in (0.5, 0.95))
    return f"median {_amount(half, unit)}, 95 % up to {_amount(most, unit)}"


def _quantile(numbers: Sequence[tuple[float, int]], share: float) -> float:
    """Return the number that so large a share of counted numbers, in order, does not exceed."""
    left = share * sum(count for _, count in numbers)
    for number, count in numbers:
        left -= count
        if left <= 0:
            return number
    return 0.0


def _amount(number: float, unit: Unit) -> str:
    """Return a measure in words, a large one digit by digit: "31 ms"."""
    rounded, name = scale_measure(number, unit)
    return f"{rounded:,.0f} {name}".strip() if rounded >= 100 else f"{rounded:g} {name}".strip()


def _merge(stable: Slot, canary: Slot) -> Slot:
    return merge_slots([[stable], [canary]])[0]
