import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from socket import create_server, socket
from typing import Any

import pytest
from google.ai.generativelanguage_v1beta.types import generative_service
from google.genai import types
from google.protobuf import json_format

from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.evidence.bundle import load
from analyzer.models.gemini import Gemini, create
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.tools import ToolContext
from analyzer.verdicts.dialogue import converse
from analyzer.verdicts.investigate import Investigation
from analyzer.verdicts.verdict import Verdict

pytestmark = pytest.mark.models

EXAMPLE = Path(__file__).parents[3] / "examples" / "evidence" / "crash-loop.json.gz"
KEY = "AIza-this-is-a-secret"
ASKED = (Turn(role="user", text="judge"),)


def holds(body: Any, message: Any) -> None:
    """Fails on a field that Google's proto does not have."""
    json_format.ParseDict(body, message.pb()())  # type: ignore[no-untyped-call]  # protobuf is untyped


def a_request_of_google(heard: Any) -> None:
    assert heard.headers["x-goog-api-key"] == KEY
    assert KEY not in heard.path
    if heard.method == "POST":
        assert re.fullmatch(r"/v1beta/models/[\w.-]+:generateContent", heard.path)
        holds(heard.body, generative_service.GenerateContentRequest)


def candidate(text: str | None = "{}", finish: str | None = "STOP") -> dict[str, Any]:
    """An answer of the API, checked against Google's proto too."""
    parts = [{"text": "Let me think.", "thought": True}, {"text": text}] if text is not None else []
    said = {
        "candidates": [
            {"content": {"role": "model", "parts": parts}, **({"finishReason": finish} if finish else {})}
        ],
        "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 5, "thoughtsTokenCount": 30},
    }
    holds(said, generative_service.GenerateContentResponse)
    return said


def fault(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


Answers = Callable[..., tuple[Reply | Calls | Failure, Any]]


@pytest.fixture
def ask(asking: Any) -> Answers:
    """`ask(*answers)`: what the adapter makes of them, over the real SDK, and the server."""
    environ = {"GEMINI_API_KEY": KEY}
    return asking(  # type: ignore[no-any-return]
        a_request_of_google, lambda name, url: create(name, {**environ, "GOOGLE_GEMINI_BASE_URL": url}), KEY
    )


def test_the_text_comes_back_without_the_thoughts_and_with_the_tokens_of_both(ask: Answers) -> None:
    reply, _ = ask(candidate('{"verdict": "promote"}'))
    assert isinstance(reply, Reply)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ('{"verdict": "promote"}', 12, 35)
    assert reply.latency > 0


def test_the_request_carries_the_conversation_the_schema_and_no_output_limit(
    ask: Answers, question: Question
) -> None:
    turns = (*ASKED, Turn(role="model", text="promote!"), Turn(role="user", text="as JSON"))
    _, server = ask(candidate(), turns=turns, name="gemini-flash-latest")
    (heard,) = server.heard
    assert heard.path == "/v1beta/models/gemini-flash-latest:generateContent"
    assert [(each["role"], each["parts"]) for each in heard.body["contents"]] == [
        ("user", [{"text": "judge"}]),
        ("model", [{"text": "promote!"}]),
        ("user", [{"text": "as JSON"}]),
    ]
    config = heard.body["generationConfig"]
    assert config == {"responseMimeType": "application/json", "responseJsonSchema": question.schema}


def test_the_server_s_time_is_never_below_what_it_accepts(ask: Answers) -> None:
    assert ask(candidate(), seconds=5)[1].heard[0].headers["x-server-timeout"] == "10"
    assert 110 <= int(ask(candidate(), seconds=120)[1].heard[0].headers["x-server-timeout"]) <= 120


def test_the_default_model_is_a_current_one(ask: Answers) -> None:
    assert ask(candidate())[1].heard[0].path == "/v1beta/models/gemini-3.8-flash:generateContent"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (candidate("{", "MAX_TOKENS"), "MAX_TOKENS"),
        (candidate(None, "SAFETY"), "SAFETY"),
        (candidate("{}", "RECITATION"), "RECITATION"),
        (candidate("{}", None), "no reason given"),
        (candidate("{}", "OTHER"), "OTHER"),
        (candidate(None), "no text"),
        (candidate("  \n"), "no text"),
        ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, "blocked (PROHIBITED_CONTENT)"),
        ({"candidates": []}, "no candidates"),
        ({}, "no candidates"),
        (b"", "no candidates"),
        ({"candidates": [{"finishReason": "STOP"}]}, "no text"),
    ],
)
def test_an_answer_that_did_not_end_of_itself_with_text_is_an_abstention(
    ask: Answers, answer: Any, reason: str
) -> None:
    reply, _ = ask(answer)
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert reason in reply.reason


