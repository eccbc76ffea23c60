"""The real API server for every test marked `api`, and a hand-made one for the faults a real one cannot
produce.
"""

import fcntl
import json
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from analyzer.cluster import Cluster
from analyzer.cluster import kubeconfig as kubeconfig_module
from analyzer.cluster.errors import MissingResource
from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.evidence.interface import Gap, Part, Source, SourceContext, Window
from analyzer.settings import Look
from analyzer.target import Side, Target
from analyzer.target.rollout import HASH_LABEL

Json = dict[str, Any]
HERE = Path(__file__).parent
os.environ.pop("GITHUB_STEP_SUMMARY", None)  # of the job that runs the tests: eval and check would add to it
ARGO_CRDS = Path(os.environ.get("ARGO_CRDS") or HERE.parent.parent / "shared" / "argo-crds")
EVERYTHING = ({"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]},)
ARGO = "/apis/argoproj.io/v1alpha1"
LOGGED_PODS = 40
PORTS = (
    Path(tempfile.gettempdir()) / "testcluster-ports.lock"
)  # the control plane's ports are fixed: one run waits for the other
LISTENING = re.compile(r'msg="Listening on" address=(\S+)')  # in Prometheus' log
_numbers = count(1)
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # two busy cores are no failure
settings.register_profile("quick", settings.get_profile("unhurried"), max_examples=20)  # while editing
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test neither waits for a pause nor races one against its deadline; `tests/common/test_retry.py` is
    about their lengths.
    """
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.005)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's: no option, no model's key or host, no kubeconfig, an empty home."""
    for name in [
        name
        for name in os.environ
        if name.startswith(("ROLLOUT_ANALYZER_", "GEMINI_", "GOOGLE_", "OLLAMA_", "KUBECONFIG"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@dataclass(frozen=True)
class ApiServer:
    """A real API server with its controllers, a scheduler, and simulated nodes that serve logs from files."""

    kubeconfig: Path
    kubectl: Path
    logs: Path

    def connect(self, seconds: float = 60) -> Cluster:
        return Cluster.connect(str(self.kubeconfig), "", Deadline.after(seconds))

    def run(self, *arguments: str) -> str:
        command = [str(self.kubectl), f"--kubeconfig={self.kubeconfig}", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def apply_argo(self) -> None:
        kinds = {
            "rollouts": "rollout",
            "analysisruns": "analysis-run",
            "analysistemplates": "analysis-template",
            "clusteranalysistemplates": "cluster-analysis-template",
            "experiments": "experiment",
        }
        self.run(
            "apply", "--server-side", *(f"--filename={ARGO_CRDS / name}-crd.yaml" for name in kinds.values())
        )
        admin = self.connect()

        def served() -> bool:
            try:
                return all("items" in admin.get(f"/apis/argoproj.io/v1alpha1/{plural}") for plural in kinds)
            except MissingResource:
                return False

        until(served)

    def write_log(self, pod: str, content: bytes, *, previous: bool = False) -> None:
        """What the node serves as the log of a pod called `logged-N`: lines in the container runtime's
        format.
        """
        (self.logs / f"{pod}{'.previous' if previous else ''}.log").write_bytes(content)


@dataclass(frozen=True)
class Namespace:
    """A namespace of one test. Objects are created as given; a pod on no node keeps whatever status it is
    told to have.
    """

    server: ApiServer
    admin: Cluster
    name: str

    def send(self, method: str, path: str, body: Json, content_type: str = "application/json") -> Json:
        api = self.admin.api
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        request = api.param_serialize(
            method, path, body=body, header_params=headers, auth_settings=["BearerToken"]
        )
        response = api.call_api(*request, _request_timeout=30).response
        answer: Json = json.loads(response.data)
        assert response.status < 300, answer
        return answer

    def path(self, resource: str, group: str = "/api/v1") -> str:
        return f"{group}/namespaces/{self.name}/{resource}"

    def pod(self, name: str, labels: dict[str, str], *, status: Json | None = None, **spec: Any) -> Json:
        """A pod that no scheduler touches, unless `spec` says otherwise."""
        whole = {"containers": [{"name": "app", "image": "app:1"}], "schedulerName": "none", **spec}
        body = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "labels": labels},
            "spec": whole,
        }
        made = self.send("POST", self.path("pods"), body)
        return self.report("pods", name, status) if status else made

    def report(self, resource: str, name: str, status: Json, group: str = "/api/v1") -> Json:
        """Writes an object's status, as its controller or kubelet would."""
        return self.send(
            "PATCH",
            f"{self.path(resource, group)}/{name}/status",
            {"status": status},
            "application/merge-patch+json",
        )

    def replicaset(self, name: str, labels: dict[str, str], replicas: int) -> Json:
        template = {
            "metadata": {"labels": labels},
            "spec": {"schedulerName": "none", "containers": [{"name": "app", "image": "app:1"}]},
        }
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
        body = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {"name": name, "labels": labels},
            "spec": spec,
        }
        return self.send("POST", self.path("replicasets", "/apis/apps/v1"), body)

    def rollout(
        self, name: str, *, stable: str = "", canary: str = "", spec: Json | None = None, **status: Any
    ) -> Json:
        """A Rollout as its controller reports it. The CRD has to be there (`argo`)."""
        labels = {"app": name}
        template = {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "app", "image": "app:1"}]},
        }
        default = {
            "selector": {"matchLabels": labels},
            "template": template,
            "strategy": {"canary": {"steps": [{"setWeight": 20}]}},
        }
        self.argo("Rollout", {"name": name}, spec or default)
        return self.report("rollouts", name, {"stableRS": stable, "currentPodHash": canary, **status}, ARGO)

    def argo(self, kind: str, metadata: Json, spec: Json, status: Json | None = None) -> Json:
        """An object of Argo's; of a Rollout the status is reported apart."""
        body = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}
        return self.send(
            "POST", self.path(f"{kind.lower()}s", ARGO), body | ({"status": status} if status else {})
        )

    def analysis_run(
        self,
        name: str,
        owner: Json | None = None,
        *,
        labels: Json | None = None,
        metric: str = "judge",
        dry: bool | None = False,
        often: Json | None = None,
        **spec: Any,
    ) -> Json:
        """An AnalysisRun of a Job metric as Argo's controller makes it, for a Rollout or an Experiment; `dry`
        None: not resolved yet. `often`: the metric's `count` and `interval`.
        """
        metadata: Json = {"name": name, "labels": labels or {}}
        if owner:
            metadata["ownerReferences"] = [owned_by(owner)]
        results = (
            [] if dry is None else [{"name": metric, "phase": "Running", **({"dryRun": True} if dry else {})}]
        )
        job = {
            "template": {
                "spec": {
                    "restartPolicy": "Never",
                    "containers": [{"name": "analyzer", "image": "rollout-analyzer:1"}],
                }
            }
        }
        metrics = [{"name": metric, "provider": {"job": {"spec": job}}, **(often or {})}]
        return self.argo(
            "AnalysisRun",
            metadata,
            {"metrics": metrics, **spec},
            {"phase": "Running", "metricResults": results},
        )

    def experiment(
        self, name: str, owner: Json | None, hashes: dict[str, str], served: str = "", **labels: str
    ) -> Json:
        """An Experiment with a template for each hash, and their ReplicaSets, as its controller makes them;
        no hash: not made yet.

        Its status tells no hash: that of a template without a Service has none (experiments/experiment.go in
        argo-rollouts). The template called `served` has one.
        """
        template = {
            "metadata": {"labels": {"app": "cart"}},
            "spec": {"containers": [{"name": "app", "image": "app:1"}]},
        }
        common = {"selector": {"matchLabels": {"app": "cart"}}, "template": template}
        templates = [
            {"name": each, **common, **({"service": {}} if each == served else {})} for each in hashes
        ]
        counts = dict.fromkeys(("availableReplicas", "readyReplicas", "replicas", "updatedReplicas"), 1)
        status = {"phase": "Running", "templateStatuses": [{"name": each, **counts} for each in hashes]}
        metadata: Json = {
            "name": name,
            "labels": labels,
            **({"ownerReferences": [owned_by(owner)]} if owner else {}),
        }
        made = self.argo("Experiment", metadata, {"templates": templates}, status)
        for each, told in hashes.items():
            if told:
                self._replicaset_of(made, each, told)
        return made

    def _replicaset_of(self, experiment: Json, template: str, told: str) -> None:
        name = f"{experiment['metadata']['name']}-{template}"
        labels = {"app": "cart", HASH_LABEL: told}
        notes = {
            "experiment.argoproj.io/name": experiment["metadata"]["name"],
            "experiment.argoproj.io/template-name": template,
        }
        metadata = {
            "name": name,
            "labels": labels,
            "annotations": notes,
            "ownerReferences": [owned_by(experiment)],
        }
        pod = {"schedulerName": "none", "containers": [{"name": "app", "image": "app:1"}]}
        spec = {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        }
        self.send("POST", self.path("replicasets", "/apis/apps/v1"), {"metadata": metadata, "spec": spec})

    def measurement(self, run: Json, *, owned: bool = True, **metadata: Any) -> str:
        """The Job that Argo makes of an AnalysisRun's metric, here or elsewhere; the name of the pod that the
        Job's controller makes.
        """
        metric, uid = run["spec"]["metrics"][0], run["metadata"]["uid"]
        name = f"{uid}.{metric['name']}.1"
        notes = {
            "name": run["metadata"]["name"],
            "namespace": run["metadata"]["namespace"],
            "metric-name": metric["name"],
        }
        whole: Json = {
            "name": name,
            "labels": {"analysisrun.argoproj.io/uid": uid},
            "annotations": {f"analysisrun.argoproj.io/{key}": value for key, value in notes.items()},
            **({"ownerReferences": [owned_by(run)]} if owned else {}),
            **metadata,
        }
        spec = json.loads(json.dumps(metric["provider"]["job"]["spec"]))
        spec["template"]["spec"]["schedulerName"] = "none"
        self.send("POST", self.path("jobs", "/apis/batch/v1"), {"metadata": whole, "spec": spec})
        selector = f"batch.kubernetes.io/job-name={whole['name']}"
        until(lambda: list(self.admin.list(self.path("pods"), labelSelector=selector)))
        return str(next(iter(self.admin.list(self.path("pods"), labelSelector=selector)))["metadata"]["name"])

    def as_account(self, *rules: Json) -> Cluster:
        """A connection that may do what the rules say in this namespace and no more."""
        return Cluster.connect(str(self.account(*rules)), "", Deadline.after(60))

    def account(self, *rules: Json) -> Path:
        """The kubeconfig of a real service account with these rules."""
        name = f"account-{next(_numbers)}"
        rbac = "/apis/rbac.authorization.k8s.io/v1"
        self.send("POST", self.path("serviceaccounts"), {"metadata": {"name": name}})
        self.send("POST", self.path("roles", rbac), {"metadata": {"name": name}, "rules": list(rules)})
        subject = {"kind": "ServiceAccount", "name": name, "namespace": self.name}
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
        self.send(
            "POST",
            self.path("rolebindings", rbac),
            {"metadata": {"name": name}, "roleRef": role, "subjects": [subject]},
        )
        token = self.send("POST", f"{self.path('serviceaccounts')}/{name}/token", {"spec": {}})["status"][
            "token"
        ]
        return self.kubeconfig_with(token)

    def token(self, *rules: Json) -> str:
        """The token of a real service account with these rules."""
        return str(json.loads(self.account(*rules).read_text())["users"][0]["user"]["token"])

    def kubeconfig_with(self, token: str) -> Path:
        """The cluster's kubeconfig with a token instead of the administrator's certificate."""
        merged = json.loads(self.server.run("config", "view", "--raw", "-o", "json"))
        merged["users"] = [{"name": "admin", "user": {"token": token}}]
        path = self.server.logs.parent / f"kubeconfig-{next(_numbers)}"
        path.write_text(json.dumps(merged))
        return path


