"""What a line says in words: a last word, and a duration as a clock writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.said_values import read_last_word, read_spans
from analyzer.logs.slot_values import read_values


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("handled in 00:00:11.123", 11.123),
        ("job nightly took 01:02:03", 3723),
        ("run duration=0:00:12,250 rows=3", 12.25),
        ("restore took 1.00:00:05", 86405),
        ("sync for 2 days, 3:04:05 so far", 183845),
        ("2026-11-03 10:00:00 batch took 00:02:00", 120),
    ],
)
def test_a_duration_is_read_where_a_word_says_that_it_is_one(line: str, seconds: float) -> None:
    (span,) = read_spans(line, 0, 8)
    (same,) = read_spans(f"took 0:00:{seconds}" if seconds < 60 else f"took {_clock(seconds)}", 0, 8)
    assert span == same


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


@pytest.mark.parametrize(
    "line",
    [
        "started at 10:00:00",
        "[03/Nov/2026:10:01:02 +0000] GET /",
        "took 10:00:00:00",
        "in a:00:00",
        "took fe80::1",
        "until 10:00:00",
    ],
)
def test_a_time_of_day_and_an_address_are_none(line: str) -> None:
    assert not list(read_spans(line, 0, 8))


@given(st.text(alphabet="took in:0123456789.,= dayms()[]", max_size=60), st.integers(0, 20))
def test_no_text_breaks_it(text: str, begins: int) -> None:
    assert len(list(read_spans(text, begins, 3))) <= 3


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("check disk … FAILED", "FAILED"),
        ("probe cart: failed.", "failed"),
        ("migration 17 ok", "ok"),
        ("the order has failed", ""),
        ("ok", ""),
    ],
)
def test_a_last_word_tells_how_something_ended(line: str, word: str) -> None:
    assert [value[1] for value in read_last_word(line)] == ([word] if word else [])


def test_both_are_among_the_values_of_a_line() -> None:
    assert {name for name, *_ in read_values("backup took 00:10:00, FAILED")} >= {"duration ", "outcome "}
