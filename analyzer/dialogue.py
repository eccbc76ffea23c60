"""The conversation with each model: the question, what it looks at before it answers (`investigate.py`), and at most one repair round.

All models are asked at the same time.
"""

import json
from typing import Any

from msgspec.structs import replace

from analyzer.deadline import Deadline, Done, in_parallel
from analyzer.investigate import Investigation, sent
from analyzer.models import can_call
from analyzer.models.interface import Calls, Failure, Model, Question, Reply, Turn
from analyzer.value import Value, flat
from analyzer.verdict import Abstention, Failed, Opinion, Spent, Unreadable, Verdict, read

ROUNDS = 2  # the question, and one repair


class Exchange(Value):
    """One model's conversation: what it was sent and what came back, turn by turn, the last reply or failure at the end."""

    model: str
    turns: tuple[Turn, ...]
    last: Reply | Failure


def ask_all(
    models: tuple[Model, ...], question: Question, deadline: Deadline, looking: Investigation | None = None
) -> tuple[tuple[Exchange, Opinion], ...]:
    """What each model said, in the order given, by the deadline at the latest. One that is late failed, retryably."""
    given = deadline.remaining()
    asked = [_Conversation(model, question, deadline, looking if can_call(model.name) else None) for model in models]
    outcomes = in_parallel([each.held for each in asked], deadline, width=len(models))
    late = Failure(reason="no answer by the deadline", advice="allow more time with --deadline", retryable=True, latency=round(given, 3))
    return tuple(
        outcome.value if isinstance(outcome, Done) else _ended(each.model, each.turns, late, replace(each.spent, latency=late.latency))
        for each, outcome in zip(asked, outcomes, strict=True)
    )


def converse(model: Model, question: Question, deadline: Deadline, looking: Investigation | None = None) -> tuple[Exchange, Opinion]:
    """One model's conversation. A reply that cannot be read is answered with why, once; after that the model abstains."""
    return _Conversation(model, question, deadline, looking).held()


class _Conversation:
    """What has been said so far, kept here so that it is there to be recorded when the deadline comes in between."""

    def __init__(self, model: Model, question: Question, deadline: Deadline, looking: Investigation | None) -> None:
        self.model, self._question, self._deadline, self._looking = model, question, deadline, looking
        self.turns = _asked(question)
        self.spent = Spent()

    def held(self) -> tuple[Exchange, Opinion]:
        """The whole of it, to its end."""
        reason = ""
        for _ in range(ROUNDS):
            last = _whole(self._heard())
            if isinstance(last, Failure):
                return _ended(self.model, self.turns, last, self.spent, reason)
            exchange = Exchange(model=self.model.name, turns=self.turns, last=last)
            evidence = "\n".join((self._question.evidence, sent(self.turns)))
            said = read(self.model.name, last, replace(self._question, evidence=evidence))
            if isinstance(said, Verdict):
                return exchange, replace(said, spent=self.spent)
            reason = said.reason
            if not said.repairable:
                break
            self.turns = (*self.turns, Turn(role="model", text=last.text), Turn(role="user", text=_repair(said)))
        return exchange, Abstention(model=self.model.name, reason=reason, spent=self.spent)

    def _heard(self) -> Reply | Failure:
        """What the model says once it has looked at what it wanted to."""
        while True:
            tools = self._looking.offers(self.turns) if self._looking else ()
            said = self.model.ask(replace(self._question, tools=tools), self.turns, self._deadline)
            self.spent = _plus(self.spent, said)
            if not isinstance(said, Calls):
                return said
            if self._looking is None or not tools:
                return Failure(reason="it asked to look further instead of answering", abstained=True)
            self.turns = self._looking.look(self.model.name, _sound(said), self.turns)


def _asked(question: Question) -> tuple[Turn, ...]:
    return (Turn(role="user", text=question.prompt),)


def _repair(said: Unreadable) -> str:
    return (
        f"Your answer cannot be used: {said.reason}. Judge the same evidence again. "
        "Answer with one JSON object that follows the JSON Schema you were given, and nothing else."
    )


def _whole(last: Reply | Failure) -> Reply | Failure:
    """Half a surrogate pair, which JSON's escapes can carry, has no UTF-8: no record could hold it."""
    return last if isinstance(last, Failure) else replace(last, text=_text(last.text))


def _sound(said: Calls) -> Calls:
    """The same for calls, whose arguments may be anything that JSON can carry."""
    calls = tuple(replace(call, name=_text(call.name), id=_text(call.id), arguments=_plain(call.arguments)) for call in said.calls)
    return replace(said, text=_text(said.text), calls=calls)


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        flat(arguments)
    except ValueError:
        return {"nested too deeply": ""}
    plain: dict[str, Any] = json.loads(_text(json.dumps(arguments, ensure_ascii=False)))
    return plain


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _ended(model: Model, turns: tuple[Turn, ...], last: Failure, spent: Spent, before: str = "") -> tuple[Exchange, Opinion]:
    """`before` is why an earlier answer was asked for again, or empty."""
    exchange = Exchange(model=model.name, turns=turns, last=last)
    reason = f"{before}; asked again: {last.reason}" if before else last.reason
    if last.abstained:
        return exchange, Abstention(model=model.name, reason=reason, spent=spent)
    return exchange, Failed(model=model.name, reason=reason, advice=last.advice, retryable=last.retryable, spent=spent)


def _plus(spent: Spent, last: Reply | Calls | Failure) -> Spent:
    return Spent(
        latency=spent.latency + last.latency,
        tokens_in=_sum(spent.tokens_in, last.tokens_in),
        tokens_out=_sum(spent.tokens_out, last.tokens_out),
    )


def _sum(before: int | None, now: int | None) -> int | None:
    """What is known of both; None only while nothing is."""
    return before if now is None else (before or 0) + now
