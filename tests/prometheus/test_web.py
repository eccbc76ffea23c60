"""Queries of any JSON over HTTP: what is asked, what comes of the answer, and where credentials go."""

import base64
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.evidence.queries import check_queries
from analyzer.prometheus import BadQuery, PrometheusError, PrometheusUnreachable, QueryResult, promql
from analyzer.prometheus.web import ask_web
from analyzer.settings import Gate, Prometheus, Query, Relative

Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Reply = Callable[..., None]


def ask(url: str, environ: dict[str, str] | None = None, seconds: float = 5, **fields: Any) -> QueryResult:
    query = Query(name="score", url=url, **{"json_path": "$.score", **fields})
    promql.check_query(query)
    return ask_web(query, url, environ or {}, Deadline.after(seconds))


def figure(answer: QueryResult) -> str | None:
    return answer.series[0].value[1] if answer.series and answer.series[0].value else None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ({"score": 0.75}, "0.75"),
        ({"score": 3}, "3.0"),
        ({"score": "12.5"}, "12.5"),
        ({"score": "NaN"}, "nan"),
        ({"score": None}, None),
    ],
)
def test_the_figure_of_an_answer(body: object, value: str | None, web: Web, answer: Reply) -> None:
    assert figure(ask(web(lambda request: answer(request, 200, body)))) == value


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"other": 1}, r"nothing at \$\['score'\]"),
        ({"score": True}, "true or false at"),
        ({"score": "fast"}, "text at"),
        ({"score": [1]}, "a list at"),
        ({"score": {}}, "an object at"),
        (b"<html>", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"score": 1, "score": 2}', "not JSON"),
        (b'{"score": NaN}', "not JSON"),
        (b"x" * 2 * 1024 * 1024, "more than 1 MiB"),
    ],
)
def test_an_answer_without_a_figure_is_broken(body: object, says: str, web: Web, answer: Reply) -> None:
    with pytest.raises(BadQuery, match=says):
        ask(web(lambda request: answer(request, 200, body)))


def test_headers_and_credentials_go_along(web: Web, answer: Reply) -> None:
    seen: list[dict[str, str]] = []

    def reply(request: BaseHTTPRequestHandler) -> None:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        answer(request, 200, {"score": 1})

    url = web(reply)
    ask(
        url,
        {"WEB_QA_USERNAME": "me", "WEB_QA_PASSWORD": "hunter2"},
        credentials="qa",
        headers={"X-Tenant": "shop"},
    )
    ask(url, {"WEB_QA_TOKEN": "hunter2"}, credentials="qa")
    ask(url, {"WEB_QA_TOKEN": "hunter2"})
    basic = f"Basic {base64.b64encode(b'me:hunter2').decode()}"
    assert [one.get("authorization") for one in seen] == [basic, "Bearer hunter2", None]
    assert seen[0]["x-tenant"] == "shop"


@pytest.mark.parametrize(
    "environ", [{"WEB_QA_TOKEN": "hunter2"}, {"WEB_QA_USERNAME": "me", "WEB_QA_PASSWORD": "hunter2"}]
)
def test_credentials_go_to_no_other_machine_unencrypted(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="over http, unencrypted") as caught:
        ask("http://quality.test/score", environ, credentials="qa")
    assert "hunter2" not in f"{caught.value}{caught.value.advice}"


def test_credentials_that_are_not_there(web: Web, answer: Reply) -> None:
    with pytest.raises(UsageError, match="has no credentials") as caught:
        ask(web(lambda request: answer(request, 200, {"score": 1})), credentials="qa")
    assert "WEB_QA_TOKEN" in caught.value.advice


def test_a_refusal_says_what_to_set_and_no_secret(web: Web, answer: Reply) -> None:
    url = web(lambda request: answer(request, 401, b"hunter2 is wrong"))
    with pytest.raises(PrometheusError, match="answered 401") as caught:
        ask(url, {"WEB_QA_TOKEN": "hunter2"}, credentials="qa")
    assert "WEB_QA_TOKEN" in caught.value.advice
    assert "hunter2" not in f"{caught.value}{caught.value.advice}"


def test_a_redirect_is_not_followed(web: Web, answer: Reply) -> None:
    other = web(lambda request: answer(request, 200, {"score": 1}))
    with pytest.raises(BadQuery, match="answered 302"):
        ask(web(lambda request: answer(request, 302, b"", Location=other)))


def test_what_may_pass_can_be_asked_again(web: Web, answer: Reply) -> None:
    with pytest.raises(PrometheusUnreachable, match="answered 503"):
        ask(web(lambda request: answer(request, 503, b"", Retry_After="60")))
    with pytest.raises(PrometheusUnreachable, match="no connection"):
        ask("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": "quality/score"}, "is no address"),
        ({"url": "ftp://quality/score"}, "is no address"),
        ({"url": "https://me:hunter2@quality/score"}, "is no address"),
        ({"url": "https://quality/score?api_key=hunter2hunter2"}, "holds a credential"),
        ({"url": "https://quality", "json_path": ""}, "needs json_path"),
        ({"url": "https://quality", "json_path": "$..a"}, "no path to one value"),
        ({"url": "https://quality", "range": 60.0}, "has one figure"),
        ({"url": "https://quality", "by": "pod"}, "has one figure"),
        ({"url": "https://quality", "query": "up"}, "needs either"),
        ({"url": "https://quality", "headers": {"Authorization": "x"}}, "is a credential"),
        ({"url": "https://quality", "credentials": "a-b"}, "credentials are a name"),
        ({"url": "https://quality/$hush"}, r"unknown placeholder \$hush"),
        ({"url": "", "query": "up"}, "only a url has"),
    ],
)
def test_a_query_that_cannot_be_asked(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        promql.check_query(Query(**{"name": "score", "json_path": "$.score", **fields}))
    assert "hunter2" not in f"{caught.value}{caught.value.advice}"


def test_addresses_need_no_prometheus() -> None:
    query = Query(name="score", url="https://quality/$hash", json_path="$.score")
    gate = Gate(query="score", relative=Relative(percent=5))
    check_queries(Prometheus(queries=(query,)), [gate])
    with pytest.raises(UsageError, match="no Prometheus to ask"):
        check_queries(Prometheus(queries=(query, Query(name="up", query="up"))), [gate])
