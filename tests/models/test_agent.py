import json
from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec
import pytest

from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.agent import create
from analyzer.models.interface import Failure, Question, Reply, Turn
from analyzer.verdicts.dialogue import converse
from analyzer.verdicts.verdict import Abstention, Verdict, parse_verdict

pytestmark = pytest.mark.models

TOKEN = "a-token-that-is-a-secret"
ASKED = (Turn(role="user", text="judge <<<evidence>>>"),)

# Go: `A2ARequest` of rollouts-plugin-metric-ai; Java: `A2ARequest` of kubernetes-agent, whose Jackson refuses
# a field it does not know.
REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["userId", "prompt", "context"],
    "properties": {
        "userId": {"type": "string", "minLength": 1},
        "prompt": {"type": "string"},
        "context": {"type": "object"},
    },
}


def a_request_of_the_plugin(heard: Any) -> None:
    assert (heard.method, heard.path) == ("POST", "/a2a/analyze")
    assert heard.headers["content-type"] == "application/json"
    jsonschema.validate(heard.body, REQUEST)


def told(**fields: Any) -> dict[str, Any]:
    """An answer as kubernetes-agent gives it (`A2AResponse`), its `prLink` null where there is none."""
    one = {
        "modelName": "gemini-3-flash",
        "promote": False,
        "confidence": 85,
        "executionTimeMs": 9000,
        "error": None,
    }
    return {
        "analysis": "The canary cannot reach its database.",
        "rootCause": "The Service has another name.",
        "remediation": "Correct the URL.",
        "prLink": None,
        "promote": False,
        "confidence": 85,
        "modelResults": [one],
        "votingRationale": None,
        **fields,
    }


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in told().items() if name != field}


Answers = Callable[..., tuple[Reply | Failure, Any]]


@pytest.fixture
def ask(asking: Any) -> Answers:
    return asking(a_request_of_the_plugin, lambda _, url: create(url, {"A2A_TOKEN": TOKEN}), TOKEN)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("promote", "verdict"), [(True, "promote"), (False, "rollback")])
def test_its_answer_is_one_of_ours(ask: Answers, question: Question, promote: bool, verdict: str) -> None:
    reply, _ = ask(told(promote=promote))
    assert isinstance(reply, Reply)
    seen = msgspec.structs.replace(question, evidence="Service cart: another name than its selector's")
    said = parse_verdict("agent", reply, seen)
    assert isinstance(said, Verdict)
    assert (said.answer.verdict, said.answer.confidence) == (verdict, 85)
    assert said.answer.summary == "The canary cannot reach its database."
    assert said.hypothesis.startswith("The Service has another name. (")  # it cites nothing that bears it out
    assert said.answer.remediation == "Correct the URL."


def test_the_plugin_s_form_without_further_fields_is_enough(ask: Answers) -> None:
    fields = ("analysis", "rootCause", "remediation", "promote", "confidence")
    reply, _ = ask({name: told()[name] for name in fields})
    assert isinstance(reply, Reply)


def test_a_pull_request_is_kept_with_the_remediation(ask: Answers) -> None:
    reply, _ = ask(told(prLink="https://github.com/shop/cart/pull/7"))
    assert isinstance(reply, Reply)
    assert (
        json.loads(reply.text)["remediation"]
        == "Correct the URL. Pull request: https://github.com/shop/cart/pull/7"
    )


def test_it_is_sent_the_evidence_its_own_form_and_the_token(ask: Answers) -> None:
    _, server = ask(told(), turns=ASKED)
    (heard,) = server.heard
    assert heard.body["prompt"].startswith("judge <<<evidence>>>\n\n")
    assert "rootCause" in heard.body["prompt"]
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("field", ["analysis", "rootCause", "remediation", "promote", "confidence"])
def test_a_missing_field_is_an_abstention_and_never_a_promotion(ask: Answers, field: str) -> None:
    reply, _ = ask(without(field))
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert field in reply.reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"confidence": 0.85, "promote": True},
        {"confidence": 1.0, "promote": True},
        {"confidence": 85.0, "promote": True},
        {"confidence": "85", "promote": True},
        {"confidence": 101, "promote": True},
        {"confidence": -1, "promote": True},
        {"confidence": None, "promote": True},
        {"confidence": True, "promote": True},
        {"promote": "true"},
        {"promote": 1},
        {"promote": None},
        {"analysis": None},
        {"modelResults": 3},
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_an_abstention(ask: Answers, wrong: dict[str, Any]) -> None:
    reply, _ = ask(told(**wrong))
    assert isinstance(reply, Failure)
    assert reply.abstained


def test_what_kubernetes_agent_says_when_it_failed_is_an_abstention(ask: Answers) -> None:
    """Its `parseJsonResponse`: promote, "Safe default", with a confidence of 0, under 200."""
    reply, _ = ask(told(promote=True, confidence=0, rootCause="Unable to parse structured response"))
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert "0 % sure" in reply.reason


