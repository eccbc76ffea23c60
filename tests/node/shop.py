"""Real canaries on the real node: a small shop service, its canary failing in its own way in each namespace.

    python -m tests.node.shop up       start the node, deploy every case, wait until each shows what is wrong;
    print `export KUBECONFIG=…` python -m tests.node.shop exports  after `up`: print that again python -m
    tests.node.shop down     stop it all

Needs root, Go, buildah and what the node of tests/testcluster needs.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from tests.node import argo, cluster
from tests.node.argo import HASH_LABEL, HASHES
from tests.node.cluster import EXPORTS, FAILS, LEAKS, PANICS, Json, create, get, kubectl

PATIENCE = (
    300.0  # seconds until every case shows; the slowest is a second restart, at 10 s of back-off and more
)
YOUNG = 8.0  # seconds each pod has run before it is judged, with --min-fault-age 5s


@dataclass(frozen=True)
class Side:
    """The pods that a label selector picks in a namespace, as the API shows them now."""

    namespace: str
    selector: str

    def pods(self) -> list[Json]:
        pods: list[Json] = get("pods", "-n", self.namespace, "-l", self.selector)["items"]
        return pods

    def containers(self) -> list[Json]:
        return [status for pod in self.pods() for status in pod["status"].get("containerStatuses", [])]

    def ready(self) -> bool:
        return bool(self.containers()) and all(status["ready"] for status in self.containers())

    def old(self, seconds: float) -> bool:
        started = [
            datetime.fromisoformat(pod["status"].get("startTime", "9999-01-01T00:00:00Z"))
            for pod in self.pods()
        ]
        return bool(started) and all(
            (datetime.now(UTC) - start).total_seconds() > seconds for start in started
        )

    def restarted(self) -> bool:
        return any(status["restartCount"] >= 2 for status in self.containers())

    def waits(self, reason: str) -> bool:
        return bool(self.containers()) and all(
            status["state"].get("waiting", {}).get("reason") == reason for status in self.containers()
        )

    def died(self, reason: str) -> bool:
        return any(
            status["lastState"].get("terminated", {}).get("reason") == reason for status in self.containers()
        )

    def logged(self, text: str, times: int = 1) -> bool:
        return kubectl("logs", "-n", self.namespace, "-l", self.selector, "--tail=-1").count(text) >= times

    def event(self, reason: str) -> bool:
        events = get("events", "-n", self.namespace, "--field-selector", f"reason={reason}")["items"]
        names = {pod["metadata"]["name"] for pod in self.pods()}
        return any(event["involvedObject"]["name"] in names for event in events)


@dataclass(frozen=True)
class Case:
    """What is wrong with a canary, and when it shows."""

    namespace: str
    shows: Callable[[Side], bool]
    options: tuple[str, ...] = ()
    image: str = ""
    port: int = 8080
    memory: str = "64Mi"
    rollout: bool = False

    def template(self, role: str) -> Json:
        """The pod template of one side; stable's is the same in every case."""
        labels = {"app": "cart", "role": role}
        if role == "stable":
            return argo.pod_template(labels, version="1.4.2")
        return argo.pod_template(
            labels, *self.options, version="1.5.0", image=self.image, port=self.port, memory=self.memory
        )


def served(canary: Side) -> bool:
    return canary.ready() and canary.logged("slow query")


def crashed(canary: Side) -> bool:
    return canary.restarted() and canary.waits("CrashLoopBackOff")


def exhausted(canary: Side) -> bool:
    return canary.restarted() and canary.died("OOMKilled")


def failed(canary: Side) -> bool:
    return canary.ready() and canary.logged("checkout failed", times=20)


SMALL = "32Mi"  # a memory that a leak fills soon
CASES = (
    Case("healthy", served),
    Case("crash-loop", crashed, PANICS),
    Case("oom-kill", exhausted, LEAKS, memory=SMALL),
    Case("new-errors", failed, FAILS),
    Case("image-missing", lambda canary: canary.waits("ImagePullBackOff"), image="localhost/cart:1.5.0-rc1"),
    Case("probe-fails", lambda canary: canary.event("Unhealthy") and not canary.ready(), port=8081),
    Case("rollout-healthy", served, rollout=True),
    Case("shop", crashed, PANICS, rollout=True),  # the tutorial's
)


def up() -> None:
    cluster.up()
    create(*(thing for case in CASES for thing in manifests(case)))
    for case in CASES:
        if case.rollout:
            as_controller(case)
    wait((case.namespace, partial(shows, case)) for case in CASES)
    exports()


def exports() -> None:
    sys.stdout.write(EXPORTS.read_text())


def manifests(case: Case) -> Iterator[Json]:
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": case.namespace}}
    if case.rollout:
        return
    for role, replicas in (("stable", 2), ("canary", 1)):
        template = case.template(role)
        labels = template["metadata"]["labels"] | {HASH_LABEL: HASHES[role]}
        template["metadata"]["labels"] = labels
        yield {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"cart-{role}", "namespace": case.namespace},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template},
        }


def as_controller(case: Case) -> None:
    """A Rollout in mid-canary with its two ReplicaSets, made as Argo's controller makes them."""
    strategy = {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}
    rollout = argo.made(argo.rollout(case.namespace, strategy, case.template("canary"), replicas=2))
    create(
        *(
            argo.replica_set(rollout, f"cart-{HASHES[role]}", HASHES[role], case.template(role), replicas=1)
            for role in HASHES
        )
    )
    argo.set_status(
        case.namespace,
        stableRS=HASHES["stable"],
        currentPodHash=HASHES["canary"],
        currentStepIndex=1,
        phase="Paused",
    )


def wait(things: Iterable[tuple[str, Callable[[], bool]]]) -> None:
    """Until everything shows what it is about, or the end, which names what does not."""
    waiting, end = list(things), time.monotonic() + PATIENCE
    while waiting and time.monotonic() < end:
        waiting = [(name, shown) for name, shown in waiting if not shown()]
        time.sleep(0.5)
    if waiting:
        sys.stderr.write(kubectl("get", "pods", "-A", "-o", "wide"))
        sys.stderr.write(kubectl("get", "events", "-A", "--field-selector", "type=Warning"))
        sys.exit(
            f"shop: {', '.join(name for name, _ in waiting)}: not as it should be after {PATIENCE:.0f} s"
        )


def shows(case: Case) -> bool:
    stable, canary = Side(case.namespace, "role=stable"), Side(case.namespace, "role=canary")
    return stable.ready() and stable.old(YOUNG) and canary.old(YOUNG) and case.shows(canary)


if __name__ == "__main__":
    verbs = {"up": up, "exports": exports, "down": cluster.down}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]]()
