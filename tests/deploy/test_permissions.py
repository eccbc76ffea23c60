"""Each right that is granted is used, and none is asked for that is not: by the API server's own audit
log.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from analyzer.cli import run
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]
Json = dict[str, Any]
Right = tuple[str, str, str]  # group, resource, verb

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "deploy/kustomize/components"
WRITES = ("announce", "pause", "save")
LONG_AGO = "2026-01-01T00:00:00Z"
_FORBIDDEN = re.compile(r'cannot (\w+) resource "([^"]+)" in API group "([^"]*)"')


def base() -> list[Json]:
    return list(yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text()))


def rules(write: str = "") -> list[Json]:
    """The base's, or those that a component adds."""
    if not write:
        return next(list(each["rules"]) for each in base() if each["kind"] == "Role")
    patches = yaml.safe_load((COMPONENTS / write / "kustomization.yaml").read_text())["patches"]
    return [
        each["value"]
        for patch in patches
        if patch["target"]["kind"] == "Role"
        for each in yaml.safe_load(patch["patch"])
    ]


def rights(granted: list[Json]) -> set[Right]:
    return {
        (group, resource, verb)
        for each in granted
        for group in each["apiGroups"]
        for resource in each["resources"]
        for verb in each["verbs"]
    }


def one_by_one(granted: set[Right]) -> list[Json]:
    return [
        {"apiGroups": [group], "resources": [resource], "verbs": [verb]}
        for group, resource, verb in sorted(granted)
    ]


EVERY = rules() + [rule for write in WRITES for rule in rules(write)]


@dataclass(frozen=True)
class Audit:
    """The API server's log of what service accounts asked for."""

    file: Path
    user: str

    def entries(self) -> list[Json]:
        lines = self.file.read_text().splitlines()
        return [
            each
            for line in lines
            if (each := json.loads(line))["user"]["username"] == self.user and "objectRef" in each
        ]

    def used(self) -> set[Right]:
        """A patch that made its object needed `create` as well."""
        found = [each for each in self.entries() if each["responseStatus"]["code"] != 403]
        made = {
            (*self._what(each), "create")
            for each in found
            if each["verb"] == "patch" and each["responseStatus"]["code"] == 201
        }
        return {(*self._what(each), each["verb"]) for each in found} | made

    def refused(self) -> set[Right]:
        denied = (
            _FORBIDDEN.search(each["responseStatus"]["message"])
            for each in self.entries()
            if each["responseStatus"]["code"] == 403
        )
        return {(each[3], each[2], each[1]) for each in denied if each}

    def _what(self, entry: Json) -> tuple[str, str]:
        asked = entry["objectRef"]
        return asked.get("apiGroup", ""), "/".join(
            filter(None, (asked["resource"], asked.get("subresource")))
        )


@dataclass(frozen=True)
class Canary:
    """A Rollout in mid-canary that gives cause to look at all there is, and the pod of a Job that asks about
    it.
    """

    namespace: "Namespace"
    enter: Callable[..., None]
    monkeypatch: pytest.MonkeyPatch
    audit: Path

    def asked_by(
        self, pod: str, granted: list[Json], *options: str, effects: bool = False, command: str = "analyze"
    ) -> Audit:
        """What a run was permitted and what not, with an account that has these rights and no more."""
        token = self.namespace.token(*granted)
        self.enter(self.namespace, pod, token=token)
        self.monkeypatch.setenv("ROLLOUT_ANALYZER_EFFECT", "event annotations" if effects else "none")
        judged = (
            ("--model", "builtin", "--min-fault-age", "0s") if command == "analyze" else ("--deadline", "1s")
        )
        run([command, *judged, *options])
        name = self.namespace.admin.list(self.namespace.path("serviceaccounts"))
        newest = max(
            (each["metadata"]["name"] for each in name if each["metadata"]["name"].startswith("account-")),
            key=lambda each: int(each[8:]),
        )
        return Audit(self.audit, f"system:serviceaccount:{self.namespace.name}:{newest}")

    def pod_of(self, owner: Json, labels: Json) -> str:
        return self.namespace.measurement(self.namespace.analysis_run("cart-bbb-2", owner, labels=labels))


