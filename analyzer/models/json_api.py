"""JSON over HTTP, for the judges that have no client library here.

HttpError                     never raised itself
├── Refused                   an answer other than 2xx
└── Strange                   a 2xx answer that is no JSON, has a key twice, or says nothing known
HttpFault                     no answer (`analyzer/common/http.py`)
"""

import json
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from analyzer.common.address import parse_address
from analyzer.common.deadline import Deadline
from analyzer.common.http import HttpClient, HttpFault, Response
from analyzer.common.retry import parse_retry_after, retrying
from analyzer.common.strict_json import decode
from analyzer.common.value import flat
from analyzer.errors import UsageError
from analyzer.models.interface import Failure
from analyzer.models.quoting import quote

RETRYABLE = (408, 425, 429, 500, 502, 503, 504)
LASTING = ("insufficient_quota",)  # OpenAI's code for used-up credit, under the status of a rate limit
STRANGE = "check the URL: something else may be there, or a login in front of it"
NOT_BEGUN = (429, 503)  # statuses of a request that was turned away before anything was done


class HttpError(Exception):
    """The server answered, but its answer cannot be used."""


class RefusedRequest(HttpError):  # noqa: N818 - what a person reads
    """An answer other than 2xx. `message` is the server's; `code` is its name for the fault; `wait` is the
    pause it asks for, in seconds.
    """

    def __init__(self, status: int, message: str, *, code: str = "", wait: float = 0.0) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.wait = status, message, code, wait
        self.passing = status in RETRYABLE and code not in LASTING


class Strange(HttpError):  # noqa: N818 - as above
    """A 2xx answer that is not one of this API."""


MAPPED: tuple[type[Exception], ...] = (HttpError, HttpFault)  # everything that sending can raise


@dataclass(frozen=True)
class Endpoint:
    """A server, and how to ask it. `careful`: asking twice does harm, so only a request that surely was not
    begun is sent again.
    """

    url: str
    key: str = field(default="", repr=False)
    careful: bool = False

    @property
    def host(self) -> str:
        """Return the host, with the port if the URL has one, as a person is shown it."""
        return urlsplit(self.url).netloc

    def send(self, method: str, path: str, deadline: Deadline, body: object = None) -> Any:
        """Return the JSON of a 2xx answer. A fault that may pass is tried again until the deadline. Raise one
        of `MAPPED`.
        """
        client = HttpClient(self.url, {"Authorization": f"Bearer {self.key}"} if self.key else {})
        return retrying(
            partial(_send_once, client, method, path, deadline, body),
            pause_after=self._pause_after,
            deadline=deadline,
        )

    def _pause_after(self, error: Exception) -> float | None:
        """Return the seconds to wait before the next attempt, or None for no further attempt."""
        if isinstance(error, RefusedRequest):
            again = error.passing and (error.status in NOT_BEGUN or not self.careful)
            return error.wait if again else None
        passing = ("no connection",) if self.careful else ("no connection", "broken")
        return 0.0 if isinstance(error, HttpFault) and error.kind in passing else None

    def failure(self, error: Exception, began: float, advice: str = "") -> Failure:
        """Return what an exception of `MAPPED` means to a person, without the key. `advice` is for a
        `RefusedRequest`; `began` is when asking began (monotonic).
        """
        failure = explain_http_error(error, self.host, advice)
        return Failure(
            reason=quote(failure.reason, [self.key]),
            advice=quote(failure.advice, [self.key]),
            retryable=failure.retryable,
            latency=time.monotonic() - began,
        )


def check_address(url: str, example: str) -> str:
    """Return the URL without a slash at its end. Raise UsageError if it is not a URL, or holds a credential,
    which the error never repeats.
    """
    parts = parse_address(url)
    if parts is None:
        raise UsageError("a model's URL is no address", advice=f"as in {example}")
    if "@" in parts.netloc:
        raise UsageError(
            "a model's URL holds a name or password",
            advice="a key belongs into the environment: see the README",
        )
    if parts.query or parts.fragment:
        raise UsageError(
            "a model's URL has a query or a fragment", advice=f"give the API's base, as in {example}"
        )
    return url.rstrip("/")


