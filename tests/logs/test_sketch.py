"""What a slot held: the same whatever the order and the split, and bounded whatever comes."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.digest import Digest, TemplateGroup, merge
from analyzer.logs.sketch import (
    FIRST_BUCKET,
    LAST_BUCKET,
    MAX_CODES,
    PER_OCTAVE,
    PER_TEMPLATE,
    SLOTS,
    ZERO,
    Slot,
    SlotCounts,
    find_bucket,
    find_middle,
    merge_slots,
    select_slots,
)
from analyzer.logs.slot_values import read_values

START = datetime(2026, 11, 3, tzinfo=UTC)
Seen = tuple[str, str, int, int]  # a slot's name, a text, its weight, its second

TEXTS = st.sampled_from(["200", "500", "404", "OK", "FAILED", "12ms", "3.5s", "4KiB", "7B", "nothing at all"])
ANYTHING = st.one_of(
    TEXTS,
    st.integers(0, 10**9).map(str),
    st.floats().map(str),
    st.text(max_size=20),
    st.integers(10**400, 10**400 + 5).map(str),
    st.sampled_from(
        ["NaN", "inf", "-1", "-111", "-0", "- 1", "1e999", "1e-999", "0", "000", "٣", "½", "1.2.3", "."]
    ),
)
SEEN = st.lists(
    st.tuples(
        st.sampled_from(["status", "took", "code", "rc", "duration_ns"]),
        ANYTHING,
        st.sampled_from([1, 4, 16]),
        st.integers(0, 99),
    ),
    max_size=120,
)


def sketched(seen: Sequence[Seen]) -> tuple[Slot, ...]:
    """As the miner does."""
    counts: dict[str, SlotCounts[datetime]] = {}
    for name, text, weight, second in seen:
        at = START + timedelta(seconds=second)
        for slot, kept, unit, bucket in read_values(f'{{"{name}":"{text}"}}'):
            mine = counts.setdefault(slot, SlotCounts())
            mine.squares += weight * weight
            if kept:
                mine.add_value(kept, weight, at, at)
            else:
                mine.add_number(unit, bucket, weight, at)
    return tuple(counts[name].slot(name, moment=lambda time: time) for name in sorted(counts))


@pytest.mark.slow
@given(SEEN, st.lists(st.integers(0, 120), max_size=4), st.randoms())
def test_any_split_in_any_order_gives_one_sketch(seen: list[Seen], places: list[int], rng: object) -> None:
    edges = [0, *sorted(min(place, len(seen)) for place in places), len(seen)]
    parts = [sketched(seen[start:end]) for start, end in itertools.pairwise(edges)]
    rng.shuffle(parts)  # type: ignore[attr-defined]
    assert merge_slots(parts) == sketched(seen)
    assert merge_slots([merge_slots(parts[:2]), *parts[2:]]) == sketched(seen)


@given(SEEN)
def test_a_slot_is_bounded_and_counts_every_value(seen: list[Seen]) -> None:
    for slot in sketched(seen):
        assert len(slot.values) <= MAX_CODES
        assert all(ZERO <= bucket.at <= LAST_BUCKET for bucket in slot.buckets)
        taken = [
            weight
            for name, text, weight, _ in seen
            if name == slot.name and read_values(f'{{"{name}":"{text}"}}')
        ]
        assert slot.total() == sum(taken)
        assert slot.squares == sum(weight * weight for weight in taken)


def test_a_slot_of_many_values_keeps_measures_and_no_value() -> None:
    many = [("took", str(number), 1, number) for number in range(MAX_CODES + 1)]
    assert [value.text for value in sketched(many[:-1])[0].values] == sorted(map(str, range(MAX_CODES)))
    [slot] = sketched(many)
    assert (slot.many, slot.values, slot.total()) == (True, (), MAX_CODES + 1)
    assert [bucket.count for bucket in slot.buckets if bucket.at == ZERO] == [1]


def test_words_that_are_many_are_only_counted() -> None:
    [slot] = sketched(
        [("code", "q" + "abcdefgh"[number % 8] * (1 + number // 8), 1, 0) for number in range(40)]
    )
    assert (slot.values, slot.buckets, slot.other) == ((), (), 40)


def test_a_number_on_one_side_and_a_word_on_the_other_is_one_slot() -> None:
    [slot] = merge_slots([sketched([("code", "0", 1, 1)]), sketched([("code", "EAGAIN", 1, 2)])])
    assert [(value.text, value.count) for value in slot.values] == [("0", 1), ("EAGAIN", 1)]


def test_units_are_made_alike() -> None:
    [slot] = sketched([("took", text, 1, 0) for text in ("1500ms", "1.5s", "1500000us", "1500000000ns")])
    assert [(bucket.unit, bucket.count) for bucket in slot.buckets] == [("s", 4)]
    [slot] = sketched([("size", text, 1, 0) for text in ("2048B", "2KiB", "2K")])
    assert [(bucket.unit, bucket.count) for bucket in slot.buckets] == [("B", 3)]


def test_times_are_the_earliest_and_the_latest() -> None:
    [slot] = sketched([("status", "500", 1, second) for second in (7, 3, 9)])
    assert (slot.values[0].first, slot.values[0].last) == (
        START + timedelta(seconds=3),
        START + timedelta(seconds=9),
    )


@pytest.mark.parametrize("number", [1e-9, 0.025, 1.0, 12.0, 1e6, 3.7e14])
def test_a_bucket_is_within_a_tenth_of_its_numbers(number: float) -> None:
    assert find_middle(find_bucket(number)) == pytest.approx(number, rel=0.1)
    assert find_bucket(2 * number) == find_bucket(number) + PER_OCTAVE


@given(st.floats(0, allow_nan=False, allow_infinity=False))
def test_every_number_has_a_bucket(number: float) -> None:
    at = find_bucket(number)
    assert at == ZERO if number == 0 else FIRST_BUCKET <= at <= LAST_BUCKET


def group(number: int, slots: int) -> TemplateGroup:
    names = [f"s{place}" for place in range(slots)]
    return TemplateGroup(
        template=f"t{number}",
        level="info",
        count=1,
        first=None,
        last=None,
        sample="",
        slots=select_slots([Slot(name=name, other=1, squares=1) for name in names]),
    )


def test_a_template_keeps_so_many_slots_and_those_that_tell_first() -> None:
    slots = [Slot(name=f"f{number}") for number in range(50)] + [Slot(name="status"), Slot(name="latency")]
    kept = select_slots(slots)
    assert len(kept) == PER_TEMPLATE
    assert {"status", "latency"} <= {slot.name for slot in kept}


def test_a_digest_keeps_so_many_slots_whatever_the_order() -> None:
    digests = [
        Digest(
            lines=300,
            groups=tuple(
                sorted(
                    (group(number, 20) for number in range(start, start + 300)), key=TemplateGroup.standing
                )
            ),
        )
        for start in (0, 200, 400)
    ]
    whole = merge(digests)
    assert whole == merge(reversed(digests)) == merge([merge(digests[1:]), digests[0]])
    assert sum(len(each.slots) for each in whole.groups) == SLOTS
    counts = {slot.other for each in whole.groups for slot in each.slots}
    assert counts == {1, 2}


def test_a_sketch_outlives_a_file() -> None:
    [slot] = sketched([("took", "12ms", 4, 1), ("took", "3", 1, 2)])
    assert msgspec.json.decode(msgspec.json.encode(slot), type=Slot) == slot


def test_what_was_looked_at_says_how_much_a_count_is_worth() -> None:
    [slot] = sketched([("status", "200", 1, 0)] * 10 + [("status", "200", 16, 0)] * 10)
    assert (slot.total(), round(slot.sampled(), 1)) == (170, 11.2)
