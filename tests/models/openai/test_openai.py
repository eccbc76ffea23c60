import json
from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec
import pytest

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn
from analyzer.models.json_api import RefusedRequest
from analyzer.models.openai import create
from analyzer.models.openai.chat import build_request, relax
from analyzer.verdicts.verdict import Verdict, parse_verdict

pytestmark = pytest.mark.models

KEY = "sk-this-is-a-secret"
ASKED = (Turn(role="user", text="judge"),)

# What of OpenAI's CreateChatCompletionRequest and CreateChatCompletionResponse is used here, and nothing
# beside it.
TEXT = {"type": "string"}
NAME = {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"}


def strict(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


CALL = strict(
    ("id", "type", "function"),
    id=TEXT,
    type={"const": "function"},
    function=strict(("name", "arguments"), name=TEXT, arguments=TEXT),
)
FUNCTION = strict(
    ("name",),
    name=NAME,
    description=TEXT,
    parameters={"type": "object"},
    strict={"type": ["boolean", "null"]},
)
TOOL = strict(("type", "function"), type={"const": "function"}, function=FUNCTION)
REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["model", "messages"],
    "properties": {
        "model": TEXT,
        "messages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "oneOf": [
                    strict(("role", "content"), role={"const": "user"}, content=TEXT),
                    strict(
                        ("role", "content"),
                        role={"const": "assistant"},
                        content=TEXT,
                        tool_calls={"type": "array", "minItems": 1, "items": CALL},
                    ),
                    strict(
                        ("role", "content", "tool_call_id"),
                        role={"const": "tool"},
                        content=TEXT,
                        tool_call_id=TEXT,
                    ),
                ]
            },
        },
        "tools": {"type": "array", "minItems": 1, "items": TOOL},
        "response_format": {
            "oneOf": [
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["type"],
                    "properties": {"type": {"const": "json_object"}},
                },
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["type", "json_schema"],
                    "properties": {
                        "type": {"const": "json_schema"},
                        "json_schema": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["name"],
                            "properties": {
                                "name": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"},
                                "strict": {"type": ["boolean", "null"]},
                                "schema": {"type": "object"},
                            },
                        },
                    },
                },
            ]
        },
        "max_tokens": {"type": "integer"},
        "max_completion_tokens": {"type": "integer"},
        "temperature": {"type": "number", "minimum": 0, "maximum": 2},
        "seed": {"type": "integer"},
    },
}
RESPONSE = {
    "type": "object",
    "required": ["id", "object", "created", "model", "choices"],
    "properties": {
        "choices": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "message", "finish_reason"],
                "properties": {
                    "finish_reason": {
                        "enum": ["stop", "length", "tool_calls", "content_filter", "function_call"]
                    },
                    "message": {"type": "object", "required": ["role", "content", "refusal"]},
                },
            },
        },
        "usage": {"type": "object", "required": ["prompt_tokens", "completion_tokens", "total_tokens"]},
    },
}


def a_request_of_openai(heard: Any) -> None:
    assert heard.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in heard.path
    if heard.method == "POST":
        assert heard.path == "/v1/chat/completions"
        jsonschema.validate(heard.body, REQUEST)
    else:
        assert (heard.method, heard.path) == ("GET", "/v1/models")


def completion(content: str | None = "{}", finish: str = "stop", **message: Any) -> dict[str, Any]:
    """An answer of the API, checked as OpenAI publishes it."""
    said = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1795251644,
        "model": "gemma",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": None, **message},
                "finish_reason": finish,
            }
        ],
        "usage": {"prompt_tokens": 12, "completion_tokens": 35, "total_tokens": 47},
    }
    jsonschema.validate(said, RESPONSE)
    return said


