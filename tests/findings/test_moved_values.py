"""Values that moved are told whatever their name, and what explains them is not."""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.findings import moved_values
from analyzer.findings.interface import Finding
from analyzer.settings import Rules

Judge = Callable[[list[str], list[str]], list[Finding]]


@pytest.fixture
def judge(evidence: Callable[..., Evidence], side: Callable[..., object]) -> Judge:
    """The findings of two sides' lines, a second apart and the last one now."""

    def found(stable: list[str], canary: list[str]) -> list[Finding]:
        logs = (
            side(role, app=[(len(lines) - at, line) for at, line in enumerate(lines)])
            for role, lines in (("stable", stable), ("canary", canary))
        )
        return list(moved_values.moved_values(evidence(more=tuple(logs)), Rules()))

    return found


def rows(template: str, count: int = 300, start: int = 1000) -> list[str]:
    return [template.format(start + number * 7 % 900, small=number * 3 % 5 + 2) for number in range(count)]


@pytest.mark.parametrize(
    ("stable", "canary", "kind", "told"),
    [
        (
            "synced shop={} pieces={small}",
            "synced shop={} pieces=0",
            "measure-worse",
            "pieces at nothing on 100 %",
        ),
        (
            "shard={small} applied, gap=0",
            "shard={small} applied, gap={}",
            "measure-doubt",
            "gap at other than nothing",
        ),
        ("clip of {} words", "clip of 2{small} words", "measure-doubt", "less than a tenth of"),
        (
            "clip {small} has quality {}",
            "clip {small} has quality 60{small}",
            "measure-doubt",
            "times stable's",
        ),
        ("lock {} step=installed", "lock {} step=reverted", "", ""),
    ],
)
def test_a_value_that_moved_is_told(judge: Judge, stable: str, canary: str, kind: str, told: str) -> None:
    found = judge(rows(stable), rows(canary, 100))
    assert [(one.kind, told in one.sentence) for one in found] == ([(kind, True)] if kind else [])


def test_a_word_of_few_that_is_new_on_a_part_of_the_lines_is_told(judge: Judge) -> None:
    known = [*rows("lock {} step=installed", 150), *rows("lock {} step=download", 150)]
    canary = [*rows("lock {} step=installed", 40), *rows("lock {} step=reverted", 40)] * 2
    [finding] = judge(known, canary)
    assert "a word at step=reverted on 50 % of the lines that have it, stable on 0 %" in finding.sentence
    assert judge(known, [line.replace("reverted", "completed") for line in canary]) == []


@pytest.mark.parametrize(
    ("stable", "canary", "why"),
    [
        ("job {small} done, errors={}", "job {small} done, errors=0", "fewer errors are better"),
        ("job {small} done in {} ms", "job {small} done in 9 ms", "faster is better"),
        ("handled {} so far", "handled {} so far", "it is the same"),
        (
            "written {} bytes of {small}",
            "written 40{small} bytes of {small}",
            "smaller files are none the worse",
        ),
    ],
)
def test_what_is_no_worse_is_not_told(judge: Judge, stable: str, canary: str, why: str) -> None:
    assert judge(rows(stable), rows(canary, 100)) == [], why


def test_a_count_since_the_start_is_smaller_on_the_younger_side(judge: Judge) -> None:
    stable = [f"served {900_000 + number * 10} so far" for number in range(300)]
    assert judge(stable, [f"served {number * 10 + 10} so far" for number in range(100)]) == []


def test_as_much_work_in_more_lines_is_no_less(judge: Judge) -> None:
    many = [*rows("batch {small} had {} items", 300), *rows("tick {small}", 300)]
    small = [*rows("batch {small} had 4{small} items", 3000), *rows("tick {small}", 300)]
    assert judge(many, small) == []
