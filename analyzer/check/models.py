"""The models: whether each can be asked, and answers one small question in the form that is wanted. What it answers is no matter."""

import json
from collections.abc import Iterator
from functools import partial

from analyzer import models
from analyzer.answer import answer_schema
from analyzer.check.interface import Asked, Result, failed
from analyzer.deadline import Deadline, Done, in_parallel
from analyzer.errors import UsageError
from analyzer.models.interface import Failure, Model, Question, Reply, Turn
from analyzer.models.weights import weights
from analyzer.verdict import answer_of

CHECK = "model"
LONGEST = 120.0  # seconds: what a model may take to be loaded
PROMPT = """This is a test of the way to you; there is no canary to judge. Answer with one JSON object that follows the JSON Schema below,
and nothing else: verdict cannot_tell, confidence 0, and one short sentence as the summary.

{schema}
"""


def asking(asked: Asked) -> Iterator[Result]:
    """Who is asked; whether settings that name models fit them; and what each answers."""
    rules, names = asked.settings.rules, asked.settings.ask.models
    try:
        choice = models.choose(names, asked.environ)
        yield Result(check=CHECK, state="holds", about="models", what=choice.why)
        if asked.settings.ask.investigate:
            models.check_calls(choice.names)
        if asked.offline:
            models.check_quorum(rules.quorum, choice.names)
            return
        jury = models.create(choice.names, asked.environ)
        weights(rules.weights, choice.names, jury)
    except UsageError as error:
        yield failed(CHECK, "models", error)
        return
    try:
        models.check_quorum(rules.quorum, jury)
    except UsageError as error:
        yield failed(CHECK, "models", error)
    until = Deadline.after(min(LONGEST, asked.deadline.remaining()))
    outcomes = in_parallel([partial(_heard, model, until) for model in jury], until)
    for model, outcome in zip(jury, outcomes, strict=True):
        late = Result(
            check=CHECK, state="unreachable", about=model.name, what="no answer in time", advice="is it still being loaded? try again"
        )
        yield outcome.value if isinstance(outcome, Done) else late


def _heard(model: Model, deadline: Deadline) -> Result:
    schema = answer_schema()
    question = Question(prompt=PROMPT.format(schema=json.dumps(schema)), schema=schema)
    said = model.ask(question, (Turn(role="user", text=question.prompt),), deadline)
    if isinstance(said, Failure):
        return Result(
            check=CHECK, state="unreachable" if said.retryable else "wrong", about=model.name, what=said.reason, advice=said.advice
        )
    if not isinstance(said, Reply):
        return Result(check=CHECK, state="wrong", about=model.name, what="it asked to look further, and nothing was offered")
    try:
        answer_of(said.text)
    except ValueError as error:
        advice = "in a run it would be asked once more, and then abstain: take another model"
        return Result(check=CHECK, state="wrong", about=model.name, what=f"its answer does not hold: {error}", advice=advice)
    return Result(check=CHECK, state="holds", about=model.name, what=f"answers in the form that is wanted, in {said.latency:.1f} s")
