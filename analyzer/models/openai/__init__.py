"""`openai:NAME@URL`: a model behind any server that speaks OpenAI's chat completions, such as vLLM with
Gemma. No SDK.

URL is the API's base, as OpenAI's own clients take it: `http://vllm.models:8000/v1`. A URL that is only a
host gets the `/v1`; with a path it is taken as it stands (`https://gateway.example/team/v1`).

The key is in OPENAI_API_KEY_HOST. HOST is the URL's host in capitals, with an underscore for every other
character (OPENAI_API_KEY_VLLM_MODELS). OpenAI's own host, api.openai.com, also accepts OPENAI_API_KEY, which
no other host gets. Without a key none is sent, as for vLLM in one's own cluster. With a key the URL must be
https, or this machine's.

Requests are in `chat.py`, answers in `completion.py`.
https://docs.vllm.ai/en/stable/serving/openai_compatible_server
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.keys import read_key
from analyzer.common.nearest import several_nearest
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn, request_size
from analyzer.models.json_api import MAPPED, Endpoint, RefusedRequest, check_address
from analyzer.models.openai.chat import Body, build_request, relax
from analyzer.models.openai.completion import parse_completion

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
        """Return the model's name and host: the same model may be asked on another host as well."""
        return f"openai:{self.model}@{self.endpoint.host}"

    @property
    def place(self) -> str:
        """Return the server's host."""
        return self.endpoint.host

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """Return the reply, or why there is none. A fault that may pass is tried again until the deadline."""
        began = time.monotonic()
        try:
            answer = self._send(build_request(self.model, question, turns), deadline)
            return parse_completion(
                answer, request_size(question, turns), self.endpoint, time.monotonic() - began
            )
        except RefusedRequest as error:
            return self._explain_refusal(error, began, deadline)
        except MAPPED as error:
            return self.endpoint.failure(error, began)

    def _send(self, body: Body, deadline: Deadline) -> Any:
        """Return the JSON of the server's answer. A field that the server says it does not know is left out
        of the next request.
        """
        try:
            return self.endpoint.send("POST", "/chat/completions", deadline, body)
        except RefusedRequest as error:
            less = relax(body, error)
            if less is None:
                raise
        return self._send(less, deadline)

    def _explain_refusal(self, error: RefusedRequest, began: float, deadline: Deadline) -> Failure:
        """Return what a refusal means to a person."""
        advice = ""
        if error.status == 404:
            error, advice = self._explain_not_found(error, deadline)
        elif error.status in (401, 403):
            advice = (
                f"check {self.variable}"
                if self.endpoint.key
                else f"set {self.variable}: {HOME_KEY} goes to {HOME} alone"
            )
        elif _TOOLS.search(error.message):
            advice = f"leave out --investigate, or have the server call functions (vLLM: {CALLING})"
        elif _is_too_long(error):
            advice = "name a model with a longer context, or lower --prompt-tokens"
        elif error.status == 429:
            advice = (
                "fewer analyses at once, or more quota"
                if error.passing
                else "the credit is used up: trying again does not help"
            )
        return self.endpoint.failure(error, began, advice)

    def _explain_not_found(self, error: RefusedRequest, deadline: Deadline) -> tuple[RefusedRequest, str]:
        """Return the error and the advice for a 404. It is about the model if the server lists others, else
        about the path.
        """
        models = self._list_models(deadline)
        if models is None or self.model in models:
            return error, "check the URL: it usually ends in /v1"
        nearest_names = several_nearest(self.model, models, 6, 0.0)
        more = " and more" if len(models) > len(nearest_names) else ""
        has = f"it has {', '.join(nearest_names)}{more}" if models else "it has none at all"
        refused = RefusedRequest(404, f"there is no model {self.model!r}; {has}")
        return refused, "name one that is there: --model openai:NAME@URL"

    def _list_models(self, deadline: Deadline) -> tuple[str, ...] | None:
        """Return the models that the server has, None if it does not say."""
        try:
            listed = msgspec.convert(self.endpoint.send("GET", "/models", deadline), _Models)
        except msgspec.ValidationError:
            return None
        except MAPPED:
            return None
        return tuple(model.id for model in listed.data)


def create(argument: str, environ: Mapping[str, str]) -> OpenAI:
    """Return a model of a server.

    Raise UsageError for an argument without a name or a URL, for a URL that holds a credential, and for a key
    that would be sent unencrypted.
    """
    parts = _SERVED.fullmatch(argument)
    if parts is None:
        raise UsageError("openai needs a model and where it is served", advice=EXAMPLE)
    url = check_address(parts["url"], EXAMPLE).removesuffix("/chat/completions")
    host = urlsplit(url).hostname or ""
    own = f"{HOME_KEY}_{_MARK.sub('_', host.upper())}"
    variable = HOME_KEY if host == HOME and own not in environ else own
    base = url if urlsplit(url).path else f"{url}/v1"
    return OpenAI(
        model=parts["name"], endpoint=Endpoint(base, key=read_key(variable, environ, base)), variable=variable
    )


def _is_too_long(refused: RefusedRequest) -> bool:
    """Return whether the prompt was too long, in the words of vLLM, OpenAI and llama.cpp."""
    words = _TOO_LONG.search(f"{refused.message} {refused.code}")
    return refused.status in (400, 413) and words is not None


class _Model(Value, forbid_unknown_fields=False):
    id: str


class _Models(Value, forbid_unknown_fields=False):
    data: tuple[_Model, ...]
