"""`openai:NAME@URL`: a model behind any server that speaks OpenAI's chat completions, such as vLLM with Gemma. No SDK.

URL is the API's base, as OpenAI's own clients take it: `http://vllm.models:8000/v1`. A URL that is only a host gets the `/v1`;
with a path it is taken as it stands (`https://gateway.example/team/v1`).

The key is OPENAI_API_KEY_HOST, HOST being the URL's in capitals with every other character an underscore
(OPENAI_API_KEY_VLLM_MODELS), where that variable is there, even empty; else OPENAI_API_KEY; else none is sent. So one server
never needs to see another's key.

What is sent: `chat.py`. https://docs.vllm.ai/en/stable/serving/openai_compatible_server
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

import msgspec

from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.chat import Body, relaxed, request
from analyzer.models.http import MAPPED, RETRYABLE, Endpoint, Refused, Strange, address, complaint, key
from analyzer.models.interface import Call, Calls, Failure, Question, Reply, Turn, size
from analyzer.models.quoting import quoted
from analyzer.value import Value

EXAMPLE = "--model openai:google/gemma-4-12b-it@http://vllm.models:8000/v1"
MOST_BYTES_PER_TOKEN = 8  # of logs, JSON and prose there are 3 to 5: a server that counts fewer tokens has cut the prompt
CALLING = "--enable-auto-tool-choice --tool-call-parser NAME"
OLLAMA = "fp_ollama"  # its /v1 drops the front of a prompt that is longer than its context, and says 200; then the count is the context
CONTEXTS = 1024  # which is a multiple of this


@dataclass(frozen=True)
class OpenAI:
    """One model of one server."""

    model: str
    endpoint: Endpoint
    variable: str

    @property
    def name(self) -> str:
        """The model's name and its host, which may be asked beside another with the same model."""
        return f"openai:{self.model}@{self.endpoint.host}"

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """The reply, or why there is none. What may pass is tried again as long as the deadline allows."""
        began = time.monotonic()
        try:
            answer = self._answer(request(self.model, question, turns), deadline)
            return _reply(answer, size(question, turns), self.endpoint, time.monotonic() - began)
        except Refused as error:
            return self._refusal(error, began, deadline)
        except MAPPED as error:
            return self.endpoint.failure(error, began)

    def _answer(self, body: Body, deadline: Deadline) -> Any:
        try:
            return self.endpoint.send("POST", "/chat/completions", deadline, body)
        except Refused as error:
            less = relaxed(body, error)
            if less is None:
                raise
        return self._answer(less, deadline)

    def _refusal(self, error: Refused, began: float, deadline: Deadline) -> Failure:
        advice = ""
        if error.status == 404:
            error, advice = self._missing(error, deadline)
        elif error.status in (401, 403):
            advice = f"check {self.variable}"
        elif re.search(r"\btools?\b", error.said, re.IGNORECASE):
            advice = f"leave out --investigate, or have the server call functions (vLLM: {CALLING})"
        elif _too_long(error):
            advice = "name a model with a longer context, or lower --prompt-tokens"
        elif error.status == 429:
            advice = "fewer analyses at once, or more quota" if error.passing else "the credit is used up: trying again does not help"
        return self.endpoint.failure(error, began, advice)

    def _missing(self, error: Refused, deadline: Deadline) -> tuple[Refused, str]:
        """What a 404 is about: the model, where the server lists others, else the path."""
        there = self._there(deadline)
        if there is None or self.model in there:
            return error, "check the URL: it usually ends in /v1"
        nearest = get_close_matches(self.model, there, n=6, cutoff=0.0)
        has = f"it has {', '.join(nearest)}{' and more' if len(there) > len(nearest) else ''}" if there else "it has none at all"
        return Refused(404, f"there is no model {self.model!r}; {has}"), "name one that is there: --model openai:NAME@URL"

    def _there(self, deadline: Deadline) -> tuple[str, ...] | None:
        """The models the server has, or None when it does not say."""
        try:
            listed = msgspec.convert(self.endpoint.send("GET", "/models", deadline), _Models)
        except MAPPED:
            return None
        return tuple(model.id for model in listed.data)


