"""`ollama[:NAME]`: a model on an Ollama server, through its client. Nothing outside this folder imports that client.

OLLAMA_HOST says where, as the client reads it (http://127.0.0.1:11434 when it is empty); NAME may hold colons
(`ollama:gemma4:12b`), and is `gemma4` when it is left out. The prompt arrives whole or not at all: by default the server
drops the front of one that is longer than its context and answers as if nothing were wrong.
What many analyses at once do to one server: docs/ollama.md.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
import ollama

from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models import http
from analyzer.models.boundary import boundary, each
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn, size
from analyzer.models.keys import key
from analyzer.models.ollama import messages, pull, sizing
from analyzer.models.ollama.faults import DEFAULT_HOST, FORESEEN, MAPPED, explain, pause_after, status, where
from analyzer.models.ollama.pull import Say
from analyzer.models.ollama.sizing import ANSWER
from analyzer.models.quoting import quoted
from analyzer.retry import retrying

DEFAULT = "gemma4"
KEY = "OLLAMA_API_KEY"  # the client itself reads it and sends it to its host
KEEP_ALIVE = "10m"  # for a model that we have loaded; one that is loaded stays for as long as who loaded it said
CONNECT = 10.0  # seconds
QUEUED = 60  # attempts at a full queue, which come to four or five minutes: it passes, and is no fault of the server

Chunks = Iterator[ollama.ChatResponse]
T = TypeVar("T")


@dataclass(frozen=True)
class Ollama:
    """One model of one server."""

    model: str
    host: str
    key: str = field(default="", repr=False)
    say: Say | None = field(default=None, repr=False, compare=False)  # set: a model that is not there is pulled

    @property
    def name(self) -> str:
        """The model's name, without the tag that goes without saying; the server is not in it."""
        return f"ollama:{self.model}"

    @property
    def place(self) -> str:
        """The server."""
        return where(self.host)

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """The reply, or why there is none. A full queue or a refused connection is tried again as long as the deadline allows."""
        began = time.monotonic()
        try:
            client = _client(self.host, deadline)
            try:
                return self._asked(client, question, turns, deadline)
            except ollama.ResponseError as error:
                return self._failure(error, began, _there(client) if error.status_code == 404 else None)
            finally:
                _bounded(client.close)
        except MAPPED as error:
            return self._failure(error, began)

    def warm(self, deadline: Deadline) -> None:
        """Has the server load the model, with the context that a usual prompt takes."""
        with suppress(*MAPPED), closing(_client(self.host, deadline)) as client:
            shown = self._shown(client, deadline, lambda _: None)  # who asks will tell how far it is
            loaded = _loaded(client, self.model)
            context, *_ = sizing.contexts(sizing.USUAL, shown, loaded)
            _bounded(client.chat, self.model, [], options={"num_ctx": context}, keep_alive=_keep(loaded))

    def pulling(self, say: Say) -> "Ollama":
        """The same model, which its server is told to pull where it lacks it. Two of us at once share one download."""
        return replace(self, say=say)

    def _shown(self, client: ollama.Client, deadline: Deadline, say: Say | None) -> ollama.ShowResponse:
        """What the server says of the model, once it is there."""
        show = partial(_patiently, partial(_bounded, client.show, self.model), deadline)
        try:
            return show()
        except ollama.ResponseError as error:
            if error.status_code != 404 or self.say is None or say is None:
                raise
        try:
            pull.follow(self.model, each(_bounded(client.pull, self.model, stream=True), FORESEEN), say, deadline)
        except ollama.ResponseError as error:
            if error.status_code == 404:  # it is no Ollama at all
                raise
            raise pull.refused(self.model, where(self.host), error.error) from error
        return show()

    def _asked(self, client: ollama.Client, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        began = time.monotonic()
        shown = self._shown(client, deadline, self.say)
        if question.tools and "tools" not in (shown.capabilities or ()):
            advice = "leave out --investigate, or name a model that `ollama show` says can"
            return Failure(reason=f"the model {self.model} cannot use tools", advice=advice, latency=time.monotonic() - began)
        asked = size(question, turns)
        loaded = _loaded(client, self.model)
        think = False if "thinking" in (shown.capabilities or ()) else None  # a model that cannot refuses to be told not to
        how = {"think": think, "keep_alive": _keep(loaded)}
        contexts, too_long = sizing.contexts(asked, shown, loaded), True
        for context in contexts:
            chat = partial(self._chat, client, question, turns, how, context)
            try:
                first, rest = _patiently(partial(_first, chat), deadline)
                return messages.reply(chain(first, rest), context, ANSWER, deadline, began)
            except messages.Cramped:
                too_long = False
            except ollama.ResponseError as error:
                too_long = "exceeds the context length" in error.error
                if not too_long:
                    raise
        what = "is longer than" if too_long else "leaves too little room for an answer in"
        return Failure(
            reason=f"the prompt of {asked} bytes {what} the model's context of {contexts[-1]} tokens",
            advice="name a model with a longer context, or lower --prompt-tokens",
            latency=time.monotonic() - began,
        )

    def _chat(self, client: ollama.Client, question: Question, turns: tuple[Turn, ...], how: Mapping[str, Any], context: int) -> Chunks:
        """Streamed, so that the deadline is looked at between chunks. `how` to think, and how long to stay.

        A schema binds every token, those of a call too: it waits until no tools are offered.
        """
        tools = messages.declared(question)
        chunks: Any = _bounded(  # of the overloads of this, none is seen through it
            client.chat,
            self.model,
            list(messages.of(turns)),
            tools=tools,
            stream=True,
            format=None if tools else question.schema,
            options={"num_ctx": context, "num_predict": ANSWER, "temperature": 0.0, "seed": 0},
            **how,
        )
        return each(chunks, FORESEEN)

    def _failure(self, error: Exception, began: float, there: tuple[str, ...] | None = None) -> Failure:
        failure = explain(error, self.model, self.host, there)
        return msgspec.structs.replace(failure, reason=quoted(failure.reason, [self.key]), latency=time.monotonic() - began)


def create(argument: str, environ: Mapping[str, str]) -> Ollama:
    """UsageError when OLLAMA_HOST is no address, and for a key that would go there in clear."""
    host = environ.get("OLLAMA_HOST", "").strip()
    url = host if "://" in host else f"http://{host or DEFAULT_HOST}"
    try:
        parts = urlsplit(url)
        wrong = parts.port == 0 or parts.scheme not in ("http", "https")
    except ValueError:
        wrong = True
    if wrong:
        raise UsageError(f"OLLAMA_HOST is no address: {host!r}", advice="such as ollama.models.svc:11434 or https://ollama.example.com")
    return Ollama(model=argument.removesuffix(":latest") or DEFAULT, host=host, key=key(KEY, environ, url))


def _client(host: str, deadline: Deadline) -> ollama.Client:
    seconds = max(deadline.remaining(), 0.001)
    timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))  # a cold load sends nothing for minutes
    hooks: Any = {"request": [whole_or_nothing], "response": [http.left_at(deadline)]}
    alone = {"follow_redirects": False}  # nobody else gets the evidence
    return _bounded(ollama.Client, host or DEFAULT_HOST, timeout=timeout, event_hooks=hooks, **alone)


