"""The presets: success rate and latency quantiles by the metric names that Istio, ingress-nginx and
OpenTelemetry publish.

Success is a share of 0 to 1 and counts 5xx as failed; latency is in seconds. A success rate is written as one
minus the failed share: where every request fails there is no series of a successful one, and that must be 0,
not "no data". The names: https://istio.io/latest/docs/reference/config/metrics/,
https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/metric/collectors/socket.go (a request
that the canary answered carries `canary`, and stable's `ingress` and `service`),
https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ as Prometheus' OTLP translation writes them.
"""

from analyzer.common.value import Value

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
# What counts users alone: probes pass by Istio's proxy
# (istio.io/latest/docs/ops/configuration/mesh/app-health-check) and never meet the Ingress controller; a
# server that OpenTelemetry watches counts them with the rest.
UNPROBED = frozenset({"istio", "nginx"})


class Preset(Value):
    """`query` has `$series` where label matchers go: `where` picks the service, `stable` or `canary` the
    side. `work`: it counts requests of users and not the kubelet's probes, so that a figure shows work.
    """

    query: str
    where: str
    stable: str
    canary: str
    work: bool = False

    def query_for(self, role: str, where: str, side: str) -> str:
        """Return the query for one side, placeholders left in. `where` and `side` replace the preset's own
        unless they are empty.
        """
        own = self.stable if role == "stable" else self.canary
        return self.query.replace("$series", f"{where or self.where},{side or own}")


def _make_presets(
    name: str, counter: str, failed: str, seconds: str, matchers: tuple[str, str, str]
) -> dict[str, Preset]:
    """Return the four presets of one system. `seconds` is its histogram, and the term that converts it to
    seconds.
    """
    where, stable, canary = matchers
    histogram, _, unit = seconds.partition(" ")
    success = (
        f"1 - (sum(rate({counter}{{$series,{failed}}}[$window])) or vector(0))"
        f" / sum(rate({counter}{{$series}}[$window]))"
    )
    queries = {f"{name}-success-rate": success} | {
        f"{name}-latency-{label}": (
            f"histogram_quantile({share}, sum by (le) (rate({histogram}_bucket{{$series}}[$window]))){unit}"
        )
        for label, share in QUANTILES.items()
    }
    return {
        key: Preset(query=query, where=where, stable=stable, canary=canary, work=name in UNPROBED)
        for key, query in queries.items()
    }


_POD_LABEL = 'rollouts_pod_template_hash="$hash"'
_POD_NAME = 'k8s_pod_name=~".+-$hash-.+"'

PRESETS: dict[str, Preset] = {
    **_make_presets(
        "istio",
        "istio_requests_total",
        'response_code=~"5.."',
        "istio_request_duration_milliseconds  / 1000",
        ('reporter="destination",destination_workload_namespace="$namespace"', _POD_LABEL, _POD_LABEL),
    ),
    **_make_presets(
        "nginx",
        "nginx_ingress_controller_requests",
        'status=~"5.."',
        "nginx_ingress_controller_request_duration_seconds",
        ('namespace="$namespace",ingress="$ingress"', 'canary=""', 'canary!=""'),
    ),
    **_make_presets(
        "otel",
        "http_server_request_duration_seconds_count",
        'http_response_status_code=~"5.."',
        "http_server_request_duration_seconds",
        ('k8s_namespace_name="$namespace"', _POD_NAME, _POD_NAME),
    ),
}
