"""Prometheus' HTTP API, and whatever speaks it (Thanos, Mimir, VictoriaMetrics): the client, which tells three failures apart.

PrometheusError(InfrastructureError)   the server, or the way to it: asking something else changes nothing
├── Unreachable       no connection, 429, 5xx: may pass, after `retry_after` seconds
└── BadQuery          it understood us and refuses this query, or its answer is none to this question

An address, a certificate or a header that cannot be used is a UsageError. Credentials are no settings: the bearer token is in
PROMETHEUS_TOKEN or in a file, a name and password in PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD.
https://prometheus.io/docs/prometheus/latest/querying/api/
"""

import base64
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode, urlsplit

import msgspec

from analyzer import __version__
from analyzer.deadline import Deadline
from analyzer.errors import AnalyzerError, InfrastructureError, UsageError
from analyzer.redact import redact
from analyzer.retry import retry_after, retrying
from analyzer.settings import Prometheus
from analyzer.value import UNREADABLE, Value

if TYPE_CHECKING:
    from ssl import SSLContext

    from urllib3 import BaseHTTPResponse, PoolManager

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0  # seconds; Prometheus is told to give up as soon
LARGEST = 4 * 1024 * 1024  # bytes of an answer: some hundred times what two sides' points take
ERROR_BYTES = 64 * 1024
ADDRESS = "give Prometheus' root, as in http://prometheus.monitoring:9090; Thanos, Mimir and others often add a path"
BEARER = "set PROMETHEUS_TOKEN, or name a file with --prometheus-token-file; a tenant goes into prometheus.headers"


class PrometheusError(InfrastructureError):
    """Prometheus did not give what was asked of it."""


