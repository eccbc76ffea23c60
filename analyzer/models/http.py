"""JSON over HTTP, for the judges that have no client library here. Beside the Ollama adapter the only importer of httpx.

HttpError                     never raised itself
├── Refused                   an answer other than 2xx
└── Strange                   a 2xx answer that is no JSON, has a key twice, is larger than `LARGEST`, or says nothing known
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.boundary import ClientError, boundary
from analyzer.models.interface import Failure
from analyzer.models.quoting import quoted
from analyzer.retry import retry_after, retrying
from analyzer.value import flat

CONNECT = 10.0  # seconds
LARGEST = 4 * 1024 * 1024  # bytes; an answer takes some thousand
RETRYABLE = (408, 425, 429, 500, 502, 503, 504)
LASTING = ("insufficient_quota",)  # OpenAI's word, under the status of a rate limit, for credit that is used up
NOT_BEGUN = (429, 503)  # statuses of a request that was turned away before anything was done


class HttpError(Exception):
    """The server answered, with what cannot be used."""


class Refused(HttpError):  # noqa: N818 - what a person reads
    """An answer other than 2xx. `said` is the server's own word; `code` its name for the fault; `wait` the seconds it asks for."""

    def __init__(self, status: int, said: str, *, code: str = "", wait: float = 0.0) -> None:
        super().__init__(said)
        self.status, self.said, self.code, self.wait = status, said, code, wait
        self.passing = status in RETRYABLE and code not in LASTING


class Strange(HttpError):  # noqa: N818 - as above
    """An answer in order, and not one of this API."""


HTTPX: tuple[type[Exception], ...] = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)  # all of its own
FORESEEN: tuple[type[Exception], ...] = (HttpError, *HTTPX, OSError)  # the last by the environment: a certificate bundle that is none
MAPPED: tuple[type[Exception], ...] = (*FORESEEN, ClientError)  # all that sending can end with


@dataclass(frozen=True)
class Endpoint:
    """A server, and how to speak to it. `careful`: asking twice does harm, so only what surely was not begun is asked again."""

    url: str
    key: str = field(default="", repr=False)
    careful: bool = False

    @property
    def host(self) -> str:
        """The host, with the port where one is given: what a person is shown."""
        return urlsplit(self.url).netloc

    def send(self, method: str, path: str, deadline: Deadline, body: object = None) -> Any:
        """The JSON of a 2xx answer; raises one of `MAPPED`. What may pass is tried again as long as the deadline allows."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        with boundary(FORESEEN):
            client = httpx.Client(headers=headers, event_hooks={"response": [left_at(deadline)]})
        try:
            request = partial(self._once, client, method, path, deadline, body)
            return retrying(request, pause_after=self._pause_after, deadline=deadline)
        finally:
            with boundary(FORESEEN):
                client.close()

    def _once(self, client: httpx.Client, method: str, path: str, deadline: Deadline, body: object) -> Any:
        seconds = max(deadline.remaining(), 0.001)
        timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
        with boundary(FORESEEN), client.stream(method, self.url + path, json=body, timeout=timeout) as response:
            raw = _read(response)
        if response.is_success:
            return _decoded(raw)
        raise _refused(response, raw)

    def _pause_after(self, error: Exception) -> float | None:
        if isinstance(error, Refused):
            again = error.passing and (error.status in NOT_BEGUN or not self.careful)
            return error.wait if again else None
        passing = httpx.ConnectError if self.careful else httpx.TransportError
        endless = httpx.TimeoutException | httpx.UnsupportedProtocol
        return 0.0 if isinstance(error, passing) and not isinstance(error, endless) else None

    def failure(self, error: Exception, began: float, advice: str = "") -> Failure:
        """What an exception of `MAPPED` means to a person, without the key. `advice` is for one that is `Refused`."""
        failure = explain(error, self.host, advice)
        return Failure(
            reason=quoted(failure.reason, [self.key]),
            advice=quoted(failure.advice, [self.key]),
            retryable=failure.retryable,
            latency=time.monotonic() - began,
        )


def address(url: str, example: str) -> str:
    """The URL without a slash at its end. UsageError, which never repeats a credential, for one that is none or holds one."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if whole and "@" in parts.netloc:
        raise UsageError("a model's URL holds a name or password", advice="a key belongs into the environment: see the README")
    if whole and (parts.query or parts.fragment):
        raise UsageError("a model's URL has a query or a fragment", advice=f"give the API's base, as in {example}")
    if not whole or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("a model's URL is no address", advice=f"as in {example}")
    return url.rstrip("/")


