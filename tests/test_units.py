"""Whole numbers, as a file has them: a digit to Python is not always one to a person."""

import pytest

from analyzer.units import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("-3", -3), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-", "--1", "1.5", "1e3", "1_000", " 1", "1\n", "²", "-²", "٣", "Ⅻ", "①", "9" * 19, "9" * 5000])
def test_anything_else_is_none(text: str) -> None:
    assert whole(text) is None
