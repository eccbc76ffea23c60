"""The conversation with each model: the question, tool calls before the answer (`investigate.py`), and at
most one repair round.

All models are asked at the same time.
"""

import json
from typing import Any

from msgspec.structs import replace

from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.common.value import Value, flat
from analyzer.models import can_call
from analyzer.models.interface import Calls, Failure, Model, Question, Reply, Turn
from analyzer.verdicts.investigate import Investigation, shown_evidence
from analyzer.verdicts.verdict import Abstention, Failed, Opinion, Spent, Unreadable, Verdict, parse_verdict

ROUNDS = 2  # the question, and one repair


class Exchange(Value):
    """One model's conversation: every turn, and the last reply or failure."""

    model: str
    turns: tuple[Turn, ...]
    last: Reply | Failure


def ask_all(
    models: tuple[Model, ...],
    question: Question,
    deadline: Deadline,
    investigation: Investigation | None = None,
) -> tuple[tuple[Exchange, Opinion], ...]:
    """Ask every model at the same time, and return each conversation and opinion in the order of `models`.

    A model without an answer by the deadline has failed, retryably. Only models that can use tools get the
    `investigation`.
    """
    seconds = deadline.remaining()
    conversations = [
        _Conversation(model, question, deadline, investigation if can_call(model.name) else None)
        for model in models
    ]
    outcomes = in_parallel([conversation.run for conversation in conversations], deadline, width=len(models))
    late = Failure(
        reason="no answer by the deadline",
        advice="allow more time with --deadline",
        retryable=True,
        latency=round(seconds, 3),
    )
    return tuple(
        outcome.value
        if isinstance(outcome, Done)
        else _end_without_reply(
            conversation.model, conversation.turns, late, replace(conversation.spent, latency=late.latency)
        )
        for conversation, outcome in zip(conversations, outcomes, strict=True)
    )


def converse(
    model: Model, question: Question, deadline: Deadline, investigation: Investigation | None = None
) -> tuple[Exchange, Opinion]:
    """Ask one model, and return its conversation and opinion. A reply that is invalid is answered with the
    reason once; after a second one the model abstains.
    """
    return _Conversation(model, question, deadline, investigation).run()


class _Conversation:
    """A conversation in progress. `turns` and `spent` are kept here so that they can be recorded when the
    deadline ends it.
    """

    def __init__(
        self, model: Model, question: Question, deadline: Deadline, investigation: Investigation | None
    ) -> None:
        self.model, self._question, self._deadline, self._investigation = (
            model,
            question,
            deadline,
            investigation,
        )
        self.turns = _first_turns(question)
        self.spent = Spent()

    def run(self) -> tuple[Exchange, Opinion]:
        """Hold the whole conversation, and return it with the model's opinion."""
        reason = ""
        for _ in range(ROUNDS):
            last = _clean_reply(self._ask_until_answered())
            if isinstance(last, Failure):
                return _end_without_reply(self.model, self.turns, last, self.spent, reason)
            exchange = Exchange(model=self.model.name, turns=self.turns, last=last)
            evidence = "\n".join((self._question.evidence, shown_evidence(self.turns)))
            parsed = parse_verdict(self.model.name, last, replace(self._question, evidence=evidence))
            if isinstance(parsed, Verdict):
                return exchange, replace(parsed, spent=self.spent)
            reason = parsed.reason
            if not parsed.repairable:
                break
            self.turns = (
                *self.turns,
                Turn(role="model", text=last.text),
                Turn(role="user", text=_ask_for_repair(parsed)),
            )
        return exchange, Abstention(model=self.model.name, reason=reason, spent=self.spent)

    def _ask_until_answered(self) -> Reply | Failure:
        """Ask until the model replies or fails, and answer its tool calls in between."""
        while True:
            tools = self._investigation.offers(self.turns) if self._investigation else ()
            response = self.model.ask(replace(self._question, tools=tools), self.turns, self._deadline)
            self.spent = _add_spent(self.spent, response)
            if not isinstance(response, Calls):
                return response
            if self._investigation is None or not tools:
                return Failure(reason="it called more tools instead of answering", abstained=True)
            self.turns = self._investigation.answer_calls(self.model.name, _clean_calls(response), self.turns)


def _first_turns(question: Question) -> tuple[Turn, ...]:
    """Return the turns that start a conversation: the prompt."""
    return (Turn(role="user", text=question.prompt),)


def _ask_for_repair(unreadable: Unreadable) -> str:
    """Return the text that asks for another answer, with the reason why the last one is invalid."""
    return (
        f"Your answer cannot be used: {unreadable.reason}. Judge the same evidence again. "
        "Answer with one JSON object that follows the JSON Schema you were given, and nothing else."
    )


def _clean_reply(reply: Reply | Failure) -> Reply | Failure:
    """Return the reply without lone surrogates: JSON escapes can carry them, but UTF-8 and so a record
    cannot.
    """
    return reply if isinstance(reply, Failure) else replace(reply, text=_replace_lone_surrogates(reply.text))


def _clean_calls(calls: Calls) -> Calls:
    """Return the calls without lone surrogates, in their names, ids and arguments."""
    cleaned = tuple(
        replace(
            call,
            name=_replace_lone_surrogates(call.name),
            id=_replace_lone_surrogates(call.id),
            arguments=_clean_arguments(call.arguments),
        )
        for call in calls.calls
    )
    return replace(calls, text=_replace_lone_surrogates(calls.text), calls=cleaned)


def _clean_arguments(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments of a call without lone surrogates, or a placeholder if they are nested too deeply."""
    try:
        flat(arguments)
    except ValueError:
        return {"nested too deeply": ""}
    cleaned: dict[str, Any] = json.loads(_replace_lone_surrogates(json.dumps(arguments, ensure_ascii=False)))
    return cleaned


def _replace_lone_surrogates(text: str) -> str:
    """Return `text` with each lone surrogate replaced by a question mark."""
    return text.encode("utf-8", "replace").decode()


def _end_without_reply(
    model: Model, turns: tuple[Turn, ...], failure: Failure, spent: Spent, earlier_reason: str = ""
) -> tuple[Exchange, Opinion]:
    """Return the conversation and opinion of a model that gave no reply. `earlier_reason` is why an
    earlier reply was invalid, or empty.
    """
    exchange = Exchange(model=model.name, turns=turns, last=failure)
    reason = f"{earlier_reason}; asked again: {failure.reason}" if earlier_reason else failure.reason
    if failure.abstained:
        return exchange, Abstention(model=model.name, reason=reason, spent=spent)
    return exchange, Failed(
        model=model.name, reason=reason, advice=failure.advice, retryable=failure.retryable, spent=spent
    )


def _add_spent(spent: Spent, response: Reply | Calls | Failure) -> Spent:
    """Return the sum of what was spent before and what one response took."""
    return Spent(
        latency=spent.latency + response.latency,
        tokens_in=_add_counts(spent.tokens_in, response.tokens_in),
        tokens_out=_add_counts(spent.tokens_out, response.tokens_out),
    )


def _add_counts(before: int | None, now: int | None) -> int | None:
    """Return the sum of two token counts, None if neither is known."""
    return before if now is None else (before or 0) + now
