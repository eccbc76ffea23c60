"""What a template's slots held, at a bounded size: values that are few with their counts, and measures in
log-spaced buckets with units made alike.

Sketches merge in any order and by any split with one result. Counts add up. A slot that takes more than
`MAX_CODES` different values is no slot of codes: its numbers go to the buckets and its words to a count,
which any way of merging comes to. Of a digest's slots the first `SLOTS` are kept, by where their templates
stand and then by `rank`: one that is among the first of all was among the first before, so its counts are
exact (as in `digest.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import frexp
from operator import itemgetter
from typing import Annotated, Generic, Literal, TypeVar

import msgspec

from analyzer.common.value import Count, Moment, Value
from analyzer.logs.slot_names import rank_slot

MAX_CODES = 32  # different values of a slot of codes
PER_TEMPLATE = 12  # slots of one template …
SLOTS = 4096  # … and of all templates of a digest
PER_OCTAVE = 4  # buckets between a value and its double
FIRST_BUCKET, LAST_BUCKET = -200, 400  # buckets: 1e-15, and 1e30
ZERO = FIRST_BUCKET - 1  # the bucket of nothing at all

Unit = Literal["", "s", "B", "%"]
_SPLITS = tuple(0.5 * 2 ** (step / PER_OCTAVE) for step in range(1, PER_OCTAVE))


class SlotValue(Value, array_like=True):
    """A value, how many lines have it, and the earliest and latest of their times."""

    text: str
    count: Count
    first: Moment | None = None
    last: Moment | None = None


class Bucket(Value, array_like=True):
    """Measures from `bounds(at)[0]` up to `bounds(at)[1]`: seconds, bytes, percent or plain numbers."""

    unit: Unit
    at: Annotated[int, msgspec.Meta(ge=ZERO, le=LAST_BUCKET)]
    count: Count
    last: Moment | None = None


class Slot(Value):
    """One place of a template, or one field: what it held, on as many lines as the counts add up to.

    Named as the field, or `#2` for the second number of a text. `many`: it took more than `MAX_CODES` values,
    so that none is kept as it is. `other` counts what is neither kept nor measured. `squares` adds up the
    squares of the lines' weights: a line of a frequent template stands for others that were not looked at.
    """

    name: str
    values: tuple[SlotValue, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    other: Count = 0
    many: bool = False
    squares: Count = 0

    def total(self) -> int:
        """Return how many lines it counts."""
        measured = sum(bucket.count for bucket in self.buckets)
        return sum(value.count for value in self.values) + measured + self.other

    def sampled(self) -> float:
        """Return how many lines of equal weight say as much (Kish, Survey Sampling, 1965, 11.7)."""
        return self.total() ** 2 / self.squares if self.squares else 0.0


def find_bucket(number: float) -> int:
    """Return where a number belongs that is not below 0."""
    if number == 0:
        return ZERO
    fraction, octave = frexp(number)
    return max(
        FIRST_BUCKET, min(LAST_BUCKET, octave * PER_OCTAVE + sum(fraction >= split for split in _SPLITS))
    )


def find_middle(at: int) -> float:
    """Return a number in the middle of a bucket, as ratios go."""
    return 0.0 if at == ZERO else 2.0 ** ((at + 0.5) / PER_OCTAVE - 1)


Time = TypeVar("Time", bytes, datetime)


class SlotCounts(Generic[Time]):
    """A slot while it is counted. Times are stamps of UTC, or moments; None where a line has none."""

    __slots__ = ("buckets", "many", "other", "squares", "values")

    def __init__(self) -> None:
        self.values: dict[str, tuple[int, Time | None, Time | None]] = {}
        self.buckets: dict[tuple[Unit, int], tuple[int, Time | None]] = {}
        self.other = self.squares = 0
        self.many = False

    def add_value(self, text: str, count: int, first: Time | None, last: Time | None) -> None:
        """Count a value: a whole number of up to three digits, or a word."""
        if self.many:
            self._spill(text, count, last)
            return
        known = self.values.get(text)
        self.values[text] = (
            (count, first, last)
            if known is None
            else (known[0] + count, _earlier(known[1], first), _later(known[2], last))
        )
        if known is None and len(self.values) > MAX_CODES:
            self.widen()

    def add_number(self, unit: Unit, at: int, count: int, last: Time | None) -> None:
        """Count a measure by its bucket."""
        known = self.buckets.get((unit, at))
        self.buckets[unit, at] = (
            (count, last) if known is None else (known[0] + count, _later(known[1], last))
        )

    def widen(self) -> None:
        """Keep no value as it is."""
        if not self.many:
            self.many = True
            values, self.values = self.values, {}
            for text, (count, _, last) in values.items():
                self._spill(text, count, last)

    def _spill(self, text: str, count: int, last: Time | None) -> None:
        if text.isdecimal() and text.isascii():
            self.add_number("", find_bucket(float(text[:300])), count, last)
        else:
            self.other += count

    def slot(
        self,
        name: str,
        *,
        moment: Callable[[Time], datetime | None],
        shows: Callable[[str], bool] | None = None,
    ) -> Slot:
        """Return all that was counted, in one order. `moment` makes times of stamps; a value that does not
        show (`name=value`) counts among the others.
        """

        def time(given: Time | None) -> datetime | None:
            return None if given is None else moment(given)

        kept = [
            text
            for text in sorted(self.values)
            if shows is None or text.isdecimal() or shows(f"{name.strip()}={text}")
        ]
        hidden = sum(counted[0] for text, counted in self.values.items() if text not in kept)
        return Slot(
            name=name,
            values=tuple(
                SlotValue(
                    text=text,
                    count=self.values[text][0],
                    first=time(self.values[text][1]),
                    last=time(self.values[text][2]),
                )
                for text in kept
            ),
            buckets=tuple(
                Bucket(unit=unit, at=at, count=count, last=time(last))
                for (unit, at), (count, last) in sorted(self.buckets.items(), key=itemgetter(0))
            ),
            other=self.other + hidden,
            many=self.many,
            squares=self.squares,
        )


def merge_slots(sides: Iterable[Iterable[Slot]]) -> tuple[Slot, ...]:
    """Return the slots of many sketches of one template, those of one name merged, by name."""
    merged: dict[str, list[Slot]] = {}
    for slots in sides:
        for slot in slots:
            merged.setdefault(slot.name, []).append(slot)
    return tuple(_merged(name, merged[name]) for name in sorted(merged))


def _merged(name: str, slots: list[Slot]) -> Slot:
    if len(slots) == 1:
        return slots[0]
    counts = SlotCounts[datetime]()
    for slot in slots:
        for value in slot.values:
            counts.add_value(value.text, value.count, value.first, value.last)
        for bucket in slot.buckets:
            counts.add_number(bucket.unit, bucket.at, bucket.count, bucket.last)
        if slot.many:
            counts.widen()
        counts.other += slot.other
        counts.squares += slot.squares
    return counts.slot(name, moment=lambda time: time)


def select_slots(slots: Sequence[Slot], most: int = PER_TEMPLATE) -> tuple[Slot, ...]:
    """Return those of one template that are kept, by name."""
    if len(slots) <= most:
        return tuple(slots)
    ordered = sorted(slots, key=lambda slot: rank_slot(slot.name))
    return tuple(sorted(ordered[:most], key=lambda slot: slot.name))


def _earlier(one: Time | None, two: Time | None) -> Time | None:
    if one is None or two is None:
        return two if one is None else one
    return min(one, two)


def _later(one: Time | None, two: Time | None) -> Time | None:
    if one is None or two is None:
        return two if one is None else one
    return max(one, two)
