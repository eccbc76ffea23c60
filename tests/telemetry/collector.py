"""A collector of OTLP over HTTP: what was sent, decoded by OpenTelemetry's own types."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TYPES: dict[str, Any] = {
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/traces": ExportTraceServiceRequest,
}


@dataclass(frozen=True)
class Point:
    """A data point: its metric, its attributes and its resource's, its value (a histogram's sum) and its time
    in nanoseconds. `counts` are a histogram's, by bucket.
    """

    name: str
    unit: str
    kind: str
    attributes: dict[str, Any]
    resource: dict[str, Any]
    value: float
    at: int
    bounds: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()


@dataclass
class Collector:
    """What was heard: requests by path, headers in lower case. Each is answered by `status`; with `silent`,
    by nothing.
    """

    status: int = 200
    silent: bool = False
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def take(self, reply: Callable[..., None]) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(request: BaseHTTPRequestHandler) -> None:
            body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.requests.append((request.path, headers, body))
            if self.silent:
                self.hung_up.wait(30)
            else:
                reply(request, self.status, b"", Location="/elsewhere")

        return answer

    def decoded(self, path: str) -> Iterator[Any]:
        for each, _, body in self.requests:
            if each == path:
                yield TYPES[path].FromString(body)

    def points(self) -> list[Point]:
        return [
            _point(metric, point, _plain(resource.resource.attributes))
            for sent in self.decoded("/v1/metrics")
            for resource in sent.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in getattr(metric, metric.WhichOneof("data")).data_points
        ]

    def spans(self) -> list[Any]:
        return [
            span
            for sent in self.decoded("/v1/traces")
            for resource in sent.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def attributes_of(span: Any) -> dict[str, Any]:
    return _plain(span.attributes)


def _plain(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


def _point(metric: Any, point: Any, resource: dict[str, Any]) -> Point:
    kind = metric.WhichOneof("data")
    common = {
        "name": metric.name,
        "unit": metric.unit,
        "kind": kind,
        "attributes": _plain(point.attributes),
        "resource": resource,
        "at": point.time_unix_nano,
    }
    if kind == "histogram":
        bounds, counts = tuple(point.explicit_bounds), tuple(point.bucket_counts)
        return Point(**common, value=point.sum, bounds=bounds, counts=counts)
    return Point(**common, value=getattr(point, point.WhichOneof("value")))