@pytest.mark.parametrize(
    "finish", [each.value for each in types.FinishReason if each is not types.FinishReason.STOP]
)
def test_every_other_finish_reason_is_an_abstention_even_with_a_whole_answer(
    ask: Answers, finish: str
) -> None:
    said: dict[str, Any] = {
        "candidates": [{"content": {"parts": [{"text": '{"verdict": "promote"}'}]}, "finishReason": finish}]
    }
    said["usageMetadata"] = {"promptTokenCount": 12, "thoughtsTokenCount": 30}
    reply, server = ask(said)
    assert isinstance(reply, Failure)
    assert (reply.abstained, reply.retryable) == (True, False)
    assert (reply.tokens_in, reply.tokens_out) == (12, 30)  # they are billed
    assert finish in reply.reason
    assert len(server.heard) == 1


@pytest.mark.filterwarnings("ignore:NEWLY_INVENTED is not a valid FinishReason:UserWarning")
def test_a_finish_reason_that_the_sdk_does_not_know_is_an_abstention(ask: Answers) -> None:
    reply, _ = ask(
        {"candidates": [{"content": {"parts": [{"text": "{}"}]}, "finishReason": "NEWLY_INVENTED"}]}
    )
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert "NEWLY_INVENTED" in reply.reason


def test_a_model_that_is_not_there_says_which_the_key_can_reach_nearest_first(
    ask: Answers, answered: Any
) -> None:
    there = [
        {"name": "models/embedding-2", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/gemini-3.8-pro", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/gemini-3.8-flash", "supportedGenerationMethods": ["generateContent"]},
    ]
    missing = fault(404, "NOT_FOUND", "models/gemini-2.0-flash is not found for API version v1beta")
    reply, server = ask(answered(missing, 404), {"models": there}, name="gemini-2.0-flash")
    assert isinstance(reply, Failure)
    assert "gemini-2.0-flash is not found" in reply.reason
    assert reply.advice == "this key can reach gemini-3.8-flash, gemini-3.8-pro"
    assert not reply.retryable
    assert [heard.method for heard in server.heard] == ["POST", "GET"]


def test_a_model_that_is_not_there_is_told_even_when_the_list_is_refused(ask: Answers, answered: Any) -> None:
    reply, _ = ask(answered(fault(404, "NOT_FOUND", "no"), 404))
    assert isinstance(reply, Failure)
    assert reply.advice == "check the model's name"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, fault(400, "INVALID_ARGUMENT", f"API key not valid: {KEY}", {"reason": "API_KEY_INVALID"})),
        (401, fault(401, "UNAUTHENTICATED", f"bad credentials {KEY}")),
        (403, fault(403, "PERMISSION_DENIED", "the API has not been used in this project")),
    ],
)
def test_a_refused_key_is_told_with_advice_and_without_the_key(
    ask: Answers, answered: Any, status: int, body: Any
) -> None:
    reply, server = ask(answered(body, status))
    assert isinstance(reply, Failure)
    assert str(status) in reply.reason
    assert "check the key" in reply.advice
    assert not reply.retryable
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(ask: Answers, answered: Any, status: int) -> None:
    reply, server = ask(answered(fault(status, "UNAVAILABLE", "busy"), status), candidate("ok"))
    assert isinstance(reply, Reply)
    assert len(server.heard) == 2


def test_what_does_not_pass_is_retryable_later_on(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered(b"<html>Bad Gateway</html>", 502))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert "502" in reply.reason
    assert len(server.heard) > 1


@pytest.mark.parametrize(
    ("details", "headers"),
    [
        (({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "700s"},), {}),
        ((), {"Retry-After": "700"}),
    ],
)
def test_a_wait_that_the_deadline_does_not_allow_is_not_begun(
    ask: Answers, answered: Any, details: Any, headers: dict[str, str]
) -> None:
    reply, server = ask(answered(fault(429, "RESOURCE_EXHAUSTED", "quota", *details), 429, headers))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert len(server.heard) == 1


