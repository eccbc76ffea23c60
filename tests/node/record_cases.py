"""Records bench/recorded anew: each version of the small services (tests/node/recorded) as the canary of a
Rollout, on the real node.

    python -m tests.node.record_cases [NAME…]   all, or the cases of these names; about twelve minutes

Stable's two pods run all the time. One canary begins after the other, each is collected when it is a minute
and a half old, and goes. The bundle keeps the lines of the logs, which are mined when it is read. What is
right for a case is not written here: bench/recorded/cases.csv was there before.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

import msgspec

from analyzer.cli import run as analyzer
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import Bundle, RawLog, load, save
from analyzer.evidence.logs import Logs, Stream
from tests.node import argo, cluster, shop
from tests.node.cluster import ROOT, Json, create, kubectl
from tests.node.recorded.images import write_archive
from tests.node.recorded.surroundings import pod_template, serve
from tests.node.recorded.version import SOURCES, Version, stable, versions
from tests.node.shop import Side

CASES = ROOT / "bench/recorded"
WINDOW = 130  # seconds
BEFORE = 45.0  # seconds that stable has run when the first canary begins
# seconds since a canary's pod began, and since it became Ready: a minute is the least to judge by
GROWN, READY = (
    95.0,
    66.0,
)
TOO_LATE = 170.0  # seconds after which a canary that is not Ready so long is collected all the same
AT_ONCE, PACE = 22, 3.0  # canaries at a time, and seconds between two
STABLE_HASH = argo.HASHES["stable"]
STRATEGY = {"canary": {"steps": [{"setWeight": 33}, {"pause": {}}]}}


@dataclass(frozen=True)
class Canary:
    """A version that runs, since when, and the Rollout of its app."""

    version: Version
    since: datetime
    rollout: Json

    def hash(self) -> str:
        return sha256(self.version.case().encode()).hexdigest()[:10]

    def is_grown(self) -> bool:
        age = (datetime.now(UTC) - self.since).total_seconds()
        if age < GROWN:
            return False
        pods = Side(self.version.app, f"{argo.HASH_LABEL}={self.hash()}").pods()
        since = [
            datetime.fromisoformat(condition["lastTransitionTime"])
            for pod in pods
            for condition in pod["status"].get("conditions", [])
            if (condition["type"], condition["status"]) == ("Ready", "True")
        ]
        return age > TOO_LATE or all((datetime.now(UTC) - at).total_seconds() > READY for at in since)


def record(names: list[str]) -> None:
    chosen = [each for app in SOURCES for each in versions(app) if not names or each.case() in names]
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "images.tar"
        write_archive(archive, [*map(stable, SOURCES), *chosen])
        cluster.up(archive)
    with serve() as port:
        rollouts = {app: deploy_stable(app, port) for app in SOURCES}
        shop.wait((app, lambda app=app: is_there(app)) for app in SOURCES)  # type: ignore[misc]
        waiting, running = chosen[::-1], list[Canary]()
        while waiting or running:
            if running and running[0].is_grown():
                collect(running.pop(0))
            elif waiting and len(running) < AT_ONCE:
                running.append(begin(waiting.pop(), rollouts, port))
                time.sleep(PACE)
            else:
                time.sleep(0.5)


def deploy_stable(app: str, port: int) -> Json:
    """The Rollout, made, with the pods of its stable version."""
    create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": app}})
    template = pod_template(stable(app), port)
    made = argo.made(argo.rollout(app, STRATEGY, template, replicas=3, name=app))
    create(argo.replica_set(made, f"{app}-{STABLE_HASH}", STABLE_HASH, template, 2))
    return made


def is_there(app: str) -> bool:
    side = Side(app, f"{argo.HASH_LABEL}={STABLE_HASH}")
    return side.ready() and side.old(BEFORE)


def begin(version: Version, rollouts: dict[str, Json], port: int) -> Canary:
    made = Canary(version, datetime.now(UTC), rollouts[version.app])
    name = f"{version.app}-{made.hash()}"
    create(argo.replica_set(made.rollout, name, made.hash(), pod_template(version, port), 1))
    return made


def collect(canary: Canary) -> None:
    """Write the canary's bundle, and let it go."""
    app, case = canary.version.app, canary.version.case()
    argo.set_status(
        app, app, stableRS=STABLE_HASH, currentPodHash=canary.hash(), currentStepIndex=1, phase="Paused"
    )
    create(weighed(canary))
    path = CASES / f"{case}.json.gz"
    sides = ("--namespace", app, "--rollout", app, "--since", f"{WINDOW}s", "--output", str(path))
    code = analyzer(["collect", *sides])
    evidence = load(path)
    save(path, Bundle(evidence=without_logs(evidence), raw_logs=tuple(raw_logs(evidence, app))))
    path.chmod(0o644)
    sys.stdout.write(f"{datetime.now(UTC):%T} {case}: {code}, {path.stat().st_size:,} bytes\n")
    sys.stdout.flush()
    kubectl("delete", "event", "-n", app, f"{app}.{canary.hash()}", "--wait=false")
    kubectl("delete", "replicaset", "-n", app, f"{app}-{canary.hash()}", "--wait=false")


def weighed(canary: Canary) -> Json:
    """The Event by which Argo tells since when the canary has its share."""
    metadata, at = canary.rollout["metadata"], f"{canary.since:%Y-%m-%dT%H:%M:%SZ}"
    about = {name: metadata[name] for name in ("namespace", "name", "uid")}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{metadata['name']}.{canary.hash()}", "namespace": metadata["namespace"]},
        "involvedObject": {"apiVersion": argo.ARGO, "kind": "Rollout", **about},
        "type": "Normal",
        "reason": "RolloutStepCompleted",
        "message": "Rollout step 1/2 completed (setWeight: 33)",
        "source": {"component": "rollouts-controller"},
        "firstTimestamp": at,
        "lastTimestamp": at,
        "count": 1,
    }


def without_logs(evidence: Evidence) -> Evidence:
    parts = tuple(part for part in evidence.parts if not isinstance(part, Logs))
    return msgspec.structs.replace(evidence, parts=parts)


def raw_logs(evidence: Evidence, namespace: str) -> Iterator[RawLog]:
    """The lines of each log that was read, of the time of the window."""
    found = [
        (part.side, stream)
        for part in evidence.parts
        if isinstance(part, Logs) and part.side
        for stream in part.streams
    ]
    with ThreadPoolExecutor(4) as pool:
        lines = pool.map(lambda each: read_lines(evidence, namespace, each[1]), found)
    for (side, stream), read in zip(found, lines, strict=True):
        yield RawLog(
            side=side, pod=stream.pod, container=stream.container, previous=stream.previous, lines=read
        )


def read_lines(evidence: Evidence, namespace: str, stream: Stream) -> tuple[str, ...]:
    start, end = evidence.window.start, evidence.window.end
    since = f"--since-time={start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    which = (stream.pod, f"--container={stream.container}", f"--previous={str(stream.previous).lower()}")
    try:
        lines = kubectl("logs", "-n", namespace, "--timestamps", since, *which).splitlines()
    except CalledProcessError:  # it began anew meanwhile
        return ()
    return tuple(line for line in lines if datetime.fromisoformat(line.partition(" ")[0]) <= end)


if __name__ == "__main__":
    try:
        record(sys.argv[1:])
    finally:
        cluster.down()