def explain(error: Exception, host: str, advice: str) -> Failure:
    """What an exception of `MAPPED` means to a person. The text may still hold a credential."""
    if isinstance(error, Refused):
        reason = f"{host} answered {error.status}{': ' if error.said else ''}{error.said}"
        return Failure(reason=reason, advice=advice, retryable=error.passing)
    if isinstance(error, Strange | httpx.DecodingError):
        return Failure(reason=f"{host} answered {error}", advice="check the URL: something else may be there, or a login in front of it")
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return Failure(reason=f"no answer from {host} in the time there was", advice="allow more time with --deadline", retryable=True)
    if isinstance(error, httpx.TransportError | ConnectionError | TimeoutError) and not isinstance(error, httpx.UnsupportedProtocol):
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        reason = f"{host} cannot be reached, or hung up: {why}"
        return Failure(reason=reason, advice="check the URL, the network and the proxy", retryable=True)
    reason = f"{host} could not be asked: {error if isinstance(error, ClientError) else f'{type(error).__name__}: {error}'}"
    return Failure(reason=reason, advice="check the URL, and the proxy and SSL variables")


class _Left(httpx.SyncByteStream):
    """A body that is read no further than to the deadline."""

    def __init__(self, body: Iterable[bytes], close: Callable[[], None], deadline: Deadline) -> None:
        self._body, self._close, self._deadline = body, close, deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            yield chunk
            if self._deadline.expired():
                raise httpx.ReadTimeout("the answer was not whole by the deadline")

    def close(self) -> None:
        self._close()


def left_at(deadline: Deadline) -> Callable[[httpx.Response], None]:
    """A hook for a client's responses. Its time-out is for each read: a server that drips is left here, whatever reads the body."""

    def leave(response: httpx.Response) -> None:
        body = response.stream
        if isinstance(body, httpx.SyncByteStream):
            response.stream = _Left(body, body.close, deadline)

    return leave


def _read(response: httpx.Response) -> bytes:
    raw = b""
    for chunk in response.iter_bytes():
        raw += chunk
        if len(raw) > LARGEST:
            raise Strange(f"with more than {LARGEST // 1024**2} MiB")
    return raw


def _decoded(raw: bytes) -> Any:
    """The body's JSON, strictly: of a key that is there twice nobody can tell which value was meant."""
    try:
        return flat(json.loads(raw, object_pairs_hook=_unique, parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        page = raw[:200].lstrip().lower().startswith((b"<!doctype", b"<html"))
        raise Strange("with a web page" if page else f"with no JSON: {error}" if raw.strip() else "with nothing") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        raise ValueError("a key is there twice")
    return whole


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _refused(response: httpx.Response, raw: bytes) -> Refused:
    if response.is_redirect:
        return Refused(response.status_code, f"it sends us elsewhere, to {response.headers.get('Location', '')}")
    try:
        body = flat(json.loads(raw))
    except (ValueError, RecursionError):
        body = None
    said, code = complaint(body) if body is not None else ("" if b"<" in raw[:20] else raw.decode(errors="replace"), "")
    return Refused(response.status_code, said or response.reason_phrase, code=code, wait=retry_after(response.headers))


def complaint(body: Any) -> tuple[str, str]:
    """What an error's JSON says and its name for the fault, in the forms that servers use.

    `{"error": {"message", "code"}}` (OpenAI; Google puts it into a list), `{"error": "…"}`, `{"message", "code"}` (older vLLM),
    `{"analysis"}` (an agent), and FastAPI's `{"detail"}`, of whose list the input, which is our own request, is left out.
    """
    told = next((each for each in body if isinstance(each, dict)), body) if isinstance(body, list) else body
    inner = told.get("error", told) if isinstance(told, dict) else told
    if not isinstance(inner, dict):
        return str(inner), ""
    detail = inner.get("detail")
    if isinstance(detail, list):
        return "; ".join(f"{each.get('loc')} {each.get('msg')}" for each in detail if isinstance(each, dict)), ""
    return str(inner.get("message") or detail or inner.get("analysis") or ""), str(inner.get("code") or inner.get("type") or "")
