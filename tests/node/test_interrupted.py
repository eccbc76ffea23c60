"""A pod that is deleted, evicted, or killed for lack of memory, while it gathers, asks a model, or tells GitHub or an
agent: the documented exit code, and the attempt that follows tells once.

What it asks is held until the pod has ended. All the Jobs are interrupted at once; each test looks at one.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.conftest import until
from tests.github.server import NAME, TOKEN, Answer, GitHub, serve
from tests.node import outside
from tests.node.test_job import CANARY, JUDGE, MIB, Shop, announcing, changed

pytestmark = pytest.mark.node
Json = dict[str, Any]

STAGES = {  # the end of the path of what is asked in each
    "gathering": "/api/v1/query",
    "asking": "/v1/chat/completions",
    "opening an issue": f"/repos/{NAME}/issues",
    "handing over": "/handoff",
}
VERDICT = json.dumps({"verdict": "rollback", "confidence": 95, "summary": "It crashes."})
MESSAGE = {"role": "assistant", "content": VERDICT}
ANSWERS: dict[str, Json] = {  # GitHub has its own
    "gathering": {"status": "success", "data": {"resultType": "vector", "result": []}},
    "asking": {"choices": [{"index": 0, "finish_reason": "stop", "message": MESSAGE}]},
    "handing over": {},
}
CONFIG = 'prometheus: {queries: [{name: up, query: "sum(up{hash=\\"$hash\\"})"}]}\n'
PATIENCE = 90.0  # seconds until a stage is reached, on a busy machine
FINALIZER = "rollout-analyzer.test/kept"  # it keeps a deleted pod, whose exit code is looked at
SECRET = "a-key-of-two-dozen-letters"
FIRST = 50  # number of the first AnalysisRun
FILL = """
import os, pathlib, sys
pathlib.Path(sys.argv[1], "cgroup.procs").write_text(str(os.getpid()))
held = []
while True:
    held.append(b"x" * 2**20)
"""


@dataclass
class Outside(GitHub):
    """A GitHub, Prometheus, model and agent. The first request of a stage is done, and its answer held."""

    held: str = ""
    reached: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)
    handoffs: list[str] = field(default_factory=list)

    def answer(self, verb: str, target: str, headers: dict[str, str], raw: str | None) -> Answer:
        stage = next((name for name, path in STAGES.items() if verb == "POST" and target.endswith(path)), "")
        own = ANSWERS.get(stage)
        made = super().answer(verb, target, headers, raw) if own is None else Answer(200, own)
        if stage == "handing over":
            self.handoffs.append(headers["webhook-id"])
        if stage == self.held and not self.reached.is_set():
            self.reached.set()
            self.over.wait(PATIENCE)
        return made


@dataclass(frozen=True)
class Interrupted:
    """A Job in a shop, its number, and what it asks."""

    shop: Shop
    number: int
    job: str
    outside: Outside

    def interrupt(self, way: str) -> None:
        """End its first pod in its stage."""
        reached = self.outside.reached.wait(PATIENCE)
        assert reached, f"{self.outside.held}: {self.shop.kubectl('logs', f'job/{self.job}')}"
        (pod,) = (each["metadata"]["name"] for each in self.shop.pods(self.job))
        keep = [{"op": "add", "path": "/metadata/finalizers/-", "value": FINALIZER}]
        self.shop.kubectl("patch", "pod", pod, "--type=json", "-p", json.dumps(keep))
        WAYS[way](self.shop, pod)

        def ended() -> bool:
            (status,) = self.shop.get("pod", pod)["status"]["containerStatuses"]
            return "terminated" in status["state"]

        until(ended, PATIENCE)
        self.outside.over.set()


def delete(shop: Shop, pod: str) -> None:
    """As Argo and people do."""
    shop.kubectl("delete", "pod", pod, "--wait=false")


def evict(shop: Shop, pod: str) -> None:
    """As who drains a node does."""
    metadata = {"name": pod, "namespace": shop.namespace}
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata}
    path = f"/api/v1/namespaces/{shop.namespace}/pods/{pod}/eviction"
    shop.kubectl("create", "--raw", path, "-f", "-", stdin=json.dumps(eviction))


def exhaust(_: Shop, pod: str) -> None:
    """Fill the container's memory from outside. The kernel kills the pod's own process, which it spares least."""
    group = memory_group(process_of(pod))
    subprocess.run([sys.executable, "-c", FILL, str(group)], check=False)


def process_of(pod: str) -> int:
    """Return the process of a pod's container, as this machine numbers it."""
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = place.read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if f"POD_NAME={pod}".encode() in variables:
            return int(place.parent.name)
    raise AssertionError(f"{pod} has no process")


