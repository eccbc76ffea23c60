import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import ollama
import pytest

from analyzer.answer import answer_schema
from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models import create as create_all
from analyzer.models import ollama as adapter
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn, Warm
from analyzer.models.ollama import create
from analyzer.run.judge import warm
from analyzer.verdicts.verdict import Verdict, parse_verdict

pytestmark = pytest.mark.models

ASKED = (Turn(role="user", text="judge"),)
NOTHING: dict[str, Any] = {"models": []}
SHOWN = {
    "model_info": {"general.architecture": "gemma4", "gemma4.context_length": 131072},
    "capabilities": ["completion"],
}


def ask(
    host: str,
    question: Question,
    *,
    name: str = "tiny",
    turns: tuple[Turn, ...] = ASKED,
    seconds: float = 240,
) -> Reply | Calls | Failure:
    return create(name, {"OLLAMA_HOST": host}).ask(question, turns, Deadline.after(seconds))


@pytest.fixture
def short(question: Question) -> Question:
    """A question whose answer is one word: a model of random weights would fill a free text to its end."""
    return msgspec.structs.replace(question, schema={"type": "boolean"})


@pytest.fixture
def bound(question: Question) -> Question:
    """The real question, its texts and lists bounded."""
    fields = answer_schema()["properties"]
    texts = {name: {"type": "string", "maxLength": 3} for name in ("summary", "root_cause", "remediation")}
    lists = {
        name: {"type": "array", "maxItems": 0, "items": {"type": "string"}} for name in ("findings", "quotes")
    }
    return msgspec.structs.replace(
        question, schema={**answer_schema(), "properties": {**fields, **texts, **lists}}
    )


class TestRealServer:
    def test_the_schema_binds_the_answer_and_the_answer_is_read(
        self, ollama_host: str, bound: Question
    ) -> None:
        reply = ask(ollama_host, bound)
        assert isinstance(reply, Reply), reply
        verdict = parse_verdict("ollama:tiny", reply, bound)
        assert isinstance(verdict, Verdict), verdict
        assert len(verdict.answer.summary) <= 3
        assert reply.tokens_in is not None
        assert reply.tokens_in >= len("judge")  # `tiny` takes a token a byte
        assert reply.tokens_out

    def test_the_same_question_gets_the_same_answer(self, ollama_host: str, short: Question) -> None:
        first, second = ask(ollama_host, short), ask(ollama_host, short)
        assert isinstance(first, Reply)
        assert isinstance(second, Reply)
        assert first.text == second.text

    def test_the_whole_conversation_is_sent(self, ollama_host: str, short: Question) -> None:
        longer = (*ASKED, Turn(role="model", text="promote!"), Turn(role="user", text="as JSON"))
        one, three = ask(ollama_host, short), ask(ollama_host, short, turns=longer)
        assert isinstance(one, Reply)
        assert isinstance(three, Reply)
        assert (three.tokens_in or 0) > (one.tokens_in or 0) + len("promote!") + len("as JSON")

    def test_a_prompt_denser_than_estimated_is_asked_again_with_more_room(
        self, ollama_host: str, short: Question
    ) -> None:
        text = "x" * 4_200  # estimated at 1,400 tokens, and `tiny` makes 4,200 of it
        reply = ask(ollama_host, short, turns=(Turn(role="user", text=text),))
        assert isinstance(reply, Reply), reply
        assert (reply.tokens_in or 0) > 4_200

    def test_a_prompt_that_leaves_the_answer_too_little_room_is_asked_again_with_more(
        self, ollama_host: str, bound: Question
    ) -> None:
        # of 4,096 tokens the answer takes the rest, and more
        reply = ask(ollama_host, bound, turns=(Turn(role="user", text="x" * 4_000),))
        assert isinstance(reply, Reply), reply
        assert 4_000 < (reply.tokens_in or 0) < 4_096
        assert (reply.tokens_in or 0) + (reply.tokens_out or 0) > 4_096

    def test_a_prompt_that_leaves_the_answer_no_room_in_the_whole_context_is_a_failure(
        self, ollama_host: str, bound: Question
    ) -> None:
        reply = ask(ollama_host, bound, turns=(Turn(role="user", text="x" * 8_100),))
        assert isinstance(reply, Failure)
        assert reply.reason == (
            "the prompt of 8100 bytes leaves too little room for an answer in the model's"
            " context of 8192 tokens"
        )
        assert reply.advice == "name a model with a longer context, or lower --prompt-tokens"
        assert (reply.retryable, reply.abstained) == (False, False)

    def test_a_prompt_longer_than_the_model_s_context_is_refused_and_never_cut(
        self, ollama_host: str, short: Question
    ) -> None:
        reply = ask(ollama_host, short, turns=(Turn(role="user", text="x" * 9_000),))
        assert isinstance(reply, Failure)
        assert "9000 bytes is longer than the model's context of 8192 tokens" in reply.reason
        assert not reply.retryable
        assert not reply.abstained

    def test_a_model_that_is_not_there_says_how_to_get_it_and_what_there_is(
        self, ollama_host: str, short: Question
    ) -> None:
        reply = ask(ollama_host, short, name="gemma4:12b")
        assert isinstance(reply, Failure)
        reason, _, there = reply.reason.partition("; it has ")
        assert reason == f"Ollama at {ollama_host} has no model 'gemma4:12b'"
        assert set(there.split(", ")) == {
            "tiny:latest",
            "promoter:latest",
            "doubter:latest",
            "wrecker:latest",
        }
        assert reply.advice.startswith("ollama pull gemma4:12b")
        assert not reply.retryable

    def test_a_schema_that_the_server_cannot_read_is_its_failure(
        self, ollama_host: str, question: Question
    ) -> None:
        reply = ask(ollama_host, msgspec.structs.replace(question, schema={"type": "nonsense"}))
        assert isinstance(reply, Failure)
        assert "500" in reply.reason
        assert not reply.retryable