def explain_http_error(error: Exception, host: str, advice: str) -> Failure:
    """Return what an exception of `MAPPED` means to a person. The text may still hold a credential."""
    if isinstance(error, RefusedRequest):
        reason = f"{host} answered {error.status}{': ' if error.message else ''}{error.message}"
        return Failure(reason=reason, advice=advice, retryable=error.passing)
    if isinstance(error, HttpFault):
        return _explain_fault(error, host)
    return Failure(reason=f"{host} answered {error}", advice=STRANGE)


def _explain_fault(fault: HttpFault, host: str) -> Failure:
    """Return what a fault without an answer means to a person."""
    strange = Failure(reason=f"{host} answered with {fault}", advice=STRANGE)
    rows: dict[str, Failure] = {
        "undecodable": strange,
        "too large": strange,
        "timeout": Failure(
            reason=f"no answer from {host} in time",
            advice="allow more time with --deadline",
            retryable=True,
        ),
        "unusable": Failure(
            reason=f"{host} could not be asked: {fault}",
            advice="check the URL, and the proxy and SSL variables",
        ),
        "untrusted": Failure(
            reason=f"the certificate of {host} is not trusted: {fault}",
            advice="name its authority in SSL_CERT_FILE",
        ),
        "no tls": Failure(reason=f"{host} does not speak TLS", advice="is it http:// instead of https://?"),
    }
    unreached = f"{host} cannot be reached, or hung up: {fault}"
    return rows.get(fault.kind) or Failure(
        reason=unreached, advice="check the URL, the network and the proxy", retryable=True
    )


def _send_once(client: HttpClient, method: str, path: str, deadline: Deadline, body: object) -> Any:
    """Return the JSON of a 2xx answer to one request. Raise `RefusedRequest`, `Strange` or HttpFault."""
    response = client.exchange(method, path, deadline, json=body)
    if 200 <= response.status < 300:
        return _decode(response.body)
    raise _parse_refusal(response)


def _decode(raw: bytes) -> Any:
    """Return the JSON of a body. Raise `Strange` for other text, and for a key twice: which is meant?"""
    try:
        return flat(decode(raw))
    except (ValueError, RecursionError) as error:
        raise Strange(_describe_body(raw, error)) from error


def _describe_body(raw: bytes, error: Exception) -> str:
    """Return in words what a body is that is no JSON."""
    if raw[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "with a web page"
    return f"with no JSON: {error}" if raw.strip() else "with nothing"


def _parse_refusal(response: Response) -> RefusedRequest:
    """Return the error of an answer other than 2xx."""
    if response.location:
        return RefusedRequest(response.status, f"it redirects to {response.location}")
    message, code = _read_refusal(response.body)
    return RefusedRequest(
        response.status, message or response.reason, code=code, wait=parse_retry_after(response.headers)
    )


def _read_refusal(raw: bytes) -> tuple[str, str]:
    """Return the message and the code in the body of a refusal. A web page has neither."""
    try:
        body = flat(json.loads(raw))
    except (ValueError, RecursionError):
        body = None
    if body is not None:
        return parse_complaint(body)
    return "" if b"<" in raw[:20] else raw.decode(errors="replace"), ""


def parse_complaint(body: Any) -> tuple[str, str]:
    """Return the message and the code in the JSON of an error, in the formats that servers use.

    `{"error": {"message", "code"}}` (OpenAI; Google puts it into a list), `{"error": "…"}`, `{"message",
    "code"}` (older vLLM), `{"analysis"}` (an agent), and FastAPI's `{"detail"}`. A list of details repeats
    our own request as the input, which is left out.
    """
    items = body if isinstance(body, list) else [body]
    outer = next((item for item in items if isinstance(item, dict)), body)
    inner = outer.get("error", outer) if isinstance(outer, dict) else outer
    if not isinstance(inner, dict):
        return str(inner), ""
    details = inner.get("detail")
    if isinstance(details, list):
        return "; ".join(
            f"{detail.get('loc')} {detail.get('msg')}" for detail in details if isinstance(detail, dict)
        ), ""
    return str(inner.get("message") or details or inner.get("analysis") or ""), str(
        inner.get("code") or inner.get("type") or ""
    )
