"""In which part of a log's time a template came, where that is no chance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from analyzer.logs.over_time import CountsOverTime
from analyzer.logs.spells import Spell, find_spell

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def spell(counts: Sequence[int], begin: float, until: float = 10) -> Spell | None:
    """Of lines by minute, in a log that covers so many."""
    return find_spell(CountsOverTime(start=at(begin), span=60, counts=tuple(counts)), at(0), at(until))


@pytest.mark.parametrize(
    ("counts", "begin", "words"),
    [
        ([12, 12, 12, 12], 6, "since 12:06:00, 12 a minute"),
        ([12, 12, 12, 12], 0, "until 12:04:00, 12 a minute"),
        ([12, 12, 12, 12], 3, "from 12:03:00 to 12:07:00 only, 12 a minute"),
        ([8, 7], 0, "until 12:02:00, 7.5 a minute"),
        ([4], 0, "until 12:01:00"),
    ],
)
def test_it_says_since_when_and_until_when(counts: list[int], begin: float, words: str) -> None:
    found = spell(counts, begin)
    assert found is not None
    assert found.words() == words


@pytest.mark.parametrize(
    ("counts", "begin"),
    [
        ([12] * 10, 0),  # all the time
        ([1, 1, 1], 7),  # three lines at any time are all in the last third once in 37 times
        ([9] * 8, 2),  # but for a fifth
        ([0] * 10, 0),
    ],
)
def test_what_is_no_part_or_chance_is_not_said(counts: list[int], begin: float) -> None:
    assert spell(counts, begin) is None


def test_a_part_of_a_few_spans_is_not_known() -> None:
    """A span is the most that a time is known to."""
    assert spell([30, 30], 1, until=3) is None


def test_nothing_is_said_of_what_has_no_times() -> None:
    counts = CountsOverTime(start=at(6), span=60, counts=(12,))
    assert find_spell(None, at(0), at(10)) is None
    assert find_spell(counts, None, None) is None
    assert find_spell(counts, at(0), at(0)) is None


def test_times_are_of_utc() -> None:
    there = timezone(timedelta(hours=2))
    counts = CountsOverTime(start=at(6).astimezone(there), span=60, counts=(12, 12, 12, 12))
    found = find_spell(counts, at(0), at(10))
    assert found is not None
    assert found.words() == "since 12:06:00, 12 a minute"
