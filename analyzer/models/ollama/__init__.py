"""`ollama[:NAME]`: a model on an Ollama server, through its client. Nothing outside this folder imports that
client.

OLLAMA_HOST is the server's address, as the client reads it (http://127.0.0.1:11434 if it is empty). NAME may
contain colons (`ollama:gemma4:12b`), and is `gemma4` if it is left out. The prompt arrives complete or not at
all: by default the server drops the start of a prompt that is longer than its context, and answers all the
same. For many analyses at once on one server, see docs/ollama.md.
"""

import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import msgspec
import ollama

from analyzer.common.boundary import iterate
from analyzer.common.deadline import Deadline
from analyzer.common.keys import read_key
from analyzer.errors import UsageError
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn, request_size
from analyzer.models.ollama import messages, pull, sizing
from analyzer.models.ollama.client import (
    Chunks,
    call_bounded,
    create_client,
    list_models,
    read_loaded_context,
    retry_patiently,
    split_first,
)
from analyzer.models.ollama.faults import (
    DEFAULT_HOST,
    FORESEEN,
    MAPPED,
    describe_server,
    explain_ollama_error,
)
from analyzer.models.ollama.pull import ShowProgress
from analyzer.models.ollama.sizing import ANSWER
from analyzer.models.quoting import quote

DEFAULT = "gemma4"
KEY = "OLLAMA_API_KEY"  # the client itself reads it and sends it to its host
KEEP_ALIVE = "10m"  # for a model that we have loaded