class TestWarm:
    @pytest.fixture(autouse=True)
    def cold(self, ollama_host: str) -> None:
        """The model is not loaded, whatever was asked before."""
        with ollama.Client(ollama_host) as client:
            client.chat("tiny", [], keep_alive=0)
        wait_for(lambda: loaded(ollama_host) == [])

    def test_the_model_is_loaded_and_the_question_does_not_load_it_anew(
        self, ollama_host: str, short: Question
    ) -> None:
        model = create("tiny", {"OLLAMA_HOST": ollama_host})
        assert isinstance(model, Warm)
        model.warm(Deadline.after(60))
        (context,) = loaded(ollama_host)
        # 8,000 tokens and room for the answer are 12288, and `tiny` was trained for 8192
        assert context == 8192
        assert isinstance(ask(ollama_host, short), Reply)  # which takes 4096 by itself
        assert loaded(ollama_host) == [context]

    def test_without_it_a_short_question_loads_a_short_context(
        self, ollama_host: str, short: Question
    ) -> None:
        assert isinstance(ask(ollama_host, short), Reply)
        assert loaded(ollama_host) == [4096]

    def test_the_pipeline_begins_it_and_does_not_wait(self, ollama_host: str) -> None:
        warm(create_all(("builtin", "ollama:tiny"), {"OLLAMA_HOST": ollama_host}), Deadline.after(60))
        wait_for(lambda: loaded(ollama_host) == [8192])

    def test_a_run_on_a_cluster_begins_it_before_it_gathers(
        self, ollama_host: str, refused: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        named = {"name": "c", "cluster": {"server": f"http://{refused}"}}
        pair = {"name": "c", "context": {"cluster": "c", "user": "u"}}
        config = {
            "clusters": [named],
            "contexts": [pair],
            "users": [{"name": "u", "user": {}}],
            "current-context": "c",
        }
        (tmp_path / "config").write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **config}))
        monkeypatch.setenv("OLLAMA_HOST", ollama_host)
        target = ["--namespace", "shop", "--rollout", "cart", "--kubeconfig", str(tmp_path / "config")]
        # there is no cluster
        assert run(["analyze", *target, "--model", "ollama:tiny", "--deadline", "60s"]) == 5
        wait_for(lambda: loaded(ollama_host) == [8192])

    def test_a_model_that_is_not_there_is_no_error_yet(self, ollama_host: str) -> None:
        create("gemma4", {"OLLAMA_HOST": ollama_host}).warm(Deadline.after(10))
        assert loaded(ollama_host) == []


def test_to_warm_a_server_that_is_not_there_is_no_error_yet(refused: str) -> None:
    create("tiny", {"OLLAMA_HOST": refused}).warm(Deadline.after(10))


def loaded(host: str) -> list[int | None]:
    """The contexts that `tiny` is loaded with: one, or none."""
    with ollama.Client(host) as client:
        return [each.context_length for each in client.ps().models if each.model == "tiny:latest"]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = Deadline.after(60)
    while not condition():
        assert not deadline.expired()


def stream(*chunks: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(chunk).encode() + b"\n" for chunk in chunks)


def chunk(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "m", "message": {"role": "assistant", "content": text}, "done": False, **more}


DONE = chunk("", done=True, done_reason="stop", prompt_eval_count=20, eval_count=4)


