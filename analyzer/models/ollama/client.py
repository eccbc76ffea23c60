"""Calls of Ollama's client: with a deadline, tried again, and never with a prompt that the server cuts."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import httpx
import ollama

from analyzer.common import http
from analyzer.common.boundary import boundary
from analyzer.common.deadline import Deadline
from analyzer.common.retry import retrying
from analyzer.models.ollama import sizing
from analyzer.models.ollama.faults import DEFAULT_HOST, FORESEEN, MAPPED, pause_after, status

CONNECT = 10.0  # seconds
# attempts at a full queue, which come to four or five minutes: it passes, and is no fault of the server
QUEUED = 60

Chunks = Iterator[ollama.ChatResponse]
T = TypeVar("T")


def create_client(host: str, deadline: Deadline) -> ollama.Client:
    """Return a client of the server at `host`, whose requests end by the deadline. It follows no redirects:
    nobody else gets the evidence.
    """
    seconds = max(deadline.remaining(), 0.001)
    timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))  # a cold load sends nothing for minutes
    hooks: Any = {"request": [forbid_cutting], "response": [http.stop_reading_at(deadline)]}
    redirects = {"follow_redirects": False}
    return call_bounded(ollama.Client, host or DEFAULT_HOST, timeout=timeout, event_hooks=hooks, **redirects)


def forbid_cutting(request: httpx.Request) -> None:
    """Add two fields to a chat request that `Client.chat` has no parameter for: the server must not cut the
    prompt, nor drop its start to go on writing.

    This is a hook, because httpx replaces a client's transport if the environment names a proxy.
    """
    if request.url.path.endswith("/api/chat"):
        body = json.dumps({**json.loads(request.read()), "truncate": False, "shift": False}).encode()
        request.headers["Content-Length"] = str(len(body))
        request.stream = httpx.ByteStream(body)


def call_bounded(call: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Return `call(…)`, a function of the client. Raise one of `MAPPED`, whatever the client raises."""
    with boundary(FORESEEN):
        return call(*arguments, **named)


def retry_patiently(call: Callable[[], T], deadline: Deadline) -> T:
    """Return `call()`, tried again after faults that pass within seconds and, while the queue is full, for
    about as long as the deadline allows.
    """
    quickly = partial(retrying, call, pause_after=pause_after, deadline=deadline)
    return retrying(
        quickly,
        pause_after=lambda error: 0.0 if status(error) == 503 else None,
        deadline=deadline,
        attempts=QUEUED,
    )


def split_first(request: Callable[[], Chunks]) -> tuple[tuple[ollama.ChatResponse, ...], Chunks]:
    """Return the first chunk of an answer, if any, and the rest. Until the first one has come, the request
    can be sent again.
    """
    chunks = request()
    first = next(chunks, None)
    return (() if first is None else (first,)), chunks


def read_loaded_context(client: ollama.Client, model: str) -> int | None:
    """Return `sizing.loaded_context`, None also if the server does not answer."""
    try:
        return sizing.loaded_context(model, call_bounded(client.ps).models)
    except MAPPED:
        return None


def list_models(client: ollama.Client) -> tuple[str, ...] | None:
    """Return the models that the server has, None if it does not say."""
    try:
        return tuple(model.model or "" for model in call_bounded(client.list).models)
    except MAPPED:
        return None