def fault(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


Answers = Callable[..., tuple[Reply | Calls | Failure, Any]]


@pytest.fixture
def ask(asking: Any) -> Answers:
    """`ask(*answers)`: what the adapter makes of them, and the server."""
    return asking(  # type: ignore[no-any-return]
        a_request_of_openai,
        lambda name, url: create(f"{name or 'gemma'}@{url}", {"OPENAI_API_KEY_127_0_0_1": KEY}),
        KEY,
    )


class TestRealServer:
    """Ollama's own OpenAI-compatible endpoint."""

    @staticmethod
    def ask(
        host: str, question: Question, name: str = "tiny", text: str = "judge", path: str = ""
    ) -> Reply | Calls | Failure:
        model = create(f"{name}@http://{host}{path}", {})
        return model.ask(question, (Turn(role="user", text=text),), Deadline.after(240))

    def test_the_schema_binds_the_answer_and_the_answer_is_read(
        self, ollama_host: str, question: Question
    ) -> None:
        fields = answer_schema()["properties"]
        texts = {name: {"enum": [""]} for name in ("summary", "root_cause", "remediation")}
        lists = {
            name: {"type": "array", "maxItems": 0, "items": {"type": "string"}}
            for name in ("findings", "quotes")
        }
        bound = msgspec.structs.replace(
            question, schema={**answer_schema(), "properties": {**fields, **texts, **lists}}
        )
        reply = self.ask(ollama_host, bound)
        assert isinstance(reply, Reply), reply
        assert isinstance(parse_verdict("openai:tiny", reply, bound), Verdict), reply
        assert (reply.tokens_in or 0) >= len("judge")
        assert reply.tokens_out

    def test_with_and_without_v1_the_same_server_answers_the_same(
        self, ollama_host: str, question: Question
    ) -> None:
        short = msgspec.structs.replace(question, schema={"type": "boolean"})
        one, other = self.ask(ollama_host, short), self.ask(ollama_host, short, path="/v1/")
        assert isinstance(one, Reply)
        assert isinstance(other, Reply)
        assert one.text == other.text

    def test_a_model_that_is_not_there_says_what_there_is(self, ollama_host: str, question: Question) -> None:
        reply = self.ask(ollama_host, question, name="gemma4")
        assert isinstance(reply, Failure)
        reason, _, there = reply.reason.partition("; it has ")
        assert reason == f"{ollama_host} answered 404: there is no model 'gemma4'"
        assert "tiny:latest" in there.split(", ")
        assert not reply.retryable

    def test_a_path_that_is_not_the_api_s_is_told(self, ollama_host: str, question: Question) -> None:
        reply = self.ask(ollama_host, question, path="/api/v2")
        assert isinstance(reply, Failure)
        assert "404" in reply.reason
        assert reply.advice == "check the URL: it usually ends in /v1"

    def test_a_prompt_that_the_server_cut_is_found_out(self, ollama_host: str, question: Question) -> None:
        short = msgspec.structs.replace(question, schema={"type": "boolean"})
        reply = self.ask(ollama_host, short, text="x" * 9_000)
        assert isinstance(reply, Failure)
        assert "cut the prompt of 9000 bytes" in reply.reason
        assert "--model ollama:NAME" in reply.advice
        assert not reply.retryable


def test_the_text_comes_back_with_the_server_s_token_counts(ask: Answers) -> None:
    reply, _ = ask(completion('{"verdict": "promote"}', reasoning_content="Let me think."))
    assert isinstance(reply, Reply)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ('{"verdict": "promote"}', 12, 35)
    assert reply.latency > 0


def test_the_request_carries_the_conversation_and_the_schema(ask: Answers, question: Question) -> None:
    turns = (*ASKED, Turn(role="model", text="promote!"), Turn(role="user", text="as JSON"))
    _, server = ask(completion(), turns=turns, name="google/gemma-4-12b-it")
    (heard,) = server.heard
    assert heard.body["model"] == "google/gemma-4-12b-it"
    assert [(each["role"], each["content"]) for each in heard.body["messages"]] == [
        ("user", "judge"),
        ("assistant", "promote!"),
        ("user", "as JSON"),
    ]
    assert heard.body["response_format"]["json_schema"] == {
        "name": "answer",
        "strict": True,
        "schema": question.schema,
    }
    assert (heard.body["temperature"], heard.body["seed"], heard.body["max_tokens"]) == (0, 0, 8192)


# As the servers word it: vLLM, OpenAI, DeepSeek, text-generation-inference, FastAPI.
NO_FORMAT = (
    fault(
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        param="response_format",
    ),
    fault("This response_format type is unavailable now"),
    fault("The provided JSON schema contains features not supported by xgrammar."),
    {"error": "Failed to parse: unknown variant `json_schema`, expected one of `text`, `json_object`"},
    {
        "detail": [
            {
                "loc": ["body", "response_format", "type"],
                "msg": "Input should be 'text' or 'json_object'",
                "input": {},
            }
        ]
    },
)


@pytest.mark.parametrize("refusal", NO_FORMAT)
@pytest.mark.parametrize("status", [400, 422])
def test_a_server_without_schemas_is_asked_for_json_and_one_without_that_for_text(
    ask: Answers, answered: Any, refusal: Any, status: int
) -> None:
    reply, server = ask(answered(refusal, status), answered(refusal, status), completion())
    assert isinstance(reply, Reply)
    assert [heard.body.get("response_format", {}).get("type") for heard in server.heard] == [
        "json_schema",
        "json_object",
        None,
    ]


TOO_LARGE = (
    "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context"
    " length is 8192 tokens"
)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        (
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model."
                " Use 'max_completion_tokens' instead."
            ),
            "max_completion_tokens",
        ),
        ("Unsupported value: 'temperature' does not support 0 with this model.", "max_tokens"),
        ("unknown field: seed", "max_tokens"),
    ],
)
def test_what_a_server_does_not_know_is_left_out(
    ask: Answers, answered: Any, message: str, left: str
) -> None:
    reply, server = ask(answered(fault(message), 400), completion())
    assert isinstance(reply, Reply)
    first, second = (heard.body for heard in server.heard)
    assert len(set(first) - set(second)) == 1
    assert left in second


