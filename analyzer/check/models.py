"""The models: whether each answers one small question in the required form. The content of the answer does
not matter.
"""

import json
from collections.abc import Iterator
from functools import partial

from analyzer import models
from analyzer.answer import answer_schema
from analyzer.check.container import UNKNOWN
from analyzer.check.containers import AnalyzerContainer, find_containers
from analyzer.check.interface import CheckRequest, CheckResult, CheckState, result_of_error
from analyzer.check.traps.calls import AnalyzerCall
from analyzer.check.traps.jury import assume_environ
from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.errors import UsageError
from analyzer.models.interface import Failure, Model, Question, Reply, Turn
from analyzer.models.weights import parse_weights
from analyzer.verdicts.verdict import parse_answer

CHECK = "model"
LONGEST_LOADING = 120.0  # seconds: what a model may take to be loaded
PROMPT = """This is a test of the way to you; there is no canary to judge. Answer with one JSON \
object that follows the JSON Schema below,
and nothing else: verdict cannot_tell, confidence 0, and one short sentence as the summary.

{schema}
"""


def check_models(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield which models are asked, whether the settings about models fit them, and whether each answers."""
    judging = [container for container in find_containers(request) if container.call.command == "analyze"]
    if judging and request.settings.origins.get("models") != "option":
        yield from _models_of_jobs(judging, request)
        return
    rules, names = request.settings.rules, request.settings.ask.models
    try:
        choice = models.choose(names, request.environ)
        yield CheckResult(check=CHECK, state="holds", about="models", what=choice.why)
        if request.settings.ask.investigate:
            models.check_calls(choice.names)
        if request.offline:
            models.check_quorum(rules.quorum, choice.names)
            return
        jury = models.create(choice.names, request.environ)
        parse_weights(rules.weights, choice.names, jury)
    except UsageError as error:
        yield result_of_error(CHECK, "models", error)
        return
    try:
        models.check_quorum(rules.quorum, jury)
    except UsageError as error:
        yield result_of_error(CHECK, "models", error)
    until = Deadline.after(min(LONGEST_LOADING, request.deadline.remaining()))
    outcomes = in_parallel([partial(_ask_model, model, until) for model in jury], until)
    for model, outcome in zip(jury, outcomes, strict=True):
        late = CheckResult(
            check=CHECK,
            state="unreachable",
            about=model.name,
            what="no answer in time",
            advice="is it still being loaded? try again",
        )
        yield outcome.value if isinstance(outcome, Done) else late


def _models_of_jobs(judging: list[AnalyzerContainer], request: CheckRequest) -> Iterator[CheckResult]:
    """Yield which models the Jobs of the manifests ask, which may differ from this shell's. Their keys and
    network are not available here.
    """
    for container in judging:
        named = container.reading.settings.ask.models
        sure = container.reading.clear("--model") and (
            named or not (container.reading.config or container.call.environment.open)
        )
        try:
            choice = models.choose(named, assume_environ(container.call))
            state, what = _describe_choice(choice, named, container.call)
        except UsageError:
            continue  # a trap, told of as one
        unsure = "" if sure else ", as far as the file tells"
        yield CheckResult(
            check=CHECK,
            state=state,
            about=container.place,
            what=f"{what}{unsure}",
            file=container.document.file,
            line=container.line,
        )
    if not request.offline:
        what = "no model was asked: a Job has its own keys and its own network"
        yield CheckResult(
            check=CHECK,
            state="note",
            about="models",
            what=what,
            advice="--model NAME asks one with the keys of this shell",
        )


def _describe_choice(
    choice: models.ModelChoice, named: tuple[str, ...], call: AnalyzerCall
) -> tuple[CheckState, str]:
    """Return, in a sentence, which models a Job asks; a note if that depends on a key."""
    assumed = assume_environ(call)
    optional = {name: where for name, where in _find_optional(call) if models.is_chosen_by(name, assumed)}
    if named or not optional:
        return "holds", f"the Job is {choice.why}"
    sure = models.choose((), {name: value for name, value in assumed.items() if name not in optional})
    if sure.names == choice.names:
        return "holds", f"the Job is {sure.why}"
    otherwise = "the built-in judge" if sure.names == ("builtin",) else " and ".join(sure.names)
    what = (
        f"the Job asks {' and '.join(choice.names)} if {' and '.join(optional.values())}"
        f" (optional), else {otherwise}"
    )
    return "note", what


def _find_optional(call: AnalyzerCall) -> Iterator[tuple[str, str]]:
    """Yield each variable that may not be set, because what it is read from is optional and in no file; and
    where it is read from.
    """
    for variable in call.container["env"].elements():
        name = variable["name"].text()
        for kind in ("Secret", "ConfigMap"):
            reference = variable["valueFrom"][f"{kind[0].lower()}{kind[1:]}KeyRef"]
            if reference["optional"].value is True and UNKNOWN in call.environment.values.get(name, ""):
                where = f"{kind} {reference['name'].text()} has the key {reference['key'].text()}"
                yield name, where.replace(UNKNOWN, "?")


def _ask_model(model: Model, deadline: Deadline) -> CheckResult:
    schema = answer_schema()
    question = Question(prompt=PROMPT.format(schema=json.dumps(schema)), schema=schema)
    reply = model.ask(question, (Turn(role="user", text=question.prompt),), deadline)
    if isinstance(reply, Failure):
        return CheckResult(
            check=CHECK,
            state="unreachable" if reply.retryable else "wrong",
            about=model.name,
            what=reply.reason,
            advice=reply.advice,
        )
    if not isinstance(reply, Reply):
        return CheckResult(
            check=CHECK,
            state="wrong",
            about=model.name,
            what="it called a tool, and none was offered",
        )
    try:
        parse_answer(reply.text)
    except ValueError as error:
        advice = "in a run it would be asked once more, and then abstain: take another model"
        return CheckResult(
            check=CHECK,
            state="wrong",
            about=model.name,
            what=f"its answer is invalid: {error}",
            advice=advice,
        )
    return CheckResult(
        check=CHECK,
        state="holds",
        about=model.name,
        what=f"answers in the required form, in {reply.latency:.1f} s",
    )
