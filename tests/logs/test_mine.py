"""A stream becomes a digest: exact counts, bounded size, nothing secret, the same however the bytes
arrive.
"""

import random
from datetime import UTC, datetime
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from printed import DOTNET, DOTNET_LOGGER, GO, JAVA, NODE, PYTHON, RUBY, RUST

from analyzer.logs.digest import BOUND, Digest, merge
from analyzer.logs.mine import Mined, mine
from analyzer.redact import redact


def stamped(*lines: str) -> bytes:
    return b"".join(
        f"2026-11-03T12:00:{index // 10:02}.{index % 10}Z {line}\n".encode()
        for index, line in enumerate(lines)
    )


def dug(*lines: str) -> Digest:
    return mine([stamped(*lines)], redact).digest


def counts(digest: Digest) -> dict[str, int]:
    return {group.template: group.count for group in digest.groups}


def test_lines_are_counted_by_template_with_their_times_and_a_sample() -> None:
    digest = dug("served item 1 in 5ms", "served item 22 in 17ms", "cache is cold")
    assert counts(digest) == {"served item <num> in <duration>": 2, "cache is cold": 1}
    served = next(group for group in digest.groups if group.count == 2)
    assert (served.first, served.last) == (
        datetime(2026, 11, 3, 12, tzinfo=UTC),
        datetime(2026, 11, 3, 12, 0, 0, 100_000, tzinfo=UTC),
    )
    assert served.sample == "served item 1 in 5ms"
    assert (digest.lines, digest.other, digest.errors) == (3, 0, 0)
    assert digest.last == datetime(2026, 11, 3, 12, 0, 0, 200_000, tzinfo=UTC)


def test_a_status_is_told_apart_behind_a_shape_that_was_seen() -> None:
    lines = [
        '"GET /items/1 HTTP/1.1" 200 12',
        '"GET /items/2 HTTP/1.1" 503 12',
        '"GET /items/3 HTTP/1.1" 200 12',
    ]
    digest = dug(*lines)
    assert sorted((group.level, group.count) for group in digest.groups) == [("error", 1), ("info", 2)]
    assert digest.errors == 1


def test_identifiers_do_not_hide_what_decides() -> None:
    seen = (("4bf92f3577b34da6", 200), ("a3ce929d0e0e4736", 503), ("00f067aa0ba902b7", 200))
    digest = dug(*(f'{{"trace":"{trace}","status":{status}}}' for trace, status in seen))
    assert sorted((group.level, group.count) for group in digest.groups) == [("error", 1), ("info", 2)]


@pytest.mark.parametrize(
    ("trace", "template", "level"),
    [
        (
            JAVA,
            "cannot price item <num> | java.lang.IllegalStateException: cart <num> is closed"
            " | Caused by: java.net.ConnectException: Connection refused",
            "error",
        ),
        (PYTHON, "cannot price <num> | KeyError: '<str>'", "error"),
        (GO, "panic: runtime error: index out of range [<num>] with length <num>", "fatal"),
        (NODE, "Error: connect ECONNREFUSED <ip>", "error"),
        (DOTNET, "Unhandled exception. System.InvalidOperationException: cart <num> is closed", "error"),
        (
            DOTNET_LOGGER,
            (
                "Shop.Cart[<num>] | Cannot price item <num> | System.InvalidOperationException:"
                " cart <num> is closed"
            ),
            "error",
        ),
        (RUBY, "cart.rb:<num>:in '<str>': cart <num> is closed (RuntimeError)", "error"),
        (RUST, "thread '<str>' panicked at <path>:<num>: | cart <num> is closed", "fatal"),
    ],
)
def test_a_stack_trace_is_one_event_told_by_its_head_and_exceptions(
    trace: str, template: str, level: str
) -> None:
    text = "".join(trace.format(number) for number in (111, 222, 333))
    digest = dug("INFO before", *text.splitlines(), "INFO behind")
    assert counts(digest) == {"before": 1, template: 3, "behind": 1}
    assert {group.level for group in digest.groups if group.count == 3} == {level}
    assert digest.lines == text.count("\n") + 2
    assert digest.errors == (3 if level in {"error", "fatal"} else 0)


RAISED = 'Traceback (most recent call last):\n  File "/app/a.py", line 3, in a\n    raise'
CHAINED = "During handling of the above exception, another exception occurred:"


def test_the_last_frame_of_php_and_the_runtimes_panic_in_go_start_nothing() -> None:
    php = ("PHP Fatal error: no price", "Stack trace:", "#0 /app/a.php(12): total()", "#1 {main}")
    go = (
        "http: panic serving: no price",
        "goroutine 7 [running]:",
        "net/http.(*conn).serve.func1()",
        "\t/usr/local/go/src/net/http/server.go:1947 +0xbe",
        "panic({0x7c1a60?, 0xb2b1d0?})",
        "\t/usr/local/go/src/runtime/panic.go:785 +0x132",
    )
    assert list(counts(dug(*php, *php)).values()) == [2]
    assert list(counts(dug(*go, *go)).values()) == [2]


