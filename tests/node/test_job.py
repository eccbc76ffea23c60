"""The examples' Jobs, with our image, their own permissions and no arguments, on the real node: what Argo's
controller would read.
"""

import base64
import copy
import json
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.node import argo

pytestmark = pytest.mark.node
Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
JUDGE, GUARD, *PERMISSIONS = yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text())
CANARY = argo.HASHES["canary"]
MIB = 1024**2
YOUNG = {"MIN_FAULT_AGE": "5s", "MIN_READY_TIME": "5s"}  # as the pods are


@dataclass(frozen=True)
class Ended:
    """A Job that has ended: why, the attempts that counted as failed, and the end of the container of each
    pod that is there.
    """

    reason: str
    failed: int
    containers: list[Json]


@dataclass(frozen=True)
class Shop:
    """One namespace on the node, as Argo's controller works in it."""

    node: dict[str, str]
    namespace: str
    image: str = argo.ANALYZER

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [self.node["KUBEBUILDER_ASSETS"] + "/kubectl", "-n", self.namespace, *arguments]
        return subprocess.run(
            command, env=self.node, input=stdin, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def get(self, *arguments: str) -> Json:
        found: Json = json.loads(self.kubectl("get", *arguments, "-o", "json"))
        return found

    def start(
        self,
        template: Json,
        permissions: list[Json],
        number: int = 1,
        canary: str = CANARY,
        **environment: str,
    ) -> str:
        """The name of the Job that Argo makes of a template for the namespace's Rollout, here where only
        restricted pods are taken.

        Its pods are judged while young.
        """
        self.kubectl(
            "label",
            "--overwrite",
            "namespace",
            self.namespace,
            "pod-security.kubernetes.io/enforce=restricted",
        )
        self.kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump_all(permissions))
        kind = argo.BACKGROUND if template == GUARD else argo.step(1)
        rollout = next(iter(self.get("rollouts")["items"]), None)
        name = f"cart-{canary}-{template['metadata']['name']}-{number}"
        run = argo.analysis_run(self.namespace, rollout, template, {**kind, argo.HASH_LABEL: canary}, name)
        measurement = argo.job(
            json.loads(self.kubectl("create", "-o", "json", "-f", "-", stdin=json.dumps(run))),
            YOUNG | environment,
            self.image,
        )
        self.kubectl("create", "-f", "-", stdin=json.dumps(measurement))
        return str(measurement["metadata"]["name"])

    def pods(self, name: str) -> list[Json]:
        pods: list[Json] = self.get("pods", "-l", f"batch.kubernetes.io/job-name={name}")["items"]
        return pods

    def end(self, name: str, condition: str) -> Ended:
        self.kubectl("wait", f"job/{name}", f"--for=condition={condition}", "--timeout=90s")
        status = self.get("job", name)["status"]
        (reached,) = (each for each in status["conditions"] if each["type"] == condition)
        ends = [pod["status"]["containerStatuses"][0]["state"]["terminated"] for pod in self.pods(name)]
        return Ended(reached.get("reason", ""), status.get("failed", 0), ends)


@pytest.fixture(scope="module")
def shop(with_image: dict[str, str]) -> Callable[[str], Shop]:
    """A namespace of the node, which has our image."""
    return lambda namespace: Shop(with_image, namespace)


def test_a_rollback_fails_the_job_at_once(shop: Callable[[str], Shop]) -> None:
    crash = shop("shop")
    ended = crash.end(crash.start(JUDGE, PERMISSIONS), "Failed")
    assert (ended.reason, ended.failed) == ("PodFailurePolicy", 1)
    (container,) = ended.containers
    assert container["exitCode"] == 3
    assert "crash" in container["message"]
    assert container["message"].lower().startswith("rollback")


def test_a_healthy_canary_completes_the_job(shop: Callable[[str], Shop]) -> None:
    healthy = shop("rollout-healthy")
    ended = healthy.end(healthy.start(JUDGE, PERMISSIONS), "Complete")
    (container,) = ended.containers
    assert container["exitCode"] == 0
    assert container["message"].lower().startswith("promote")


@pytest.mark.parametrize(
    ("namespace", "condition", "code"), [("shop", "Failed", 3), ("rollout-healthy", "Complete", 0)]
)
def test_the_guard_ends_as_the_start_does(
    shop: Callable[[str], Shop], namespace: str, condition: str, code: int
) -> None:
    here = shop(namespace)
    (container,) = here.end(here.start(GUARD, PERMISSIONS), condition).containers
    assert container["exitCode"] == code


def changed(template: Json, limit: int, **context: object) -> Json:
    """A template whose Job has another limit of memory, in bytes, and more of a security context."""
    template = copy.deepcopy(template)
    (metric,) = template["spec"]["metrics"]
    spec = metric["provider"]["job"]["spec"]["template"]["spec"]
    spec["containers"][0]["resources"] |= {"limits": {"memory": limit}}
    spec["containers"][0]["resources"]["requests"]["memory"] = limit
    spec["containers"][0]["securityContext"] |= context
    return template


def test_it_is_at_home_as_any_user_with_half_the_memory(shop: Callable[[str], Shop]) -> None:
    """Its root read-only and no capability left, as the example's is."""
    healthy = shop("rollout-healthy")
    template = changed(JUDGE, 128 * MIB, runAsUser=random.randrange(10_000, 2**31))
    (container,) = healthy.end(healthy.start(template, PERMISSIONS, 3), "Complete").containers
    assert container["exitCode"] == 0