def memory_group(process: int) -> Path:
    """Return the control group that limits a process' memory, in either version of them."""
    root, fields = Path("/sys/fs/cgroup"), Path(f"/proc/{process}/cgroup").read_text().splitlines()
    paths = {
        controllers: path.removeprefix("/")
        for _, controllers, path in (line.split(":", 2) for line in fields)
    }
    return root / "memory" / paths["memory"] if "memory" in paths else root / paths[""]


WAYS = {"deleted": delete, "evicted": evict, "out of memory": exhaust}
TERMINATED, KILLED = (143, "Error"), (137, "OOMKilled")
FIRST_END = {"deleted": TERMINATED, "evicted": TERMINATED, "out of memory": KILLED}
COUNTED = {"deleted": 2, "evicted": 1, "out of memory": 2}  # attempts as failed: what is evicted says nothing


@pytest.fixture(scope="module")
def interrupted(
    with_image: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Interrupted]]:
    """A Job each for a stage and a way, its first pod interrupted."""
    folder = tmp_path_factory.mktemp("outside")
    certificate, shop = outside.certify(folder), Shop(with_image, "shop")
    (folder / "config.yaml").write_text(CONFIG)
    files = [f"--from-file={path}" for path in (certificate, folder / "config.yaml")]
    shop.kubectl("create", "configmap", "outside", *files)
    template, permissions = announcing(shop)
    template = outside.with_files(changed(template, 128 * MIB), "outside")
    jobs: dict[tuple[str, str], Interrupted] = {}
    with ExitStack() as stack:
        for number, (stage, way) in enumerate(product(STAGES, WAYS), FIRST):
            asked = Outside(held=stage)
            address = stack.enter_context(serve(asked, outside.HOST, outside.serving(certificate)))
            here = outside.with_environment(
                template,
                GITHUB_API_URL=address,
                GITHUB_TOKEN=TOKEN,
                HANDOFF_WEBHOOK_SECRET=SECRET,
                SSL_CERT_FILE="/outside/outside.crt",
            )
            asking = {
                "CONFIG": "/outside/config.yaml",
                "PROMETHEUS": address,
                "MODEL": f"openai:judge@{address}/v1",
                "GITHUB_REPO": NAME,
                "HANDOFF_WEBHOOK": f"{address}/handoff",
            }
            jobs[stage, way] = Interrupted(
                shop, number, shop.start(here, permissions, number, **asking), asked
            )
        with ThreadPoolExecutor(len(jobs)) as pool:
            list(pool.map(lambda key: jobs[key].interrupt(key[1]), jobs))
        yield jobs
        kept = [
            pod["metadata"]["name"]
            for pod in shop.get("pods")["items"]
            if FINALIZER in pod["metadata"].get("finalizers", ())
        ]
        shop.kubectl(
            "patch", "pod", *kept, "--type=merge", "-p", json.dumps({"metadata": {"finalizers": None}})
        )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("stage", STAGES)
def test_the_next_attempt_tells_once(
    interrupted: dict[tuple[str, str], Interrupted], stage: str, way: str
) -> None:
    one = interrupted[stage, way]
    ended = one.shop.end(one.job, "Failed")
    first, second = sorted(ended.containers, key=lambda container: container["finishedAt"])
    assert (first["exitCode"], first["reason"]) == FIRST_END[way]
    assert second["exitCode"] == 3, second["message"]
    assert (ended.reason, ended.failed) == ("PodFailurePolicy", COUNTED[way])

    told = one.outside
    assert told.broken == []
    assert (len(told.issues), told.comments, len(told.sent("POST", "/issues"))) == (1, [], 1)
    run = f"cart-{CANARY}-{JUDGE['metadata']['name']}-{one.number}"
    handed = 2 if stage == "handing over" else 1  # an agent takes an id once
    assert (len(told.handoffs), len(set(told.handoffs))) == (handed, 1)
    annotations = one.shop.get("analysisrun", run)["metadata"]["annotations"]
    assert annotations["rollout-analyzer/rollout-analyzer.outcome"] == "rollback"
    pods = {pod["metadata"]["name"] for pod in one.shop.pods(one.job)}
    events = [
        (event["involvedObject"]["kind"], event["count"])
        for event in one.shop.get("events", "--field-selector", "reason=CanaryRollback")["items"]
        if event["reportingInstance"] in pods
    ]
    assert sorted(events) == [("AnalysisRun", 1), ("Rollout", 1)]
