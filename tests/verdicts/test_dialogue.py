import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.models.interface import Failure, Model, Question, Reply, Turn
from analyzer.models.scripted import Scripted, Step, create
from analyzer.verdicts.dialogue import ask_all, converse
from analyzer.verdicts.verdict import Abstention, Failed, Verdict

ANSWER = {"verdict": "cannot_tell", "confidence": 80, "summary": "s"}
QUESTION = Question(prompt="judge this", schema=answer_schema())

Script = Callable[..., Model]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    def make(*steps: dict[str, Any], name: str = "script") -> Model:
        (tmp_path / name).write_text(json.dumps(steps))
        return create(str(tmp_path / name), {})

    return make


def test_an_answer_that_holds_ends_the_conversation(script: Script) -> None:
    model = script({"answer": ANSWER})
    exchange, opinion = converse(model, QUESTION, Deadline.after(10))
    assert isinstance(opinion, Verdict)
    assert opinion.answer.confidence == 80
    assert [(turn.role, turn.text) for turn in exchange.turns] == [("user", "judge this")]
    assert exchange.model == opinion.model == model.name


def test_an_unreadable_answer_is_told_why_in_the_same_conversation_and_may_be_repaired(
    script: Script,
) -> None:
    model = script({"text": "I would promote."}, {"answer": ANSWER})
    exchange, opinion = converse(model, QUESTION, Deadline.after(10))
    assert isinstance(opinion, Verdict)
    assert [turn.role for turn in exchange.turns] == ["user", "model", "user"]
    assert exchange.turns[1].text == "I would promote."
    assert "it holds no JSON object" in exchange.turns[2].text
    assert isinstance(exchange.last, Reply)
    assert json.loads(exchange.last.text) == ANSWER


def test_after_one_repair_the_model_abstains(script: Script) -> None:
    model = script({"text": "promote"}, {"text": '{"verdict": "promote"}'}, {"answer": ANSWER})
    exchange, opinion = converse(model, QUESTION, Deadline.after(10))
    assert isinstance(opinion, Abstention)
    assert "does not follow the schema" in opinion.reason
    assert len(exchange.turns) == 3


def test_the_cost_is_that_of_all_rounds(script: Script) -> None:
    model = script({"text": "?", "delay": 0.01}, {"answer": ANSWER, "delay": 0.02})
    assert converse(model, QUESTION, Deadline.after(10))[1].spent.latency == pytest.approx(0.03)


def test_tokens_are_counted_over_all_rounds() -> None:
    class Metered:
        name = "metered"

        def ask(self, *_: object) -> Reply:
            return Reply(text="?", latency=0.0, tokens_in=500_000, tokens_out=0)

    spent = converse(Metered(), QUESTION, Deadline.after(10))[1].spent
    assert (spent.tokens_in, spent.tokens_out) == (1_000_000, 0)


def test_a_failure_is_a_failure_with_all_it_says(script: Script) -> None:
    failure = {"reason": "queue full", "advice": "wait", "retryable": True, "latency": 2.0}
    exchange, opinion = converse(script({"failure": failure}), QUESTION, Deadline.after(10))
    assert isinstance(exchange.last, Failure)
    assert isinstance(opinion, Failed)
    assert (opinion.reason, opinion.advice, opinion.retryable, opinion.spent.latency) == (
        "queue full",
        "wait",
        True,
        2.0,
    )


def test_a_reply_without_usable_text_is_an_abstention(script: Script) -> None:
    opinion = converse(
        script({"failure": {"reason": "blocked", "abstained": True}}), QUESTION, Deadline.after(10)
    )[1]
    assert isinstance(opinion, Abstention)
    assert opinion.reason == "blocked"


def test_a_failure_in_the_repair_round_is_a_failure(script: Script) -> None:
    opinion = converse(
        script({"text": "?"}, {"failure": {"reason": "gone", "retryable": True}}),
        QUESTION,
        Deadline.after(10),
    )[1]
    assert isinstance(opinion, Failed)
    assert opinion.retryable
    assert opinion.reason == "it holds no JSON object; asked again: gone"


def test_half_a_character_in_a_reply_can_still_be_recorded() -> None:
    model = Scripted(name="m", steps=(Step(text="a\ud800"), Step(text="b")))
    exchange = converse(model, QUESTION, Deadline.after(10))[0]
    assert exchange.turns[1].text == "a?"


def test_all_are_asked_and_answer_in_the_order_given(script: Script) -> None:
    models = (
        script({"answer": ANSWER, "delay": 0.05}, name="slow"),
        script({"text": "?"}, {"text": "?"}, name="dumb"),
        script({"failure": {"reason": "gone"}}, name="gone"),
    )
    asked = ask_all(models, QUESTION, Deadline.after(10))
    assert [type(opinion) for _, opinion in asked] == [Verdict, Abstention, Failed]
    assert [exchange.model for exchange, _ in asked] == [model.name for model in models]


@pytest.mark.timed
class TestTime:
    def test_what_was_spent_until_the_deadline_is_counted(self) -> None:
        class Slow:
            name = "slow"

            def ask(self, _: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply:
                if len(turns) > 1:
                    time.sleep(60)
                return Reply(text="?", latency=0.1, tokens_in=500, tokens_out=20)

        ((_, late),) = ask_all((Slow(),), QUESTION, Deadline.after(0.5))
        assert isinstance(late, Failed)
        assert (late.spent.tokens_in, late.spent.tokens_out) == (500, 20)
        assert late.spent.latency == pytest.approx(0.5, abs=0.1)

    def test_one_that_is_late_failed_retryably_and_the_others_count(self, script: Script) -> None:
        models = (
            script({"answer": ANSWER, "delay": 60}, name="late"),
            script({"answer": ANSWER}, name="prompt"),
        )
        deadline = Deadline.after(0.3)
        (exchange, late), (_, prompt) = ask_all(models, QUESTION, deadline)
        assert isinstance(late, Failed)
        assert (late.reason, late.retryable) == ("no answer by the deadline", True)
        assert 0.2 < late.spent.latency < 2
        assert isinstance(exchange.last, Failure)
        assert exchange.turns[0].text == "judge this"
        assert isinstance(prompt, Verdict)
