"""Points of OTLP as Prometheus keeps them, in OpenMetrics text.

By https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/: dots are underscores, a
unit that is no word in braces is in the name, sums end in `_total`, and the service and its instance are job
and instance. Debian's Prometheus is older than its own receiver of OTLP.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from tests.telemetry.collector import Point

UNITS = {"s": "seconds"}


def name_of(point: Point) -> str:
    name = point.name.replace(".", "_")
    if point.unit and not point.unit.startswith("{"):
        name += f"_{UNITS[point.unit]}"
    return f"{name}_total" if point.kind == "sum" else name


def translate(points: Iterable[Point]) -> str:
    """The text, the samples of one metric together."""
    lines = sorted(line for point in points for line in _lines(point))
    return "\n".join(line for _, _, line in lines)


def _lines(point: Point) -> Iterator[tuple[str, int, str]]:
    name = name_of(point)
    labels = {"job": point.resource["service.name"], "instance": point.resource["service.instance.id"]}
    labels |= {key.replace(".", "_"): value for key, value in point.attributes.items()}
    if point.kind == "sum":
        yield _line(name, labels, point.value, point.at)
        return
    bounds = [*(f"{bound:g}" for bound in point.bounds), "+Inf"]
    for bound, count in zip(bounds, accumulate(point.counts), strict=True):
        yield _line(f"{name}_bucket", labels | {"le": bound}, count, point.at)
    yield _line(f"{name}_count", labels, sum(point.counts), point.at)
    yield _line(f"{name}_sum", labels, point.value, point.at)


def _line(name: str, labels: dict[str, Any], value: float, at: int) -> tuple[str, int, str]:
    told = ",".join(
        f'{key}="{str(each).lower() if isinstance(each, bool) else each}"' for key, each in labels.items()
    )
    return name, at, f"{name}{{{told}}} {value} {at / 1e9:.3f}"
