"""Templates are generalised over both sides: a parameter never makes a line look novel, a new event does."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import BOUND, Digest
from analyzer.logs.mine import mine
from analyzer.redact import redact


def dug(lines: Iterable[str]) -> Digest:
    return mine(["\n".join(lines).encode()], redact, timestamps=False).digest


def novel(stable: Iterable[str], canary: Iterable[str]) -> set[str]:
    return {each.template for each in compare(dug(stable), dug(canary)) if each.canary and not each.stable}


USERS = ("alice", "bob", "carol", "dave", "erin")


def test_a_name_only_the_canary_saw_is_a_parameter() -> None:
    assert (
        novel([f"login of user {name} succeeded" for name in USERS], ["login of user mallory succeeded"])
        == set()
    )


def test_two_names_at_once_are_parameters() -> None:
    stable = [f"user {name} opened file {name[::-1]} from the archive" for name in USERS]
    assert novel(stable, ["user mallory opened file budget from the archive"]) == set()


def test_values_of_another_form_are_one_parameter() -> None:
    assert (
        novel(
            ["trace 4bf92f3577b34da6 closed", "took 12 to answer"],
            ["trace 1234567812345678 closed", "took 12ms to answer"],
        )
        == set()
    )


def test_one_other_word_is_another_event() -> None:
    assert novel(["cache was started now"], ["cache was stopped now", "cache was started now"]) == {
        "cache was stopped now"
    }


def test_another_exception_is_another_event_however_many_there_are() -> None:
    stable = [
        f"request failed because of java.io.{name}Exception on route"
        for name in ("File", "Socket", "Pipe", "Stream", "Zip")
    ]
    new = "request failed because of java.lang.NullPointerException on route"
    assert novel(stable, [*stable, new]) == {new}


def test_counts_and_sample_of_a_generalised_template() -> None:
    [each] = compare(
        dug([f"login of user {name} succeeded" for name in USERS]),
        dug(["login of user mallory succeeded"] * 3),
    )
    assert (each.template, each.stable, each.canary) == ("login of user <*> succeeded", 5, 3)
    assert each.sample == "login of user mallory succeeded"


@pytest.mark.slow
def test_what_the_bound_may_have_dropped_is_not_certain() -> None:
    def word(number: int) -> str:
        return "".join(chr(ord("g") + int(digit)) for digit in str(number))

    stable = [f"event{word(number)}" for number in range(3 * BOUND)]
    canary = compare(dug(stable), dug(stable[:50]))
    assert not [each for each in canary if each.canary and not each.stable and each.certain]
    assert [each for each in compare(dug(stable), dug(["ERROR a new one"])) if each.canary and each.certain]


STARTS, VALUES, ENDS = (
    ["login of user", "cart of", "ERROR no stock left for"],
    [*USERS, "7", "x9f"],
    ["ok", "gone"],
)
LINES = st.lists(
    st.tuples(st.sampled_from(STARTS), st.sampled_from(VALUES), st.sampled_from(ENDS)).map(" ".join),
    max_size=25,
)


@given(LINES, LINES)
def test_nothing_is_lost_and_the_order_does_not_show(stable: list[str], canary: list[str]) -> None:
    result: tuple[Compared, ...] = compare(dug(stable), dug(canary))
    assert sum(each.stable for each in result) == len(stable)
    assert sum(each.canary for each in result) == len(canary)
    assert result == compare(dug(reversed(stable)), dug(reversed(canary)))
    assert not [each for each in compare(dug(stable), dug(stable)) if each.stable != each.canary]