@pytest.fixture
def canary(namespace: "Namespace", in_pod: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Canary:
    for role in ("aaa", "bbb"):
        labels = {"app": "cart", HASH_LABEL: role}
        ready = {"type": "Ready", "status": "True", "lastTransitionTime": LONG_AGO}
        running = {
            "name": "app",
            "image": "app:1",
            "imageID": "",
            "ready": True,
            "restartCount": 0,
            "state": {"running": {"startedAt": LONG_AGO}},
        }
        namespace.pod(
            f"cart-{role}-0",
            labels,
            status={"phase": "Running", "conditions": [ready], "containerStatuses": [running]},
        )
        container = {"name": "app", "image": "app:1", "envFrom": [{"configMapRef": {"name": f"cart-{role}"}}]}
        template = {
            "metadata": {"labels": labels},
            "spec": {"schedulerName": "none", "containers": [container]},
        }
        spec = {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": template,
        }  # the pod that is there becomes its own
        namespace.send(
            "POST",
            namespace.path("replicasets", "/apis/apps/v1"),
            {"metadata": {"name": f"cart-{role}", "labels": labels}, "spec": spec},
        )
    return Canary(namespace, in_pod, monkeypatch, namespace.server.kubeconfig.with_name("audit.log"))


def rollout_of(canary: Canary, *steps: Json) -> Json:
    spec = {
        "selector": {"matchLabels": {"app": "cart"}},
        "template": {
            "metadata": {"labels": {"app": "cart"}},
            "spec": {"containers": [{"name": "app", "image": "app:1"}]},
        },
        "strategy": {
            "canary": {
                "canaryService": "cart-canary",
                "stableService": "cart",
                "steps": [*steps, {"setWeight": 20}],
            }
        },
    }
    return canary.namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)


STEP = {"rollout-type": "Step", HASH_LABEL: "bbb"}


@pytest.mark.parametrize(
    ("write", "options"),
    [
        ("", ()),
        ("announce", ()),
        ("pause", ("--on-inconclusive=pause", "--min-requests=1000")),
        ("save", ("--save=configmap:kept",)),
    ],
)
def test_what_is_granted_is_what_is_used(canary: Canary, write: str, options: tuple[str, ...]) -> None:
    granted = rules() + (rules(write) if write else [])
    pod = canary.pod_of(rollout_of(canary), STEP)
    audits = [canary.asked_by(pod, granted, *options, effects=write == "announce")]
    if write == "save":  # again: the first makes what the next writes over
        audits.append(canary.asked_by(pod, granted, *options))
    assert [audit.refused() for audit in audits] == [set()] * len(audits)
    assert set().union(*(audit.used() for audit in audits)) == rights(granted)


def test_the_guard_needs_no_more(canary: Canary) -> None:
    audit = canary.asked_by(canary.pod_of(rollout_of(canary), STEP), rules(), command="guard")
    assert audit.refused() == set()
    assert ("argoproj.io", "analysisruns", "get") in audit.used()


def test_an_experiment_needs_what_its_example_grants(canary: Canary) -> None:
    documents = yaml.safe_load_all((ROOT / "examples/experiment.yaml").read_text())
    (more,) = (each["rules"] for each in documents if each["kind"] == "Role")
    templates = [{"name": "baseline", "specRef": "stable"}, {"name": "canary", "specRef": "canary"}]
    rollout = rollout_of(canary, {"experiment": {"templates": templates}})
    experiment = canary.namespace.experiment("cart-bbb-2-0", rollout, {"baseline": "aaa", "canary": "bbb"})
    audit = canary.asked_by(canary.pod_of(experiment, {}), rules() + more)
    assert audit.refused() == set()
    assert audit.used() == rights(rules() + more)


def test_each_right_that_is_taken_away_is_missed(canary: Canary) -> None:
    namespace, every = canary.namespace, rights(EVERY)
    pod = canary.pod_of(rollout_of(canary), STEP)

    def asked(granted: set[Right], *left: str) -> Audit:
        """By a canary that nobody has told anything yet, but for what is left there."""
        for resource in {"events", "configmaps"} - {*left}:
            namespace.send("DELETE", namespace.path(resource), {})
        path = f"{namespace.path('rollouts', '/apis/argoproj.io/v1alpha1')}/cart"
        namespace.send("PATCH", path, {"spec": {"paused": False}}, "application/merge-patch+json")
        return canary.asked_by(
            pod,
            one_by_one(granted),
            "--on-inconclusive=pause",
            "--min-requests=1000",
            "--save=configmap:kept",
            effects=True,
        )

    write_over = ("", "configmaps", "patch")
    for missing in sorted(every - {write_over}):
        assert asked(every - {missing}).refused() == {missing}
    assert asked(every).refused() == set()
    assert asked(every - {write_over}, "configmaps").refused() == {write_over}