def test_a_context_without_room_for_the_limit_is_asked_without_one(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered(fault(TOO_LARGE), 400), answered(fault(TOO_LARGE), 400), completion())
    assert isinstance(reply, Reply)
    assert not {"max_tokens", "max_completion_tokens"} & set(server.heard[-1].body)


def test_a_server_that_minds_everything_is_asked_for_less_each_time_and_then_told(
    ask: Answers, answered: Any
) -> None:
    everything = "response_format max_tokens max_completion_tokens temperature seed"
    reply, server = ask(answered(fault(everything), 400))
    assert isinstance(reply, Failure)
    assert everything in reply.reason
    assert not reply.retryable
    assert [len(heard.body) for heard in server.heard] == [6, 6, 5, 4, 3, 3, 2]


def test_a_refusal_that_names_nothing_of_the_request_is_asked_once(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered(fault("Conversation roles must alternate"), 400))
    assert isinstance(reply, Failure)
    assert reply.reason.endswith("answered 400: Conversation roles must alternate")
    assert len(server.heard) == 1


def test_only_a_bad_request_is_relaxed(question: Question) -> None:
    body = build_request("m", question, ASKED)
    assert relax(body, RefusedRequest(500, "response_format")) is None
    assert relax(body, RefusedRequest(400, "seeds exceeded")) is None


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. Your request has 9000 input tokens.",
        "the request exceeds the available context size",
        "prompt is too long",
    ],
)
def test_a_prompt_longer_than_the_context_says_what_to_do(ask: Answers, answered: Any, message: str) -> None:
    reply, _ = ask(answered(fault(message), 400))
    assert isinstance(reply, Failure)
    assert message in reply.reason
    assert "--prompt-tokens" in reply.advice
    assert not reply.retryable