def quota(*ids: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": each} for each in ids],
    }


SOON = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0s"}
PER_MINUTE, PER_DAY = (
    "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
    "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
)


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        ("You exceeded your current quota", (PER_DAY,)),
        ("You exceeded your current quota", (PER_MINUTE, PER_DAY)),
        (
            "Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro",
            (PER_MINUTE,),
        ),
    ],
)
def test_a_quota_per_day_or_of_nothing_is_not_tried_again_whatever_the_server_asks(
    ask: Answers, answered: Any, message: str, ids: tuple[str, ...]
) -> None:
    reply, server = ask(
        answered(fault(429, "RESOURCE_EXHAUSTED", message, quota(*ids), SOON), 429), candidate("ok")
    )
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert "today's quota is used up" in reply.advice
    assert len(server.heard) == 1


def test_credit_that_is_used_up_does_not_come_back(ask: Answers, answered: Any) -> None:
    message = "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project."
    reply, server = ask(answered(fault(429, "RESOURCE_EXHAUSTED", message), 429), candidate("ok"))
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert reply.advice == "the credit is used up: trying again does not help"
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "message",
    [
        "You exceeded your current quota",
        "Quota exceeded for metric: requests, limit: 05, model: m",
        "limit: 10",
    ],
)
def test_a_quota_per_minute_is_waited_for(ask: Answers, answered: Any, message: str) -> None:
    reply, server = ask(
        answered(fault(429, "RESOURCE_EXHAUSTED", message, quota(PER_MINUTE), SOON), 429), candidate("ok")
    )
    assert isinstance(reply, Reply)
    assert len(server.heard) == 2


def test_a_quota_per_minute_that_lasts_is_retryable_later_on(ask: Answers, answered: Any) -> None:
    wait = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "59s"}
    reply, _ = ask(answered(fault(429, "RESOURCE_EXHAUSTED", "quota", quota(PER_MINUTE), wait), 429))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert "for now" in reply.advice


@pytest.mark.parametrize(
    "details", [3, "x", [3], {"violations": 3}, [{"violations": [3, {}]}], [{"retryDelay": {}}]]
)
def test_details_of_any_other_form_are_no_traceback(ask: Answers, answered: Any, details: Any) -> None:
    reply, _ = ask(
        answered({"error": {"code": 429, "status": "S", "message": "m", "details": details}}, 429),
        candidate("ok"),
    )
    assert isinstance(reply, Reply)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a portal</html>",
        b'{"candidates": [',
        b"[]",
        b'"no"',
        b"3",
        b"null",
        b'{"candidates": 3}',
        b'{"candidates": [3]}',
    ],
)
def test_an_answer_that_is_not_the_api_s_is_a_failure_and_no_traceback(ask: Answers, body: bytes) -> None:
    reply, _ = ask(body)
    assert isinstance(reply, Failure)
    assert "\n" not in reply.reason
    assert len(reply.reason) <= 300


def test_an_answer_that_breaks_off_is_tried_again(ask: Answers, answered: Any) -> None:
    reply, _ = ask(answered(b"{", headers={"Content-Length": "999"}), candidate("ok"))
    assert isinstance(reply, Reply)


