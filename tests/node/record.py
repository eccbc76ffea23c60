"""Records examples/evidence/ anew, from real pods: a service `cart` in `shop`, its stable version older than
the window, and its canaries.

Each canary is a version of the same Rollout, which is at each of them in turn. Of one recording the log's
lines are kept beside, as a bundle that is mined when it is read (tests/evidence). `make record` does it, in
some three minutes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from analyzer.evidence import Evidence
from analyzer.evidence.bundle import Bundle, RawLog, load, save
from analyzer.evidence.logs import Logs
from tests.node import argo, cluster, shop
from tests.node.cluster import ROOT, Json, create, kubectl, run
from tests.node.shop import Side

NAMESPACE = "shop"
WINDOW = 120  # seconds: a tenth of what stable services are old, at a tenth of the wait
BEFORE = 40.0  # seconds that stable has run when the canaries begin
# seconds since each canary pod began: a minute of being Ready is the least to judge by, and starting takes
# its time
GROWN = 90.0
STABLE, CANARY = 4, 2  # pods
PACE = "-every=500ms"
RAW, RAW_CASE = ROOT / "tests/evidence/new-errors.json.gz", "new-errors"


@dataclass(frozen=True)
class Recorded:
    """A canary by its name among the examples: the version it runs, the hash of its pods, and when what is
    wrong with it shows.
    """

    name: str
    version: str
    hash: str
    shown: Callable[[Side], bool]

    def shows(self) -> bool:
        """Whether it is as old as it should be, and shows what it is about."""
        side = pods_of(self.hash)
        return side.old(GROWN) and self.shown(side)

    def bundle(self) -> Path:
        """Where it is recorded."""
        return ROOT / f"examples/evidence/{self.name}.json.gz"


RECORDED = (
    Recorded("healthy", "1.5.0", "5b8c7d9f64", shop.served),
    Recorded("crash-loop", "1.5.1", "7c9b64f5d8", shop.crashed),
    Recorded("oom-kill", "1.5.2", "69f4dd7b8d", shop.exhausted),
    Recorded("new-errors", "1.5.3", "84d7b5f9cc", shop.failed),
)
STABLE_HASH = argo.HASHES["stable"]
ANALYSIS = {"templates": [{"templateName": "rollout-analyzer"}]}
STRATEGY = {"canary": {"steps": [{"setWeight": 33}, {"pause": {"duration": "2m"}}, {"analysis": ANALYSIS}]}}


def pods_of(pod_hash: str) -> Side:
    return Side(NAMESPACE, f"{argo.HASH_LABEL}={pod_hash}")


def template(version: str) -> Json:
    """The same in every version but for the image, as it is with most releases."""
    return argo.pod_template({"app": "cart"}, PACE, version=version, memory=shop.SMALL)


def record() -> None:
    cluster.up()
    create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    rollout = argo.made(argo.rollout(NAMESPACE, STRATEGY, template(RECORDED[0].version), replicas=STABLE))
    deploy(rollout, STABLE_HASH, template("1.4.2"), STABLE)
    stable = pods_of(STABLE_HASH)
    shop.wait([("stable", partial(stable.old, BEFORE))])
    for each in RECORDED:
        deploy(rollout, each.hash, template(each.version), CANARY)
    create(weighed(rollout))
    shop.wait(
        [("stable", partial(stable.old, WINDOW + 5.0)), *((each.name, each.shows) for each in RECORDED)]
    )
    for each in RECORDED:
        shop.wait([(each.name, each.shows)])  # still, or again: what crashes runs now and then
        argo.set_status(
            NAMESPACE, stableRS=STABLE_HASH, currentPodHash=each.hash, currentStepIndex=2, phase="Progressing"
        )
        sides = ("--namespace", NAMESPACE, "--rollout", "cart", "--since", f"{WINDOW}s")
        run(".venv/bin/python", "-m", "analyzer", "collect", *sides, "--output", each.bundle())
        if each.name == RAW_CASE:
            save(RAW, with_lines(load(each.bundle())))


def deploy(rollout: Json, pod_hash: str, pod_template: Json, replicas: int) -> None:
    create(argo.replica_set(rollout, f"cart-{pod_hash}", pod_hash, pod_template, replicas))


def weighed(rollout: Json) -> Json:
    """The Event by which Argo tells since when the canary has its share."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = rollout["metadata"]
    about = {
        "apiVersion": argo.ARGO,
        "kind": "Rollout",
        "namespace": NAMESPACE,
        "name": metadata["name"],
        "uid": metadata["uid"],
    }
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "cart.weighed", "namespace": NAMESPACE},
        "involvedObject": about,
        "type": "Normal",
        "reason": "RolloutStepCompleted",
        "message": "Rollout step 1/3 completed (setWeight: 33)",
        "source": {"component": "rollouts-controller"},
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }


def with_lines(recorded: Evidence) -> Bundle:
    """The same evidence, its logs as lines: of each log as many as were read."""
    parts = tuple(part for part in recorded.parts if not isinstance(part, Logs))
    return Bundle(evidence=msgspec.structs.replace(recorded, parts=parts), raw_logs=tuple(raw_logs(recorded)))


def raw_logs(recorded: Evidence) -> Iterator[RawLog]:
    """Of each log the lines that were read: so many, up to the last one of its excerpt."""
    since = f"--since-time={recorded.window.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for part in recorded.parts:
        if isinstance(part, Logs) and part.side:
            for each in part.streams:
                which = (
                    each.pod,
                    f"--container={each.container}",
                    f"--previous={str(each.previous).lower()}",
                )
                lines = kubectl("logs", "--namespace", NAMESPACE, "--timestamps", since, *which).splitlines()
                last = each.excerpt[-1].at
                assert last is not None
                read = [line for line in lines if datetime.fromisoformat(line.partition(" ")[0]) <= last][
                    -each.lines :
                ]
                yield RawLog(
                    side=part.side,
                    pod=each.pod,
                    container=each.container,
                    previous=each.previous,
                    lines=tuple(read),
                )


if __name__ == "__main__":
    try:
        record()
    finally:
        cluster.down()
