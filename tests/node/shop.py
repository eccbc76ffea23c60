"""Real canaries on the real node: a small shop service, its canary failing in its own way in each namespace.

    shop.py up       start the node, deploy every case at once, wait until each shows what it is about; prints `export KUBECONFIG=…`
    shop.py exports  after `up`: print them again
    shop.py record   after `up`: record examples/evidence/ from these pods
    shop.py down     stop it all

Needs root, Go, buildah and what the node of tests/testcluster needs. ARGO_CRDS (default ../shared/argo-crds) holds Argo's CRDs.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TESTCLUSTER = ROOT / "tests/testcluster/testcluster"
RUN = Path(os.environ.setdefault("TESTCLUSTER_RUN", "/tmp/testcluster"))
EXPORTS = RUN / "exports"
ARGO_CRDS = Path(os.environ.get("ARGO_CRDS", ROOT.parent / "shared/argo-crds"))
PATIENCE = 300.0  # seconds until every case shows; the slowest is a second restart, at 10 s of back-off and more
YOUNG = 8.0  # seconds each pod has run before it is judged, with --min-age 5s
GROWN = 90.0  # and before it is recorded: a replay keeps the default --min-age of a minute

Json = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One side's pods as the API shows them now."""

    namespace: str
    role: str

    def pods(self) -> list[Json]:
        pods: list[Json] = json.loads(kubectl("get", "pods", "-n", self.namespace, "-l", f"role={self.role}", "-o", "json"))["items"]
        return pods

    def containers(self) -> list[Json]:
        return [status for pod in self.pods() for status in pod["status"].get("containerStatuses", [])]

    def ready(self) -> bool:
        return bool(self.containers()) and all(status["ready"] for status in self.containers())

    def old(self, seconds: float) -> bool:
        started = [datetime.fromisoformat(pod["status"].get("startTime", "9999-01-01T00:00:00Z")) for pod in self.pods()]
        return bool(started) and all((datetime.now(UTC) - start).total_seconds() > seconds for start in started)

    def restarted(self) -> bool:
        return any(status["restartCount"] >= 2 for status in self.containers())

    def waits(self, reason: str) -> bool:
        return any(status["state"].get("waiting", {}).get("reason") == reason for status in self.containers())

    def died(self, reason: str) -> bool:
        return any(status["lastState"].get("terminated", {}).get("reason") == reason for status in self.containers())

    def logged(self, text: str, times: int = 1) -> bool:
        return kubectl("logs", "-n", self.namespace, "-l", f"role={self.role}", "--tail=-1").count(text) >= times

    def event(self, reason: str) -> bool:
        events = json.loads(kubectl("get", "events", "-n", self.namespace, "--field-selector", f"reason={reason}", "-o", "json"))["items"]
        names = {pod["metadata"]["name"] for pod in self.pods()}
        return any(event["involvedObject"]["name"] in names for event in events)


@dataclass(frozen=True)
class Case:
    """What is wrong with a canary, and when it shows."""

    namespace: str
    shows: Callable[[Side], bool]
    options: tuple[str, ...] = ()
    image: str = "localhost/cart:1.5.0"
    port: int = 8080
    memory: str = "64Mi"
    rollout: bool = False


def served(canary: Side) -> bool:
    return canary.ready() and canary.logged("slow query")


def crashed(canary: Side) -> bool:
    return canary.restarted() and canary.waits("CrashLoopBackOff")


PANICS = ("-panic-after=6",)
CASES = (
    Case("healthy", served),
    Case("crash-loop", crashed, PANICS),
    Case("oom-kill", lambda canary: canary.restarted() and canary.died("OOMKilled"), ("-leak=2",), memory="32Mi"),
    Case("new-errors", lambda canary: canary.ready() and canary.logged("checkout failed", times=20), ("-fail-every=3",)),
    Case("image-missing", lambda canary: canary.waits("ImagePullBackOff"), image="localhost/cart:1.5.0-rc1"),
    Case("probe-fails", lambda canary: canary.event("Unhealthy") and not canary.ready(), port=8081),
    Case("rollout-healthy", served, rollout=True),
    Case("rollout-crash", crashed, PANICS, rollout=True),
)
RECORDED = ("healthy", "crash-loop", "new-errors", "oom-kill")
HASHES = {"stable": "6d5f8c7b9d", "canary": "7c9b64f5d8"}


def kubectl(*arguments: str, stdin: object = None) -> str:
    command = [os.environ["KUBEBUILDER_ASSETS"] + "/kubectl", *arguments]
    return run(*command, stdin=json.dumps(stdin) if stdin else None)


def run(*command: str | Path, stdin: str | None = None, cwd: Path = ROOT, **environment: str) -> str:
    """Standard output. A command that fails ends us, its own error shown."""
    done = subprocess.run(command, input=stdin, text=True, stdout=subprocess.PIPE, cwd=cwd, env={**os.environ, **environment}, check=True)
    return done.stdout


