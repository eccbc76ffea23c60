"""Texts cut short: at a character, never beyond the bound, and it shows."""

import pytest

from analyzer.common.short import cut, cut_bytes


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("four", "four"), ("fives", "five …"), ("…………", "…………")]
)
def test_a_text_is_cut_after_so_many_characters(text: str, shown: str) -> None:
    assert cut(text, 4) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("eight by", "eight by"),
        ("more than eight", "more …"),
        ("ab c defgh", "ab c …"),
        ("abc defghi", "abc …"),
        ("äöüäöü", "äö …"),
    ],
)
def test_a_text_is_cut_to_so_many_bytes(text: str, shown: str) -> None:
    assert cut_bytes(text, 8) == shown
    assert len(shown.encode()) <= 8