class Unreachable(PrometheusError):  # noqa: N818 - what a person reads
    """No answer, or one that says to come back."""

    def __init__(self, message: str, *, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


class BadQuery(PrometheusError):  # noqa: N818 - as above
    """This query, not the server."""


class Series(Value, forbid_unknown_fields=False):
    """One series. Times are Unix seconds, values Go's text of a float; a native histogram has neither."""

    metric: dict[str, str] = msgspec.field(default_factory=dict)
    value: tuple[float, str] | None = None
    values: tuple[tuple[float, str], ...] = ()


class Answer(Value):
    """What a query gave. A scalar is one series without labels; `warnings` are Prometheus' own, its infos with them."""

    type: Literal["vector", "matrix", "scalar", "string"]
    series: tuple[Series, ...]
    warnings: tuple[str, ...] = ()


class _Data(Value, rename="camel", forbid_unknown_fields=False):
    result_type: Literal["vector", "matrix", "scalar", "string"]
    result: msgspec.Raw


class _Body(Value, rename="camel", forbid_unknown_fields=False):
    status: Literal["success", "error"]
    data: _Data | None = None
    error: str = ""
    error_type: str = ""
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """A connection. Both ways to ask raise PrometheusError, by the deadline unless the server drips: ask on a thread."""

    url: str
    pool: "PoolManager"
    headers: Mapping[str, str]
    deadline: Deadline

    @classmethod
    def connect(cls, settings: Prometheus, environ: Mapping[str, str], deadline: Deadline) -> "Server":
        """Sends nothing yet. Raises UsageError."""
        import urllib3

        check(settings)
        context = _context(settings.ca) if settings.url.startswith("https") else None
        pool = urllib3.PoolManager(maxsize=8, retries=False, ssl_context=context)
        headers = {"User-Agent": f"rollout-analyzer/{__version__}", **settings.headers, **_credentials(settings, environ)}
        return cls(settings.url.rstrip("/"), pool, headers, deadline)

    def instant(self, query: str, at: datetime) -> Answer:
        """The query's value at one moment."""
        return self._ask("query", {"query": query, "time": f"{at.timestamp():.3f}"})

    def range(self, query: str, start: datetime, end: datetime, step: float) -> Answer:
        """The query's values from start to end, both included, every `step` seconds."""
        times = {"start": f"{start.timestamp():.3f}", "end": f"{end.timestamp():.3f}", "step": f"{step:g}"}
        return self._ask("query_range", {"query": query, **times})

    def _ask(self, endpoint: str, fields: dict[str, str]) -> Answer:
        return retrying(lambda: self._once(endpoint, fields), pause_after=_pause_after, deadline=self.deadline)

    def _once(self, endpoint: str, fields: dict[str, str]) -> Answer:
        """By POST: a long query fits into no URL, and none is written to a proxy's log."""
        import urllib3

        left = self.deadline.remaining()
        if not left:
            raise Unreachable("no time is left to ask Prometheus")
        timeout = urllib3.Timeout(connect=min(CONNECT_TIMEOUT, left), read=min(READ_TIMEOUT, left))
        asked = {**fields, "timeout": f"{max(1, min(READ_TIMEOUT, left)):.0f}s"}
        with self._mapped():
            response = self.pool.urlopen(
                "POST",
                f"{self.url}/api/v1/{endpoint}",
                body=urlencode(asked),
                headers={**self.headers, "Content-Type": "application/x-www-form-urlencoded"},
                timeout=timeout,
                redirect=False,
                preload_content=False,
            )
            with closing(response):  # which leaves a connection whose answer was read to its end to the pool
                body = response.read(LARGEST + 1 if response.status == 200 else ERROR_BYTES, decode_content=True)
        if len(body) > LARGEST:
            raise BadQuery(f"the answer is larger than {LARGEST // 1024**2} MiB", advice="aggregate: sum(…), or sum by (label) (…)")
        return _answer(body, self.url) if response.status == 200 else _refuse(response, body, self)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            known = meaning(error, self.url)
            if known is None:
                raise
            raise known from error


def check(settings: Prometheus) -> None:
    """Raises UsageError for an address, a file or a header that cannot be used, or holds a credential."""
    try:
        parts = urlsplit(settings.url)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        whole = False
    if whole and (parts.username or parts.password):
        raise UsageError("the address of Prometheus holds a credential", advice="set PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD instead")
    if not whole or parts.query or parts.fragment:
        raise UsageError(f"{redact(settings.url)!r} is no address of Prometheus", advice=ADDRESS)
    for option, path in (("--prometheus-ca", settings.ca), ("--prometheus-token-file", settings.token_file)):
        if path and not os.access(path, os.R_OK):
            raise UsageError(f"{option}: there is no file {path} that may be read", advice="in a container it has to be mounted")
    for name, value in settings.headers.items():
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not re.fullmatch(r"[\x20-\x7e]*", value):
            raise UsageError(f"prometheus.headers: {name!r} is no header, or its value is not plain text")
        if name.lower() in {"authorization", "proxy-authorization", "cookie"} or redact(f"{name}: {value}") != f"{name}: {value}":
            raise UsageError(f"prometheus.headers: {name} is a credential, and credentials are no settings", advice=BEARER)


def meaning(error: Exception, url: str) -> AnalyzerError | None:
    """Our error for one of urllib3's or a socket's; None when it is none of theirs."""
    from urllib3 import exceptions as http

    reason = " ".join(str(error).split())[:200]
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return PrometheusError(f"the certificate of {url} is not trusted", advice="name its authority with --prometheus-ca FILE")
    if "WRONG_VERSION_NUMBER" in reason:
        return PrometheusError(f"{url} does not speak TLS", advice="is it http:// instead of https://?")
    rows: tuple[tuple[tuple[type[Exception], ...], AnalyzerError], ...] = (
        ((http.LocationValueError, http.ProxySchemeUnsupported), UsageError(f"{url} is no address of Prometheus", advice=ADDRESS)),
        (
            (http.ConnectTimeoutError, ConnectionRefusedError),
            Unreachable(f"no connection to Prometheus at {url}", advice="is the address right, and reachable from here?"),
        ),
        ((http.TimeoutError,), Unreachable(f"Prometheus at {url} did not answer in time")),
        ((http.HTTPError, OSError), Unreachable(f"the connection to Prometheus at {url} failed: {reason}")),
    )
    return next((ours for theirs, ours in rows if isinstance(error, theirs)), None)


def _context(ca: str) -> "SSLContext":
    from ssl import create_default_context

    try:
        return create_default_context(cafile=ca or None)
    except OSError as error:
        raise UsageError(f"--prometheus-ca: {ca} holds no certificate", advice="it has to be in PEM") from error


def _credentials(settings: Prometheus, environ: Mapping[str, str]) -> dict[str, str]:
    name, password = environ.get("PROMETHEUS_USERNAME", ""), environ.get("PROMETHEUS_PASSWORD", "")
    token = environ.get("PROMETHEUS_TOKEN", "").strip()
    if settings.token_file:
        try:
            token = Path(settings.token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--prometheus-token-file: cannot read {settings.token_file}") from error
    if token and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise UsageError("the bearer token of Prometheus is not one line of plain text", advice=BEARER)
    if token:
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"} if name else {}


def _answer(body: bytes, url: str) -> Answer:
    try:
        told = msgspec.json.decode(body, type=_Body)
        if told.status == "success" and told.data is not None:
            return Answer(type=told.data.result_type, series=_series(told.data), warnings=(*told.warnings, *told.infos))
    except UNREADABLE as error:
        raise _strange(body, url) from error
    raise _strange(body, url)


def _series(data: _Data) -> tuple[Series, ...]:
    if data.result_type in ("scalar", "string"):
        return (Series(value=msgspec.json.decode(data.result, type=tuple[float, str])),)
    return msgspec.json.decode(data.result, type=tuple[Series, ...])


def _strange(body: bytes, url: str) -> PrometheusError:
    """An answer that is none of Prometheus' API: a login page, another program, half an answer."""
    start = body[:200].lstrip().lower()
    what = "with a web page" if start.startswith((b"<!doctype", b"<html")) else "in no form that Prometheus' API has"
    return PrometheusError(f"{url} answered {what}", advice=f"is that Prometheus, or a login in front of it? {ADDRESS}")


def _refuse(response: "BaseHTTPResponse", body: bytes, server: Server) -> Answer:
    """Raises what an answer other than 200 means."""
    status, url = response.status, server.url
    try:
        told = msgspec.json.decode(body, type=_Body)
    except UNREADABLE:
        told = None
    said = told.error if told else " ".join(body[:200].decode(errors="replace").split())
    if told and told.error_type in ("bad_data", "execution"):
        raise BadQuery(f"Prometheus refuses the query: {said}")
    if told and told.error_type in ("timeout", "canceled"):
        raise PrometheusError(f"Prometheus took too long: {said}", advice="ask for less: a shorter window, or a recording rule")
    if status == 429 or status >= 500:
        raise Unreachable(f"Prometheus at {url} answered {status}: {said}", retry_after=retry_after(response.headers))
    if status in (401, 403):
        again = "the credentials may have expired, or may not read this: " if "Authorization" in server.headers else ""
        raise PrometheusError(f"Prometheus at {url} does not let us in ({status} {said})", advice=again + BEARER)
    if 300 <= status < 400:
        there = response.headers.get("Location", "it does not say where")
        raise PrometheusError(f"{url} sends us elsewhere ({status}): {there}", advice=ADDRESS)
    raise PrometheusError(f"{url} is not Prometheus' API ({status} {said})", advice=ADDRESS)


def _pause_after(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, Unreachable) else None