def test_tracebacks_one_after_the_other_are_events_of_their_own() -> None:
    lines = [line for number in range(3) for line in (*RAISED.splitlines(), f"ValueError: bad {number}")]
    assert counts(dug(*lines)) == {"ValueError: bad <num>": 3}


def test_chained_tracebacks_are_one_event() -> None:
    lines = [
        *RAISED.splitlines(),
        "KeyError: 'a'",
        "",
        CHAINED,
        "",
        *RAISED.splitlines(),
        "ValueError: bad 1",
    ]
    assert counts(dug(*lines, "INFO behind")) == {"KeyError: '<str>' | ValueError: bad <num>": 1, "behind": 1}


def test_another_exception_below_the_same_line_is_another_event() -> None:
    other = JAVA.replace("IllegalStateException", "NullPointerException")
    assert len(counts(dug(*JAVA.format(1).splitlines(), *other.format(1).splitlines()))) == 2


def test_the_sample_of_a_trace_shows_what_names_it() -> None:
    [group] = dug(*PYTHON.format(7).splitlines()).groups
    assert group.sample == "ERROR:root:cannot price 7 | KeyError: 'x7'"


def test_an_exception_without_frames_is_an_event_of_its_own() -> None:
    lines = ("ERROR payment declined", "ValueError: bad price", "ERROR payment declined", "INFO served")
    assert counts(dug(*lines)) == {"payment declined": 2, "ValueError: bad price": 1, "served": 1}


def test_an_exception_behind_an_ordinary_line_is_not_that_lines() -> None:
    trace = ("java.lang.IllegalStateException: closed", "\tat a.b.C.d(C.java:1)")
    assert counts(dug("INFO started", *trace)) == {"started": 1, "java.lang.IllegalStateException: closed": 1}


def test_a_trace_whose_head_was_cut_off_starts_nothing() -> None:
    digest = dug("\tat a.b.C.d(C.java:1)", "\t... 3 more", "INFO served")
    assert (counts(digest), digest.continued) == ({"served": 1}, 2)


def test_chained_python_exceptions_are_one_event() -> None:
    chained = [
        "ERROR:root:x",
        *PYTHON.splitlines()[1:],
        "",
        "During handling of the above exception, another exception occurred:",
        "",
    ]
    digest = dug(*chained, *PYTHON.replace("KeyError: 'x{0}'", "shop.PriceMissing").splitlines()[1:])
    assert counts(digest) == {"x | KeyError: '<str>' | shop.PriceMissing": 1}


def test_an_indented_line_outside_of_a_trace_is_seen() -> None:
    assert counts(dug("config:", "    retries are off", "done")) == {
        "config:": 1,
        "retries are off": 1,
        "done": 1,
    }


def test_no_secret_is_kept_even_on_a_line_whose_shape_is_known() -> None:
    lines = [f"login {n} password=hunter{n} Bearer aB{n}aB{n}aB{n}aB" for n in range(1, 9)]
    backwards = b"".join(f"2026-11-03T12:00:0{9 - n}Z {line}\n".encode() for n, line in enumerate(lines, 1))
    kept = repr(mine([backwards], redact))
    assert "hunter" not in kept
    assert "aB" not in kept
    assert "[masked secret]" in kept


def test_the_excerpt_is_the_redacted_end() -> None:
    mined = mine([stamped(*(f"line {n} password=abc{n}" for n in range(60)))], redact)
    assert len(mined.excerpt) == 40
    assert mined.excerpt[-1] == (
        datetime(2026, 11, 3, 12, 0, 5, 900_000, tzinfo=UTC),
        "line 59 password=[masked secret]",
    )
    assert all(len(text) <= 500 for _, text in mine([b"y" * 9000], redact, timestamps=False).excerpt)


def test_the_sample_is_of_an_event_that_is_counted_there() -> None:
    digest = dug(
        "WARN price 1 is odd",
        *JAVA.format(2).splitlines(),
        "java.lang.IllegalStateException: cart 3 is closed",
    )
    thrown = next(group for group in digest.groups if group.template.startswith("java."))
    assert (thrown.count, thrown.sample) == (1, "java.lang.IllegalStateException: cart 3 is closed")


def test_an_earlier_line_takes_the_sample() -> None:
    late, early = b"2026-11-03T12:00:05Z item 5\n", b"2026-11-03T14:00:01+02:00 item 1\n"
    group = mine([late + early], redact).digest.groups[0]
    assert (group.sample, group.first, group.count) == (
        "item 1",
        datetime(2026, 11, 3, 12, 0, 1, tzinfo=UTC),
        2,
    )


def words(number: int) -> str:
    return "".join(chr(ord("g") + int(digit)) for digit in str(number))


