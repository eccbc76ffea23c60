"""Streams are cut into lines that are bounded, stamped and safe to show."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.lines import MAX_LINE, at, blocks, clean, split_stamp


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def lines(chunks: list[bytes]) -> list[bytes]:
    return [line for block in blocks(chunks) for line in block.split(b"\n")]


@given(
    st.binary(max_size=200) | st.text(alphabet="a\n", max_size=50).map(str.encode),
    st.lists(st.integers(0, 300), max_size=6),
)
def test_the_split_into_chunks_does_not_show(data: bytes, places: list[int]) -> None:
    assert (
        lines(cut(data, places)) == lines([data]) == (data.removesuffix(b"\n").split(b"\n") if data else [])
    )


def test_a_line_of_ten_megabytes_is_cut_and_the_next_is_whole() -> None:
    chunks = [b"x" * 65536] * 160 + [b"y\nnext\n"]
    assert lines(chunks) == [b"x" * MAX_LINE, b"next"]


def test_the_kubelets_timestamp_is_split_off_in_utc() -> None:
    assert split_stamp(b"2026-11-03T12:00:00.5Z hello world") == (b"2026-11-03T12:00:00.5", b"hello world")
    assert split_stamp(b"2026-11-03T00:30:00+02:00 hello") == (b"2026-11-02T22:30:00", b"hello")
    assert split_stamp(b"2026-11-03T12:00:00Z") == (b"2026-11-03T12:00:00", b"")


def test_a_line_without_a_timestamp_stays_whole() -> None:
    for line in (b"failed to open log file", b"", b"2026-11-03 12:00:00 hello", b"T Z"):
        assert split_stamp(line) == (b"", line)


@given(st.datetimes(), st.datetimes())
def test_stamps_order_as_their_times_though_zeros_are_trimmed(one: datetime, two: datetime) -> None:
    def stamp(time: datetime) -> bytes:
        fraction = f".{time.microsecond:06}".rstrip("0").rstrip(".")
        return split_stamp(f"{time.replace(microsecond=0).isoformat()}{fraction}Z x".encode())[0]

    assert at(stamp(one)) == one.replace(tzinfo=UTC)
    assert (stamp(one) < stamp(two)) == (one < two)


def test_a_date_that_no_calendar_has_is_no_time() -> None:
    assert at(split_stamp(b"2026-13-45T99:99:99Z x")[0]) is None


def test_what_would_not_show_is_stripped() -> None:
    assert clean(b"\x1b[31mERROR\x1b[0m a\x00b\x07\tc\r") == "ERROR ab c"
    assert clean("pay\u200bment \u202egnp.exe\u2069 \ufeffok".encode()) == "payment gnp.exe ok"
    assert clean(b"\x1b(B\x1b[8mhid\x1b]0;title\x07den") == "hidden"
    assert clean("a\u034fb\u115fc\u180bd\u3164e\ufe0ff\uffa0g\U000e0041h\U000e01e0i".encode()) == "abcdefghi"
    assert clean(b"caf\xe9 \xff ok") == "caf\ufffd \ufffd ok"
    assert clean("größe 5 µs ✓".encode()) == "größe 5 µs ✓"


@given(st.binary(max_size=300))
def test_any_bytes_become_text_without_control_characters(data: bytes) -> None:
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in clean(data))
