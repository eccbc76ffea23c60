"""A team's patterns: found in linear time, refused when they do not hold."""

import time

import pytest

from analyzer.common.patterns import pattern, regex_finds
from analyzer.errors import UsageError
from analyzer.redact import count_masked, make_redactor


@pytest.mark.parametrize(
    ("regex", "says"),
    [("(", "missing )"), ("(?=a)", "invalid perl operator"), ("(a)\\1", "escape"), ("a*", "empty text")],
)
def test_a_pattern_that_does_not_hold_is_refused(regex: str, says: str) -> None:
    with pytest.raises(UsageError, match="pattern") as error:
        pattern(regex)
    assert says in str(error.value)


def test_spans_are_in_characters_and_of_the_first_group_where_there_is_one() -> None:
    assert list(pattern("x(b)?").spans("äxb ü x")) == [(2, 3), (6, 7)]


@pytest.mark.parametrize("regex", [r"\b\w", ".", r"\w+", "masked", "[^ ]+$", "a|b"])
def test_masking_twice_is_masking_once_and_a_marker_is_never_masked(regex: str) -> None:
    mask = make_redactor(patterns=(("own kind", regex),))
    once = mask("ab masked password=hunter2 cd")
    assert mask(once) == once
    assert set(count_masked(once)) <= {"own kind", "secret"}


@pytest.mark.parametrize(
    ("regex", "holds"), [(".*", True), ("udg", True), ("^jud$", False), ("(", False), ("(?=judge)", False)]
)
def test_a_pattern_of_someone_elses_is_found_or_not_and_never_refused(regex: str, holds: bool) -> None:
    assert regex_finds(regex, "judge") is holds


@pytest.mark.timed
class TestTime:
    def test_what_makes_a_backtracking_matcher_hang_takes_no_time(self) -> None:
        before = time.perf_counter()
        assert not pattern("(a+)+$").finds("a" * 50_000 + "b")
        assert time.perf_counter() - before < 1.0