def whole_or_nothing(request: httpx.Request) -> None:
    """Adds what `Client.chat` has no parameter for: never cut the prompt, never drop its front to go on writing.

    A hook, because httpx replaces a client's transport by its own where the environment names a proxy.
    """
    if request.url.path.endswith("/api/chat"):
        body = json.dumps({**json.loads(request.read()), "truncate": False, "shift": False}).encode()
        request.headers["Content-Length"] = str(len(body))
        request.stream = httpx.ByteStream(body)


def _loaded(client: ollama.Client, model: str) -> int | None:
    try:
        return sizing.loaded(model, _bounded(client.ps).models)
    except MAPPED:
        return None


def _bounded(call: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """`call(…)`, which is the client's."""
    with boundary(FORESEEN):
        return call(*arguments, **named)


def _keep(loaded: int | None) -> str | None:
    """How long the model is to stay; None leaves it as it is. Ours would cut short what OLLAMA_KEEP_ALIVE=-1 keeps for ever."""
    return KEEP_ALIVE if loaded is None else None


def _patiently(call: Callable[[], T], deadline: Deadline) -> T:
    """`call()`, again after what passes within seconds; and, while the queue is full, for about as long as the deadline allows."""
    quickly = partial(retrying, call, pause_after=pause_after, deadline=deadline)
    return retrying(quickly, pause_after=lambda error: 0.0 if status(error) == 503 else None, deadline=deadline, attempts=QUEUED)


def _first(request: Callable[[], Chunks]) -> tuple[tuple[ollama.ChatResponse, ...], Chunks]:
    """The chunks so far, at most one, and the rest. Up to the first the request can be made again."""
    chunks = request()
    first = next(chunks, None)
    return (() if first is None else (first,)), chunks


def _there(client: ollama.Client) -> tuple[str, ...] | None:
    """The models the server has, or None when it does not say."""
    try:
        return tuple(model.model or "" for model in _bounded(client.list).models)
    except MAPPED:
        return None
