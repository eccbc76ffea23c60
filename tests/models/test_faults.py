"""Every way a judge can fail, and what it comes to. `GOLDEN=write pytest tests/models/test_faults.py` writes
docs/faults.md.
"""

import importlib
import inspect
import json
import os
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import msgspec
import ollama
import pytest
from google.auth.exceptions import RefreshError
from google.genai import errors

from analyzer.answer import Answer, answer_schema
from analyzer.cli import run
from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.common.http import HttpFault
from analyzer.decision import DecisionInput, decide
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import load
from analyzer.exits import for_outcome
from analyzer.models import ADAPTERS, create
from analyzer.models.interface import Model, Question
from analyzer.models.json_api import RefusedRequest
from analyzer.report.words import opinion_line
from analyzer.settings import Rules
from analyzer.verdicts.dialogue import ask_all
from analyzer.verdicts.verdict import Abstention, Failed, Opinion, Verdict

pytestmark = pytest.mark.models

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "faults.md"
KEY = "sk-this-is-a-secret"
STAGES = ("connect", "send", "stream", "parse")
PROMOTE = {"verdict": "promote", "confidence": 95, "summary": "s"}
KINDS = {Failed: "failed", Abstention: "abstained"}


class Panic(BaseException):
    """As pydantic's core, which is Rust, has it."""

    __module__ = "pyo3_runtime"


BUGS = (RecursionError, KeyError, MemoryError, SystemExit, Panic)  # of a client's own


def chunk(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "m", "message": {"role": "assistant", "content": text}, "done": False, **more}


def lines(*chunks: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in chunks)


def candidate(finish: str | None = "STOP", text: str = "{}") -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": finish}]}


def choice(finish: str | None = "stop", content: str | None = "{}", **message: Any) -> dict[str, Any]:
    return {
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "finish_reason": finish,
            }
        ]
    }


def told(**fields: Any) -> dict[str, Any]:
    return {
        "analysis": "a",
        "rootCause": "r",
        "remediation": "m",
        "promote": True,
        "confidence": 95,
        **fields,
    }


DONE = chunk("", done=True, done_reason="stop", prompt_eval_count=20, eval_count=4)


@dataclass(frozen=True)
class Judge:
    """An adapter: how it is named and what it needs, whose exceptions it may meet, and a server's answers
    that lead to a promotion.
    """

    name: str
    model: Callable[[str], str]
    environ: Callable[[str], dict[str, str]]
    modules: tuple[str, ...]
    transport: Any
    parse: str  # what reads the answer: the place where a fault of the stage `parse` is put
    before: tuple[Any, ...]  # the answers ahead of the one that counts
    good: Any

    def create(self, url: str) -> Model:
        return create((self.model(url),), self.environ(url))[0]

    def exceptions(self) -> list[type[BaseException]]:
        members = [
            each
            for name in self.modules
            for _, each in inspect.getmembers(importlib.import_module(name), inspect.isclass)
        ]
        theirs = {
            each
            for each in members
            if issubclass(each, Exception) and not issubclass(each, Warning | UsageError)
        }
        return sorted(
            {*theirs, ConnectionResetError, TimeoutError, *BUGS},
            key=lambda each: (each.__qualname__, each.__module__),
        )


