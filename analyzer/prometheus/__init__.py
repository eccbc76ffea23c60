"""The HTTP API of Prometheus and of what speaks it (Thanos, Mimir, VictoriaMetrics): a client that tells
three failures apart.

An address, a certificate or a header that cannot be used is a UsageError. Credentials are no settings: the
bearer token is in PROMETHEUS_TOKEN or in a file, a name and password are in PROMETHEUS_USERNAME and
PROMETHEUS_PASSWORD, and they go over https alone, but to this machine.
https://prometheus.io/docs/prometheus/latest/querying/api/
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import __version__
from analyzer.common.address import parse_address
from analyzer.common.deadline import Deadline
from analyzer.common.keys import check_encrypted
from analyzer.common.retry import retrying
from analyzer.common.short import cut
from analyzer.common.surroundings import in_container
from analyzer.errors import UsageError
from analyzer.prometheus.answers import QueryResult, Series, parse_answer, raise_refusal
from analyzer.prometheus.errors import (
    ADDRESS,
    BEARER,
    BadQuery,
    PrometheusError,
    PrometheusUnreachable,
    pause_after,
)
from analyzer.prometheus.headers import basic_authorization, check_headers
from analyzer.redact import redact
from analyzer.settings import Prometheus

if TYPE_CHECKING:
    from ssl import SSLContext

    from analyzer.common.http import HttpClient, HttpFault

__all__ = [
    "BadQuery",
    "PrometheusError",
    "PrometheusUnreachable",
    "QueryResult",
    "Series",
    "Server",
    "check",
    "meaning",
]

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0  # seconds; Prometheus is told to give up as soon
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes of an answer: some hundred times what two sides' points take
_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Server:
    """A connection. Both queries raise PrometheusError, by the deadline unless the server drips, so run them
    on a thread.
    """

    client: "HttpClient"
    deadline: Deadline

    @classmethod
    def connect(cls, settings: Prometheus, environ: Mapping[str, str], deadline: Deadline) -> "Server":
        """Create a connection without sending anything. Raise UsageError, or PrometheusError if the
        environment's proxy or certificates cannot be used.
        """
        from analyzer.common.http import HttpClient, HttpFault

        check_settings(settings)
        headers = {
            "User-Agent": f"rollout-analyzer/{__version__}",
            **settings.headers,
            **_read_credentials(settings, environ),
        }
        url = settings.url.rstrip("/")
        try:
            client = HttpClient(
                url, headers, _load_authorities(settings.ca), connect=CONNECT_TIMEOUT, largest=LARGEST_ANSWER
            )
        except HttpFault as fault:
            raise translate_fault(fault, url) from fault
        return cls(client, deadline)

    @property
    def url(self) -> str:
        """Return the address, without a slash at the end."""
        return self.client.url

    def instant(self, query: str, at: datetime) -> QueryResult:
        """Return the query's value at one moment."""
        return self._ask("query", {"query": query, "time": f"{at.timestamp():.3f}"})

    def range(self, query: str, start: datetime, end: datetime, step: float) -> QueryResult:
        """Return the query's values from start to end, both included, every `step` seconds."""
        times = {"start": f"{start.timestamp():.3f}", "end": f"{end.timestamp():.3f}", "step": f"{step:g}"}
        return self._ask("query_range", {"query": query, **times})

    def _ask(self, endpoint: str, fields: dict[str, str]) -> QueryResult:
        return retrying(lambda: self._once(endpoint, fields), pause_after=pause_after, deadline=self.deadline)

    def _once(self, endpoint: str, fields: dict[str, str]) -> QueryResult:
        """Send the query by POST: a long query fits into no URL, and proxies log URLs."""
        from analyzer.common.http import HttpFault

        left = min(READ_TIMEOUT, self.deadline.remaining())
        if not left:
            raise PrometheusUnreachable("no time is left to ask Prometheus")
        form, until = {**fields, "timeout": f"{max(1, left):.0f}s"}, Deadline.after(left)
        try:
            response = self.client.exchange("POST", f"/api/v1/{endpoint}", until, form=form)
        except HttpFault as fault:
            raise translate_fault(fault, self.url) from fault
        if response.status == 200:
            return parse_answer(response.body, self.url)
        return raise_refusal(response, self.url, authorized="Authorization" in self.client.headers)


def check_settings(settings: Prometheus) -> None:
    """Raise UsageError for an address, a file or a header that cannot be used, or that holds a credential."""
    parts = parse_address(settings.url)
    if parts and (parts.username or parts.password):
        raise UsageError(
            "the address of Prometheus holds a credential",
            advice="set PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD instead",
        )
    if not parts or parts.query or parts.fragment:
        raise UsageError(f"{redact(settings.url)!r} is not a valid address of Prometheus", advice=ADDRESS)
    for option, path in (("--prometheus-ca", settings.ca), ("--prometheus-token-file", settings.token_file)):
        if path and not os.access(path, os.R_OK):
            advice = (
                "in a container it has to be mounted"
                if in_container()
                else "check its name, and who may read it"
            )
            raise UsageError(f"{option}: there is no file {path} that may be read", advice=advice)
    check_headers(settings.headers, "prometheus.headers", BEARER)


def translate_fault(fault: "HttpFault", url: str) -> PrometheusError:
    """Return the error that explains a fault to a person; PrometheusUnreachable for one that may pass."""
    rows: dict[str, PrometheusError] = {
        "untrusted": PrometheusError(
            f"the certificate of {url} is not trusted", advice="name its authority with --prometheus-ca FILE"
        ),
        "no tls": PrometheusError(f"{url} does not speak TLS", advice="is it http:// instead of https://?"),
        "no connection": PrometheusUnreachable(
            f"no connection to Prometheus at {url}", advice="is the address right, and reachable from here?"
        ),
        "timeout": PrometheusUnreachable(f"Prometheus at {url} did not answer in time"),
        "too large": BadQuery(f"the answer has {fault}", advice="aggregate: sum(…), or sum by (label) (…)"),
        "unusable": PrometheusError(
            f"{url} could not be asked: {fault}", advice="check the address, and the proxy and SSL variables"
        ),
    }
    rows["no connection in time"] = rows["no connection"]
    reason = cut(" ".join(str(fault).split()), 200)
    return rows.get(fault.kind) or PrometheusUnreachable(
        f"the connection to Prometheus at {url} failed: {reason}"
    )


def _load_authorities(ca: str) -> "SSLContext | None":
    from ssl import create_default_context

    try:
        return create_default_context(cafile=ca) if ca else None
    except OSError as error:
        raise UsageError(
            f"--prometheus-ca: {ca} holds no certificate", advice="it has to be in PEM"
        ) from error


def _read_credentials(settings: Prometheus, environ: Mapping[str, str]) -> dict[str, str]:
    name, password = environ.get("PROMETHEUS_USERNAME", ""), environ.get("PROMETHEUS_PASSWORD", "")
    token = environ.get("PROMETHEUS_TOKEN", "").strip()
    if settings.token_file:
        try:
            token = Path(settings.token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"--prometheus-token-file: cannot read {settings.token_file}",
                advice="it holds the bearer token alone, as plain text",
            ) from error
    if token and not _TOKEN.fullmatch(token):
        raise UsageError("the bearer token of Prometheus is not one line of plain text", advice=BEARER)
    if token:
        check_encrypted("the bearer token of Prometheus", settings.url)
        return {"Authorization": f"Bearer {token}"}
    if name:
        check_encrypted("PROMETHEUS_PASSWORD", settings.url)
    return basic_authorization(name, password) if name else {}