def test_out_of_memory_is_no_answer_and_is_tried_again(shop: Callable[[str], Shop]) -> None:
    crash = shop("shop")
    ended = crash.end(crash.start(changed(JUDGE, 20 * MIB), PERMISSIONS, 4), "Failed")
    assert (ended.reason, ended.failed) == ("BackoffLimitExceeded", 2)
    assert [(container["exitCode"], container["reason"]) for container in ended.containers] == [
        (137, "OOMKilled")
    ] * 2


def test_a_replay_fits_into_64_mebibytes_without_a_cluster(
    shop: Callable[[str], Shop], wait_until: Callable[..., None]
) -> None:
    healthy = shop("healthy")
    bundle = ROOT / "examples/evidence/crash-loop.json.gz"
    evidence = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "evidence"},
        "binaryData": {bundle.name: base64.b64encode(bundle.read_bytes()).decode()},
    }
    (metric,) = JUDGE["spec"]["metrics"]
    example = metric["provider"]["job"]["spec"]["template"]["spec"]
    container = {
        "name": "analyzer",
        "image": argo.ANALYZER,
        "imagePullPolicy": "Never",
        "args": ["analyze", f"--evidence=/evidence/{bundle.name}", "--model=builtin"],
        "securityContext": example["containers"][0]["securityContext"],
        "resources": {"limits": {"memory": 64 * MIB}},
        "volumeMounts": [{"name": "evidence", "mountPath": "/evidence"}],
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "replay"},
        "spec": {
            "securityContext": example["securityContext"],
            "automountServiceAccountToken": False,
            "restartPolicy": "Never",
            "containers": [container],
            "volumes": [{"name": "evidence", "configMap": {"name": "evidence"}}],
        },
    }
    healthy.kubectl(
        "create", "-f", "-", stdin=json.dumps({"kind": "List", "apiVersion": "v1", "items": [evidence, pod]})
    )

    def ended() -> bool:
        return bool(healthy.get("pod", "replay")["status"]["phase"] in ("Failed", "Succeeded"))

    wait_until(ended, 60)
    (status,) = healthy.get("pod", "replay")["status"]["containerStatuses"]
    assert status["state"]["terminated"]["exitCode"] == 3


def test_what_could_not_be_read_is_tried_again(shop: Callable[[str], Shop]) -> None:
    denied = shop("healthy")
    ended = denied.end(
        denied.start(JUDGE, [thing for thing in PERMISSIONS if thing["kind"] == "ServiceAccount"]), "Failed"
    )
    assert (ended.reason, ended.failed) == ("BackoffLimitExceeded", 2)
    assert [container["exitCode"] for container in ended.containers] == [5, 5]
    assert all("may not list pods" in container["message"] for container in ended.containers)


def announcing(shop: Shop) -> tuple[Json, list[Json]]:
    """The judge's template and what it may do, with the rights of the overlay, under its admission policies."""
    overlay = str(ROOT / "deploy/kustomize/overlays/announce")
    deployed = list(yaml.safe_load_all(shop.kubectl("kustomize", overlay)))
    (template,) = (
        each
        for each in deployed
        if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == JUDGE["metadata"]["name"]
    )
    return template, [each for each in deployed if each["kind"] != "AnalysisTemplate"]


def test_an_eviction_does_not_count(shop: Callable[[str], Shop], wait_until: Callable[..., None]) -> None:
    """As when a node is drained: another pod takes over, the canary is judged as if nothing had been, and told of
    once.
    """
    healthy = shop("rollout-healthy")
    name = healthy.start(*announcing(healthy), 2, OBSERVE="20s")

    def begun() -> list[str]:
        """The pods that would hear a signal by now: what has not begun to listen is deaf to it, as the first
        process of its container.
        """
        pods = [pod["metadata"]["name"] for pod in healthy.pods(name) if pod["status"]["phase"] == "Running"]
        return [pod for pod in pods if "resolving the target" in healthy.kubectl("logs", pod)]

    wait_until(begun, 60)
    (pod,) = begun()
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod, "namespace": healthy.namespace},
    }
    healthy.kubectl(
        "create",
        "--raw",
        f"/api/v1/namespaces/{healthy.namespace}/pods/{pod}/eviction",
        "-f",
        "-",
        stdin=json.dumps(eviction),
    )
    ended = healthy.end(name, "Complete")
    (successor,) = (each["metadata"]["name"] for each in healthy.pods(name))
    assert successor != pod
    assert (ended.failed, [container["exitCode"] for container in ended.containers]) == (0, [0])
    run = f"involvedObject.name=cart-{CANARY}-rollout-analyzer-2"
    assert [event["count"] for event in healthy.get("events", "--field-selector", run)["items"]] == [1]


def test_the_answer_is_where_people_look(shop: Callable[[str], Shop]) -> None:
    crash = shop("shop")
    crash.end(crash.start(*announcing(crash), 2), "Failed")
    told = crash.get("analysisrun", f"cart-{CANARY}-rollout-analyzer-2")["metadata"]["annotations"]
    assert told["rollout-analyzer/rollout-analyzer.outcome"] == "rollback"
    events = crash.get("events", "--field-selector", "reason=CanaryRollback")["items"]
    assert {each["involvedObject"]["kind"] for each in events} == {"AnalysisRun", "Rollout"}