def create(argument: str, environ: Mapping[str, str]) -> OpenAI:
    """UsageError for an argument without a name or a URL, and for a URL that holds a credential."""
    parts = re.fullmatch(r"(?P<name>.+?)@(?P<url>[a-z]+://.*)", argument)
    if parts is None:
        raise UsageError("openai needs a model and where it is served", advice=EXAMPLE)
    url = address(parts["url"], EXAMPLE).removesuffix("/chat/completions")
    host = urlsplit(url).hostname or ""
    own = f"OPENAI_API_KEY_{re.sub('[^A-Z0-9]', '_', host.upper())}"
    variable = own if own in environ else "OPENAI_API_KEY"
    base = url if urlsplit(url).path else f"{url}/v1"
    return OpenAI(model=parts["name"], endpoint=Endpoint(base, key=key(variable, environ)), variable=variable)


def _too_long(refused: Refused) -> bool:
    """As vLLM, OpenAI and llama.cpp word it."""
    words = re.search(r"context (length|size|window)|context_length|too long", f"{refused.said} {refused.code}")
    return refused.status in (400, 413) and words is not None


class _Open(Value, forbid_unknown_fields=False):
    """Of what a server sends, only what is read here."""


class _Function(_Open):
    name: str
    arguments: str = ""


class _Call(_Open):
    function: _Function
    id: str | None = None


class _Message(_Open):
    content: str | None = None
    refusal: str | None = None
    tool_calls: tuple[_Call, ...] | None = None


class _Choice(_Open):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Open):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(_Open):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None
    system_fingerprint: str | None = None


class _Model(_Open):
    id: str


class _Models(_Open):
    data: tuple[_Model, ...]


def _reply(answer: Any, asked: int, endpoint: Endpoint, latency: float) -> Reply | Calls | Failure:
    """The text or the calls of an answer that ended of itself, to `asked` bytes that arrived whole."""
    if isinstance(answer, dict) and answer.get("error"):  # some gateways report the fault of the server behind them under 200
        said, code = complaint(answer)
        reason = quoted(f"{endpoint.host} answered with an error: {said}", [endpoint.key])
        return Failure(reason=reason, retryable=code in map(str, RETRYABLE), latency=latency)
    try:
        completion = msgspec.convert(answer, _Completion)
    except msgspec.ValidationError as error:
        raise Strange(f"with what is no chat completion: {error}") from error
    usage = completion.usage or _Usage()
    if _cut(completion, asked):
        reason = f"{endpoint.host} cut the prompt of {asked} bytes to {usage.prompt_tokens} tokens"
        advice = "give the server a longer context; Ollama is better asked with --model ollama:NAME"
        return Failure(reason=reason, advice=advice, latency=latency)
    choice = next(iter(completion.choices), _Choice(message=_Message()))
    text = choice.message.content or ""
    calls = _calls(choice.message.tool_calls or ()) if choice.finish_reason in ("tool_calls", "stop") and not choice.message.refusal else ()
    if calls:
        return Calls(calls=calls, text=text, latency=latency, tokens_in=usage.prompt_tokens, tokens_out=usage.completion_tokens)
    why = _unusable(choice, text) if completion.choices else "the answer has no choices"
    if why:
        return Failure(reason=quoted(why), abstained=True, latency=latency)
    return Reply(text=text, latency=latency, tokens_in=usage.prompt_tokens, tokens_out=usage.completion_tokens)


def _calls(told: tuple[_Call, ...]) -> tuple[Call, ...]:
    """Arguments that are no JSON object are what the model is told about: no tool has such a one."""
    found = []
    for number, each in enumerate(told):
        try:
            arguments = msgspec.json.decode(each.function.arguments or "{}", type=Body)
        except (msgspec.DecodeError, msgspec.ValidationError):
            arguments = {"no JSON object": each.function.arguments}
        found.append(Call(name=each.function.name, arguments=arguments, id=each.id or f"call-{number}"))
    return tuple(found)


def _unusable(choice: _Choice, text: str) -> str:
    """Why the model has said nothing that can be read, or empty."""
    if choice.message.refusal:
        return f"the model refused: {choice.message.refusal}"
    if choice.finish_reason != "stop":
        return f"the answer did not end of itself ({choice.finish_reason or 'no reason given'})"
    return "" if text.strip() else "the answer has no text"


def _cut(completion: _Completion, asked: int) -> bool:
    counted = completion.usage.prompt_tokens if completion.usage else None
    if not counted:
        return False
    whole_context = completion.system_fingerprint == OLLAMA and counted % CONTEXTS == 0
    return whole_context or asked > counted * MOST_BYTES_PER_TOKEN
