"""When the events of a template came: the same in any order of merging and split, and bounded."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.digest import Digest, TemplateGroup, merge
from analyzer.logs.mine import mine
from analyzer.logs.over_time import MOST_SPANS, CountsOverTime
from analyzer.redact import redact

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
TEXTS = ("cache refreshed", "ERROR no stock left", 'GET /items/1 200 "-" "kube-probe/1.31"')
LINES = st.lists(
    st.tuples(st.sampled_from([1, 20, 60, 3600]), st.integers(0, 90), st.sampled_from(TEXTS)).map(
        lambda drawn: (drawn[0] * drawn[1], drawn[2])
    ),
    min_size=1,
    max_size=60,
)


def mined(lines: Sequence[tuple[float, str]], zone: str = "Z") -> Digest:
    text = "".join(
        f"{(NOON + timedelta(seconds=at)).replace(tzinfo=None).isoformat()}{zone} {line}\n"
        for at, line in lines
    )
    return mine([text.encode()], redact).digest


def over_time(lines: Sequence[tuple[float, str]], text: str, zone: str = "Z") -> CountsOverTime:
    [found] = [group.over_time for group in mined(lines, zone).groups if group.sample == text]
    assert found is not None
    return found


def test_events_are_counted_by_ten_seconds() -> None:
    found = over_time(
        [(1, TEXTS[0]), (9, TEXTS[0]), (12, TEXTS[1]), (31, TEXTS[0]), (32, TEXTS[0])], TEXTS[0]
    )
    assert found == CountsOverTime(start=NOON, span=10, counts=(2, 0, 0, 2))


def test_all_templates_of_a_digest_have_the_span_that_covers_it() -> None:
    lines = [(at, TEXTS[0]) for at in range(0, 600, 5)]
    assert (over_time(lines, TEXTS[0]).span, len(over_time(lines, TEXTS[0]).counts)) == (20, 30)
    lines.insert(41, (204, TEXTS[1]))
    assert over_time(lines, TEXTS[1]) == CountsOverTime(
        start=NOON + timedelta(seconds=200), span=20, counts=(1,)
    )


def test_a_late_line_makes_the_spans_of_all_longer() -> None:
    lines = [(at, TEXTS[0]) for at in range(60)] + [(4 * 3600, TEXTS[1])]
    assert over_time(lines, TEXTS[0]).span == over_time(lines, TEXTS[1]).span == 640


def test_stamps_in_another_offset_and_out_of_order_count_alike() -> None:
    lines = [(at, TEXTS[at % 2]) for at in range(100)]
    turned = [*lines]
    random.Random(7).shuffle(turned)
    there = [(at + 7200, text) for at, text in turned]
    assert mined(lines).groups == mined(turned).groups == mined(there, "+02:00").groups


def test_an_event_of_several_lines_is_one() -> None:
    trace = [(1, "ERROR failed"), (1, "java.io.IOException: full"), (1, "\tat a.B.c(B.java:7)"), (2, "ok")]
    [group] = [group for group in mined(trace).groups if group.level == "error"]
    assert group.over_time == CountsOverTime(start=NOON, span=10, counts=(1,))


def test_lines_without_times_have_none() -> None:
    assert [group.over_time for group in mine([b"ready\n"], redact).digest.groups] == [None]


@given(LINES)
def test_each_event_is_counted_in_its_span(lines: list[tuple[int, str]]) -> None:
    seen = Counter(text for _, text in lines)
    for group in mined(lines).groups:
        counts = group.over_time
        assert counts is not None
        assert len(counts.counts) <= MOST_SPANS
        assert sum(counts.counts) == group.count == seen[group.sample]
        wanted = Counter(
            int((NOON + timedelta(seconds=at)).timestamp()) // counts.span
            for at, text in lines
            if text == group.sample
        )
        assert {number: count for number, count in counts.numbered() if count} == wanted
        assert counts.counts[0]
        assert counts.counts[-1]


@given(LINES, st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_and_the_split_do_not_show(
    lines: list[tuple[int, str]], parts: int, turn: random.Random
) -> None:
    """Read as one stream, or as several that are merged at once or two by two."""
    whole = mined(lines)
    digests = [mined(lines[number::parts]) for number in range(parts)]
    turn.shuffle(digests)
    assert merge(digests).groups == whole.groups
    assert reduce(lambda one, two: merge((one, two)), digests).groups == whole.groups


def test_a_stream_whose_times_are_not_known_hides_those_of_the_others() -> None:
    """A bundle of an earlier version has no counts over time."""
    new = mined([(1, TEXTS[0])])
    [group] = new.groups
    fields = {name: getattr(group, name) for name in group.__struct_fields__ if name != "over_time"}
    old = Digest(lines=1, first=new.first, last=new.last, groups=(TemplateGroup(**fields),))
    assert [group.over_time for group in merge((new, old)).groups] == [None]
    assert [group.over_time for group in merge((old, new)).groups] == [None]


def test_a_stream_of_years_is_no_larger() -> None:
    """Nor does it take long: the spans that no event is in are not gone through one by one."""
    lines = [(at, TEXTS[0]) for at in (0, 10, 10**9, 2 * 10**9)]
    assert len(over_time(lines, TEXTS[0]).counts) <= MOST_SPANS
    assert len(over_time(lines[::-1], TEXTS[0]).counts) <= MOST_SPANS
