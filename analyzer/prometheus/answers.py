"""What Prometheus answers: the series of a query, or why there are none."""

from typing import TYPE_CHECKING, Literal

import msgspec

from analyzer.prometheus.errors import ADDRESS, BEARER, BadQuery, PrometheusError, Unreachable
from analyzer.retry import retry_after
from analyzer.value import UNREADABLE, Value

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse


class Series(Value, forbid_unknown_fields=False):
    """One series. Times are Unix seconds, values Go's text of a float; a native histogram has neither."""

    metric: dict[str, str] = msgspec.field(default_factory=dict)
    value: tuple[float, str] | None = None
    values: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        """ValueError for a value that is no number."""
        for _, value in (*self.values, *((self.value,) if self.value else ())):
            float(value)


class Answer(Value):
    """What a query gave. A scalar is one series without labels, a text none; `warnings` are Prometheus' own, its infos with them."""

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
    is_partial: bool = False  # VictoriaMetrics, where Thanos and Mimir warn

    def said(self) -> tuple[str, ...]:
        """What it says of its own answer."""
        return (*self.warnings, *self.infos, *(("the answer is partial",) if self.is_partial else ()))


def answer_of(body: bytes, url: str) -> Answer:
    """What an answer of status 200 holds. PrometheusError for one that is none of its API."""
    try:
        told = msgspec.json.decode(body, type=_Body)
        if told.status == "success" and told.data is not None:
            return Answer(type=told.data.result_type, series=_series(told.data), warnings=told.said())
    except UNREADABLE as error:
        raise _strange(body, url) from error
    raise _strange(body, url)


def refuse(response: "BaseHTTPResponse", body: bytes, url: str, *, authorized: bool) -> Answer:
    """Raises what an answer other than 200 means."""
    status = response.status
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
        again = "the credentials may have expired, or may not read this: " if authorized else ""
        raise PrometheusError(f"Prometheus at {url} does not let us in ({status} {said})", advice=again + BEARER)
    if 300 <= status < 400:
        there = response.headers.get("Location", "it does not say where")
        raise PrometheusError(f"{url} sends us elsewhere ({status}): {there}", advice=ADDRESS)
    raise PrometheusError(f"{url} is not Prometheus' API ({status} {said})", advice=ADDRESS)


def _series(data: _Data) -> tuple[Series, ...]:
    if data.result_type == "string":
        return ()
    if data.result_type == "scalar":
        return (msgspec.convert({"value": msgspec.json.decode(data.result)}, Series),)
    return msgspec.json.decode(data.result, type=tuple[Series, ...])


def _strange(body: bytes, url: str) -> PrometheusError:
    """An answer that is none of Prometheus' API: a login page, another program, half an answer."""
    start = body[:200].lstrip().lower()
    what = "with a web page" if start.startswith((b"<!doctype", b"<html")) else "in no form that Prometheus' API has"
    return PrometheusError(f"{url} answered {what}", advice=f"is that Prometheus, or a login in front of it? {ADDRESS}")