def owned_by(owner: Json) -> Json:
    """The reference to an object's controller."""
    kind, metadata = owner["kind"], owner["metadata"]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
    }


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    base = tmp_path_factory.mktemp("api-server")
    logs = base / "logs"
    logs.mkdir()
    (base / "kwok.yaml").write_text(
        "---\n".join(_cluster_logs(f"logged-{number}", logs) for number in range(LOGGED_PODS))
    )
    script = HERE / "testcluster" / "testcluster"
    environment = {
        **os.environ,
        "TESTCLUSTER_RUN": str(base / "run"),
        "TESTCLUSTER_KWOK_CONFIG": str(base / "kwok.yaml"),
    }
    turn = PORTS.open("w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    try:
        up = subprocess.run(
            [script, "up", "--kwok"], env=environment, check=False, capture_output=True, text=True
        )
        assert up.returncode == 0, up.stderr
        assets = next(
            line.partition("=")[2] for line in up.stdout.splitlines() if "KUBEBUILDER_ASSETS" in line
        )
        yield ApiServer(base / "run" / "kubeconfig", Path(assets) / "kubectl", logs)
    finally:
        subprocess.run([script, "down"], env=environment, check=False, capture_output=True)
        turn.close()


def _cluster_logs(pod: str, logs: Path) -> str:
    files = {"logsFile": str(logs / f"{pod}.log"), "previousLogsFile": str(logs / f"{pod}.previous.log")}
    spec = {"selector": {"matchNames": [pod]}, "logs": [{"containers": ["app", "setup", "mesh"], **files}]}
    return (
        json.dumps(
            {
                "apiVersion": "kwok.x-k8s.io/v1alpha1",
                "kind": "ClusterLogs",
                "metadata": {"name": pod},
                "spec": spec,
            }
        )
        + "\n"
    )


@pytest.fixture(scope="session")
def argo(api_server: ApiServer) -> None:
    """Argo's own CRDs."""
    if not ARGO_CRDS.exists():
        reason = f"Argo's CRDs are not at {ARGO_CRDS}: set ARGO_CRDS"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    api_server.apply_argo()


@pytest.fixture(scope="session")
def simulated_node(api_server: ApiServer) -> str:
    """A node whose pods run at once and whose kubelet serves logs."""
    size = {"cpu": "64", "memory": "256Gi", "pods": "1000"}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "simulated", "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "status": {"allocatable": size, "capacity": size},
    }
    path = api_server.logs.parent / "node.json"
    path.write_text(json.dumps(node))
    api_server.run("apply", "-f", str(path))
    api_server.run("wait", "--for=condition=Ready", "node/simulated", "--timeout=30s")
    return "simulated"