@dataclass(frozen=True)
class Ollama:
    """One model of one server. With `say`, a model that its server lacks is pulled."""

    model: str
    host: str
    key: str = field(default="", repr=False)
    say: ShowProgress | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Return the model's name without the tag `latest`. The server is not part of it."""
        return f"ollama:{self.model}"

    @property
    def place(self) -> str:
        """Return the server's name for a person."""
        return describe_server(self.host)

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """Return the reply, or why there is none. A full queue and a refused connection are tried again until
        the deadline.
        """
        began = time.monotonic()
        try:
            client = create_client(self.host, deadline)
            try:
                return self._converse(client, question, turns, deadline)
            except ollama.ResponseError as error:
                return self._failure(error, began, list_models(client) if error.status_code == 404 else None)
            finally:
                call_bounded(client.close)
        except MAPPED as error:
            return self._failure(error, began)

    def warm(self, deadline: Deadline) -> None:
        """Make the server load the model, with the context that a usual prompt takes."""
        with suppress(*MAPPED), closing(create_client(self.host, deadline)) as client:
            model = self._show(client, deadline, lambda _: None)  # `ask` will report the progress
            loaded = read_loaded_context(client, self.model)
            context, *_ = sizing.contexts_of_model(sizing.USUAL, model, loaded)
            call_bounded(
                client.chat, self.model, [], options={"num_ctx": context}, keep_alive=_keep_alive(loaded)
            )

    def pulling(self, say: ShowProgress) -> "Ollama":
        """Return the same model, which its server pulls if it lacks it. Two runs at once share one
        download.
        """
        return replace(self, say=say)

    def _show(
        self, client: ollama.Client, deadline: Deadline, say: ShowProgress | None
    ) -> ollama.ShowResponse:
        """Return what the server says about the model. Pull the model first if the server lacks it and this
        was asked for.
        """
        show = partial(retry_patiently, partial(call_bounded, client.show, self.model), deadline)
        try:
            return show()
        except ollama.ResponseError as error:
            if error.status_code != 404 or self.say is None or say is None:
                raise
        try:
            steps = iterate(call_bounded(client.pull, self.model, stream=True), FORESEEN)
            pull.follow(self.model, steps, say, deadline)
        except ollama.ResponseError as error:
            if error.status_code == 404:  # it is no Ollama at all
                raise
            raise pull.explain_refusal(self.model, describe_server(self.host), error.error) from error
        return show()

    def _converse(
        self, client: ollama.Client, question: Question, turns: tuple[Turn, ...], deadline: Deadline
    ) -> Reply | Calls | Failure:
        """Return the reply to the conversation, asked with longer contexts until one is long enough."""
        began = time.monotonic()
        model = self._show(client, deadline, self.say)
        if question.tools and "tools" not in (model.capabilities or ()):
            advice = "leave out --investigate, or name a model that `ollama show` says can"
            return Failure(
                reason=f"the model {self.model} cannot use tools",
                advice=advice,
                latency=time.monotonic() - began,
            )
        size = request_size(question, turns)
        loaded = read_loaded_context(client, self.model)
        # A model that cannot think refuses to be told not to.
        think = False if "thinking" in (model.capabilities or ()) else None
        options = {"think": think, "keep_alive": _keep_alive(loaded)}
        contexts, too_long = sizing.contexts_of_model(size, model, loaded), True
        for context in contexts:
            chat = partial(self._chat, client, question, turns, options, context)
            try:
                first, rest = retry_patiently(partial(split_first, chat), deadline)
                return messages.parse_stream(chain(first, rest), context, ANSWER, deadline, began)
            except messages.ContextTooSmall:
                too_long = False
            except ollama.ResponseError as error:
                too_long = "exceeds the context length" in error.error
                if not too_long:
                    raise
        problem = "is longer than" if too_long else "leaves too little room for an answer in"
        return Failure(
            reason=f"the prompt of {size} bytes {problem} the model's context of {contexts[-1]} tokens",
            advice="name a model with a longer context, or lower --prompt-tokens",
            latency=time.monotonic() - began,
        )

    def _chat(
        self,
        client: ollama.Client,
        question: Question,
        turns: tuple[Turn, ...],
        options: Mapping[str, Any],
        context: int,
    ) -> Chunks:
        """Send one request and return the answer in pieces, so that the deadline is checked between them.
        `options` say whether to think and how long the model stays loaded.

        A schema would apply to every token, those of a call too, so it is sent once no tools are offered.
        """
        tools = messages.declare_tools(question)
        chunks: Any = call_bounded(  # typed Any: of its overloads, none is seen through `call_bounded`
            client.chat,
            self.model,
            list(messages.convert_turns(turns)),
            tools=tools,
            stream=True,
            format=None if tools else question.schema,
            options={"num_ctx": context, "num_predict": ANSWER, "temperature": 0.0, "seed": 0},
            **options,
        )
        return iterate(chunks, FORESEEN)

    def _failure(self, error: Exception, began: float, models: tuple[str, ...] | None = None) -> Failure:
        """Return what an exception of `MAPPED` means to a person, without the key. `models` are those the
        server has, None if it was not asked or does not say.
        """
        failure = explain_ollama_error(error, self.model, self.host, models)
        return msgspec.structs.replace(
            failure, reason=quote(failure.reason, [self.key]), latency=time.monotonic() - began
        )


def create(argument: str, environ: Mapping[str, str]) -> Ollama:
    """Return a model of the server in OLLAMA_HOST.

    Raise UsageError if OLLAMA_HOST is no address, and for a key that would be sent unencrypted.
    """
    host = environ.get("OLLAMA_HOST", "").strip()
    url = host if "://" in host else f"http://{host or DEFAULT_HOST}"
    try:
        parts = urlsplit(url)
        wrong = parts.port == 0 or parts.scheme not in ("http", "https")
    except ValueError:
        wrong = True
    if wrong:
        raise UsageError(
            f"OLLAMA_HOST is no address: {host!r}",
            advice="such as ollama.models.svc:11434 or https://ollama.example.com",
        )
    return Ollama(
        model=argument.removesuffix(":latest") or DEFAULT, host=host, key=read_key(KEY, environ, url)
    )


def _keep_alive(loaded: int | None) -> str | None:
    """Return how long the server keeps the model loaded; None leaves that as it is. Our time would shorten
    what OLLAMA_KEEP_ALIVE=-1 keeps for ever.
    """
    return KEEP_ALIVE if loaded is None else None