class Asked:
    """What a stub of the server makes of one question, and what it was sent."""

    def __init__(
        self,
        serve: Any,
        answered: Any,
        *answers: Any,
        question: Question,
        seconds: float = 20,
        shown: Any = SHOWN,
        loaded: Any = NOTHING,
    ) -> None:
        made = [each if isinstance(each, answered) else answered(each) for each in (shown, loaded, *answers)]
        server = serve(lambda heard: None, *made)
        self.reply = ask(server.url, question, name="gemma4", seconds=seconds)
        self.sent = [heard.body for heard in server.heard if heard.path == "/api/chat"]


def test_the_request_forbids_to_cut_the_prompt(serve: Any, answered: Any, question: Question) -> None:
    asked = Asked(serve, answered, stream(chunk('{"a"'), chunk(": 1}"), DONE), question=question)
    assert isinstance(asked.reply, Reply)
    assert (asked.reply.text, asked.reply.tokens_in, asked.reply.tokens_out) == ('{"a": 1}', 20, 4)
    (body,) = asked.sent
    assert (body["truncate"], body["shift"]) == (False, False)
    assert body["format"] == question.schema
    assert body["options"] == {"num_ctx": 4096, "num_predict": 2048, "temperature": 0.0, "seed": 0}
    assert body["messages"] == [{"role": "user", "content": "judge"}]
    assert (body["stream"], body["keep_alive"]) == (True, "10m")
    assert "think" not in body


def test_the_request_forbids_it_through_a_proxy_too(
    serve: Any, answered: Any, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda heard: None, answered(SHOWN), answered(NOTHING), answered(stream(chunk("{}"), DONE)))
    monkeypatch.setenv("http_proxy", proxy.url)
    assert isinstance(ask("ollama.example", question), Reply)
    assert proxy.heard[2].path == "http://ollama.example:11434/api/chat"
    assert proxy.heard[2].body["truncate"] is False


def test_a_model_that_can_think_is_told_not_to(serve: Any, answered: Any, question: Question) -> None:
    shown = {**SHOWN, "capabilities": ["completion", "thinking"]}
    asked = Asked(serve, answered, stream(chunk("{}"), DONE), question=question, shown=shown)
    assert asked.sent[0]["think"] is False


@pytest.mark.parametrize(
    ("name", "context"), [("gemma4:latest", 32768), ("gemma4", 32768), ("gemma4:12b", 4096)]
)
def test_a_longer_context_that_is_loaded_is_kept_because_another_one_would_load_the_model_anew(
    serve: Any, answered: Any, question: Question, name: str, context: int
) -> None:
    running = {
        "models": [{"model": name, "context_length": 32768}, {"model": "llama", "context_length": 65536}]
    }
    asked = Asked(serve, answered, stream(chunk("{}"), DONE), question=question, loaded=running)
    assert asked.sent[0]["options"]["num_ctx"] == context


@pytest.mark.parametrize(
    ("running", "keep_alive"),
    [(NOTHING, "10m"), ({"models": [{"model": "gemma4:latest", "context_length": 8192}]}, None)],
)
def test_a_model_that_we_load_stays_for_the_rest_of_the_run_and_one_that_is_loaded_as_long_as_it_would(
    serve: Any, answered: Any, question: Question, running: Any, keep_alive: str | None
) -> None:
    asked = Asked(serve, answered, stream(chunk("{}"), DONE), question=question, loaded=running)
    assert asked.sent[0].get("keep_alive") == keep_alive


def test_a_model_that_cannot_think_is_told_nothing_of_it(
    serve: Any, answered: Any, question: Question
) -> None:
    assert Asked(serve, answered, stream(chunk("{}"), DONE), question=question).sent[0].get("think") is None


@pytest.mark.parametrize("running", [b"<html>", {"models": [{"model": "gemma4"}]}, {}])
def test_a_server_that_does_not_say_what_is_loaded_is_asked_all_the_same(
    serve: Any, answered: Any, question: Question, running: Any
) -> None:
    asked = Asked(serve, answered, stream(chunk("{}"), DONE), question=question, loaded=running)
    assert asked.sent[0]["options"]["num_ctx"] == 4096


def test_a_server_that_cut_the_prompt_all_the_same_is_found_out(
    serve: Any, answered: Any, question: Question
) -> None:
    reply = Asked(
        serve, answered, stream(chunk("{}"), {**DONE, "prompt_eval_count": 4096}), question=question
    ).reply
    assert isinstance(reply, Failure)
    assert "cut the prompt to 4096 tokens" in reply.reason