@pytest.mark.parametrize(
    ("errors", "counts"),
    [([None, "503"], False), (["503", "503"], False), ([None, None, "503"], True), ([], True)],
)
def test_one_survivor_of_its_models_decides_nothing(
    ask: Answers, errors: list[str | None], counts: bool
) -> None:
    reply, _ = ask(told(modelResults=[{"modelName": "m", "error": error} for error in errors]))
    assert isinstance(reply, Reply) == counts
    if isinstance(reply, Failure):
        assert reply.abstained
        assert "of the agent's 2 models failed" in reply.reason


def test_one_model_is_not_models(ask: Answers) -> None:
    reply, _ = ask(told(modelResults=[{"modelName": "m", "error": "503"}]))
    assert isinstance(reply, Failure)
    assert "1 of the agent's 1 model failed" in reply.reason


def test_its_own_fault_promotes_nothing(ask: Answers, answered: Any) -> None:
    """Its `analyze`: 500, and a body that says promote."""
    reply, server = ask(answered(told(analysis="Error: boom", promote=True, confidence=0), 500))
    assert isinstance(reply, Failure)
    assert (reply.retryable, reply.abstained) == (True, False)
    assert reply.advice == "look into the agent's log"
    assert len(server.heard) == 1  # it may have acted


def test_an_agent_that_turns_us_away_is_asked_again(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered({}, 503), told())
    assert isinstance(reply, Reply)
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "check A2A_TOKEN"), (403, "check A2A_TOKEN"), (404, "check the URL: /a2a/analyze is added to it")],
)
def test_a_refusal_says_what_to_do(ask: Answers, answered: Any, status: int, advice: str) -> None:
    reply, _ = ask(answered({"status": status, "error": "No", "path": "/a2a/analyze"}, status))
    assert isinstance(reply, Failure)
    assert (reply.advice, reply.retryable) == (advice, False)


@pytest.mark.parametrize(
    "body",
    [b"<html>Sign in</html>", b"", b"[]", b"null", b"true", b'{"promote": true, "promote": false}', b"{"],
)
def test_an_answer_that_is_none_is_no_reply(ask: Answers, body: bytes) -> None:
    reply, _ = ask(body)
    assert isinstance(reply, Failure)
    assert not reply.retryable


def test_it_is_asked_once(ask: Answers) -> None:
    reply, server = ask(told(), turns=(*ASKED, Turn(role="model", text="?"), Turn(role="user", text="again")))
    assert isinstance(reply, Failure)
    assert server.heard == []


def test_an_answer_that_contradicts_itself_is_an_abstention_that_says_so(
    serve: Any, answered: Any, question: Question
) -> None:
    server = serve(
        a_request_of_the_plugin,
        answered(told(promote=True, analysis="Errors rise. It should be rolled back.")),
    )
    opinion = converse(create(server.url, {"A2A_TOKEN": TOKEN}), question, Deadline.after(20))[1]
    assert isinstance(opinion, Abstention)
    assert (
        opinion.reason
        == "its verdict is promote, and it says 'should be rolled back'; asked again: an agent is asked once"
    )
    assert len(server.heard) == 1


def test_pages_of_text_are_cut_and_half_a_character_is_replaced(ask: Answers, question: Question) -> None:
    reply, _ = ask(
        json.dumps(
            told(analysis="\ud800" + "a" * 70_000, rootCause="\n" * 70_000, remediation='"' * 70_000)
        ).encode()
    )
    assert isinstance(reply, Reply)
    said = parse_verdict("agent", reply, question)
    assert isinstance(said, Verdict)
    assert said.answer.summary.startswith("?a")
    assert said.answer.summary.endswith(" …")


def test_a_refused_connection_is_retryable_and_says_where(question: Question, refused: str) -> None:
    reply = create(f"http://{refused}", {}).ask(question, ASKED, Deadline.after(10))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert refused in reply.reason


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("http://kubernetes-agent.argo-rollouts:8080", "agent:kubernetes-agent.argo-rollouts:8080"),
        ("http://kubernetes-agent:8080/a2a/analyze", "agent:kubernetes-agent:8080"),
        ("https://gateway.example/sre/", "agent:gateway.example/sre"),
    ],
)
def test_its_name_is_where_it_is(argument: str, name: str) -> None:
    assert create(argument, {}).name == name
    assert TOKEN not in repr(create("https://kubernetes-agent", {"A2A_TOKEN": TOKEN}))


@pytest.mark.parametrize(
    "argument", ["", "kubernetes-agent:8080", "http://me:hunter2@agent", "http://agent?token=hunter2"]
)
def test_without_a_url_or_with_a_credential_it_is_a_usage_error(argument: str) -> None:
    with pytest.raises(UsageError) as raised:
        create(argument, {})
    assert "hunter2" not in str(raised.value) + raised.value.advice