def up() -> None:
    if RUN.exists():
        run(TESTCLUSTER, "down")
    EXPORTS.write_text(run(TESTCLUSTER, "up", "--node"))
    enter()
    load_images()
    for name, plural in (("rollout", "rollouts"), ("analysis-run", "analysisruns"), ("experiment", "experiments")):
        kubectl("create", "-f", str(ARGO_CRDS / f"{name}-crd.yaml"))
        for condition in (f"jsonpath={{.status.acceptedNames.plural}}={plural}", "condition=Established"):  # a new one has no conditions
            kubectl("wait", f"--for={condition}", f"crd/{plural}.argoproj.io")
    things = [thing for case in CASES for thing in manifests(case)]
    kubectl("create", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": things})
    for case in CASES:
        if case.rollout:
            as_controller(case)
    wait(CASES, YOUNG)
    exports()


def enter() -> None:
    """kubectl, and whatever else we run, meets the cluster that is up."""
    os.environ |= dict(line.removeprefix("export ").split("=", 1) for line in EXPORTS.read_text().splitlines())


def exports() -> None:
    sys.stdout.write(EXPORTS.read_text())


def load_images() -> None:
    """The service's image, from nothing but its static binary, under the versions the cases name."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run("go", "build", "-trimpath", "-ldflags=-s -w", "-o", work / "cart", ".", cwd=Path(__file__).parent / "app", CGO_ENABLED="0")
        (work / "Dockerfile").write_text('FROM scratch\nCOPY cart /cart\nENTRYPOINT ["/cart"]\n')
        buildah = ("buildah", "--storage-driver", "vfs", "--root", work / "storage", "--runroot", work / "run")
        run(*buildah, "bud", "--isolation", "chroot", "--layers=false", "-q", "-t", "localhost/cart", work)
        for version in ("1.4.2", "1.5.0"):
            archive = work / f"{version}.tar"
            run(*buildah, "push", "-q", "localhost/cart", f"docker-archive:{archive}:localhost/cart:{version}")
            run(TESTCLUSTER, "load", archive)


def manifests(case: Case) -> Iterator[Json]:
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": case.namespace}}
    if case.rollout:
        return
    for role, replicas in (("stable", 2), ("canary", 1)):
        labels = labels_of(role)
        yield {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"cart-{role}", "namespace": case.namespace},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template(case, role, labels)},
        }


def labels_of(role: str) -> Json:
    return {"app": "cart", "role": role, "rollouts-pod-template-hash": HASHES[role]}


def template(case: Case, role: str, labels: Json) -> Json:
    """The pod template of one side; stable's is the same in every case."""
    canary = role == "canary"
    probe = {"httpGet": {"path": "/healthz", "port": case.port if canary else 8080}, "periodSeconds": 1, "failureThreshold": 3}
    container = {
        "name": "cart",
        "image": case.image if canary else "localhost/cart:1.4.2",
        "args": ["-version=1.5.0", *case.options] if canary else ["-version=1.4.2"],
        "ports": [{"containerPort": 8080}],
        "readinessProbe": probe,
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": case.memory if canary else "64Mi"}},
    }
    return {"metadata": {"labels": labels}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 1, "dnsPolicy": "Default"}}


def as_controller(case: Case) -> None:
    """A Rollout in mid-canary with its two ReplicaSets, made as Argo's controller makes them."""
    metadata = {"name": "cart", "namespace": case.namespace}
    rollout = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": metadata,
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "cart"}},
            "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}},
            "template": template(case, "canary", {"app": "cart"}),
        },
    }
    uid = json.loads(kubectl("create", "-o", "json", "-f", "-", stdin=rollout))["metadata"]["uid"]
    for role, pod_hash in HASHES.items():
        labels = labels_of(role)
        owner = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "cart", "uid": uid, "controller": True}
        replicaset = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {"name": f"cart-{pod_hash}", "namespace": case.namespace, "labels": labels, "ownerReferences": [owner]},
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template(case, role, labels)},
        }
        kubectl("create", "-f", "-", stdin=replicaset)
    status = {"stableRS": HASHES["stable"], "currentPodHash": HASHES["canary"], "currentStepIndex": 1, "phase": "Paused"}
    kubectl("patch", "rollout", "cart", "-n", case.namespace, "--subresource=status", "--type=merge", "-p", json.dumps({"status": status}))


def wait(cases: Iterable[Case], age: float) -> None:
    """Until every case shows what it is about, or the end, which names those that do not."""
    waiting, end = list(cases), time.monotonic() + PATIENCE
    while waiting and time.monotonic() < end:
        waiting = [case for case in waiting if not shows(case, age)]
        time.sleep(0.5)
    if waiting:
        sys.stderr.write(kubectl("get", "pods", "-A", "-o", "wide"))
        sys.stderr.write(kubectl("get", "events", "-A", "--field-selector", "type=Warning"))
        sys.exit(f"shop: {', '.join(case.namespace for case in waiting)}: not as it should be after {PATIENCE:.0f} s")


def shows(case: Case, age: float) -> bool:
    stable, canary = Side(case.namespace, "stable"), Side(case.namespace, "canary")
    return stable.ready() and stable.old(age) and canary.old(age) and case.shows(canary)


def record() -> None:
    enter()
    wait((case for case in CASES if case.namespace in RECORDED), GROWN)
    for case in RECORDED:
        output = ROOT / f"examples/evidence/{case}.json.gz"
        sides = ("--stable-selector", "role=stable", "--canary-selector", "role=canary")
        run(sys.executable, "-m", "analyzer", "collect", "--namespace", case, *sides, "--output", output)


def down() -> None:
    run(TESTCLUSTER, "down")


if __name__ == "__main__":
    verbs = {"up": up, "exports": exports, "record": record, "down": down}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]]()