def test_a_refused_connection_is_retryable_and_says_where_to_look(question: Question, refused: str) -> None:
    reply = create("", {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": f"http://{refused}"}).ask(
        question, ASKED, Deadline.after(10)
    )
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert "GOOGLE_GEMINI_BASE_URL" in reply.advice


def test_a_connection_that_is_not_taken_is_given_up_long_before_the_deadline(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.models.gemini.api.CONNECT", 0.05)
    with closing(create_server(("127.0.0.1", 0), backlog=0)) as server, closing(socket()) as waiting:
        waiting.connect(server.getsockname())  # there is room for no other
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        reply = create("", {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url}).ask(
            question, ASKED, Deadline.after(60)
        )
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert reply.reason.startswith("the API cannot be reached: ConnectTimeout")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://[::1", "http://127.0.0.1:port"])
def test_a_base_url_that_is_none_is_a_failure_that_names_it(question: Question, url: str) -> None:
    reply = create("", {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url}).ask(
        question, ASKED, Deadline.after(10)
    )
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert "GOOGLE_" in reply.advice


def test_vertex_is_asked_at_its_own_paths(serve: Any, answered: Any, question: Question) -> None:
    server = serve(lambda heard: None, answered(candidate("ok")))
    environ = {
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_API_KEY": KEY,
        "GOOGLE_VERTEX_BASE_URL": server.url,
    }
    assert isinstance(create("", environ).ask(question, ASKED, Deadline.after(10)), Reply)
    assert server.heard[0].path == "/v1beta1/publishers/google/models/gemini-3.8-flash:generateContent"


def test_vertex_says_which_models_there_are(serve: Any, answered: Any, question: Question) -> None:
    missing = answered(fault(404, "NOT_FOUND", "Publisher Model gemini-2.0-flash was not found"), 404)
    there = {
        "publisherModels": [
            {"name": "publishers/google/models/gemini-3.8-pro"},
            {"name": "publishers/google/models/gemini-3.8-flash"},
        ]
    }
    server = serve(lambda heard: None, missing, answered(there))
    environ = {
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_API_KEY": KEY,
        "GOOGLE_VERTEX_BASE_URL": server.url,
    }
    reply = create("gemini-2.0-flash", environ).ask(question, ASKED, Deadline.after(10))
    assert isinstance(reply, Failure)
    assert reply.advice == "this key can reach gemini-3.8-flash, gemini-3.8-pro"
    assert server.heard[1].path == "/v1beta1/publishers/google/models"


def test_workload_identity_is_asked_for_a_token_and_the_place_is_in_the_path(
    serve: Any,
    answered: Any,
    question: Question,
    monkeypatch: pytest.MonkeyPatch,
    web: Callable[..., str],
    tmp_path: Path,
) -> None:
    """The metadata server, as GKE's workload identity has it. Google's own library asks it."""
    asked: list[str] = []

    def metadata(handler: Any) -> None:
        asked.append(handler.path.partition("?")[0])
        if handler.path.endswith("project/project-id"):
            said = b"a-project"
        elif "/token" in handler.path:
            said = json.dumps(
                {"access_token": "ya29.of-the-pod", "expires_in": 3600, "token_type": "Bearer"}
            ).encode()
        else:
            said = json.dumps(
                {"email": "judge@a-project", "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}
            ).encode()
        handler.send_response(200)
        handler.send_header("Metadata-Flavor", "Google")
        handler.send_header(
            "Content-Type", "application/json" if said.startswith(b"{") else "application/text"
        )
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    place = web(metadata).removeprefix("http://")
    for name, value in {
        "GCE_METADATA_HOST": place,
        "GCE_METADATA_IP": place,
        "CLOUDSDK_CONFIG": str(tmp_path),
        "HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    server = serve(lambda heard: None, answered(candidate("ok")))
    environ = {
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_CLOUD_PROJECT": "shop-prod",
        "GOOGLE_CLOUD_LOCATION": "europe-west1",
        "GOOGLE_VERTEX_BASE_URL": server.url,
    }
    reply = create("", environ).ask(question, ASKED, Deadline.after(20))
    assert isinstance(reply, Reply), reply
    (heard,) = server.heard
    assert (
        heard.path
        == "/v1beta1/projects/shop-prod/locations/europe-west1/publishers/google/models/gemini-3.8-flash:generateContent"
    )
    assert heard.headers["authorization"] == "Bearer ya29.of-the-pod"
    assert "x-goog-api-key" not in heard.headers
    assert any(path.endswith("/token") for path in asked)


@pytest.mark.parametrize(
    ("asked", "version"), [("", "v1beta"), ("beta", "v1beta"), ("v1", "v1"), ("v1alpha", "v1alpha")]
)
def test_the_api_s_version_is_the_one_asked_for(
    serve: Any, answered: Any, question: Question, asked: str, version: str
) -> None:
    server = serve(lambda heard: None, answered(candidate("ok")))
    environ = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": server.url, "GOOGLE_GENAI_API_VERSION": asked}
    assert isinstance(create("", environ).ask(question, ASKED, Deadline.after(10)), Reply)
    assert server.heard[0].path == f"/{version}/models/gemini-3.8-flash:generateContent"


def test_vertex_without_credentials_says_what_to_do(
    question: Question, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    monkeypatch.setenv("GCE_METADATA_HOST", refused)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "nowhere.json")
    reply = create(
        "", {"GOOGLE_GENAI_USE_VERTEXAI": "1", "GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "global"}
    ).ask(question, ASKED, Deadline.after(10))
    assert isinstance(reply, Failure)
    assert "Vertex AI" in reply.reason
    assert "workload identity" in reply.advice


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION"),
        ({"GOOGLE_CLOUD_PROJECT": "p"}, "GOOGLE_CLOUD_LOCATION"),
        ({"GOOGLE_CLOUD_LOCATION": "europe-west1"}, "GOOGLE_CLOUD_PROJECT"),
        (
            {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": " ", "GOOGLE_API_KEY": KEY},
            "GOOGLE_CLOUD_LOCATION",
        ),
    ],
)
def test_half_a_place_on_vertex_is_a_usage_error_that_names_the_other_half(
    environ: dict[str, str], missing: str
) -> None:
    with pytest.raises(UsageError) as raised:
        create("", {"GOOGLE_GENAI_USE_ENTERPRISE": "true", **environ})
    assert str(raised.value) == f"Gemini on Vertex AI needs {missing}"
    assert "global" in raised.value.advice


@pytest.mark.parametrize(
    "environ",
    [
        {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "europe-west1"},
        {"GOOGLE_API_KEY": KEY},
        {"GOOGLE_VERTEX_BASE_URL": "https://gateway.example"},
    ],
)
def test_a_place_a_key_or_a_gateway_is_enough_for_vertex(environ: dict[str, str]) -> None:
    assert create("", {"GOOGLE_GENAI_USE_ENTERPRISE": "true", **environ}).name == "gemini:gemini-3.8-flash"


def test_without_any_key_it_is_a_usage_error_that_says_where_to_get_one() -> None:
    with pytest.raises(UsageError, match="GEMINI_API_KEY") as raised:
        create("", {"GEMINI_API_KEY": " "})
    assert "https://" in raised.value.advice


@pytest.mark.parametrize("key", ["two words", "a\nb", "ключ", "a\x00b"])
def test_a_key_that_cannot_be_one_is_a_usage_error_without_the_key(key: str) -> None:
    with pytest.raises(UsageError) as raised:
        create("", {"GEMINI_API_KEY": key})
    assert key not in str(raised.value)


def test_the_key_is_in_no_text_of_the_model() -> None:
    assert KEY not in repr(create("", {"GEMINI_API_KEY": KEY}))


def test_the_sdk_makes_no_noise_of_its_own(ask: Answers) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(candidate())
    assert [str(each.message) for each in caught] == []


@pytest.mark.timed
class TestTime:
    def test_a_server_that_hangs_is_left_at_the_deadline(self, ask: Answers, answered: Any) -> None:
        reply, _ = ask(answered(None, hang=True), seconds=1)
        assert isinstance(reply, Failure)
        assert reply.retryable
        assert reply.latency < 2


def test_two_models_do_not_share_what_they_were_told() -> None:
    first, second = create("a", {"GEMINI_API_KEY": "one"}), create("b", {"GEMINI_API_KEY": "two"})
    assert isinstance(first, Gemini)
    assert (first.access.key, second.access.key) == ("one", "two")


def test_json_that_holds_the_key_in_an_error_is_masked(ask: Answers, answered: Any) -> None:
    reply, _ = ask(answered(json.dumps({"weird": KEY}).encode(), 418))
    assert isinstance(reply, Failure)
    assert "***" in reply.reason


class TestTools:
    def test_they_are_declared_without_a_schema_for_the_answer_which_most_models_refuse_beside_them(
        self, ask: Answers, offering: Question
    ) -> None:
        _, server = ask(candidate(), question=offering)
        body = server.heard[0].body
        (declared,) = body["tools"]
        assert [each["name"] for each in declared["functionDeclarations"]] == [
            tool.name for tool in offering.tools
        ]
        assert (
            declared["functionDeclarations"][1]["parameters_json_schema"] == offering.tools[1].schema
        )  # JSON of protos takes both
        assert body.get("generationConfig", {}) == {}

    def test_its_calls_come_back_with_their_signatures_and_what_it_said(
        self, ask: Answers, offering: Question
    ) -> None:
        parts = [
            {"text": "thinking", "thought": True},
            {"text": "Let me look."},
            {
                "functionCall": {"name": "logs", "args": {"pod": "cart-1", "context": 3}, "id": "c1"},
                "thoughtSignature": "c2lnbmVk",
            },
            {"functionCall": {"name": "pods"}},
        ]
        said = {
            "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 12},
        }
        holds(said, generative_service.GenerateContentResponse)
        reply, server = ask(said, question=offering)
        assert isinstance(reply, Calls)
        assert reply.calls == (
            Call(name="logs", arguments={"pod": "cart-1", "context": 3}, id="c1", signature="c2lnbmVk"),
            Call(name="pods", arguments={}),
        )
        assert (reply.text, reply.tokens_in) == ("Let me look.", 12)
        assert len(server.heard) == 1  # the SDK calls nothing of itself

    def test_calls_go_back_as_they_came_and_the_answer_is_bound_again(
        self, ask: Answers, looked: tuple[Turn, ...], question: Question
    ) -> None:
        _, server = ask(candidate(), turns=looked)
        body = server.heard[0].body
        assert [each["role"] for each in body["contents"]] == ["user", "model", "user", "user"]
        assert body["contents"][1]["parts"] == [
            {"text": "Let me look."},
            {
                "functionCall": {"name": "pods", "args": {"side": "canary"}, "id": "c1"},
                "thoughtSignature": "c2lnbmVk",
            },
            {"functionCall": {"name": "logs", "args": {"pod": "cart-1", "context": 3}, "id": "c2"}},
        ]
        assert body["contents"][2]["parts"][1] == {
            "functionResponse": {"name": "logs", "id": "c2", "response": {"output": "| out of memory"}},
        }
        assert "tools" not in body
        assert body["generationConfig"] == {
            "responseMimeType": "application/json",
            "responseJsonSchema": question.schema,
        }

    @pytest.mark.parametrize(
        "finish",
        [
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "MISSING_THOUGHT_SIGNATURE",
            "TOO_MANY_TOOL_CALLS",
        ],
    )
    def test_a_call_that_went_wrong_is_an_abstention(
        self, ask: Answers, offering: Question, finish: str
    ) -> None:
        reply, _ = ask(
            {
                "candidates": [
                    {"content": {"parts": [{"functionCall": {"name": "pods"}}]}, "finishReason": finish}
                ]
            },
            question=offering,
        )
        assert isinstance(reply, Failure)
        assert reply.abstained
        assert finish in reply.reason

    def test_a_whole_conversation_over_the_sdk(self, serve: Any, answered: Any, offering: Question) -> None:
        called = {
            "functionCall": {"name": "pods", "args": {"side": "canary"}},
            "thoughtSignature": "c2lnbmVk",
        }
        wants = {"candidates": [{"content": {"role": "model", "parts": [called]}, "finishReason": "STOP"}]}
        answer = {
            "verdict": "cannot_tell",
            "confidence": 10,
            "summary": "s",
            "quotes": ["canary: 2 pods, 0 ready"],
        }
        server = serve(a_request_of_google, answered(wants), answered(candidate(json.dumps(answer))))
        model = create("", {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": server.url})
        desk = ToolContext(evidence=load(EXAMPLE), keep=str, deadline=Deadline.after(20))
        _, opinion = converse(
            model,
            offering,
            Deadline.after(20),
            Investigation(context=desk, steps=1, until=Deadline.after(20)),
        )
        assert isinstance(opinion, Verdict)
        assert opinion.answer.quotes == ("canary: 2 pods, 0 ready",)
        assert ["tools" in heard.body for heard in server.heard] == [True, False]
        assert server.heard[1].body["contents"][1]["parts"] == [called]


@pytest.mark.slow
def test_the_sdk_is_loaded_when_the_model_is_warmed_and_not_before() -> None:
    """It takes longer than most of what a run does, and a run waits for the cluster meanwhile."""
    code = (
        "import sys\n"
        "from analyzer import models\n"
        "from analyzer.common.deadline import Deadline\n"
        "from analyzer.models.interface import Warm\n"
        "[model] = models.create(('gemini',), {'GEMINI_API_KEY': 'k'})\n"
        "before = 'google.genai' in sys.modules\n"
        "assert isinstance(model, Warm)\n"
        "model.warm(Deadline.after(1))\n"
        "print(before, 'google.genai' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"
