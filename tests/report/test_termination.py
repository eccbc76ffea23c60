"""The termination message: what matters most is within 4,096 bytes, whatever there is."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.answer import Answer
from analyzer.records.record import Record
from analyzer.report.termination import MAX_MESSAGE, fit_lines, render
from analyzer.verdicts.verdict import Failed, Verdict


def test_the_outcome_and_the_reason_come_first(recorded: Callable[..., Record]) -> None:
    lines = render(recorded()).splitlines()
    assert lines[0] == "ROLLBACK (92 % confident) shop/cart: container app crashes"
    assert lines[1] == "exit code 3; rule: blocking finding"
    assert lines[2:6] == [
        "the models differ:",
        "gemini (weight 2): rollback, 92 %, 1 quote dropped",
        "ollama:gemma4 (weight 1): abstained: no JSON in the answer",
        "scripted (weight 1): failed: no answer by the deadline",
    ]
    assert lines[6].startswith("F1 blocking crash-loop")


def test_models_that_agree_need_no_lines_of_their_own(recorded: Callable[..., Record]) -> None:
    record = recorded()
    alone = msgspec.structs.replace(record.judgement, opinions=record.judgement.opinions[:1])
    lines = render(msgspec.structs.replace(record, judgement=alone)).splitlines()
    assert lines[2].startswith("F1 blocking crash-loop")
    assert lines[3] == "gemini: rollback, 92 %, 1 quote dropped: It crashes."


@pytest.mark.parametrize("count", [2, 7, 20])
def test_models_that_differ_are_all_named_however_much_else_there_is(
    recorded: Callable[..., Record], count: int
) -> None:
    record = recorded(findings=500, gaps=500)
    opinions = tuple(
        Verdict(
            model=f"model-{number}",
            answer=Answer(verdict="rollback" if number else "promote", confidence=number, summary="ü" * 5000),
        )
        if number % 2 == 0
        else Failed(model=f"model-{number}", reason="ü" * 5000)
        for number in range(count)
    )
    message = render(
        msgspec.structs.replace(
            record, judgement=msgspec.structs.replace(record.judgement, opinions=opinions)
        )
    )
    assert len(message.encode()) <= MAX_MESSAGE
    assert all(
        f"\nmodel-{number} (weight 1): {'failed' if number % 2 else 'promote' if not number else 'rollback'}"
        in message
        for number in range(count)
    )
    assert "F10 blocking" in message


def test_however_much_was_found_it_stays_within_the_kubelets_bound(recorded: Callable[..., Record]) -> None:
    message = render(recorded(findings=500, gaps=500, summary="ü" * 5000))
    assert len(message.encode()) <= MAX_MESSAGE
    assert message.startswith("ROLLBACK")
    assert "F20 blocking" in message


@given(st.lists(st.text(max_size=3000), max_size=8))
def test_any_lines_fit_and_no_character_is_cut_in_half(lines: list[str]) -> None:
    assert len(fit_lines(lines).encode()) <= MAX_MESSAGE


def test_one_line_that_is_too_long_is_cut_rather_than_lost() -> None:
    assert fit_lines(["é" * MAX_MESSAGE]) == "é" * (MAX_MESSAGE // 2 - 2) + " …"
