"""Each preset on a real Prometheus, over series as each system publishes them; expected figures are worked
out by hand.

Stable serves 100 requests every 15 s, 1 of them failing, all within 100 ms. The canary serves 10, 2 of them
failing, half of them within 100 ms and half between 200 and 500 ms. By linear interpolation (Prometheus'
histogram_quantile) stable's quantiles are 0.05, 0.095 and 0.099 s, the canary's 0.1, 0.2 + 0.3 * 0.9 and 0.2
+ 0.3 * 0.98 s.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from analyzer.evidence.figures import Metrics
from analyzer.evidence.interface import Gap, SourceContext, Window
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.prometheus.presets import PRESETS
from analyzer.settings import Look, Prometheus, Query

pytestmark = pytest.mark.prometheus
NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
STEPS = 40
FIGURES = {
    "success-rate": (0.99, 0.8),
    "latency-p50": (0.05, 0.1),
    "latency-p95": (0.095, 0.47),
    "latency-p99": (0.099, 0.494),
}
BUCKETS = (0.1, 0.2, 0.5)
TRAFFIC = {"stable": ({"200": 99, "503": 1}, (100, 100, 100)), "canary": ({"200": 8, "500": 2}, (5, 5, 10))}


def istio(side: str) -> tuple[str, str, str, float]:
    return (
        "istio_requests_total",
        "istio_request_duration_milliseconds",
        f'reporter="destination",destination_workload_namespace="shop",rollouts_pod_template_hash="{side}",response_code=',
        1000,
    )


def nginx(side: str) -> tuple[str, str, str, float]:
    canary = 'canary="shop-cart-canary-80",' if side == "canary" else ""
    labels = f'namespace="shop",ingress="cart",service="cart",{canary}status='
    return (
        "nginx_ingress_controller_requests",
        "nginx_ingress_controller_request_duration_seconds",
        labels,
        1,
    )


def otel(side: str) -> tuple[str, str, str, float]:
    histogram = "http_server_request_duration_seconds"
    labels = f'k8s_namespace_name="shop",k8s_pod_name="cart-{side}-x7d2k",http_response_status_code='
    return (f"{histogram}_count", histogram, labels, 1)


def history() -> Iterator[str]:
    for system in (istio, nginx, otel):
        for side, (codes, counts) in TRAFFIC.items():
            counter, histogram, labels, unit = system(side)
            for code, each in codes.items():
                yield from counted(f'{counter}{{{labels}"{code}"}}', each)
            for bucket, each in zip((*BUCKETS, float("inf")), (*counts, counts[-1]), strict=True):
                bound = "+Inf" if bucket == float("inf") else f"{bucket * unit:g}"
                yield from counted(f'{histogram}_bucket{{{labels}"200",le="{bound}"}}', each)
    yield from counted(
        'istio_requests_total{reporter="source",rollouts_pod_template_hash="canary",response_code="500"}',
        1000,
    )
    down = 'reporter="destination",destination_workload_namespace="down",rollouts_pod_template_hash='
    yield from counted(f'istio_requests_total{{{down}"stable",response_code="200"}}', 5)
    yield from counted(f'istio_requests_total{{{down}"canary",response_code="503"}}', 5)


def counted(series: str, each: int) -> Iterator[str]:
    for step in range(STEPS + 1):
        yield f"{series} {each * step} {NOW.timestamp() - 15 * (STEPS - step):.0f}"


@pytest.fixture(scope="module")
def url(prometheus_of: Callable[[str], str]) -> str:
    return prometheus_of("\n".join(history()))


@pytest.fixture
def ask(
    url: str, scene_of: Callable[..., SourceContext], gathered: Callable[..., tuple[list[Any], list[Gap]]]
) -> Callable[..., list[float | None]]:
    """A query's figure for stable and for the canary."""

    def both(query: Query, namespace: str = "shop") -> list[float | None]:
        look = Look(prometheus=Prometheus(url=url, queries=(query,)))
        scene = replace(scene_of(None, namespace), look=look, window=Window(start=NOW, end=NOW))
        parts, gaps = gathered(PrometheusSource(), scene)
        assert not gaps
        assert [part.side for part in parts] == ["stable", "canary"]
        figures = [part.figures[0] for part in parts if isinstance(part, Metrics)]
        assert [each.problem for each in figures] == ["", ""]
        return [each.value for each in figures]

    return both


@pytest.mark.parametrize("name", PRESETS)
def test_each_side_has_its_own_figure(name: str, ask: Callable[..., list[float | None]]) -> None:
    _, _, measure = name.partition("-")
    assert ask(Query(name="q", preset=name, values={"ingress": "cart"})) == pytest.approx(FIGURES[measure])


def test_a_canary_whose_every_request_fails_has_no_success_and_not_no_data(
    ask: Callable[..., list[float | None]],
) -> None:
    assert ask(Query(name="q", preset="istio-success-rate"), namespace="down") == [1, 0]


def test_other_matchers_pick_other_series(ask: Callable[..., list[float | None]]) -> None:
    scraped = Query(
        name="q",
        preset="otel-success-rate",
        where='k8s_namespace_name="shop"',
        side='k8s_pod_name="cart-$hash-x7d2k"',
    )
    assert ask(scraped) == pytest.approx(FIGURES["success-rate"])
