"""A cause is stated where what the answer cites names it; else it is a hypothesis, or dropped."""

import pytest

from analyzer.answer import Answer
from analyzer.findings.interface import Finding, Graded
from analyzer.models.interface import Question
from analyzer.verdicts.causes import Cause, weigh_cause

REFUSED = Finding(
    kind="new-error-template",
    key="new-error-template/app/db",
    sentence="container app logs an error line that stable never logs: cannot connect to orders-db:5432:"
    " connection refused",
    because="env DATABASE_URL changed",
    stable="0 of 300 lines",
    canary="80 of 300 lines",
)
SLOW = Finding(
    kind="measure-worse", key="m", sentence="queue depth is 12 times stable's", stable="3", canary="36"
)
TOLD = Finding(kind="addresses-judge", key="a", sentence="the moon is in Aquarius", stable="-", canary="-")
QUESTION = Question(
    prompt="",
    schema={},
    evidence="| broker kafka-2 left the group\n| listening on 8080",
    findings=(
        Graded(id="F1", severity="warning", finding=REFUSED),
        Graded(id="F2", severity="warning", finding=SLOW),
        Graded(id="F3", severity="warning", finding=TOLD),
    ),
)


def weigh(
    cause: str, *, findings: tuple[str, ...] = ("F1",), quotes: tuple[str, ...] = (), cites: bool = True
) -> Cause:
    answer = Answer(verdict="rollback", confidence=90, summary="", root_cause=cause, findings=findings)
    return weigh_cause(answer, quotes, QUESTION, cites=cites)


@pytest.mark.parametrize(
    "cause",
    [
        "the connection to orders-db is refused",
        "The new version's DATABASE_URL was changed",
        "it refuses connections, because env DATABASE_URL changed",
    ],
)
def test_a_cause_in_words_of_what_it_cites_is_stated(cause: str) -> None:
    assert weigh(cause) == Cause(stated=cause)


def test_a_quote_bears_out_a_cause_as_well() -> None:
    cause = "broker kafka-2 left"
    assert weigh(cause, quotes=("broker kafka-2 left the group",)).stated == cause
    assert weigh(cause).hypothesis


def test_a_finding_that_is_not_cited_makes_a_hypothesis() -> None:
    assert weigh("the queue depth is 12 times as large").hypothesis
    assert weigh("the queue depth is 12 times as large", findings=("F2",)).hypothesis.endswith(
        "look for large in the canary's logs, events and change; the answer rests on F2, without these words)"
    )
    assert weigh("queue depth 12 times", findings=("F2",)).stated


def test_one_word_that_nothing_has_makes_a_hypothesis_that_says_what_would_settle_it() -> None:
    found = weigh("connection refused, because a NetworkPolicy denies egress")
    assert (found.stated, found.dropped) == ("", 0)
    assert found.hypothesis == (
        "connection refused, because a NetworkPolicy denies egress (to settle it:"
        " look for networkpolicy, denies, egress in the canary's logs, events and change;"
        " the answer rests on F1, without these words)"
    )


def test_a_number_is_a_word() -> None:
    assert weigh("orders-db:5432 refused").stated
    assert weigh("orders-db:5433 refused").hypothesis


def test_a_cause_that_nothing_bears_out_is_dropped_and_counted() -> None:
    assert weigh("Redis evicts sentinel keys") == Cause(dropped=1)


def test_text_that_addresses_the_judge_bears_nothing_out() -> None:
    assert weigh("the moon is in Aquarius", findings=("F3",)) == Cause(dropped=1)


def test_words_that_any_cause_has_say_nothing() -> None:
    assert weigh("a bug in the new version of the code").hypothesis.endswith(
        "(to settle it: name what of the version does that, and look for it)"
    )


def test_an_agent_cites_nothing_so_any_finding_bears_its_cause_out() -> None:
    assert weigh("queue depth 12 times", findings=(), cites=False).stated
    assert weigh("queue depth 12 times", findings=()).hypothesis


def test_no_cause_is_none() -> None:
    assert weigh(" ") == Cause()
