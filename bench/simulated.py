"""Simulated pods whose logs come from files. Needs the test cluster's control plane and kwok (Go; `make
bench` builds them).
"""

import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TESTCLUSTER = Path(__file__).parent.parent / "tests" / "testcluster" / "testcluster"
LOG_BYTES = 1024 * 1024
SECONDS_A_POD = 0.3  # until it runs, at the most
ROLES = ("stable", "canary")

MESSAGES = (
    'level=info msg="request handled" method=GET path=/cart/{id} status=200 duration={ms}ms trace={hex}',
    'level=info msg="request handled" method=POST path=/cart/{id}/items status=201 duration={ms}ms trace={hex}',
    'level=info msg="price looked up" sku=SKU-{id} amount={ms}.{cents} currency=EUR source=cache',
    'level=warn msg="slow query" table=items rows={id} duration={ms}ms',
    'level=info msg="session refreshed" user={id} expires={ms}s node=cart-{cents}',
    'level=debug msg="cache" op=get key=cart:{id} hit=true bytes={ms}',
)

Json = Mapping[str, Any]


@contextmanager
def cluster(sizes: Mapping[str, int], *, logs: int, cores: Collection[int] = ()) -> Iterator[None]:
    """A cluster of its own, to which KUBECONFIG points: in each namespace so many ready pods, half of them of
    each role.

    So many logs serve all pods in turn, each `LOG_BYTES` long. `cores` are what the cluster runs on; else on
    all.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        config = work / "kwok.yaml"
        config.write_text(_documents(_log(work, index, logs, sizes) for index in range(logs)))
        environment = {
            **os.environ,
            "TESTCLUSTER_RUN": str(work / "cluster"),
            "TESTCLUSTER_KWOK_CONFIG": str(config),
        }
        try:
            with _on(cores):
                up = subprocess.run(
                    [TESTCLUSTER, "up", "--kwok"],
                    env=environment,
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                ).stdout
            exported = (line.removeprefix("export ").partition("=") for line in up.splitlines())
            os.environ.update({name: value for name, _, value in exported})
            _kubectl("apply", "-f", "-", documents=[_node(sum(sizes.values()))])
            for namespace, pods in sizes.items():
                _fill(namespace, pods)
            yield
        finally:
            subprocess.run([TESTCLUSTER, "down"], env=environment, check=True)


def judge(namespace: str, *more: str) -> tuple[str, ...]:
    """The options that judge a namespace's pods, its whole logs in the window."""
    sides = [word for role in ROLES for word in (f"--{role}-selector", f"role={role}")]
    return (
        "analyze",
        "--model",
        "builtin",
        "-n",
        namespace,
        *sides,
        "--since",
        "2h",
        "--min-fault-age",
        "0s",
        *more,
    )


def text(seed: int) -> str:
    """A log of `LOG_BYTES`, of the last hour, in the form that a container runtime writes."""
    draw = random.Random(seed)
    lines: list[str] = []
    size, at = 0, datetime.now(UTC) - timedelta(minutes=60)
    while size < LOG_BYTES:
        message = draw.choice(MESSAGES).format(
            id=draw.randrange(100_000),
            ms=draw.randrange(2000),
            cents=draw.randrange(100),
            hex=f"{draw.getrandbits(64):016x}",
        )
        at += timedelta(milliseconds=draw.randrange(500))
        lines.append(f"{at.isoformat().replace('+00:00', 'Z')} stdout F {message}\n")
        size += len(message) + 1
    return "".join(lines)


def names(pods: int) -> list[str]:
    return [f"{role}-{index}" for role in ROLES for index in range(pods // 2)]


@contextmanager
def _on(cores: Collection[int]) -> Iterator[None]:
    """What is started meanwhile stays on these."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _log(work: Path, index: int, logs: int, sizes: Mapping[str, int]) -> Json:
    """One log and kwok's configuration that serves it to every `logs`-th pod."""
    path = work / f"{index}.log"
    path.write_text(text(index))
    selector = {"matchNamespaces": list(sizes), "matchNames": names(max(sizes.values()))[index::logs]}
    spec = {"selector": selector, "logs": [{"containers": ["app"], "logsFile": str(path)}]}
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterLogs",
        "metadata": {"name": f"log-{index}"},
        "spec": spec,
    }


def _node(pods: int) -> Json:
    """One simulated node."""
    size = {"cpu": "640", "memory": "2560Gi", "pods": str(pods + 100)}
    metadata = {"name": "fake", "annotations": {"kwok.x-k8s.io/node": "fake"}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": {"allocatable": size}}


def _fill(namespace: str, pods: int) -> None:
    _kubectl(
        "apply",
        "-f",
        "-",
        documents=[{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}],
    )
    _kubectl("wait", "-n", namespace, "--for=create", "serviceaccount/default", "--timeout=60s")
    _kubectl("create", "-f", "-", documents=[_pod(namespace, name) for name in names(pods)])
    deadline = time.monotonic() + SECONDS_A_POD * pods + 60
    while _running(namespace) < pods:  # `kubectl wait` asks for each pod in turn, which takes minutes
        if time.monotonic() > deadline:
            raise TimeoutError(f"the pods of {namespace} do not run")
        time.sleep(1)


def _pod(namespace: str, name: str) -> Json:
    containers = [{"name": "app", "image": "localhost/app:1"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"role": name.partition("-")[0]}},
        "spec": {"nodeName": "fake", "automountServiceAccountToken": False, "containers": containers},
    }


def _documents(documents: Iterable[Json]) -> str:
    return "\n---\n".join(json.dumps(document) for document in documents)


def _running(namespace: str) -> int:
    return _kubectl(
        "get", "pods", "-n", namespace, "--field-selector=status.phase=Running", "-o", "name"
    ).count("\n")


def _kubectl(*command: str, documents: Sequence[Json] = ()) -> str:
    kubectl = str(Path(os.environ["KUBEBUILDER_ASSETS"]) / "kubectl")
    return subprocess.run(
        [kubectl, *command], input=_documents(documents), text=True, check=True, stdout=subprocess.PIPE
    ).stdout
