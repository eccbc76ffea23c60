"""Each query is put to a real Prometheus."""

import os
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.check.prometheus import check_prometheus
from analyzer.settings import Look, Prometheus, Query, Settings, Where

Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


def told(
    ask: Callable[..., CheckRequest], url: str, *queries: Query, seconds: float = 30
) -> list[CheckResult]:
    settings = Settings(look=Look(prometheus=Prometheus(url=url, queries=queries)))
    return list(check_prometheus(ask(settings, environ=os.environ, seconds=seconds)))


@pytest.fixture(scope="module")
def server(prometheus_of: Callable[..., str]) -> str:
    now = time.time()
    return prometheus_of(
        "\n".join(
            [
                "# TYPE requests counter",
                *(f"requests_total {count} {now - 300 + 15 * count}" for count in range(20)),
            ]
        )
    )


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("query", "state", "says"),
    [
        (Query(name="q", query="sum(requests_total)"), "holds", "answers, with 1 series"),
        (
            Query(name="q", query="sum(rate(requests_total[$window]))", range=120),
            "holds",
            "answers, with 1 series",
        ),
        (
            Query(name="q", query='sum(requests_total{hash="$hash"})'),
            "note",
            "answers, with no series for a made-up version",
        ),
        (Query(name="q", query="sum(request_total)"), "note", "answers, with no series"),
        (Query(name="q", query="sum(requests_total"), "wrong", "Prometheus refuses the query"),
        (Query(name="q", query="sum(requests_total{a='$nothing'})"), "wrong", "unknown placeholder $nothing"),
        (Query(name="q", preset="istio-success-rate"), "note", "for a made-up version"),
    ],
)
def test_what_it_answers_is_told(
    ask: Callable[..., CheckRequest], server: str, query: Query, state: str, says: str
) -> None:
    (found,) = told(ask, server, query)
    assert found.state == state, found
    assert says in found.what


@pytest.mark.prometheus
def test_one_query_that_is_broken_hides_no_other(ask: Callable[..., CheckRequest], server: str) -> None:
    found = told(
        ask, server, Query(name="bad", query="sum("), Query(name="good", query="sum(requests_total)")
    )
    assert [(each.about, each.state) for each in found] == [("bad", "wrong"), ("good", "holds")]


def test_an_address_where_nobody_listens_may_pass(ask: Callable[..., CheckRequest]) -> None:
    (found,) = told(ask, "http://127.0.0.1:1", Query(name="q", query="up"), seconds=2)
    assert found.state == "unreachable"
    assert found.advice


def test_an_address_that_is_none_is_wrong(ask: Callable[..., CheckRequest]) -> None:
    (found,) = told(ask, "prometheus:9090", Query(name="q", query="up"))
    assert (found.state, found.about) == ("wrong", "address")


def test_where_no_address_is_given_nothing_is_told(ask: Callable[..., CheckRequest]) -> None:
    assert told(ask, "") == []


# ---- the versions that there are


@pytest.fixture
def measured(
    web: Web, answer: Callable[..., None], kubeconfig: Callable[..., Path], ask: Callable[..., CheckRequest]
) -> Callable[..., list[CheckResult]]:
    """What is told where Prometheus has these figures by what the query holds, and the cluster the
    namespace.
    """

    def tell(figures: dict[str, str], *queries: Query) -> list[CheckResult]:
        def prometheus_(request: BaseHTTPRequestHandler) -> None:
            asked = unquote_plus(request.rfile.read(int(request.headers["Content-Length"])).decode())
            result = [{"metric": {}, "value": [0, value]} for text, value in figures.items() if text in asked]
            answer(request, 200, {"status": "success", "data": {"resultType": "vector", "result": result}})

        where = Where(
            kubeconfig=str(kubeconfig(web(lambda request: answer(request, 200, {})))),
            stable_hash="aaaa",
            canary_hash="bbbb",
        )
        settings = Settings(
            where=where, look=Look(prometheus=Prometheus(url=web(prometheus_), queries=queries))
        )
        return list(check_prometheus(ask(settings, environ=os.environ)))

    return tell


@pytest.mark.slow
@pytest.mark.parametrize(
    ("figures", "state", "what"),
    [
        ({}, "note", "neither side has data: stable has no series, canary has no series"),
        ({"aaaa": "NaN", "bbbb": "NaN"}, "note", "neither side has data: "),
        ({"aaaa": "0.99"}, "note", "the canary side has no data: stable has 0.99, canary has no series"),
        ({"aaaa": "0.99", "bbbb": "0.98"}, "holds", "stable has 0.99, canary has 0.98"),
    ],
)
def test_of_a_target_that_is_named_its_own_versions_are_asked_about(
    measured: Callable[..., list[CheckResult]], figures: dict[str, str], state: str, what: str
) -> None:
    (found,) = measured(figures, Query(name="ok", preset="istio-success-rate"))
    assert (found.about, found.state) == ("ok", state)
    assert found.what.startswith(what)
    assert bool(found.advice) == (state == "note")


def test_a_query_that_cannot_be_asked_hides_no_other(measured: Callable[..., list[CheckResult]]) -> None:
    bad, many, good = (
        Query(name="bad", preset="istio-succes-rate"),
        Query(name="many", query="up{a='aaaa',b='bbbb'}"),
        Query(name="good", query="sum(up{h='aaaa'})"),
    )
    found = measured({"aaaa": "1", "bbbb": "2"}, bad, many, good)
    assert [(each.about, each.state) for each in found] == [
        ("bad", "wrong"),
        ("many", "wrong"),
        ("good", "holds"),
    ]
    assert "series where one was expected" in found[1].what
