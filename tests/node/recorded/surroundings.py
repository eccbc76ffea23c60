"""What the services need beside them: their pods, and the price service and the queue, which run on this
machine.
"""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

from tests.node.cluster import Json
from tests.node.recorded.version import Version

HOST = "10.77.0.2"  # this machine, as pods reach it (tests/testcluster)
NAMES = ("prices", "queue")  # that are known in the pods
URLS = {"PRICES_URL": "http://prices:{port}", "QUEUE_URL": "http://queue:{port}"}
OTHERS = {"CURRENCY": "EUR", "STATE_DIR": "/state"}
USER = 65532


def pod_template(version: Version, port: int) -> Json:
    """The template of a version's pods, whose price service and queue listen on a port."""
    environment = URLS | OTHERS | version.change.environment
    container: Json = {
        "name": version.app,
        "image": version.image(),
        "imagePullPolicy": "Never",
        "env": [
            {"name": name, "value": value.format(port=port)} for name, value in environment.items() if value
        ],
        "volumeMounts": [{"name": "state", "mountPath": "/state"}],
        "resources": {
            "requests": {"cpu": "5m", "memory": "24Mi"},
            "limits": {"memory": version.change.memory},
        },
        "securityContext": {"readOnlyRootFilesystem": version.change.read_only},
    }
    if version.app == "cart":
        container["ports"] = [{"containerPort": 8080}]
        container["readinessProbe"] = {
            "httpGet": {"path": "/healthz", "port": 8080},
            "periodSeconds": 4,
            "timeoutSeconds": 4,
            "failureThreshold": 3,
        }
    spec = {
        "containers": [container],
        "volumes": [{"name": "state", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}}],
        "securityContext": {"runAsUser": USER, "runAsGroup": USER, "fsGroup": USER},
        "hostAliases": [{"ip": HOST, "hostnames": list(NAMES)}],
        "dnsPolicy": "None",
        "dnsConfig": {"nameservers": ["127.0.0.1"], "options": [{"name": "attempts", "value": "1"}]},
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
    }
    return {"metadata": {"labels": {"app": version.app}}, "spec": spec}


@contextmanager
def serve() -> Iterator[int]:
    """The port on which prices are told and the queue `mails` hands out jobs."""
    numbers = count(1)

    def answer(path: str) -> tuple[int, Any]:
        if path.startswith("/price/"):
            return 200, {"cents": 500 + sum(path.encode()) % 9000}
        if path != "/queue/mails/next":
            return 404, {"error": "no such queue"}
        number = next(numbers)
        order: Json = {"template": "order", "values": {"number": number}}
        welcome: Json = {"template": "welcome", "values": {"name": "Ada"}}
        return 200, {
            "id": number,
            "to": f"user{number % 90}@shop.example",
            **(welcome if number % 3 == 0 else order),
        }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(random.uniform(0.001, 0.006))
            status, body = answer(self.path.partition("?")[0])
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
