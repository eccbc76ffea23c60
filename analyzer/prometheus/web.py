"""A query of any JSON over HTTP: one GET, and the figure that a path leads to, as Argo's `web` metric has it.

Credentials are no settings: a query names the variables that hold them, which begin with `WEB_`. They go over
https alone, but to this machine.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from analyzer import __version__
from analyzer.common import strict_json
from analyzer.common.address import parse_address
from analyzer.common.deadline import Deadline
from analyzer.common.keys import check_encrypted, read_key
from analyzer.common.retry import parse_retry_after, retrying
from analyzer.common.short import cut
from analyzer.errors import UsageError
from analyzer.prometheus.answers import QueryResult, Series
from analyzer.prometheus.errors import BadQuery, PrometheusError, PrometheusUnreachable, pause_after
from analyzer.prometheus.headers import basic_authorization, check_headers
from analyzer.prometheus.json_path import NotThere, follow_path, parse_path
from analyzer.redact import redact
from analyzer.settings import Query

if TYPE_CHECKING:
    from analyzer.common.http import HttpFault, Response

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 30.0  # seconds
MAX_ANSWER = 1024 * 1024  # bytes of an answer
VARIABLES = "set WEB_{0}_TOKEN, or WEB_{0}_USERNAME and WEB_{0}_PASSWORD"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,50}", re.ASCII)


def check_web(query: Query) -> None:
    """Raise UsageError unless a query of JSON can be asked. Sends nothing."""
    name = f"the query {query.name!r}"
    parts = parse_address(query.url)
    if not parts or "@" in parts.netloc or parts.fragment:
        raise UsageError(
            f"{name}: {redact(query.url)!r} is no address to ask", advice="such as https://host/path?a=b"
        )
    if redact(query.url) != query.url:
        raise UsageError(
            f"{name}: its address holds a credential, and credentials are no settings",
            advice="name the variables that hold it (credentials)",
        )
    if not query.json_path:
        raise UsageError(
            f"{name} needs json_path, which leads to the figure", advice="such as $.data.success_rate"
        )
    parse_path(query.json_path)
    if query.by or query.range or query.window:
        raise UsageError(
            f"{name} asks an address, which has one figure",
            advice="leave by, range and window out; write $hash where the address names a side",
        )
    if query.credentials and not _NAME.fullmatch(query.credentials):
        raise UsageError(
            f"{name}: credentials are a name of letters, digits and underscores",
            advice=VARIABLES.format("NAME"),
        )
    check_headers(query.headers, f"{name}: headers", "name the variables that hold it (credentials)")


def ask_web(query: Query, url: str, environ: Mapping[str, str], deadline: Deadline) -> QueryResult:
    """Return the figure as a scalar, or no series for null. Raise PrometheusError or UsageError."""
    headers = {
        "User-Agent": f"rollout-analyzer/{__version__}",
        "Accept": "application/json",
        **query.headers,
        **read_credentials(query, url, environ),
    }
    response = retrying(
        lambda: _exchange(query, url, headers, deadline), pause_after=pause_after, deadline=deadline
    )
    figure = _read_figure(query, response.body)
    return QueryResult(type="scalar", series=() if figure is None else (Series(value=(0.0, figure)),))


def _exchange(query: Query, url: str, headers: Mapping[str, str], deadline: Deadline) -> "Response":
    from analyzer.common.http import HttpClient, HttpFault

    left = min(READ_TIMEOUT, deadline.remaining())
    if not left:
        raise PrometheusUnreachable(f"{_unanswered(query)} no time is left")
    try:
        client = HttpClient(url, headers, connect=CONNECT_TIMEOUT, largest=MAX_ANSWER)
        response = client.exchange("GET", "", Deadline.after(left))
    except HttpFault as fault:
        raise _translate_fault(fault, query, url) from fault
    status = f"{_place(url)} answered {response.status}"
    if response.status == 429 or response.status >= 500:
        raise PrometheusUnreachable(
            f"{_unanswered(query)} {status}", retry_after=parse_retry_after(response.headers)
        )
    if response.status in (401, 403):
        raise PrometheusError(f"{_unanswered(query)} {status}", advice=_advise(query))
    if response.status != 200:
        raise BadQuery(status, advice="is the address right? Redirects are not followed")
    return response


def _read_figure(query: Query, body: bytes) -> str | None:
    """Return the figure's text, None for null."""
    try:
        value: Any = follow_path(parse_path(query.json_path), strict_json.decode(body))
    except NotThere as gone:
        raise BadQuery(
            f"the answer has nothing at {cut(str(gone), 100)}", advice="correct json_path"
        ) from gone
    except (ValueError, RecursionError) as error:
        raise BadQuery(
            "the answer is not JSON", advice="is that the address, or a login in front of it?"
        ) from error
    if value is None:
        return None
    kind = {bool: "true or false", str: "text", dict: "an object", list: "a list"}.get(
        type(value), "no number"
    )
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return str(float(value))
        except (ValueError, OverflowError):
            pass
    raise BadQuery(
        f"there is {kind} at {query.json_path} where a number was expected", advice="correct json_path"
    )


def read_credentials(query: Query, url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the header of a query's credentials. Raise UsageError if they are missing or unencrypted."""
    if not query.credentials:
        return {}
    prefix = f"WEB_{query.credentials.upper()}"
    token = read_key(f"{prefix}_TOKEN", environ, url)
    if token:
        return {"Authorization": f"Bearer {token}"}
    name, password = environ.get(f"{prefix}_USERNAME", ""), environ.get(f"{prefix}_PASSWORD", "")
    if not name:
        raise UsageError(f"the query {query.name!r} has no credentials", advice=_advise(query))
    check_encrypted(f"{prefix}_PASSWORD", url)
    return basic_authorization(name, password)


def _advise(query: Query) -> str:
    if not query.credentials:
        return f"give the query credentials: NAME, and {VARIABLES.format('NAME')}"
    return VARIABLES.format(query.credentials.upper())


def _translate_fault(fault: "HttpFault", query: Query, url: str) -> PrometheusError:
    place, why = _place(url), _unanswered(query)
    rows: dict[str, PrometheusError] = {
        "untrusted": PrometheusError(
            f"{why} the certificate of {place} is not trusted", advice="name its authority in SSL_CERT_FILE"
        ),
        "no tls": PrometheusError(f"{why} {place} does not speak TLS"),
        "too large": BadQuery(f"the answer has {fault}", advice="ask an address that answers with less"),
        "undecodable": BadQuery("the answer is not in the encoding that it names"),
        "unusable": PrometheusError(
            f"{why} {place} cannot be asked", advice="check the address and the proxy"
        ),
        "timeout": PrometheusUnreachable(f"{why} {place} did not answer in time"),
        "broken": PrometheusUnreachable(f"{why} the connection to {place} ended too early"),
    }
    return rows.get(fault.kind) or PrometheusUnreachable(
        f"{why} no connection to {place}", advice="is the address right, and reachable from here?"
    )


def _unanswered(query: Query) -> str:
    return f"the query {query.name} was not asked:"


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
