"""When a stream's events came: the same in any order of merging, and no larger however long the stream is."""

import random
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.digest import Digest
from analyzer.logs.digest import merge as merge_digests
from analyzer.logs.extent import Extent, Torn
from analyzer.logs.mine import mine
from analyzer.logs.timeline import BOUND, SPAN, Timeline, merge, timeline_of
from analyzer.redact import redact

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
NUMBERS = st.dictionaries(st.integers(0, 10**9), st.tuples(*[st.integers(0, 50)] * 3), max_size=20)


def stamped(*lines: tuple[float, str], zone: str = "Z") -> bytes:
    return "".join(
        f"{(NOON + timedelta(seconds=at)).replace(tzinfo=None).isoformat()}{zone} {line}\n"
        for at, line in lines
    ).encode()


def mined(text: bytes) -> Digest:
    return mine([text], redact).digest


def timeline(*lines: tuple[float, str], zone: str = "Z") -> Timeline:
    found = mined(stamped(*lines, zone=zone)).timeline
    assert found is not None
    return found


@pytest.mark.slow
@given(st.lists(NUMBERS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_merging_does_not_show(
    tallies: list[dict[int, tuple[int, int, int]]], turn: random.Random
) -> None:
    """Merged two by two in any order, or all at once, or counted as one stream."""
    parts = [timeline_of(each) for each in tallies]
    whole = merge(parts)
    turn.shuffle(parts)
    assert reduce(lambda one, two: merge((one, two)), parts, Timeline()) == whole
    together: dict[int, tuple[int, int, int]] = {}
    for number, tally in (pair for each in tallies for pair in each.items()):
        old = together.get(number, (0, 0, 0))
        together[number] = (old[0] + tally[0], old[1] + tally[1], old[2] + tally[2])
    assert timeline_of(together) == whole


@given(NUMBERS)
def test_it_is_bounded_and_nothing_is_lost(tallies: dict[int, tuple[int, int, int]]) -> None:
    found = timeline_of(tallies)
    assert len(found.events) == len(found.requests) == len(found.errors) <= BOUND
    assert sum(found.events) == sum(tally[0] for tally in tallies.values())


def test_events_are_counted_by_ten_seconds() -> None:
    found = timeline((1, "served item 1"), (9, "ERROR no stock"), (31, "served item 2"))
    assert (found.start, found.span, found.events) == (NOON, SPAN, (2, 0, 0, 1))
    assert (found.errors, found.requests) == ((1, 0, 0, 0), (0, 0, 0, 0))


def test_probes_are_no_events_and_requests_are_told() -> None:
    probe = '10.0.0.9 - - "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.31"'
    found = timeline(*((at, probe) for at in range(40)), (5, '10.0.0.1 - - "GET /items/1 HTTP/1.1" 200 12'))
    assert (found.events, found.requests) == ((1,), (1,))


def test_an_event_of_many_lines_is_one() -> None:
    found = timeline(
        (1, "ERROR failed"), (1, "java.io.IOException: full"), (1, "\tat a.B.c(B.java:7)"), (2, "ok")
    )
    assert (found.events, found.errors) == ((2,), (1,))


@pytest.mark.parametrize("zone", ["Z", "+02:00"])
def test_a_busy_stream_is_counted_as_a_quiet_one_is(zone: str) -> None:
    """Lines that are counted many at a time, in UTC or not."""
    lines = [(number / 20, f"served item {number} in {number % 7} ms") for number in range(4000)]
    found = timeline(*lines, zone=zone)
    assert found.events == (200,) * 20
    assert found.start == (NOON if zone == "Z" else NOON - timedelta(hours=2))


def test_a_longer_stream_has_longer_spans() -> None:
    found = timeline(*((minute * 60, "served") for minute in range(60)))
    assert (found.span, sum(found.events)) == (80, 60)


def test_chunks_do_not_show() -> None:
    text = stamped(*((number / 3, f"served item {number}") for number in range(900)))
    chunks = [text[start : start + 333] for start in range(0, len(text), 333)]
    assert mine(chunks, redact).digest.timeline == mined(text).timeline


def test_an_empty_log_is_known_to_have_none_and_one_without_times_is_not_known() -> None:
    assert mined(b"").timeline == Timeline()
    assert mined(b"served item 1\nserved item 2\n").timeline is None
    assert mined(b"0001-01-01T00:00:00Z served item 1\n").timeline is None


def test_a_log_whose_end_was_not_read_is_not_known() -> None:
    """Or the work would seem to end there."""

    def torn(_: Extent) -> Torn:
        return Torn(head=False, tail=True)

    text = stamped((1, "served item 1"), (2, "served item 2"))
    assert mine([text], redact, torn=torn).digest.timeline is None


def test_a_digest_knows_where_each_of_its_streams_is_known() -> None:
    known, unknown = mined(stamped((1, "served"))), mined(b"served\n")
    assert merge_digests([known, known]).timeline == timeline((1, "served"), (1, "served"))
    assert merge_digests([known, unknown]).timeline is None
    assert merge_digests([known, Digest()]).timeline == known.timeline