ANSWER = json.dumps(PROMOTE)
JUDGES = {
    judge.name: judge
    for judge in (
        Judge(
            name="gemini",
            model=lambda _: "gemini",
            environ=lambda url: {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url},
            modules=("google.genai.errors", "google.auth.exceptions", "httpx2", "httpx2._exceptions"),
            transport=httpx2.HTTPTransport,
            parse="google.genai.types.GenerateContentResponse._from_response",
            before=(),
            good=candidate(text=ANSWER),
        ),
        Judge(
            name="ollama",
            model=lambda _: "ollama:tiny",
            environ=lambda url: {"OLLAMA_HOST": url, "OLLAMA_API_KEY": KEY},
            modules=("ollama", "analyzer.models.ollama.pull", "httpx", "httpx._exceptions"),
            transport=httpx.HTTPTransport,
            parse="ollama.ChatResponse.__init__",
            before=({"model_info": {}, "capabilities": []}, {"models": []}),
            good=lines(chunk(ANSWER), DONE),
        ),
        Judge(
            name="openai",
            model=lambda url: f"openai:gemma@{url}",
            environ=lambda url: {
                f"OPENAI_API_KEY_{re.sub('[^A-Z0-9]', '_', (urlsplit(url).hostname or '').upper())}": KEY
            },
            modules=("analyzer.models.json_api", "httpx", "httpx._exceptions"),
            transport=httpx.HTTPTransport,
            parse="httpx.Response.iter_bytes",
            before=(),
            good=choice(content=ANSWER),
        ),
        Judge(
            name="agent",
            model=lambda url: f"agent:{url}",
            environ=lambda _: {"A2A_TOKEN": KEY},
            modules=("analyzer.models.json_api", "httpx", "httpx._exceptions"),
            transport=httpx.HTTPTransport,
            parse="httpx.Response.iter_bytes",
            before=(),
            good=told(),
        ),
    )
}


@dataclass(frozen=True)
class Documented:
    """What a server is documented to answer. `kind`: failed, abstained, or retryable (failed, and another run
    may fare better).
    """

    judge: str
    fault: str
    kind: str
    body: Any
    status: int = 200
    after: tuple[Any, ...] = ()  # further answers; the last one is repeated
    headers: dict[str, str] = field(default_factory=dict)
    early: bool = False  # it is the answer to the very first request


def google(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


def quota(*ids: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": each} for each in ids],
    }


def openai(message: str, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "t", "param": None, "code": code}}


