"""Answers of Prometheus: the series of a query, or why there are none."""

from typing import TYPE_CHECKING, Literal

import msgspec

from analyzer.common.retry import parse_retry_after
from analyzer.common.value import UNREADABLE, Value
from analyzer.prometheus.errors import ADDRESS, BEARER, BadQuery, PrometheusError, PrometheusUnreachable

if TYPE_CHECKING:
    from analyzer.common.http import Response


class Series(Value, forbid_unknown_fields=False):
    """One series. Times are Unix seconds, values are Go's text of a float. A native histogram has neither."""

    metric: dict[str, str] = msgspec.field(default_factory=dict)
    value: tuple[float, str] | None = None
    values: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a value that is not a number."""
        for _, value in (*self.values, *((self.value,) if self.value else ())):
            float(value)


class QueryResult(Value):
    """The result of a query. A scalar is one series without labels; a text has no series. `warnings` holds
    the warnings and infos of Prometheus.
    """

    type: Literal["vector", "matrix", "scalar", "string"]
    series: tuple[Series, ...]
    warnings: tuple[str, ...] = ()


class _AnswerData(Value, rename="camel", forbid_unknown_fields=False):
    result_type: Literal["vector", "matrix", "scalar", "string"]
    result: msgspec.Raw


class _Body(Value, rename="camel", forbid_unknown_fields=False):
    status: Literal["success", "error"]
    data: _AnswerData | None = None
    error: str = ""
    error_type: str = ""
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
    is_partial: bool = False  # VictoriaMetrics, where Thanos and Mimir warn

    def notices(self) -> tuple[str, ...]:
        """Return the answer's own warnings, infos, and a note if it is partial."""
        return (*self.warnings, *self.infos, *(("the answer is partial",) if self.is_partial else ()))


def parse_answer(body: bytes, url: str) -> QueryResult:
    """Parse the body of an answer with status 200. Raise PrometheusError if it does not follow the API."""
    try:
        answer = msgspec.json.decode(body, type=_Body)
        if answer.status == "success" and answer.data is not None:
            return QueryResult(
                type=answer.data.result_type, series=_parse_series(answer.data), warnings=answer.notices()
            )
    except UNREADABLE as error:
        raise _not_prometheus(body, url) from error
    raise _not_prometheus(body, url)


def raise_refusal(response: "Response", url: str, *, authorized: bool) -> QueryResult:
    """Raise the error that an answer other than 200 means."""
    status, body = response.status, response.body
    try:
        answer = msgspec.json.decode(body, type=_Body)
    except UNREADABLE:
        answer = None
    message = answer.error if answer else " ".join(body[:200].decode(errors="replace").split())
    if answer and answer.error_type in ("bad_data", "execution"):
        raise BadQuery(f"Prometheus refuses the query: {message}")
    if answer and answer.error_type in ("timeout", "canceled"):
        raise PrometheusError(
            f"Prometheus took too long: {message}",
            advice="ask for less: a shorter window, or a recording rule",
        )
    if status == 429 or status >= 500:
        raise PrometheusUnreachable(
            f"Prometheus at {url} answered {status}: {message}",
            retry_after=parse_retry_after(response.headers),
        )
    if status in (401, 403):
        again = "the credentials may have expired, or may not read this: " if authorized else ""
        raise PrometheusError(
            f"Prometheus at {url} denies access ({status} {message})", advice=again + BEARER
        )
    if 300 <= status < 400:
        raise PrometheusError(
            f"{url} sends us elsewhere ({status}): {response.location or 'it does not say where'}",
            advice=ADDRESS,
        )
    raise PrometheusError(f"{url} is not Prometheus' API ({status} {message})", advice=ADDRESS)


def _parse_series(data: _AnswerData) -> tuple[Series, ...]:
    if data.result_type == "string":
        return ()
    if data.result_type == "scalar":
        return (msgspec.convert({"value": msgspec.json.decode(data.result)}, Series),)
    return msgspec.json.decode(data.result, type=tuple[Series, ...])


def _not_prometheus(body: bytes, url: str) -> PrometheusError:
    """Return the error for an answer that does not follow the API: a login page, another program, half an
    answer.
    """
    start = body[:200].lstrip().lower()
    what = (
        "with a web page"
        if start.startswith((b"<!doctype", b"<html"))
        else "in a form that is not that of Prometheus' API"
    )
    return PrometheusError(
        f"{url} answered {what}", advice=f"is that Prometheus, or a login in front of it? {ADDRESS}"
    )
