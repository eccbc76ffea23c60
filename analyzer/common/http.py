"""The one HTTP client of ours. It returns an answer of bounded size by the deadline, or raises one fault that
says what went wrong.

Servers with a client library (Kubernetes, Gemini, Ollama) are asked with that library. Redirects are not
followed, because a credential would go along. Proxies and certificate bundles come from the environment
(HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE), as httpx reads them.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any, Literal

import httpx

from analyzer.common.boundary import ClientError, boundary, describe_exception
from analyzer.common.deadline import Deadline

CONNECT = 10.0  # seconds
# a connection ends with its answer: none is left open behind a run
ONE_REQUEST = httpx.Limits(max_keepalive_connections=0)
LARGEST_RESPONSE = 4 * 1024 * 1024  # bytes of an answer: far more than any that is meant
FaultKind = Literal[
    "unusable",
    "untrusted",
    "no tls",
    "no connection",
    "no connection in time",
    "timeout",
    "broken",
    "undecodable",
    "too large",
]


# They log the whole address of each request, and that of a chat's webhook is a credential.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# all of its own
HTTPX: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
)
# the last by the environment: a certificate bundle that is none
FORESEEN: tuple[type[Exception], ...] = (
    *HTTPX,
    OSError,
)


class HttpFault(Exception):  # noqa: N818 - what a person reads
    """There is no answer. `str()` is the cause in the library's words; it may hold a credential.

    | kind                  | means                                                                       |
    | --------------------- | --------------------------------------------------------------------------- |
    | unusable              | an address, proxy or certificate file is unusable, or the library has a bug |
    | untrusted             | nobody known here signed the server's certificate                           |
    | no tls                | the server does not speak TLS                                               |
    | no connection         | it was refused, or the name is not known: nothing was sent                  |
    | no connection in time | nothing was sent                                                            |
    | timeout               | the answer was not whole by the deadline                                    |
    | broken                | the connection ended before the answer was whole                            |
    | undecodable           | the answer is not in the encoding that it names                             |
    | too large             | the answer has more bytes than were allowed                                 |
    """

    def __init__(self, kind: FaultKind, cause: str) -> None:
        super().__init__(cause)
        self.kind: FaultKind = kind


_KINDS: tuple[tuple[FaultKind, tuple[type[Exception], ...]], ...] = (  # the first that fits
    ("unusable", (httpx.UnsupportedProtocol, httpx.InvalidURL)),
    ("no connection", (httpx.ConnectError, ConnectionRefusedError)),
    ("no connection in time", (httpx.ConnectTimeout,)),
    ("timeout", (httpx.TimeoutException,)),
    ("undecodable", (httpx.DecodingError,)),
    ("broken", (httpx.TransportError, ConnectionError, TimeoutError)),
)


@dataclass(frozen=True)
class Response:
    """A whole answer, of any status. Header names are looked up in any case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str:
        """Return where a redirect leads; empty for any other answer."""
        return self.headers.get("Location", "") if 300 <= self.status < 400 else ""


@dataclass(frozen=True)
class HttpClient:
    """One server, which threads may share.

    `headers` go with every request, credentials among them. `trust` has the authorities of its certificate,
    by default the system's. `connect`: seconds for a connection. `largest`: bytes of an answer.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    trust: SSLContext | None = None
    connect: float = CONNECT
    largest: int = LARGEST_RESPONSE
    transport: httpx.BaseTransport | None = None
    _client: httpx.Client = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Create the client without sending anything. Raise HttpFault if the environment's proxies or
        certificate files cannot be used.
        """
        verify: SSLContext | bool = self.trust or True
        with _translate_errors():
            client = httpx.Client(
                headers=dict(self.headers),
                verify=verify,
                transport=self.transport,
                follow_redirects=False,
                limits=ONE_REQUEST,
            )
        object.__setattr__(self, "_client", client)

    def exchange(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request, with `json` or `form` as its body, and return its answer. Bytes of `json` are
        sent as they are. Never retries. Raise HttpFault.
        """
        seconds = max(deadline.remaining(), 0.001)
        timeout = httpx.Timeout(seconds, connect=min(self.connect, seconds))
        with (
            _translate_errors(),
            self._client.stream(
                method, self.url + path, data=form, timeout=timeout, **_body(json)
            ) as response,
        ):
            stop_reading_at(deadline)(response)
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.largest:
                    raise HttpFault("too large", f"more than {self.largest // 1024**2} MiB")
            return Response(response.status_code, response.reason_phrase, response.headers, body)


def _body(json: object) -> dict[str, Any]:
    return {"content": json} if isinstance(json, bytes) else {"json": json}


def stop_reading_at(deadline: Deadline) -> Callable[[httpx.Response], None]:
    """Return a hook for a client's responses that stops reading a body at the deadline.

    A client's own timeout is for each read, so a server that drips would never meet it.
    """

    def leave(response: httpx.Response) -> None:
        body = response.stream
        if isinstance(body, httpx.SyncByteStream):
            response.stream = _BoundedStream(body, body.close, deadline)

    return leave


class _BoundedStream(httpx.SyncByteStream):
    """A body that is read until the deadline."""

    def __init__(self, body: Iterable[bytes], close: Callable[[], None], deadline: Deadline) -> None:
        self._body, self._close, self._deadline = body, close, deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            yield chunk
            if self._deadline.expired():
                raise httpx.ReadTimeout("the answer was not whole by the deadline")

    def close(self) -> None:
        self._close()


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise HttpFault for whatever httpx raises, its own bugs included."""
    try:
        with boundary((HttpFault, *FORESEEN)):
            yield
    except ClientError as error:
        raise HttpFault("unusable", str(error)) from error
    except FORESEEN as error:
        raise HttpFault(_fault_kind(error), describe_exception(error)) from error


def _fault_kind(error: Exception) -> FaultKind:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "untrusted"
    if "WRONG_VERSION_NUMBER" in text:
        return "no tls"
    return next((kind for kind, classes in _KINDS if isinstance(error, classes)), "unusable")
