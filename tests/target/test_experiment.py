"""An Experiment's two sides, objects as Argo's controllers make them on the real API server."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Denied
from analyzer.common.deadline import Deadline
from analyzer.errors import InfrastructureError, UsageError
from analyzer.settings import Where
from analyzer.target import Target, find_mismatch, resolve
from analyzer.target.argo import find_analysis
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]
ARGO = "/apis/argoproj.io/v1alpha1"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
Json = dict[str, Any]
Asked = Callable[..., Target]
TROUBLESHOOTING = Path(__file__).parents[2] / "docs/troubleshooting.md"
COMMANDS = Path(sys.executable).parent
BOTH = {"baseline": "stable", "candidate": "canary"}


def step(templates: dict[str, str]) -> Json:
    return {
        "experiment": {
            "duration": "5m",
            "templates": [{"name": name, "specRef": version} for name, version in templates.items()],
        }
    }


def rollout(namespace: "Namespace", *steps: Json, current: int = 0, canary: str = "bbb") -> Json:
    template = {
        "metadata": {"labels": {"app": "cart"}},
        "spec": {"containers": [{"name": "app", "image": "app:1"}]},
    }
    spec = {
        "selector": {"matchLabels": {"app": "cart"}},
        "template": template,
        "strategy": {"canary": {"steps": list(steps)}},
    }
    return namespace.rollout("cart", stable="aaa", canary=canary, spec=spec, currentStepIndex=current)


@pytest.fixture
def asked(namespace: "Namespace", in_pod: Callable[..., None]) -> Asked:
    """The target of an analysis of the Experiment, from the pod of its Job on; such an AnalysisRun has no
    labels.
    """

    def ask(experiment: Json, *rules: Json) -> Target:
        in_pod(namespace, namespace.measurement(namespace.analysis_run("exp-judge", experiment)), *rules)
        own = Cluster.connect_own(Deadline.after(60))
        return resolve(own, Where(), NOW, find_analysis(own, own))

    return ask


def test_the_documented_command_says_why_an_experiment_does_not_start(
    namespace: "Namespace", tmp_path: Path
) -> None:
    """As it stands in the documentation, of another namespace.

    The pods lack the label app: the real controller would delete them, whose ReplicaSets want none.
    """
    owner = rollout(namespace, step({"baseline": "stable", "canary": "canary"}))
    namespace.report("rollouts", "cart", {"canary": {"currentExperiment": "exp"}}, ARGO)
    namespace.experiment("exp", owner, {"baseline": "fff", "canary": "eee"})
    pulling = {"name": "app", "image": "app:1", "imageID": "", "ready": False, "restartCount": 0}
    pulling["state"] = {"waiting": {"reason": "ErrImagePull", "message": "app:1: not found"}}
    namespace.pod(
        "exp-canary",
        {HASH_LABEL: "eee"},
        status={"phase": "Pending", "containerStatuses": [pulling]},
    )
    running = {"type": "Ready", "status": "True"}
    namespace.pod(
        "exp-baseline",
        {HASH_LABEL: "fff"},
        status={"phase": "Running", "conditions": [running]},
    )
    (tmp_path / "kubectl").symlink_to(namespace.server.kubectl)
    environ = {
        "KUBECONFIG": str(namespace.server.kubeconfig),
        "PATH": f"{tmp_path}:{COMMANDS}:{os.environ['PATH']}",
    }
    options = {
        "ROLLOUT_ANALYZER_MIN_FAULT_AGE": "0s",
        "ROLLOUT_ANALYZER_MODEL": "builtin",
        "HOME": str(tmp_path),
    }
    (script,) = re.findall(r"```console\n(experiment=.*?)```", TROUBLESHOOTING.read_text(), re.DOTALL)
    command = ["bash", "-euo", "pipefail", "-c", script.replace("shop", namespace.name)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environ | options)
    assert (ran.returncode, "cannot pull its image (ErrImagePull)" in ran.stdout) == (3, True), ran.stderr


def hashes(target: Target) -> tuple[str, str]:
    return target.stable.selector if target.stable else "", target.canary.selector if target.canary else ""


def test_its_templates_are_the_sides_by_what_the_step_says_they_run(
    namespace: "Namespace", cluster: Cluster, asked: Asked
) -> None:
    owner = rollout(namespace, step(BOTH))
    target = asked(
        namespace.experiment("exp", owner, {"candidate": "eee", "baseline": "fff"}, **{HASH_LABEL: "bbb"})
    )
    assert hashes(target) == (f"{HASH_LABEL}=fff", f"{HASH_LABEL}=eee")
    assert (target.rollout, target.analysis and target.analysis.kind) == ("cart", "experiment")
    assert target.how == (
        "experiment analysis: AnalysisRun exp-judge, metric judge, of Experiment exp of Rollout cart: "
        "stable fff, a template; canary eee, a template"
    )
    assert find_mismatch(cluster, target) == ""


@pytest.mark.parametrize(("served", "unserved"), [("", True), ("baseline", True), ("candidate", False)])
def test_a_template_without_a_service_is_sent_nothing(
    namespace: "Namespace", asked: Asked, served: str, unserved: bool
) -> None:
    made = namespace.experiment(
        "exp", rollout(namespace, step(BOTH)), {"candidate": "eee", "baseline": "fff"}, served
    )
    assert asked(made).unserved is unserved


def test_a_version_that_no_template_runs_is_the_rollouts_own_side(
    namespace: "Namespace", asked: Asked
) -> None:
    owner = rollout(namespace, step({"baseline": "stable"}))
    target = asked(namespace.experiment("exp", owner, {"baseline": "fff"}))
    assert hashes(target) == (f"{HASH_LABEL}=fff", f"{HASH_LABEL}=bbb,app=cart")
    assert "canary bbb, its own" in target.how
    assert not target.unserved


def test_the_current_step_says_it_where_two_steps_are_alike(namespace: "Namespace", asked: Asked) -> None:
    other = {"baseline": "canary", "candidate": "stable"}
    owner = rollout(namespace, step(other), {"setWeight": 20}, step(BOTH), current=2)
    target = asked(namespace.experiment("exp", owner, {"baseline": "fff", "candidate": "eee"}))
    assert hashes(target) == (f"{HASH_LABEL}=fff", f"{HASH_LABEL}=eee")


def test_an_experiment_for_a_version_that_the_rollout_has_left(
    namespace: "Namespace", cluster: Cluster, asked: Asked
) -> None:
    owner = rollout(namespace, step(BOTH), canary="ccc")
    target = asked(
        namespace.experiment("exp", owner, {"baseline": "fff", "candidate": "eee"}, **{HASH_LABEL: "bbb"})
    )
    assert (
        find_mismatch(cluster, target)
        == "the canary asked about is bbb, but the Rollout's current one is ccc"
    )


def test_a_standalone_one_needs_options(namespace: "Namespace", asked: Asked) -> None:
    with pytest.raises(UsageError, match="the Experiment exp belongs to no Rollout") as caught:
        asked(namespace.experiment("exp", None, {"old": "fff", "new": "eee"}))
    assert "{{templates.old.podTemplateHash}}, {{templates.new.podTemplateHash}}" in caught.value.advice


def test_two_templates_of_one_version_are_told_apart_by_options(namespace: "Namespace", asked: Asked) -> None:
    owner = rollout(namespace, step({"one": "canary", "two": "canary", "baseline": "stable"}))
    with pytest.raises(
        UsageError, match="templates one and two of Experiment exp both run the canary version"
    ):
        asked(namespace.experiment("exp", owner, {"one": "eee", "two": "ddd", "baseline": "fff"}))


def test_a_step_that_was_changed_meanwhile(namespace: "Namespace", asked: Asked) -> None:
    owner = rollout(namespace, step({"other": "canary"}))
    with pytest.raises(UsageError, match="no step of Rollout cart has an experiment like exp"):
        asked(namespace.experiment("exp", owner, {"candidate": "eee"}))


def test_a_replicaset_that_is_not_made_yet_is_worth_another_try(namespace: "Namespace", asked: Asked) -> None:
    owner = rollout(namespace, step(BOTH))
    with pytest.raises(InfrastructureError, match="has no ReplicaSet for its template candidate yet"):
        asked(namespace.experiment("exp", owner, {"baseline": "fff", "candidate": ""}))


def test_a_replicaset_of_another_by_that_name_is_none_of_its(namespace: "Namespace", asked: Asked) -> None:
    owner = rollout(namespace, step(BOTH))
    namespace.replicaset("exp-candidate", {"app": "other", HASH_LABEL: "eee"}, 0)
    with pytest.raises(InfrastructureError, match="has no ReplicaSet for its template candidate yet"):
        asked(namespace.experiment("exp", owner, {"baseline": "fff", "candidate": ""}))


def test_the_right_to_read_it_is_named_where_it_is_missing(namespace: "Namespace", asked: Asked) -> None:
    rules = [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
        {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]},
        {"apiGroups": ["argoproj.io"], "resources": ["analysisruns", "rollouts"], "verbs": ["get"]},
    ]
    experiment = namespace.experiment(
        "exp", rollout(namespace, step(BOTH)), {"baseline": "fff", "candidate": "eee"}
    )
    with pytest.raises(Denied, match="may not get experiments"):
        asked(experiment, *rules)
