"""What the traps say that Kubernetes refuses, a real API server refuses, and it takes what is sound."""

import json
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = pytest.mark.api
SOUND = Path(__file__).parents[1] / "sound.yaml"
METRIC: list[Any] = ["spec", "metrics", 0]
JOB = [*METRIC, "provider", "job", "spec"]
CONTAINER = [*JOB, "template", "spec", "containers", 0]
STEPS: list[Any] = ["spec", "strategy", "canary", "steps"]


@pytest.fixture
def job() -> dict[str, Any]:
    template = next(yaml.safe_load_all(SOUND.read_text()))
    spec: dict[str, Any] = template["spec"]["metrics"][0]["provider"]["job"]["spec"]
    return spec


def refused(namespace: "Namespace", tmp_path: Path, spec: dict[str, Any], name: str = "judge") -> str:
    """Why the API server does not take such a Job; empty where it does."""
    path = tmp_path / "job.json"
    path.write_text(
        json.dumps({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec})
    )
    try:
        namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(path)
        )
    except subprocess.CalledProcessError as error:
        return str(error.stderr)
    return ""


def test_the_sound_job_is_taken(namespace: "Namespace", tmp_path: Path, job: dict[str, Any]) -> None:
    assert refused(namespace, tmp_path, job) == ""


def test_a_policy_for_a_container_that_is_not_there(
    namespace: "Namespace", tmp_path: Path, job: dict[str, Any]
) -> None:
    job["podFailurePolicy"]["rules"][1]["onExitCodes"]["containerName"] = "judge"
    assert "containerName" in refused(namespace, tmp_path, job)


@pytest.mark.parametrize("restart", ["OnFailure", "Always", None])
def test_a_policy_with_another_restart_policy(
    namespace: "Namespace", tmp_path: Path, job: dict[str, Any], restart: str | None
) -> None:
    job["template"]["spec"]["restartPolicy"] = restart
    assert "restartPolicy" in refused(namespace, tmp_path, job)


@pytest.mark.parametrize(
    ("metric", "taken"),
    [("m" * 24, True), ("m" * 25, False), ("Judge", False), ("judge_1", False), ("a.b", True)],
)
def test_a_metric_s_name_as_part_of_the_job_s(
    namespace: "Namespace", tmp_path: Path, job: dict[str, Any], metric: str, taken: bool
) -> None:
    why = refused(namespace, tmp_path, job, f"{uuid.uuid4()}.{metric}.1")
    assert (why == "") is taken, why


def test_a_condition_without_a_status_is_taken_as_true(
    namespace: "Namespace", tmp_path: Path, job: dict[str, Any]
) -> None:
    del job["podFailurePolicy"]["rules"][0]["onPodConditions"][0]["status"]
    assert refused(namespace, tmp_path, job) == ""


@pytest.fixture
def sound() -> dict[str, dict[str, Any]]:
    """The sound manifests, by their kind."""
    return {document["kind"]: document for document in reversed([*yaml.safe_load_all(SOUND.read_text())])}


def objected(namespace: "Namespace", tmp_path: Path, document: dict[str, Any]) -> str:
    """Why the API server does not take such an object as it is written; empty where it does."""
    path = tmp_path / "object.json"
    path.write_text(json.dumps(document))
    try:
        namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(path)
        )
    except subprocess.CalledProcessError as error:
        return str(error.stderr)
    return ""


FIELDS = [
    ("AnalysisTemplate", [*JOB, "backofLimit"], 2, "backofLimit"),
    ("AnalysisTemplate", [*JOB, "serviceAccountName"], "x", "serviceAccountName"),
    ("AnalysisTemplate", [*JOB, "backoffLimit"], "2", "backoffLimit"),
    ("AnalysisTemplate", [*CONTAINER, "args"], ["analyze", "--quorum", 2], "args"),
    ("AnalysisTemplate", [*CONTAINER, "env", 0], {"name": "X", "value": True}, "env"),
    ("AnalysisTemplate", [*METRIC, "sucessCondition"], "x", "sucessCondition"),
    ("AnalysisTemplate", [*METRIC, "initialDelay"], 60, "initialDelay"),
    ("AnalysisTemplate", ["spec", "args", 0, "value"], 5, "value"),
    ("Rollout", [*STEPS, 0, "setWeight"], "20%", "setWeight"),
    ("Rollout", [*STEPS, 2, "analysis", "templates", 0, "clusterScope"], "false", "clusterScope"),
    ("Rollout", [*STEPS, 2, "analysis", "name"], "x", "name"),
]


@pytest.mark.parametrize(("kind", "place", "value", "names"), FIELDS)
def test_a_field_that_there_is_not_and_a_value_of_another_type(
    namespace: "Namespace",
    argo: None,
    tmp_path: Path,
    sound: dict[str, Any],
    kind: str,
    place: list[Any],
    value: Any,
    names: str,
) -> None:
    assert objected(namespace, tmp_path, sound[kind]) == ""
    *way, last = place
    node = sound[kind]
    for step in way:
        node = node[step]
    node[last] = value
    assert names in objected(namespace, tmp_path, sound[kind])
