"""The Job of a canary step on the real API server: a Rollout, its AnalysisRun, and as many attempts of the
Job as a test wants.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cli import run
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

Json = dict[str, Any]
ARGO = "/apis/argoproj.io/v1alpha1"
LOOK = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}
WRITES = {
    "event": {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
    "annotations": {"apiGroups": ["argoproj.io"], "resources": ["analysisruns"], "verbs": ["patch"]},
    "configmap": {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create", "patch"]},
    "pause": {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["patch"]},
}
LONG_AGO = "2026-01-01T00:00:00Z"
BROKEN, QUIET = 3, 4  # what a crashing canary comes to, and one that does well but has shown too little


def pod_status(*, crashing: bool = False) -> Json:
    container: Json = {"name": "app", "image": "app:1", "imageID": "", "ready": True, "restartCount": 0}
    container["state"] = {"running": {"startedAt": LONG_AGO}}
    if crashing:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        ended = {
            "exitCode": 1,
            "reason": "Error",
            "message": "dial db: password=hunter2secret refused",
            "finishedAt": now,
        }
        down = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}}
        container |= {"ready": False, "restartCount": 5, "state": down, "lastState": {"terminated": ended}}
    ready = {"type": "Ready", "status": "False" if crashing else "True", "lastTransitionTime": LONG_AGO}
    return {"phase": "Running", "conditions": [ready], "containerStatuses": [container]}


@dataclass
class Shop:
    """The Rollout cart, at stable aaa and canary bbb, and the AnalysisRun that asks about it."""

    namespace: "Namespace"
    asking: Json
    enter: Callable[..., None]
    capsys: pytest.CaptureFixture[str]
    folder: Path
    model: str = "builtin"  # of every attempt
    attempts: int = 0

    def promotes(self) -> None:
        """From now on a model is asked that says promote: the built-in judge cannot, of pods without logs."""
        answer = {"verdict": "promote", "confidence": 91, "summary": "It does well."}
        (self.folder / "promotes.json").write_text(json.dumps({"answer": answer}))
        self.model = f"scripted:{self.folder / 'promotes.json'}"

    def attempt(
        self, *options: str, may: tuple[str, ...] = tuple(WRITES), command: str = "analyze"
    ) -> tuple[int, Json]:
        """The exit code and the JSON of one more Job's pod, of an account that may do so much."""
        self.attempts += 1
        name = f"{self.asking['metadata']['uid']}.judge.{self.attempts}"
        pod = self.namespace.measurement(self.asking, name=name)
        self.enter(self.namespace, pod, LOOK, *(WRITES[each] for each in may))
        judged = (
            ["--model", self.model, "--min-fault-age", "0s", "--format", "json"]
            if command == "analyze"
            else []
        )
        code = run([command, *judged, *options])
        told = self.capsys.readouterr().out
        return code, json.loads(told) if judged and told else {}

    def measured(self, **counts: int) -> None:
        """What Argo has counted of the metric by now."""
        path = f"{self.namespace.path('analysisruns', ARGO)}/{self.asking['metadata']['name']}"
        results = [
            {"name": "another", "phase": "Running", "failed": 7},
            {"name": "judge", "phase": "Running", **counts},
        ]
        self.asking = self.namespace.send(
            "PATCH", path, {"status": {"metricResults": results}}, "application/merge-patch+json"
        )

    def rollout(self) -> Json:
        return self.namespace.admin.get(self.namespace.path("rollouts/cart", ARGO))

    def annotations(self) -> dict[str, str]:
        """Of the AnalysisRun."""
        found = self.namespace.admin.get(
            f"{self.namespace.path('analysisruns', ARGO)}/{self.asking['metadata']['name']}"
        )
        return dict(found["metadata"].get("annotations") or {})

    def events(self) -> dict[str, Json]:
        """Those that the analyzer wrote, by the kind of their object. Two of one kind would be one too
        many.
        """
        found = [
            each
            for each in self.namespace.admin.list(self.namespace.path("events"))
            if each["source"].get("component") == "rollout-analyzer"
        ]
        by_kind = {each["involvedObject"]["kind"]: each for each in found}
        assert len(by_kind) == len(found)
        return by_kind


@pytest.fixture
def shop(
    namespace: "Namespace",
    argo: None,
    in_pod: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., Shop]:
    """`shop(crashing=…, dry=…, kind=…)`."""

    def make(*, crashing: bool = False, dry: bool = False, kind: str = "Step") -> Shop:
        for number in range(2):
            namespace.pod(f"stable-{number}", {"app": "cart", HASH_LABEL: "aaa"}, status=pod_status())
        namespace.pod("canary-0", {"app": "cart", HASH_LABEL: "bbb"}, status=pod_status(crashing=crashing))
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        asking = namespace.analysis_run(
            "cart-bbb-2", rollout, labels={"rollout-type": kind, HASH_LABEL: "bbb"}, dry=dry
        )
        return Shop(namespace, asking, in_pod, capsys, tmp_path)

    return make


def receipts(result: Json) -> dict[str, Json]:
    """Each effect's own, by its name."""
    return {each["effect"]: each for each in result["effects"]}
