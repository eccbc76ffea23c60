"""Counts by bucket: quantiles, and how often one side's are larger."""

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from analyzer.findings.measure_times import count_buckets
from analyzer.logs.compare import SlotPair
from analyzer.logs.sketch import PER_OCTAVE, Slot, Unit


def find_unit(slot: Slot) -> Unit:
    """Return the unit of most of its values."""
    units: Counter[Unit] = Counter({"": sum(value.count for value in slot.values if value.text.isdecimal())})
    for bucket in slot.buckets:
        units[bucket.unit] += bucket.count
    return max(sorted(units), key=lambda unit: units[unit])


def compute_larger(ours: Mapping[int, int], theirs: Mapping[int, int]) -> float:
    """Return the share of all pairs in which ours is the larger, ties as half: Mann and Whitney's U by the
    number of pairs (Ann. Math. Stat. 18, 1947, 50).
    """
    below, pairs = 0, 0.0
    for at in sorted({*ours, *theirs}):
        pairs += ours.get(at, 0) * (below + theirs.get(at, 0) / 2)
        below += theirs.get(at, 0)
    return pairs / (sum(ours.values()) * sum(theirs.values()))


def find_quantile(side: Mapping[int, int], share: float) -> int:
    """Return the bucket of a quantile (0 to 1)."""
    ordered = sorted(side)
    reached = accumulate(side[at] for at in ordered)
    whole = sum(side.values())
    return next(at for at, count in zip(ordered, reached, strict=True) if count >= share * whole)


def compare_medians(pair: SlotPair, least: int) -> float | None:
    """Return how many times stable's median the canary's is, in one unit; None where a side has fewer than
    `least` values of it.
    """
    unit = find_unit(pair.canary)
    ours, theirs = count_buckets(pair.canary, unit), count_buckets(pair.stable, unit)
    if min(ours.total(), theirs.total()) < least:
        return None
    return float(2.0 ** ((find_quantile(ours, 0.5) - find_quantile(theirs, 0.5)) / PER_OCTAVE))
