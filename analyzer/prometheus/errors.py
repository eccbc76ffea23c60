"""What can go wrong with Prometheus: three failures apart.

PrometheusError(InfrastructureError)   the server, or the way to it: asking something else changes nothing
├── Unreachable       no connection, 429, 5xx: may pass, after `retry_after` seconds
└── BadQuery          it understood us and refuses this query, or its answer is none to this question
"""

from analyzer.errors import InfrastructureError

ADDRESS = (
    "give Prometheus' root, as in http://prometheus.monitoring:9090;"
    " Thanos, Mimir and others often add a path"
)
BEARER = (
    "set PROMETHEUS_TOKEN, or name a file with --prometheus-token-file; a tenant goes into prometheus.headers"
)


class PrometheusError(InfrastructureError):
    """Prometheus did not answer the query."""


class PrometheusUnreachable(PrometheusError):  # noqa: N818 - what a person reads
    """No answer, or one that asks to come back later."""

    def __init__(self, message: str, *, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


class BadQuery(PrometheusError):  # noqa: N818 - as above
    """An error of this query, not of the server."""


def pause_after(error: Exception) -> float | None:
    """Return the seconds until another try is worth it, as `retrying` asks; None for an error that stays."""
    return error.retry_after if isinstance(error, PrometheusUnreachable) else None
