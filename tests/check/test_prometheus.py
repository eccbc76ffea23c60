"""Each query is put to a real Prometheus."""

import os
import time
from collections.abc import Callable

import pytest

from analyzer.check.interface import Asked, Result
from analyzer.check.prometheus import prometheus
from analyzer.settings import Look, Prometheus, Query, Settings


def told(ask: Callable[..., Asked], url: str, *queries: Query, seconds: float = 30) -> list[Result]:
    settings = Settings(look=Look(prometheus=Prometheus(url=url, queries=queries)))
    return list(prometheus(ask(settings, environ=os.environ, seconds=seconds)))


@pytest.fixture(scope="module")
def server(prometheus_of: Callable[..., str]) -> str:
    now = time.time()
    return prometheus_of(
        "\n".join(["# TYPE requests counter", *(f"requests_total {count} {now - 300 + 15 * count}" for count in range(20))])
    )


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("query", "state", "says"),
    [
        (Query(name="q", query="sum(requests_total)"), "holds", "answers, with 1 series"),
        (Query(name="q", query="sum(rate(requests_total[$window]))", range=120), "holds", "answers, with 1 series"),
        (Query(name="q", query='sum(requests_total{hash="$hash"})'), "holds", "answers, with 0 series for a made-up version"),
        (Query(name="q", query="sum(request_total)"), "note", "answers, with no series"),
        (Query(name="q", query="sum(requests_total"), "wrong", "Prometheus refuses the query"),
        (Query(name="q", query="sum(requests_total{a='$nothing'})"), "wrong", "unknown placeholder $nothing"),
        (Query(name="q", preset="istio-success-rate"), "holds", "for a made-up version"),
    ],
)
def test_what_it_answers_is_told(ask: Callable[..., Asked], server: str, query: Query, state: str, says: str) -> None:
    (found,) = told(ask, server, query)
    assert found.state == state, found
    assert says in found.what


@pytest.mark.prometheus
def test_one_query_that_is_broken_hides_no_other(ask: Callable[..., Asked], server: str) -> None:
    found = told(ask, server, Query(name="bad", query="sum("), Query(name="good", query="sum(requests_total)"))
    assert [(each.about, each.state) for each in found] == [("bad", "wrong"), ("good", "holds")]


def test_an_address_where_nobody_listens_may_pass(ask: Callable[..., Asked]) -> None:
    (found,) = told(ask, "http://127.0.0.1:1", Query(name="q", query="up"), seconds=2)
    assert found.state == "unreachable"
    assert found.advice


def test_an_address_that_is_none_is_wrong(ask: Callable[..., Asked]) -> None:
    (found,) = told(ask, "prometheus:9090", Query(name="q", query="up"))
    assert (found.state, found.about) == ("wrong", "address")


def test_where_no_address_is_given_nothing_is_told(ask: Callable[..., Asked]) -> None:
    assert told(ask, "") == []
