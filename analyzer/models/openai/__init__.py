"""`openai:NAME@URL`: a model behind any server that speaks OpenAI's chat completions, such as vLLM with Gemma. No SDK.

URL is the API's base, as OpenAI's own clients take it: `http://vllm.models:8000/v1`. A URL that is only a host gets the `/v1`;
with a path it is taken as it stands (`https://gateway.example/team/v1`).

The key is OPENAI_API_KEY_HOST, HOST being the URL's in capitals with every other character an underscore (OPENAI_API_KEY_VLLM_MODELS).
For OpenAI's own host, api.openai.com, OPENAI_API_KEY will do; no other is sent that one. Without a key none is sent, as vLLM in one's own
cluster wants it. With one the URL has to be https, or this machine's.

What is sent: `chat.py`; what an answer amounts to: `completion.py`. https://docs.vllm.ai/en/stable/serving/openai_compatible_server
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
from analyzer.models.http import MAPPED, Endpoint, Refused, address
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn, size
from analyzer.models.keys import key
from analyzer.models.openai.chat import Body, relaxed, request
from analyzer.models.openai.completion import reply
from analyzer.value import Value

_SERVED = re.compile(r"(?P<name>.+?)@(?P<url>[a-z]+://.*)")
_MARK = re.compile(r"[^A-Z0-9]")
_TOOLS = re.compile(r"\btools?\b", re.IGNORECASE)
_TOO_LONG = re.compile(r"context (length|size|window)|context_length|too long")
EXAMPLE = "--model openai:google/gemma-4-12b-it@http://vllm.models:8000/v1"
HOME, HOME_KEY = "api.openai.com", "OPENAI_API_KEY"
CALLING = "--enable-auto-tool-choice --tool-call-parser NAME"


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

    @property
    def place(self) -> str:
        """The server."""
        return self.endpoint.host

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """The reply, or why there is none. What may pass is tried again as long as the deadline allows."""
        began = time.monotonic()
        try:
            answer = self._answer(request(self.model, question, turns), deadline)
            return reply(answer, size(question, turns), self.endpoint, time.monotonic() - began)
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
            advice = f"check {self.variable}" if self.endpoint.key else f"set {self.variable}: {HOME_KEY} goes to {HOME} alone"
        elif _TOOLS.search(error.said):
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
        except msgspec.ValidationError:
            return None
        except MAPPED:
            return None
        return tuple(model.id for model in listed.data)


def create(argument: str, environ: Mapping[str, str]) -> OpenAI:
    """UsageError for an argument without a name or a URL, for a URL that holds a credential, and for a key that would go there in clear."""
    parts = _SERVED.fullmatch(argument)
    if parts is None:
        raise UsageError("openai needs a model and where it is served", advice=EXAMPLE)
    url = address(parts["url"], EXAMPLE).removesuffix("/chat/completions")
    host = urlsplit(url).hostname or ""
    own = f"{HOME_KEY}_{_MARK.sub('_', host.upper())}"
    variable = HOME_KEY if host == HOME and own not in environ else own
    base = url if urlsplit(url).path else f"{url}/v1"
    return OpenAI(model=parts["name"], endpoint=Endpoint(base, key=key(variable, environ, base)), variable=variable)


def _too_long(refused: Refused) -> bool:
    """As vLLM, OpenAI and llama.cpp word it."""
    words = _TOO_LONG.search(f"{refused.said} {refused.code}")
    return refused.status in (400, 413) and words is not None


class _Model(Value, forbid_unknown_fields=False):
    id: str


class _Models(Value, forbid_unknown_fields=False):
    data: tuple[_Model, ...]
