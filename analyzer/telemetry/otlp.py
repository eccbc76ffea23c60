"""The OpenTelemetry SDK: everything of it is in this module. It sends over OTLP, as protobuf over HTTP.

The SDK's own threads, exit handlers and log lines are left out: a run sends once, by its deadline, and says
itself what came of it. Where to, with what headers and certificates, the SDK reads from its variables.
"""

import logging
import math
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import requests
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context

from analyzer import __version__
from analyzer.common.boundary import ClientError, boundary
from analyzer.common.deadline import Deadline, Late, in_parallel
from analyzer.telemetry.measurements import Measurement
from analyzer.telemetry.steps import TraceStep

NAME = "rollout-analyzer"
logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)  # it logs whole addresses


class Session(requests.Session):
    """A connection that remembers the last answer's status; 0 is none."""

    status = 0

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request."""
        self.status = 0
        response = super().send(request, **options)
        self.status = response.status_code
        return response

    def fault(self) -> str:
        """Return why what was sent last was not taken; empty if it was."""
        if self.status:
            return "" if 200 <= self.status < 300 else f"it answered {self.status}"
        return "no answer"


def deliver(
    measurements: Sequence[Measurement], trace: TraceStep, wanted: Sequence[str], deadline: Deadline
) -> dict[str, str]:
    """Send `metrics` and `trace` together, as far as `wanted`, and return what failed and why."""
    resource, seconds = describe_process(), deadline.remaining()
    tasks: dict[str, Callable[[Session], None]] = {
        "metrics": partial(_send_metrics, measurements, resource, seconds),
        "trace": partial(_send_trace, trace, resource, seconds),
    }
    tasks = {signal: task for signal, task in tasks.items() if signal in wanted}
    outcomes = in_parallel([partial(_attempt, task) for task in tasks.values()], deadline)
    faults = {
        signal: "no answer in time" if isinstance(outcome, Late) else outcome.value
        for signal, outcome in zip(tasks, outcomes, strict=True)
    }
    return {signal: why for signal, why in faults.items() if why}


def describe_process() -> Resource:
    """Return a new sender. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win."""
    ours = {"service.name": NAME, "service.version": __version__, "service.instance.id": str(uuid.uuid4())}
    return Resource.create(ours).merge(OTELResourceDetector().detect())


def _attempt(task: Callable[[Session], None]) -> str:
    session = Session()
    session.auth = lambda request: request  # or a password of ~/.netrc goes along
    try:
        with boundary():
            task(session)
    except ClientError as error:
        return str(error)
    return session.fault()


def _send_metrics(
    measurements: Sequence[Measurement], resource: Resource, seconds: float, session: Session
) -> None:
    exporter = OTLPMetricExporter(session=session, timeout=seconds)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=math.inf)  # no thread of its own
    meter = MeterProvider([reader], resource=resource, shutdown_on_exit=False).get_meter(NAME, __version__)
    for instrument in dict.fromkeys(measurement.instrument for measurement in measurements):
        told = {"name": instrument.name, "unit": instrument.unit, "description": instrument.description}
        if instrument.kind == "histogram":
            record = meter.create_histogram(
                **told, explicit_bucket_boundaries_advisory=instrument.buckets
            ).record
        else:
            record = meter.create_counter(**told).add
        for each in measurements:
            if each.instrument == instrument:
                record(each.value, each.attributes)
    reader.collect(timeout_millis=seconds * 1000)


def _send_trace(trace: TraceStep, resource: Resource, seconds: float, session: Session) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    _trace(trace, provider.get_tracer(NAME, __version__), parent=None)
    OTLPSpanExporter(session=session, timeout=seconds).export(spans.get_finished_spans())


def _trace(step: TraceStep, tracer: Tracer, parent: Any) -> None:
    span = tracer.start_span(
        step.name,
        context=parent,
        kind=SpanKind.CLIENT if step.remote else SpanKind.INTERNAL,
        attributes=step.attributes,
        start_time=_nanoseconds(step.start),
    )
    for inner in step.steps:
        _trace(inner, tracer, set_span_in_context(span))
    if step.error:
        span.set_status(Status(StatusCode.ERROR, step.error))
    span.end(_nanoseconds(step.end))


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1e6) * 1000