@pytest.fixture
def another_namespace(api_server: ApiServer) -> Iterator[Callable[[], Namespace]]:
    """Makes a namespace, which is deleted after the test."""
    admin = api_server.connect()
    made: list[Namespace] = []

    def make() -> Namespace:
        new = Namespace(api_server, admin, f"test-{next(_numbers)}")
        new.send("POST", "/api/v1/namespaces", {"metadata": {"name": new.name}})
        made.append(new)
        until(
            lambda: any(
                item["metadata"]["name"] == "default" for item in admin.list(new.path("serviceaccounts"))
            )
        )
        return new

    yield make
    for each in made:
        each.send("DELETE", f"/api/v1/namespaces/{each.name}", {})


@pytest.fixture
def namespace(another_namespace: Callable[[], Namespace]) -> Namespace:
    return another_namespace()


@pytest.fixture
def in_pod(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """From here on this process has what a pod of that name has: a service account with these rules, or the
    administrator's rights.
    """

    def enter(namespace: Namespace, pod: str, *rules: Json, token: str = "") -> None:
        known = namespace.admin.api.configuration
        address = urlsplit(known.host)
        account = tmp_path / "serviceaccount"
        account.mkdir(exist_ok=True)
        (account / "ca.crt").write_bytes(Path(known.ssl_ca_cert).read_bytes())
        (account / "namespace").write_text(namespace.name)
        (account / "token").write_text(token or namespace.token(*(rules or EVERYTHING)))
        monkeypatch.setattr(kubeconfig_module, "SERVICE_ACCOUNT", account)
        values = {
            "KUBERNETES_SERVICE_HOST": address.hostname,
            "KUBERNETES_SERVICE_PORT": address.port,
            "HOME": tmp_path,
            "POD_NAME": pod,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.delenv("KUBECONFIG", raising=False)

    return enter


@pytest.fixture
def cluster(namespace: Namespace) -> Cluster:
    """The administrator's connection."""
    return namespace.admin


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    return until


def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Polls for a condition that another process brings about."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the condition did not come about"
        pause.wait(0.05)


@pytest.fixture
def scene_of() -> Callable[..., SourceContext]:
    """A scene of a namespace's two sides by hash, as the pipeline would make it."""

    def scene(
        cluster: Cluster,
        namespace: str,
        *parts: Part,
        since: float = 3600,
        log_bytes: int = 4 * 1024 * 1024,
        seconds: float = 30,
    ) -> SourceContext:
        now = datetime.now(UTC) + timedelta(seconds=1)
        stable, canary = (
            Side(role=role, selector=f"{HASH_LABEL}={role}", hash=role) for role in ("stable", "canary")
        )
        target = Target(namespace=namespace, stable=stable, canary=canary, how="a test", resolved_at=now)
        window = Window(start=now - timedelta(seconds=since), end=now)
        look = Look(since=since, log_bytes=log_bytes)
        return SourceContext(
            cluster,
            target,
            window,
            look,
            Deadline.after(seconds),
            lambda text: text.replace("hunter2", "[masked]"),
            parts,
        )

    return scene


@pytest.fixture
def gathered() -> Callable[[Source, SourceContext], tuple[list[Any], list[Gap]]]:
    """What a source sees: its parts, and its gaps."""

    def gather(source: Source, scene: SourceContext) -> tuple[list[Any], list[Gap]]:
        seen = list(source.gather(scene))
        return [each for each in seen if isinstance(each, Part)], [
            each for each in seen if isinstance(each, Gap)
        ]

    return gather


Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def web() -> Iterator[Callable[..., str]]:
    """The address of a server that answers each GET and POST by the function given; on loopback, or a host."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: Answer, host: str = "127.0.0.1") -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def do_POST(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name for it
                pass

        server = ThreadingHTTPServer((host, 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://{host}:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def stub(web: Callable[[Answer], str], tmp_path: Path) -> Callable[..., Cluster]:
    """A connection to such a server, as to a Kubernetes API."""

    def connect(answer: Answer, *, seconds: float = 30) -> Cluster:
        return Cluster.connect(str(kubeconfig_for(tmp_path, web(answer))), "", Deadline.after(seconds))

    return connect


def kubeconfig_for(directory: Path, server: str, user: Json | None = None) -> Path:
    path = directory / f"kubeconfig-{next(_numbers)}"
    config = {
        "clusters": [{"name": "stub", "cluster": {"server": server}}],
        "users": [{"name": "stub", "user": user or {}}],
        "contexts": [{"name": "stub", "context": {"cluster": "stub", "user": "stub", "namespace": "shop"}}],
        "current-context": "stub",
    }
    path.write_text(json.dumps(config))
    return path


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Callable[..., Path]:
    """Writes a kubeconfig: `kubeconfig(server, user)`."""
    return lambda server="https://127.0.0.1:1", user=None: kubeconfig_for(tmp_path, server, user)


def reply(handler: BaseHTTPRequestHandler, status: int, body: object, **headers: str) -> None:
    """Answers with JSON. Header names are given with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@pytest.fixture
def answer() -> Callable[..., None]:
    return reply


@pytest.fixture(scope="session")
def prometheus_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """The address of a real Prometheus that holds the history given as OpenMetrics text (without its `#
    EOF`), options added.
    """
    processes: list[subprocess.Popen[bytes]] = []

    def serve(history: str, *more: str) -> str:
        folder = tmp_path_factory.mktemp("prometheus")
        (folder / "history").write_text(f"{history.rstrip()}\n# EOF\n")
        (folder / "config.yml").write_text("{}")
        fill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history", "data"]
        filled = subprocess.run(fill, cwd=folder, check=False, capture_output=True, text=True)
        assert filled.returncode == 0, filled.stderr or filled.stdout
        options = [
            "--config.file=config.yml",
            "--storage.tsdb.path=data",
            "--storage.tsdb.retention.time=100y",
            *more,
        ]
        with (folder / "log").open("wb") as log:
            started = subprocess.Popen(
                ["prometheus", *options, "--web.listen-address=127.0.0.1:0"], cwd=folder, stderr=log
            )
        processes.append(started)

        def ready() -> bool:
            assert started.poll() is None, (folder / "log").read_text()
            written = (folder / "log").read_text()
            return "Server is ready" in written and bool(LISTENING.search(written))

        until(ready)  # either line may come first
        [address] = LISTENING.findall((folder / "log").read_text())
        return f"http://{address}"

    yield serve
    for process in processes:
        process.terminate()
        process.wait()