@pytest.mark.slow
def test_the_bound_keeps_errors_and_exact_counts_whatever_the_order() -> None:
    events = [
        f"{'ERROR' if number % 10 == 0 else 'INFO'} event {words(number)}" for number in range(3 * BOUND)
    ]
    lines = [event for number, event in enumerate(events) for _ in range(1 + number % 2)]
    shuffled = random.Random(1).sample(lines, len(lines))
    one, two = (
        mine(["\n".join(each).encode()], redact, timestamps=False).digest for each in (lines, shuffled)
    )
    assert one == two
    assert len(one.groups) == BOUND
    assert one.errors == sum(group.count for group in one.groups if group.level == "error") == 3 * BOUND // 10
    assert one.other + sum(group.count for group in one.groups) == len(lines)
    assert all(group.count == lines.count(group.sample) for group in one.groups[::50])


ODD = ['{"level":50,"msg":"x"}', "password=abc", "a=1 b=2", "served 12", "", "\x00\xff", "  {", "x" * 20000]
PIECES = [
    *JAVA.splitlines(),
    *DOTNET_LOGGER.splitlines(),
    *RUST.splitlines(),
    *PYTHON.splitlines(),
    *GO.splitlines(),
    *ODD,
]
ALIKE = ["served 12", "served 345", "status=200 of 1", "status=503 of 1", "deadbeef01 served 7"]
ZONED = ["2026-11-03T12:00:00+01:00 ", "2026-11-03T12:30:00+01:00 ", "2026-11-03T12:10:00+09:00 "]
UTC_ONLY = [
    "2026-11-03T12:00:00.5Z ",
    "2026-11-03T12:00:00Z ",
    "2026-11-03T12:00:00.51Z ",
    "2026-11-03T12:00:07Z ",
]
STAMPS = ["", *UTC_ONLY, *ZONED]


def stream(pieces: list[str], stamps: list[str], least: int = 0) -> st.SearchStrategy[bytes]:
    """Lines as they come, or in the order of their stamps' bytes."""
    lines = st.lists(
        st.tuples(st.sampled_from(stamps), st.sampled_from(pieces)), min_size=least, max_size=least + 30
    )
    return (lines | lines.map(lambda each: sorted(each, key=lambda line: line[0]))).map(
        lambda each: "".join(f"{stamp}{text}\n" for stamp, text in each).encode()
    )


LATER_FIRST = f"{UTC_ONLY[0]}served 12\n" * 17 + "".join(
    f"{UTC_ONLY[1]}served {number}\n" for number in (12, 345, 12)
)
STREAM = stream(PIECES, STAMPS) | stream(ALIKE, UTC_ONLY, 20) | stream(ALIKE, ZONED, 20)


@pytest.mark.slow
@given(STREAM | st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=5), st.booleans())
@example(LATER_FIRST.encode(), [33], True)
def test_the_split_into_chunks_does_not_show(data: bytes, places: list[int], timestamps: bool) -> None:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    with patch("analyzer.logs.lines.BLOCK", 1):  # or all of it would be one
        split = mine(chunks, redact, timestamps=timestamps)
    assert split == mine([data], redact, timestamps=timestamps)


@given(STREAM | st.binary(max_size=300), st.booleans())
def test_every_line_of_any_bytes_is_accounted_for(data: bytes, timestamps: bool) -> None:
    mined: Mined = mine([data], redact, timestamps=timestamps)
    digest = mined.digest
    assert digest.lines == len(data.removesuffix(b"\n").split(b"\n")) if data else digest.lines == 0
    assert digest.lines == digest.continued + digest.other + sum(group.count for group in digest.groups)
    assert digest.bytes == len(data)


@pytest.mark.slow
@given(
    st.lists(STREAM, max_size=4).flatmap(
        lambda streams: st.tuples(st.just(streams), st.permutations(streams))
    )
)
def test_streams_merge_in_any_order_with_one_result(orders: tuple[list[bytes], list[bytes]]) -> None:
    first, digests = ([mine([stream], redact).digest for stream in streams] for streams in orders)
    whole = merge(first)
    assert merge(digests) == whole
    assert merge([merge(digests[:2]), merge(digests[2:])]) == whole
    assert merge([whole, merge([])]) == whole


def test_of_two_streams_the_earlier_line_is_the_sample_and_the_smaller_of_two_at_once() -> None:
    def at_second(second: int, line: str) -> Digest:
        return mine([f"2026-11-03T12:00:{second:02}Z {line}\n".encode()], redact).digest

    assert merge([at_second(5, "item 1"), at_second(4, "item 2")]).groups[0].sample == "item 2"
    assert merge([at_second(5, "item 2"), at_second(5, "item 1")]).groups[0].sample == "item 1"


@pytest.mark.slow
def test_merging_bounded_digests_keeps_exact_counts() -> None:
    streams = [
        [f"INFO event {words(number)}" for number in range(start, start + 2 * BOUND)]
        for start in (0, 500, 1000)
    ]
    digests = [mine(["\n".join(stream).encode()], redact, timestamps=False).digest for stream in streams]
    left, right = merge([merge(digests[:2]), digests[2]]), merge([digests[0], merge(digests[1:])])
    assert left == right
    assert len(left.groups) == BOUND
    everything = [line for stream in streams for line in stream]
    assert all(group.count == everything.count(group.sample) for group in left.groups[::50])
