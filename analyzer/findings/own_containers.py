"""Which containers of a side do the work, and which are injected beside them."""

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods
from analyzer.findings.side_pods import select_standing_pods
from analyzer.target import Role

# Containers that are injected beside the application, by the names that their injectors give them.
SIDECARS = frozenset(
    {
        *(
            "consul-dataplane",
            "daprd",
            "envoy",
            "envoy-sidecar",
            "istio-proxy",
            "linkerd-proxy",
            "oauth2-proxy",
        ),
        *("cloud-sql-proxy", "cloudsql-proxy", "queue-proxy", "vault-agent"),
        *("aws-xray-daemon", "datadog-agent", "jaeger-agent", "otc-container", "otel-collector"),
        *("filebeat", "fluent-bit", "fluentd", "promtail", "vector"),
    }
)


def find_own_containers(evidence: Evidence, role: Role) -> set[str]:
    """Return the names of the containers that do the work: those that are known to be injected beside them
    are left out, unless all are.
    """
    names = {
        container.name
        for pod in select_standing_pods(evidence.part(Pods, role))
        for container in pod.containers
        if container.type == "main"
    }
    return names - SIDECARS or names