def test_a_server_that_counts_far_too_few_tokens_has_cut_the_prompt(ask: Answers) -> None:
    reply, _ = ask(completion(), turns=(Turn(role="user", text="x" * 97),))  # of which it counted 12
    assert isinstance(reply, Failure)
    assert "cut the prompt of 97 bytes to 12 tokens" in reply.reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (completion("{", "length"), "(length)"),
        (completion(None, "content_filter"), "(content_filter)"),
        (completion(None, "tool_calls"), "(tool_calls)"),
        (completion(None), "no text"),
        (completion(" \n"), "no text"),
        (completion(None, refusal="I will not."), "the model refused: I will not."),
        ({"choices": [{"message": {"content": "{}"}}]}, "no reason given"),
        ({"choices": []}, "no choices"),
    ],
)
def test_an_answer_that_did_not_end_of_itself_with_text_is_an_abstention(
    ask: Answers, answer: Any, reason: str
) -> None:
    reply, _ = ask(answer)
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert reason in reply.reason
    # they are billed
    assert (reply.tokens_in, reply.tokens_out) == ((12, 35) if "usage" in answer else (None, None))


@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        ({"error": {"message": "upstream", "code": 503}}, True),
        ({"error": {"message": "upstream", "code": 400}}, False),
        ({"error": "upstream"}, False),
    ],
)
def test_an_error_under_200_is_a_failure(ask: Answers, answer: Any, retryable: bool) -> None:
    reply, _ = ask(answer)
    assert isinstance(reply, Failure)
    assert "answered with an error: upstream" in reply.reason
    assert (reply.retryable, reply.abstained) == (retryable, False)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>",
        b"",
        b"[]",
        b"null",
        b'"no"',
        b"{}",
        b'{"choices": 3}',
        b'{"choices": [3]}',
        b'{"choices": [{"message": []}]}',
    ],
)
def test_an_answer_that_is_no_chat_completion_is_a_failure(ask: Answers, body: bytes) -> None:
    reply, _ = ask(body)
    assert isinstance(reply, Failure)
    assert not reply.abstained
    assert not reply.retryable
    assert "check the URL" in reply.advice
    assert "\n" not in reply.reason


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_its_variable_and_not_the_key(ask: Answers, answered: Any, status: int) -> None:
    reply, server = ask(answered(fault(f"Incorrect API key provided: {KEY}", "invalid_api_key"), status))
    assert isinstance(reply, Failure)
    assert "Incorrect API key provided: ***" in reply.reason
    assert reply.advice == "check OPENAI_API_KEY_127_0_0_1"
    assert len(server.heard) == 1


def test_a_missing_model_names_the_nearest_that_are_there(ask: Answers, answered: Any) -> None:
    listed = {
        "object": "list",
        "data": [{"id": "whisper-1"}, {"id": "google/gemma-4-12b-it"}, {"id": "google/gemma-4-27b-it"}],
    }
    reply, _ = ask(
        answered(fault("The model `gemma-4-12b` does not exist."), 404), listed, name="gemma-4-12b"
    )
    assert isinstance(reply, Failure)
    assert (
        "there is no model 'gemma-4-12b'; it has google/gemma-4-12b-it, google/gemma-4-27b-it, whisper-1"
        in reply.reason
    )


@pytest.mark.parametrize("listed", [{"object": "list", "data": [{"id": "gemma"}]}, {"data": 3}, b"<html>"])
def test_a_404_that_is_not_about_the_model_is_told_as_it_stands(
    ask: Answers, answered: Any, listed: Any
) -> None:
    reply, _ = ask(answered({"detail": "Not Found"}, 404), listed)
    assert isinstance(reply, Failure)
    assert reply.reason.endswith("answered 404: Not Found")
    assert "/v1" in reply.advice


def test_credit_that_is_used_up_does_not_come_back(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered(fault("You exceeded your current quota", "insufficient_quota"), 429))
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert "does not help" in reply.advice
    assert len(server.heard) == 1


