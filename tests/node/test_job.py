"""The examples' Jobs, with our image, their own permissions and no arguments, on the real node: what Argo's controller would read."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.node
Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
JUDGE, GUARD, *PERMISSIONS = yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text())
CANARY = "7c9b64f5d8"


@dataclass(frozen=True)
class Ended:
    """A Job that has ended: why, the attempts that counted as failed, and the end of the container of each pod that is there."""

    reason: str
    failed: int
    containers: list[Json]


@dataclass(frozen=True)
class Shop:
    """One namespace on the node, as Argo's controller works in it."""

    node: dict[str, str]
    namespace: str

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [self.node["KUBEBUILDER_ASSETS"] + "/kubectl", "-n", self.namespace, *arguments]
        return subprocess.run(command, env=self.node, input=stdin, stdout=subprocess.PIPE, text=True, check=True).stdout

    def get(self, *arguments: str) -> Json:
        found: Json = json.loads(self.kubectl("get", *arguments, "-o", "json"))
        return found

    def start(self, template: Json, permissions: list[Json], number: int = 1, **environment: str) -> str:
        """The name of the Job that Argo makes of a template, here where only restricted pods are taken."""
        self.kubectl("label", "--overwrite", "namespace", self.namespace, "pod-security.kubernetes.io/enforce=restricted")
        self.kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump_all(permissions))
        run = analysis_run(self.get("rollouts")["items"], template, number)
        measurement = job(json.loads(self.kubectl("create", "-o", "json", "-f", "-", stdin=json.dumps(run))), environment)
        self.kubectl("create", "-f", "-", stdin=json.dumps(measurement))
        name: str = measurement["metadata"]["name"]
        return name

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
def shop(node: dict[str, str]) -> Callable[[str], Shop]:
    """A namespace of the node, which has our image."""
    archive = subprocess.run([ROOT / "tests/node/image"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    subprocess.run([ROOT / "tests/testcluster/testcluster", "load", archive], env=node, check=True)
    return lambda namespace: Shop(node, namespace)


def owned_by(owner: Json) -> list[Json]:
    metadata = owner["metadata"]
    return [
        {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": metadata["name"], "uid": metadata["uid"], "controller": True}
    ]


def analysis_run(rollouts: list[Json], template: Json, number: int) -> Json:
    """The AnalysisRun that Argo makes of the template for the one Rollout, its Job about to run."""
    kind = {"rollout-type": "Background"} if template == GUARD else {"rollout-type": "Step", "step-index": "1"}
    labels = {**kind, "rollouts-pod-template-hash": CANARY}
    name = f"cart-{CANARY}-{template['metadata']['name']}-{number}"
    metadata = {"name": name, "labels": labels, "ownerReferences": [each for one in rollouts for each in owned_by(one)]}
    (metric,) = template["spec"]["metrics"]
    status = {"phase": "Running", "metricResults": [{"name": metric["name"], "phase": "Running"}]}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "AnalysisRun", "metadata": metadata, "spec": template["spec"], "status": status}


def job(asking: Json, environment: dict[str, str]) -> Json:
    """The Job that Argo makes of the AnalysisRun's metric; with our image, and pods that are judged while young."""
    (metric,) = asking["spec"]["metrics"]
    name, uid = asking["metadata"]["name"], asking["metadata"]["uid"]
    notes = {"name": name, "namespace": asking["metadata"]["namespace"], "metric-name": metric["name"]}
    metadata = {
        "name": f"{uid}.{metric['name']}.1",
        "labels": {"analysisrun.argoproj.io/uid": uid},
        "annotations": {f"analysisrun.argoproj.io/{key}": value for key, value in notes.items()},
        "ownerReferences": owned_by(asking),
    }
    spec = metric["provider"]["job"]["spec"]
    container = spec["template"]["spec"]["containers"][0]
    container |= {"image": "localhost/rollout-analyzer:test", "imagePullPolicy": "Never"}
    container["env"] += [{"name": f"ROLLOUT_ANALYZER_{key}", "value": value} for key, value in ({"MIN_AGE": "5s"} | environment).items()]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec | {"backoffLimit": 1}}


def test_a_rollback_fails_the_job_at_once(shop: Callable[[str], Shop]) -> None:
    crash = shop("rollout-crash")
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


@pytest.mark.parametrize(("namespace", "condition", "code"), [("rollout-crash", "Failed", 3), ("rollout-healthy", "Complete", 0)])
def test_the_guard_ends_as_the_start_does(shop: Callable[[str], Shop], namespace: str, condition: str, code: int) -> None:
    here = shop(namespace)
    (container,) = here.end(here.start(GUARD, PERMISSIONS), condition).containers
    assert container["exitCode"] == code


def test_what_could_not_be_read_is_tried_again(shop: Callable[[str], Shop]) -> None:
    denied = shop("healthy")
    ended = denied.end(denied.start(JUDGE, [thing for thing in PERMISSIONS if thing["kind"] == "ServiceAccount"]), "Failed")
    assert (ended.reason, ended.failed) == ("BackoffLimitExceeded", 2)
    assert [container["exitCode"] for container in ended.containers] == [5, 5]
    assert all("may not list pods" in container["message"] for container in ended.containers)


def test_an_eviction_does_not_count(shop: Callable[[str], Shop], wait_until: Callable[..., None]) -> None:
    """As when a node is drained: another pod takes over, and the canary is judged as if nothing had been."""
    healthy = shop("rollout-healthy")
    name = healthy.start(JUDGE, PERMISSIONS, 2, OBSERVE="20s")

    def begun() -> list[str]:
        """The pods that would hear a signal by now: what has not begun to listen is deaf to it, as the first process of its container."""
        pods = [pod["metadata"]["name"] for pod in healthy.pods(name) if pod["status"]["phase"] == "Running"]
        return [pod for pod in pods if "resolving the target" in healthy.kubectl("logs", pod)]

    wait_until(begun, 60)
    (pod,) = begun()
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": healthy.namespace}}
    healthy.kubectl("create", "--raw", f"/api/v1/namespaces/{healthy.namespace}/pods/{pod}/eviction", "-f", "-", stdin=json.dumps(eviction))
    ended = healthy.end(name, "Complete")
    (successor,) = (each["metadata"]["name"] for each in healthy.pods(name))
    assert successor != pod
    assert (ended.failed, [container["exitCode"] for container in ended.containers]) == (0, [0])


def test_the_answer_is_where_people_look(shop: Callable[[str], Shop]) -> None:
    """With the rights of the overlay, and under its admission policies."""
    crash = shop("rollout-crash")
    deployed = list(yaml.safe_load_all(crash.kubectl("kustomize", str(ROOT / "deploy/kustomize/overlays/announce"))))
    (template,) = (
        each for each in deployed if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == JUDGE["metadata"]["name"]
    )
    crash.end(crash.start(template, [each for each in deployed if each["kind"] != "AnalysisTemplate"], 2), "Failed")
    told = crash.get("analysisrun", f"cart-{CANARY}-rollout-analyzer-2")["metadata"]["annotations"]
    assert told["rollout-analyzer/rollout-analyzer.outcome"] == "rollback"
    events = crash.get("events", "--field-selector", "reason=CanaryRollback")["items"]
    assert {each["involvedObject"]["kind"] for each in events} == {"AnalysisRun", "Rollout"}
