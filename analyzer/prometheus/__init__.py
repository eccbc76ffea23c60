"""Prometheus' HTTP API, and whatever speaks it (Thanos, Mimir, VictoriaMetrics): the client, which tells three failures apart.

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
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from analyzer import __version__
from analyzer.deadline import Deadline
from analyzer.errors import AnalyzerError, UsageError
from analyzer.prometheus.answers import Answer, Series, answer_of, refuse
from analyzer.prometheus.errors import ADDRESS, BEARER, BadQuery, PrometheusError, Unreachable
from analyzer.redact import redact
from analyzer.retry import retrying
from analyzer.settings import Prometheus

if TYPE_CHECKING:
    from ssl import SSLContext

    from urllib3 import PoolManager

__all__ = ["Answer", "BadQuery", "PrometheusError", "Series", "Server", "Unreachable", "check", "meaning"]

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0  # seconds; Prometheus is told to give up as soon
LARGEST = 4 * 1024 * 1024  # bytes of an answer: some hundred times what two sides' points take
ERROR_BYTES = 64 * 1024
_HEADER, _LINE, _TOKEN = re.compile(r"[A-Za-z0-9-]+"), re.compile(r"[\x20-\x7e]*"), re.compile(r"[\x21-\x7e]+")


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
        if response.status == 200:
            return answer_of(body, self.url)
        return refuse(response, body, self.url, authorized="Authorization" in self.headers)

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
        if not _HEADER.fullmatch(name) or not _LINE.fullmatch(value):
            raise UsageError(
                f"prometheus.headers: {name!r} is no header, or its value is not plain text",
                advice="a name of letters, digits and dashes, a value on one line",
            )
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
            raise UsageError(
                f"--prometheus-token-file: cannot read {settings.token_file}", advice="it holds the bearer token alone, as plain text"
            ) from error
    if token and not _TOKEN.fullmatch(token):
        raise UsageError("the bearer token of Prometheus is not one line of plain text", advice=BEARER)
    if token:
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"} if name else {}


def _pause_after(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, Unreachable) else None