def test_what_does_not_pass_is_retryable_later_on(ask: Answers, answered: Any) -> None:
    reply, server = ask(answered(b"<html>Bad Gateway</html>", 502))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert len(server.heard) == 5


def test_a_refused_connection_is_retryable_and_says_where(question: Question, refused: str) -> None:
    reply = create(f"m@http://{refused}", {}).ask(question, ASKED, Deadline.after(10))
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert refused in reply.reason


def test_each_host_has_a_key_of_its_own_and_openai_s_goes_nowhere_else(
    serve: Any, answered: Any, question: Question
) -> None:
    def sent(environ: dict[str, str]) -> str | None:
        server = serve(lambda heard: None, answered(completion()))
        create(f"m@{server.url}", environ).ask(question, ASKED, Deadline.after(10))
        value: str | None = server.heard[0].headers.get("authorization")
        return value

    everybody = {"OPENAI_API_KEY": "of-openai"}
    assert sent({}) is None
    assert sent(everybody) is None
    assert sent({**everybody, "OPENAI_API_KEY_127_0_0_1": "of-vllm"}) == "Bearer of-vllm"
    assert sent({**everybody, "OPENAI_API_KEY_127_0_0_1": ""}) is None


def test_the_key_that_was_refused_is_the_one_that_is_named(
    serve: Any, answered: Any, question: Question
) -> None:
    server = serve(lambda heard: None, answered({}, 401))
    reply = create(f"m@{server.url}", {"OPENAI_API_KEY_127_0_0_1": "of-vllm"}).ask(
        question, ASKED, Deadline.after(10)
    )
    assert isinstance(reply, Failure)
    assert reply.advice == "check OPENAI_API_KEY_127_0_0_1"
    without = create(f"m@{server.url}", {"OPENAI_API_KEY": "of-openai"}).ask(
        question, ASKED, Deadline.after(10)
    )
    assert isinstance(without, Failure)
    assert without.advice == "set OPENAI_API_KEY_127_0_0_1: OPENAI_API_KEY goes to api.openai.com alone"


@pytest.mark.parametrize("argument", ["", "gemma", "gemma@", "@http://vllm", "gemma@vllm:8000"])
def test_an_argument_without_a_name_or_a_url_is_a_usage_error_with_an_example(argument: str) -> None:
    with pytest.raises(UsageError) as raised:
        create(argument, {})
    assert "openai:google/gemma" in raised.value.advice


def test_a_url_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError, match="holds a name or password") as raised:
        create("gemma@http://me:hunter2@vllm:8000/v1", {})
    assert "hunter2" not in str(raised.value) + raised.value.advice


@pytest.mark.parametrize(
    ("argument", "name", "url"),
    [
        ("gemma@http://vllm:8000", "openai:gemma@vllm:8000", "http://vllm:8000/v1"),
        ("gemma@http://vllm:8000/", "openai:gemma@vllm:8000", "http://vllm:8000/v1"),
        ("gemma@http://vllm:8000/v1/", "openai:gemma@vllm:8000", "http://vllm:8000/v1"),
        ("gemma@http://vllm:8000/v1/chat/completions", "openai:gemma@vllm:8000", "http://vllm:8000/v1"),
        (
            "a@b/c@https://gateway.example/team",
            "openai:a@b/c@gateway.example",
            "https://gateway.example/team",
        ),
    ],
)
def test_a_bare_host_gets_v1_and_a_path_is_taken_as_it_stands(argument: str, name: str, url: str) -> None:
    model = create(argument, {})
    assert (model.name, model.endpoint.url) == (name, url)
    assert KEY not in repr(create("gemma@https://api.openai.com", {"OPENAI_API_KEY": KEY}))