def test_a_full_queue_is_tried_again(serve: Any, answered: Any, question: Question) -> None:
    full = answered({"error": "server busy, please try again. maximum pending requests exceeded"}, 503)
    assert isinstance(Asked(serve, answered, full, stream(chunk("{}"), DONE), question=question).reply, Reply)


def test_a_queue_that_stays_full_is_retryable_later_on(serve: Any, answered: Any, question: Question) -> None:
    reply = Asked(
        serve, answered, answered({"error": "server busy"}, 503), question=question, seconds=2
    ).reply
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert "server busy" in reply.reason
    assert reply.advice == (
        "its queue is full: more time with --deadline, fewer analyses at once, or a higher OLLAMA_MAX_QUEUE"
    )


@pytest.mark.parametrize(
    ("body", "reason", "retryable"),
    [
        (
            stream(chunk("{"), {"error": "an error was encountered while running the model"}),
            "broke off its answer: an error was",
            True,
        ),
        (stream(chunk("{")), "broke off its answer", True),
        (b"", "broke off its answer", True),
        (b"<html>a portal</html>", "is no Ollama server", False),
        (b"[]\n", "is no Ollama server", False),
        (b'{"done": true}\n', "is no Ollama server", False),
        (b'{"message": \n', "is no Ollama server", False),
    ],
)
def test_a_stream_that_is_no_answer_is_a_failure(
    serve: Any, answered: Any, question: Question, *, body: bytes, reason: str, retryable: bool
) -> None:
    reply = Asked(serve, answered, body, question=question).reply
    assert isinstance(reply, Failure)
    assert reason in reply.reason
    assert (reply.retryable, reply.abstained) == (retryable, False)


@pytest.mark.parametrize(
    ("done", "reason"), [("length", "2048 tokens were not enough"), ("unload", "'unload'")]
)
def test_an_answer_that_did_not_end_of_itself_is_an_abstention(
    serve: Any, answered: Any, question: Question, done: str, reason: str
) -> None:
    reply = Asked(
        serve,
        answered,
        stream(chunk("{}"), {**DONE, "done_reason": done, "eval_count": 2048}),
        question=question,
    ).reply
    assert isinstance(reply, Failure)
    assert reply.abstained
    assert (reply.tokens_in, reply.tokens_out) == (20, 2048)
    assert reason in reply.reason


def test_an_empty_answer_is_an_abstention(serve: Any, answered: Any, question: Question) -> None:
    reply = Asked(serve, answered, stream(chunk(" "), DONE), question=question).reply
    assert isinstance(reply, Failure)
    assert reply.abstained


@pytest.mark.parametrize("shown", [b"<html>", b"[]", b"null", {"model_info": None}])
def test_a_server_that_is_not_ollama_is_told(
    serve: Any, answered: Any, question: Question, shown: Any
) -> None:
    reply = Asked(serve, answered, answered(b"<html>", 404), question=question, shown=shown).reply
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert "OLLAMA_HOST" in reply.advice


def test_a_connection_that_breaks_is_retryable(serve: Any, answered: Any, question: Question) -> None:
    broken = answered(stream(chunk("{")), headers={"Content-Length": "999"})
    reply = Asked(serve, answered, broken, question=question).reply
    assert isinstance(reply, Failure)
    assert reply.retryable


def test_a_refused_connection_is_retryable_and_says_where(question: Question, refused: str) -> None:
    reply = ask(refused, question, seconds=10)
    assert isinstance(reply, Failure)
    assert reply.retryable
    assert refused in reply.reason
    assert "OLLAMA_HOST" in reply.advice


def test_a_host_s_password_is_in_no_message(question: Question, refused: str) -> None:
    assert "hunter2" not in repr(ask(f"http://me:hunter2@{refused}", question, seconds=10).reason)  # type: ignore[union-attr]


@pytest.mark.parametrize("host", ["http://[::1", "gpu:port", "gpu:99999", "ftp://gpu", "http://gpu:0"])
def test_a_host_that_is_no_address_is_a_usage_error(host: str) -> None:
    with pytest.raises(UsageError, match="OLLAMA_HOST is no address"):
        create("tiny", {"OLLAMA_HOST": host})


@pytest.mark.parametrize(
    "host", ["", "gpu", "gpu:11434", "http://gpu", "https://gpu/ollama", "0.0.0.0", "[::1]:11434", ":11434"]
)
def test_a_host_as_the_client_reads_it_is_taken(host: str) -> None:
    assert create("", {"OLLAMA_HOST": host}).name == "ollama:gemma4"


def test_one_model_by_two_names_is_one_model() -> None:
    with pytest.raises(UsageError, match="ollama:gemma4 is asked twice"):
        create_all(("ollama:gemma4", "ollama:gemma4:latest"), {})
    assert create("gemma4:12b", {}).name == "ollama:gemma4:12b"


