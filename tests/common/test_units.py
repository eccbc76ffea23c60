"""Whole numbers, as a file has them: a digit to Python is not always one to a person."""

from datetime import UTC, datetime

import pytest

from analyzer.common.units import duration_in_words, parse_http_date, parse_whole_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("-3", -3), ("007", 7), ("9" * 18, 10**18 - 1)]
)
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert parse_whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-", "--1", "1.5", "1e3", "1_000", " 1", "1\n", "²", "-²", "٣", "Ⅻ", "①", "9" * 19, "9" * 5000],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_whole_number(text) is None


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_a_date_is_read_in_the_three_forms_that_http_has(text: str) -> None:
    """RFC 9110, 5.6.7: a recipient accepts all three."""
    assert parse_http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "120",
        "Sun, 06 Nov 1994",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999 08:49:37 GMT",
        "Jan-1-1 07:28:00 99999999999999999999",
        "9" * 5000,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_http_date(text) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (119.4, "119 s"),
        (120, "2 min"),
        (7199, "120 min"),
        (7200, "2 h"),
        (172_800, "2 d"),
    ],
)
def test_a_time_that_was_measured_is_told_in_a_unit_of_its_size(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words