def called(*calls: tuple[str, str], finish: str = "tool_calls") -> dict[str, Any]:
    functions = [{"name": name, "arguments": text} for name, text in calls]
    told = [
        {"id": f"c{number}", "type": "function", "function": function}
        for number, function in enumerate(functions)
    ]
    return {
        **completion(None, finish, tool_calls=told),
        "usage": {"prompt_tokens": 900, "completion_tokens": 35, "total_tokens": 935},
    }


class TestTools:
    def test_they_are_declared_and_no_format_keeps_the_model_from_calling(
        self, ask: Answers, offering: Question
    ) -> None:
        _, server = ask(completion(), question=offering)
        body = server.heard[0].body
        assert [each["function"]["name"] for each in body["tools"]] == [tool.name for tool in offering.tools]
        assert body["tools"][1]["function"]["parameters"] == offering.tools[1].schema
        assert "response_format" not in body

    @pytest.mark.parametrize("finish", ["tool_calls", "stop"])
    def test_its_calls_come_back_in_their_order(self, ask: Answers, offering: Question, finish: str) -> None:
        reply, _ = ask(
            called(("pods", '{"side": "canary"}'), ("events", ""), finish=finish), question=offering
        )
        assert isinstance(reply, Calls)
        assert reply.calls == (
            Call(name="pods", arguments={"side": "canary"}, id="c0"),
            Call(name="events", arguments={}, id="c1"),
        )
        assert (reply.tokens_in, reply.tokens_out) == (900, 35)

    @pytest.mark.parametrize("broken", ["{", "[]", '"pods"', "null"])
    def test_arguments_that_are_none_are_what_the_model_is_told_about(
        self, ask: Answers, offering: Question, broken: str
    ) -> None:
        reply, _ = ask(called(("pods", broken)), question=offering)
        assert isinstance(reply, Calls)
        assert reply.calls[0].arguments == {"no JSON object": broken}

    def test_calls_and_results_go_back_in_the_conversation_and_the_answer_is_bound_again(
        self, ask: Answers, looked: tuple[Turn, ...]
    ) -> None:
        _, server = ask(completion(), turns=looked)
        body = server.heard[0].body
        _, asked, *told, _ = body["messages"]
        assert [(call["id"], json.loads(call["function"]["arguments"])) for call in asked["tool_calls"]] == [
            ("c1", {"side": "canary"}),
            ("c2", {"pod": "cart-1", "context": 3}),
        ]
        assert told == [
            {"role": "tool", "tool_call_id": "c1", "content": "| cart-1: Running"},
            {"role": "tool", "tool_call_id": "c2", "content": "| out of memory"},
        ]
        assert "tools" not in body
        assert body["response_format"]["type"] == "json_schema"

    @pytest.mark.parametrize(
        "refusal",
        [
            fault('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
            fault("registry.ollama.ai/library/gemma3:latest does not support tools"),
        ],
    )
    def test_a_server_that_cannot_is_a_failure_that_says_how_it_could(
        self, ask: Answers, answered: Any, offering: Question, refusal: dict[str, Any]
    ) -> None:
        reply, server = ask(answered(refusal, 400), question=offering)
        assert isinstance(reply, Failure)
        assert (reply.retryable, reply.abstained) == (False, False)
        assert reply.advice.startswith(
            "leave out --investigate, or have the server call functions (vLLM: --enable-auto-tool-choice"
        )
        assert len(server.heard) == 1

    def test_a_call_that_was_cut_short_is_an_abstention(self, ask: Answers, offering: Question) -> None:
        reply, _ = ask(called(("pods", '{"side'), finish="length"), question=offering)
        assert isinstance(reply, Failure)
        assert reply.abstained

    def test_the_real_server_refuses_a_model_without_them(self, ollama_host: str, offering: Question) -> None:
        reply = create(f"tiny@http://{ollama_host}", {}).ask(offering, ASKED, Deadline.after(60))
        assert isinstance(reply, Failure)
        assert "does not support tools" in reply.reason
        assert "leave out --investigate" in reply.advice