def of_gemini() -> Iterator[Documented]:
    """https://ai.google.dev/gemini-api/docs/troubleshooting and …/api/generate-content#FinishReason"""
    statuses = {
        "INVALID_ARGUMENT": (400, "failed"),
        "FAILED_PRECONDITION": (400, "failed"),
        "UNAUTHENTICATED": (401, "failed"),
        "PERMISSION_DENIED": (403, "failed"),
        "NOT_FOUND": (404, "failed"),
        "CANCELLED": (499, "failed"),
        "INTERNAL": (500, "retryable"),
        "UNAVAILABLE": (503, "retryable"),
        "DEADLINE_EXCEEDED": (504, "retryable"),
    }
    for status, (code, kind) in statuses.items():
        yield Documented("gemini", f"{code} {status}", kind, google(code, status, "m"), code)
    for name, kind in (("PerMinute", "retryable"), ("PerDay", "failed")):
        exhausted = google(429, "RESOURCE_EXHAUSTED", "m", quota(f"GenerateRequests{name}PerProjectPerModel"))
        yield Documented("gemini", f"429 RESOURCE_EXHAUSTED, {name}", kind, exhausted, 429)
    depleted = google(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.")
    yield Documented("gemini", "429 RESOURCE_EXHAUSTED, prepaid credits", "failed", depleted, 429)
    for finish in (
        "MAX_TOKENS",
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "OTHER",
    ):
        yield Documented("gemini", f"finishReason {finish}", "abstained", candidate(finish, ANSWER))
    yield Documented(
        "gemini", "blockReason SAFETY", "abstained", {"promptFeedback": {"blockReason": "SAFETY"}}
    )
    yield Documented("gemini", "no candidates", "abstained", {"candidates": []})
    yield Documented("gemini", "STOP without text", "abstained", candidate(text=""))


def of_ollama() -> Iterator[Documented]:
    """https://docs.ollama.com/api/errors and the server's routes.go"""
    faults = (
        (400, '"tiny" does not support thinking', "failed"),
        (400, "the input length exceeds the context length", "failed"),
        (401, "unauthorized", "failed"),
        (403, "this model requires a subscription", "failed"),
        (429, "too many requests", "retryable"),
        (500, "model requires more system memory (9.1 GiB) than is available (5.0 GiB)", "retryable"),
        (500, "invalid JSON schema in format", "failed"),
        (502, "upstream", "retryable"),
        (503, "server busy, please try again. maximum pending requests exceeded", "retryable"),
    )
    for code, message, kind in faults:
        yield Documented("ollama", f"{code} {message}", kind, {"error": message}, code)
    yield Documented(
        "ollama",
        "404 model not found",
        "failed",
        {"error": "model 'tiny' not found"},
        404,
        ({"models": []},),
        early=True,
    )
    yield Documented("ollama", "404 page not found", "failed", b"404 page not found", 404, early=True)
    yield Documented(
        "ollama", "an error in the stream", "retryable", lines(chunk("{"), {"error": "the runner stopped"})
    )
    yield Documented("ollama", "a stream without its end", "retryable", lines(chunk("{")))
    for reason in ("length", "unload"):
        ended = {**DONE, "done_reason": reason, "eval_count": 2048}
        yield Documented("ollama", f"done_reason {reason}", "abstained", lines(chunk(ANSWER), ended))
    yield Documented(
        "ollama",
        "done_reason length, the context full",
        "failed",
        lines(chunk(ANSWER), {**DONE, "done_reason": "length"}),
    )
    yield Documented(
        "ollama",
        "the prompt cut to the context",
        "failed",
        lines(chunk(ANSWER), {**DONE, "prompt_eval_count": 4096}),
    )
    yield Documented("ollama", "stop without text", "abstained", lines(DONE))


def of_openai() -> Iterator[Documented]:
    """https://platform.openai.com/docs/guides/error-codes; vLLM's and Ollama's own"""
    listed = {"object": "list", "data": [{"id": "gemma-2"}]}
    yield Documented(
        "openai",
        "400 context_length_exceeded",
        "failed",
        openai("maximum context length is 4096 tokens"),
        400,
    )
    yield Documented("openai", "400 of another kind", "failed", openai("roles must alternate"), 400)
    yield Documented(
        "openai",
        "400 response_format, to the last",
        "failed",
        openai("response_format is not supported"),
        400,
    )
    yield Documented(
        "openai",
        "401 invalid_api_key",
        "failed",
        openai(f"Incorrect API key provided: {KEY}", "invalid_api_key"),
        401,
    )
    yield Documented(
        "openai",
        "403 country not supported",
        "failed",
        openai("Country, region, or territory not supported"),
        403,
    )
    yield Documented(
        "openai",
        "404 model_not_found",
        "failed",
        openai("The model `gemma` does not exist", "model_not_found"),
        404,
        (listed,),
    )
    yield Documented("openai", "404 of another path", "failed", {"detail": "Not Found"}, 404)
    yield Documented("openai", "413 request too large", "failed", openai("Request too large"), 413)
    yield Documented(
        "openai",
        "429 rate_limit_exceeded",
        "retryable",
        openai("Rate limit reached", "rate_limit_exceeded"),
        429,
    )
    yield Documented(
        "openai",
        "429 insufficient_quota",
        "failed",
        openai("You exceeded your current quota", "insufficient_quota"),
        429,
    )
    for code in (500, 502, 503, 504):
        yield Documented("openai", f"{code}", "retryable", openai("The server had an error"), code)
    for finish in ("length", "content_filter", "tool_calls", "function_call"):
        yield Documented("openai", f"finish_reason {finish}", "abstained", choice(finish, ANSWER))
    yield Documented("openai", "a refusal", "abstained", choice(content=None, refusal="I will not"))
    yield Documented("openai", "stop without text", "abstained", choice(content=None))
    yield Documented(
        "openai", "an error of 503 under 200", "retryable", {"error": {"message": "upstream", "code": 503}}
    )
    cut = {
        **choice(content=ANSWER),
        "system_fingerprint": "fp_ollama",
        "usage": {"prompt_tokens": 4096, "completion_tokens": 9},
    }
    yield Documented("openai", "the prompt cut to the context (Ollama)", "failed", cut)


def of_agent() -> Iterator[Documented]:
    """`A2AController` of kubernetes-agent, and Spring's own"""
    failed = told(confidence=0, rootCause="Unable to parse structured response")
    yield Documented("agent", "its model made no sense: promote, 0 %", "abstained", failed)
    yield Documented(
        "agent", "500 with promote, 0 %", "retryable", told(analysis="Error: boom", confidence=0), 500
    )
    yield Documented(
        "agent",
        "one of two models failed",
        "abstained",
        told(modelResults=[{"error": "503"}, {"error": None}]),
    )
    yield Documented(
        "agent",
        "no `promote`",
        "abstained",
        {name: value for name, value in told().items() if name != "promote"},
    )
    yield Documented(
        "agent",
        "no `confidence`",
        "abstained",
        {name: value for name, value in told().items() if name != "confidence"},
    )
    yield Documented("agent", "a confidence of 0.95", "abstained", told(confidence=0.95))
    for code in (400, 401, 403, 404, 405, 415):
        yield Documented(
            "agent", f"{code}", "failed", {"status": code, "error": "No", "path": "/a2a/analyze"}, code
        )
    for code in (429, 502, 503, 504):
        yield Documented("agent", f"{code}", "retryable", {"status": code, "error": "No"}, code)


def of_all() -> Iterator[Documented]:
    for judge in JUDGES:
        yield Documented(judge, "a web page under 200", "failed", b"<!doctype html><html>Sign in</html>")
        yield Documented(
            judge, "half an answer, and the end", "retryable", b'{"', headers={"Content-Length": "999"}
        )
        yield Documented(judge, "a redirect", "failed", b"", 302, headers={"Location": "http://127.0.0.1:9/"})
        yield Documented(
            judge, "a wait of an hour", "retryable", {"error": "busy"}, 503, headers={"Retry-After": "3600"}
        )


DOCUMENTED = [*of_gemini(), *of_ollama(), *of_openai(), *of_agent(), *of_all()]
RAISED = [
    (judge.name, error, stage)
    for judge in JUDGES.values()
    for error in judge.exceptions()
    for stage in STAGES
]


@dataclass(frozen=True)
class Result:
    """What a fault came to. `asked`: requests it took. `line` is what a person reads."""

    opinion: Opinion
    asked: int
    line: str

    @property
    def kind(self) -> str:
        return (
            "retryable"
            if isinstance(self.opinion, Failed) and self.opinion.retryable
            else KINDS.get(type(self.opinion), "verdict")
        )

    def alone(self) -> str:
        return outcome(self.opinion)

    def beside(self) -> str:
        """With a second model that promotes."""
        return outcome(self.opinion, Verdict(model="scripted", answer=msgspec.convert(PROMOTE, Answer)))


@cache
def healthy() -> Evidence:
    return load(ROOT / "examples" / "evidence" / "healthy.json.gz")


def outcome(*opinions: Opinion) -> str:
    decision = decide(DecisionInput(evidence=healthy(), findings=(), opinions=opinions, rules=Rules()))
    return f"{decision.outcome}, {for_outcome(decision.outcome):d}"


TLS = cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between attempts; and the certificates are read once, not by each of a thousand clients: that
    was most of the time.
    """
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(ssl, "create_default_context", TLS)


RESULTS: dict[Any, Result] = {}  # by row, so that the page costs nothing beside the tests of the rows


def asked(judge: Judge, url: str, count: Callable[[], int]) -> Result:
    """What one judge's fault comes to, in a conversation as the pipeline holds it."""
    question = Question(prompt="judge", schema=answer_schema())
    ((exchange, opinion),) = ask_all((judge.create(url),), question, Deadline.after(30))
    assert KEY not in repr((exchange, opinion))
    said = opinion_line(opinion).partition(": ")[2].replace(urlsplit(url).netloc, "HOST")
    return Result(opinion, count(), said.replace("127_0_0_1", "HOST"))


def raised(name: str, error: type[BaseException], stage: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """What an exception at one stage of the answer that counts comes to. No server can be made to raise most
    of them.
    """
    judge, problem = JUDGES[name], made(error)
    requests: list[str] = []
    module = httpx2 if judge.transport is httpx2.HTTPTransport else httpx

    class Broken(httpx.SyncByteStream, httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"'
            raise problem

    def handle(_: Any, request: Any) -> Any:
        place = len(requests)
        requests.append(str(request.url))
        if stage == "connect":
            raise problem
        request.read()
        if stage == "send":
            raise problem
        if place < len(judge.before):
            return module.Response(200, json=judge.before[place])
        return (
            module.Response(200, stream=Broken())
            if stage == "stream"
            else module.Response(200, content=encoded(judge.good))
        )

    def misread(*_: Any, **__: Any) -> Any:
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr(judge.transport, "handle_request", handle)
        if stage == "parse":
            patched.setattr(judge.parse, misread)
        return asked(judge, "https://judge.example", lambda: len(requests))


def served(row: Documented, serve: Any, answered: Any) -> Result:
    """What a server's answer comes to, over the real client and a real connection."""
    judge = JUDGES[row.judge]
    before = () if row.early else judge.before
    answers = [*map(answered, before), answered(row.body, row.status, row.headers), *map(answered, row.after)]
    server = serve(lambda heard: None, *answers)
    return asked(judge, server.url, lambda: len(server.heard) - len(before))


def encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def made(error: type[BaseException]) -> BaseException:
    """One of that class, as its library makes it, with a credential in its text."""
    if issubclass(error, errors.APIError):
        return error(500, {"error": {"message": KEY}})
    if issubclass(error, httpx.HTTPStatusError):
        return error(KEY, request=httpx.Request("GET", "http://h"), response=httpx.Response(500))
    if issubclass(error, httpx2.HTTPStatusError):
        return error(KEY, request=httpx2.Request("GET", "http://h"), response=httpx2.Response(500))
    if issubclass(error, RefusedRequest | HttpFault):
        return error(500, KEY) if issubclass(error, RefusedRequest) else error("broken", KEY)
    try:
        return error(KEY)
    except TypeError:
        return error()


def harmless(result: Result) -> None:
    """What holds of every fault: it promotes nothing, and is told in one line of bounded length."""
    assert not isinstance(result.opinion, Verdict)
    error = "error, 5" if result.kind == "retryable" else "inconclusive, 4"
    assert (result.alone(), result.beside()) == (error, error)
    assert "\n" not in result.line
    assert len(result.line) <= 700
    assert result.opinion.reason


def test_a_judge_without_a_fault_promotes_alone_and_beside_another(serve: Any, answered: Any) -> None:
    """Or the rows below would hold for any reason."""
    for judge in JUDGES.values():
        result = served(Documented(judge.name, "none", "verdict", judge.good), serve, answered)
        assert (result.kind, result.alone(), result.beside(), result.asked) == (
            "verdict",
            "promote, 0",
            "promote, 0",
            1,
        )


@pytest.mark.parametrize("row", RAISED, ids=lambda row: f"{row[0]}-{label(row[1])}-{row[2]}")
def test_an_exception_at_any_stage_is_a_failure_with_its_reason(
    row: tuple[str, type[BaseException], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    RESULTS[row] = result = raised(*row, monkeypatch)
    harmless(result)
    assert result.kind in ("failed", "retryable")
    assert (
        result.asked <= len(JUDGES[row[0]].before) + 1 or result.kind == "retryable"
    )  # tried again: so it may pass


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row.judge}-{row.fault}")
def test_what_a_server_is_documented_to_answer_comes_to_what_it_should(
    row: Documented, serve: Any, answered: Any
) -> None:
    RESULTS[id(row)] = result = served(row, serve, answered)
    harmless(result)
    assert result.kind == row.kind


def test_every_judge_that_asks_a_server_has_its_rows() -> None:
    assert set(JUDGES) == set(ADAPTERS) - {"builtin", "scripted"}
    assert {name for name, _, _ in RAISED} == {row.judge for row in DOCUMENTED} == set(JUDGES)
    assert {errors.APIError, RefreshError, httpx2.ReadTimeout, httpx2.InvalidURL} <= set(
        JUDGES["gemini"].exceptions()
    )
    assert {ollama.ResponseError, ollama.RequestError, httpx.ReadTimeout, httpx.InvalidURL} <= set(
        JUDGES["ollama"].exceptions()
    )
    assert {RefusedRequest, httpx.ReadTimeout, httpx.InvalidURL} <= set(JUDGES["openai"].exceptions())


@pytest.mark.parametrize("name", JUDGES)
def test_a_whole_run_says_it_in_lines_without_a_traceback_or_the_key(
    name: str, refused: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    judge, url = JUDGES[name], f"http://{refused}"
    for variable, value in judge.environ(url).items():
        monkeypatch.setenv(variable, value)
    bundle = ROOT / "examples" / "evidence" / "healthy.json.gz"
    for models, code in (((judge.model(url),), 5), ((judge.model(url), "builtin"), 5)):
        named = [word for model in models for word in ("--model", model)]
        assert run(["analyze", "--evidence", str(bundle), "--deadline", "20s", *named]) == code
        said = "".join(capsys.readouterr())
        assert "ERROR" in said
        assert "failed: " in said
        assert "Traceback" not in said
        assert KEY not in said


INTRODUCTION = """# When a model fails

This page lists every known failure of a model, by adapter. Find the message of your run in the first column: the row says what
happened. The advice stands in parentheses at the end of the message.

| result | meaning | outcome | exit code |
| --- | --- | --- | --- |
| *retryable* | The model gave no answer. A later run may get one. | error | 5: Argo's Job tries again |
| *failed* | The model gave no answer, and a later run will not get one either. | inconclusive | 4 |
| *abstained* | The model gave an answer that cannot be used. | inconclusive | 4 |

A failure never promotes. A model that failed counts as asked. So the quorum is missed, even if another model says promote.

*Requests* counts the HTTP requests of one question. A request whose error may pass is sent again within the deadline, as late as the
server asks.

`tests/models/test_faults.py` produces each failure and compares this page with the result. `make golden` writes the page.
"""
EXCEPTIONS = """
## Exceptions of the client libraries

For developers: what each exception of a client library turns into. `NAME` stands for the name of the exception, `***` for its text. The
stages are connect, send, stream (half of the answer has arrived) and parse.
"""


def page() -> str:
    documented = (f"\n## {judge.name}\n\n{documented_table(judge)}" for judge in JUDGES.values())
    exceptions = (f"\n### {judge.name}: exceptions\n\n{raised_table(judge)}" for judge in JUDGES.values())
    return "".join((INTRODUCTION, *documented, EXCEPTIONS, *exceptions))


def documented_table(judge: Judge) -> str:
    """One row for each answer. Alone and beside a promote, a fault has one outcome (`harmless`)."""
    rows = [(row, RESULTS[id(row)]) for row in DOCUMENTED if row.judge == judge.name]
    return header("what you read", "what the server answered", "result", "requests") + "".join(
        f"| {cell(result.line)} | {cell(row.fault)} | {result.kind} | {result.asked} |\n"
        for row, result in rows
    )


def raised_table(judge: Judge) -> str:
    """One row for all that comes to the same. NAME stands for the exception's own name, *** for its text."""
    same: dict[tuple[str, str], dict[str, list[str]]] = {}
    for error in judge.exceptions():
        for stage in STAGES:
            result = RESULTS[judge.name, error, stage]
            line = re.sub(
                r"NAME: .* \(", "NAME: *** (", re.sub(rf"\b{error.__qualname__}\b", "NAME", result.line)
            )
            same.setdefault((result.kind, line), {}).setdefault(label(error), []).append(stage)
    rows: dict[tuple[str, ...], list[str]] = {}
    for (kind, line), classes in same.items():
        for name, stages in classes.items():
            at = "any stage" if len(stages) == len(STAGES) else ", ".join(stages)
            rows.setdefault((cell(line), at, kind), []).append(name)
    head = header("what you read", "stage", "result", "exceptions")
    return head + "".join(f"| {' | '.join(row)} | {', '.join(names)} |\n" for row, names in rows.items())


def label(error: type[BaseException]) -> str:
    """With its library, because several have a TimeoutError."""
    return f"{error.__module__.partition('.')[0]}.{error.__qualname__}".removeprefix("builtins.")


def header(*titles: str) -> str:
    return f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def test_the_page_holds_every_row(serve: Any, answered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for row in RAISED:
        if row not in RESULTS:
            RESULTS[row] = raised(*row, monkeypatch)
    for documented in DOCUMENTED:
        if id(documented) not in RESULTS:
            RESULTS[id(documented)] = served(documented, serve, answered)
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
