"""The example's Indexed Job on the real node, one of its three pods killed: the merged figures are those
of one run.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from tests.node import argo

pytestmark = pytest.mark.node
Json = dict[str, Any]

COMMAND = Path(sys.executable).with_name("rollout-analyzer")
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/eval-indexed-job.yaml"
RECORDED = ROOT / "bench/recorded"  # of which the judge promotes none wrongly
CASES = len(list(RECORDED.glob("*.json.gz")))
OF_THE_RUN = ("seconds", "slowest", "notes")  # and not of the cases
NAMESPACE = "evaluation"


@pytest.fixture
def kubectl(with_image: dict[str, str]) -> Callable[..., str]:
    """`kubectl(*arguments, documents…)`, in a namespace of its own."""

    def run(*arguments: str, documents: list[Json] | None = None) -> str:
        command = [with_image["KUBEBUILDER_ASSETS"] + "/kubectl", "-n", NAMESPACE, *arguments]
        given = yaml.safe_dump_all(documents) if documents else None
        return subprocess.run(
            command, env=with_image, input=given, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    run("create", "namespace", NAMESPACE)
    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The shared volume, with cases."""
    folder = tmp_path / "data"
    copytree(RECORDED, folder / "cases")
    folder.chmod(0o777)
    return folder


def volume(path: Path) -> Json:
    """What a file system that nodes share is here: a folder of the only node."""
    spec = {
        "capacity": {"storage": "5Gi"},
        "accessModes": ["ReadWriteMany"],
        "hostPath": {"path": str(path)},
        "claimRef": {"namespace": NAMESPACE, "name": "eval"},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "eval"}, "spec": spec}


def with_our_image(job: Json) -> Json:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    container |= {"image": argo.ANALYZER, "imagePullPolicy": "Never"}
    container.get("resources", {}).get("requests", {}).pop("cpu", None)  # the node has two cores
    return job


def kill(shard: str) -> None:
    """Kill the processes that judge a shard, as the kernel does."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = place.read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if b"--shard" in arguments and shard.encode() in arguments:
            os.kill(int(place.parent.name), signal.SIGKILL)


def lines(path: Path) -> list[str]:
    """The whole lines of a shard's results; none before there is a file."""
    return path.read_text().splitlines()[1:] if path.exists() else []


def without_run(report: Any) -> Any:
    if isinstance(report, dict):
        return {key: without_run(value) for key, value in report.items() if key not in OF_THE_RUN}
    return [without_run(value) for value in report] if isinstance(report, list) else report


def test_a_shard_that_is_killed_goes_on_and_nothing_counts_twice(
    kubectl: Callable[..., str], data: Path, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    claim, judging, merging = yaml.safe_load_all(EXAMPLE.read_text())
    kubectl("create", "-f", "-", documents=[volume(data), claim, with_our_image(judging)])
    results = data / "results/results-2-of-3.jsonl"
    wait_until(lambda: len(lines(results)) > 1, 60)
    kill("2/3")
    done = len(lines(results))
    assert 1 < done < CASES // 3
    kubectl("wait", "job/eval", "--for=condition=Complete", "--timeout=90s")
    pods = json.loads(kubectl("get", "pods", "-l", "job-name=eval", "-o", "json"))["items"]
    ends = Counter(
        (
            pod["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"],
            pod["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"],
        )
        for pod in pods
    )
    assert ends == {("0", 0): 1, ("1", 137): 1, ("1", 0): 1, ("2", 0): 1}

    kubectl("create", "-f", "-", documents=[with_our_image(merging)])

    def ended() -> list[Json]:
        pods = json.loads(kubectl("get", "pods", "-l", "job-name=eval-merge", "-o", "json"))["items"]
        states = [each["state"] for pod in pods for each in pod["status"].get("containerStatuses", ())]
        return [state["terminated"] for state in states if "terminated" in state]

    wait_until(ended, 90)
    assert [end["exitCode"] for end in ended()] == [0], kubectl("logs", "job/eval-merge")
    (merger,) = merging["spec"]["template"]["spec"]["containers"]
    threshold = merger["args"][merger["args"].index("--max-false-promote") :]
    asked = ["--model", "builtin", *threshold, "--output", str(tmp_path / "one")]
    whole = [str(COMMAND), "eval", str(data / "cases"), *asked]
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL)
    merged, one = (
        json.loads((folder / "eval.json").read_text()) for folder in (data / "report", tmp_path / "one")
    )
    assert without_run(merged) == without_run(one)
    judged = [
        json.loads(line)["case"]["name"]
        for path in (data / "results").glob("*.jsonl")
        for line in lines(path)
    ]
    assert (len(judged), len(set(judged))) == (CASES, CASES)