@pytest.mark.timed
class TestTime:
    def test_a_cold_load_is_waited_for_until_the_deadline(
        self, serve: Any, answered: Any, question: Question
    ) -> None:
        reply = Asked(serve, answered, answered(None, hang=True), question=question, seconds=1).reply
        assert isinstance(reply, Failure)
        assert reply.retryable
        assert "--deadline" in reply.advice
        assert reply.latency < 3

    def test_an_answer_that_is_still_being_written_at_the_deadline_is_left(
        self, ollama_host: str, question: Question
    ) -> None:
        words = {"type": "array", "minItems": 400, "items": {"type": "boolean"}}
        reply = ask(ollama_host, msgspec.structs.replace(question, schema=words), seconds=0.5)
        assert isinstance(reply, Failure)
        assert reply.retryable
        assert reply.latency < 3


def test_the_client_makes_no_noise_of_its_own(serve: Any, answered: Any, question: Question) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Asked(serve, answered, stream(chunk("{}"), DONE), question=question)
    assert [str(each.message) for each in caught] == []


# As templates of models that call tools have it, in short.
TEMPLATE = """{{ range .Tools }}[tool] {{ json .Function }}
{{ end }}{{ range .Messages }}[{{ .Role }}] {{ .Content }}{{ range .ToolCalls }}[call] {"name": "{{ .Function.Name }}", \
"arguments": {{ json .Function.Arguments }}}{{ end }}
{{ end }}[assistant] """


class TestTools:
    @pytest.fixture
    def caller(self, ollama_host: str) -> Iterator[str]:
        """`tiny` with a template that has tools."""
        with ollama.Client(ollama_host) as client:
            client.create(model="caller", from_="tiny", template=TEMPLATE)
            yield "caller"
            client.delete("caller")

    def test_the_real_server_takes_them_of_a_model_whose_template_has_them(
        self, ollama_host: str, offering: Question, caller: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(adapter, "ANSWER", 1)  # a model of random weights would ramble on
        reply = ask(ollama_host, offering, name=caller)
        assert (
            not isinstance(reply, Failure) or "is incomplete" in reply.reason or "no text" in reply.reason
        ), reply

    def test_the_real_server_takes_calls_and_results_and_binds_the_answer_to_them(
        self, ollama_host: str, short: Question, caller: str, looked: tuple[Turn, ...]
    ) -> None:
        before, after = (
            ask(ollama_host, short, name=caller),
            ask(ollama_host, short, name=caller, turns=looked),
        )
        assert isinstance(before, Reply)
        assert isinstance(after, Reply)
        assert after.text.strip() in ("true", "false")
        sent = (
            'Let me look.| cart-1: Running| out of memory"pods" {"side":"canary"}"logs"'
            ' {"context":3,"pod":"cart-1"}'
        )
        assert (after.tokens_in or 0) > (before.tokens_in or 0) + len(sent)  # a token a byte

    def test_a_model_whose_template_has_none_is_refused(self, ollama_host: str, offering: Question) -> None:
        reply = ask(ollama_host, offering)
        assert isinstance(reply, Failure)
        assert reply.reason == "the model tiny cannot use tools"
        assert reply.advice.startswith("leave out --investigate")
        assert (reply.retryable, reply.abstained) == (False, False)

    def test_calls_come_back_and_no_format_keeps_the_model_from_them(
        self, serve: Any, answered: Any, offering: Question
    ) -> None:
        shown = {**SHOWN, "capabilities": ["completion", "tools"]}
        calls = [
            {"function": {"name": "logs", "arguments": {"pod": "cart-1"}}},
            {"function": {"name": "pods", "arguments": {}}},
        ]
        pieces = (
            chunk("Let me look."),
            *(
                {**chunk(""), "message": {"role": "assistant", "content": "", "tool_calls": [each]}}
                for each in calls
            ),
        )
        asked = Asked(serve, answered, stream(*pieces, DONE), question=offering, shown=shown)
        assert isinstance(asked.reply, Calls)
        assert asked.reply.calls == (
            Call(name="logs", arguments={"pod": "cart-1"}),
            Call(name="pods", arguments={}),
        )
        assert (asked.reply.text, asked.reply.tokens_in) == ("Let me look.", 20)
        (body,) = asked.sent
        assert [each["function"]["name"] for each in body["tools"]] == [tool.name for tool in offering.tools]
        assert body["tools"][1]["function"]["parameters"]["properties"]["pod"]["type"] == "string"
        assert not body.get("format")
        assert body["truncate"] is False
