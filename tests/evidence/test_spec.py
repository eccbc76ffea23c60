"""The two pod templates: what is compared, what is left out, and what can never leave the cluster."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.spec import EPHEMERAL, Field, Spec, SpecSource
from analyzer.redact import redact
from analyzer.target import Side
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
Json = dict[str, Any]
SECRET = "correct-horse-battery"


def template(**container: Any) -> Json:
    return {
        "metadata": {"labels": {}},
        "spec": {"containers": [{"name": "app", "image": "shop/cart:1", **container}]},
    }


def replicaset(role: str, body: Json, *, name: str = "", replicas: int = 1, **metadata: Any) -> Json:
    labels = {HASH_LABEL: role, **body["metadata"]["labels"]}
    whole = {
        "metadata": {**body["metadata"], "labels": labels},
        "spec": {"schedulerName": "none", **body["spec"]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": {HASH_LABEL: role}}, "template": whole}
    return {
        "metadata": {"name": name or f"cart-{role}", "labels": {HASH_LABEL: role}, **metadata},
        "spec": spec,
    }


@pytest.fixture
def served(
    stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
) -> Callable[..., Any]:
    """Both sides' parts, when the server has these ReplicaSets."""

    def gather(*replicasets: Json, **fields: Any) -> tuple[dict[str, Spec], list[Gap]]:
        def serve(request: Any) -> None:
            if "/configmaps/" in request.path:
                answer(
                    request,
                    404,
                    {"message": "not found", "details": {"name": request.path.rpartition("/")[2]}},
                )
                return
            answer(
                request,
                200,
                {
                    "items": [
                        each
                        for each in replicasets
                        if f"%3D{each['metadata']['labels'][HASH_LABEL]}" in request.path
                    ]
                },
            )

        scene = replace(scene_of(stub(serve), "shop"), redact=redact, **fields)
        parts, gaps = gathered(SpecSource(), scene)
        return {part.side: part for part in parts}, gaps

    return gather


def fields(spec: Spec) -> dict[tuple[str, str, str], Field]:
    return {(each.container, each.group, each.name): each for each in spec.fields}


def differing(sides: dict[str, Spec]) -> set[tuple[str, str, str]]:
    stable, canary = fields(sides["stable"]), fields(sides["canary"])
    names = stable.keys() | canary.keys()
    return {
        name
        for name in names
        if name not in stable or name not in canary or stable[name].digest != canary[name].digest
    }


def test_the_same_template_differs_in_nothing(served: Callable[..., Any]) -> None:
    body = template(env=[{"name": "A", "value": "1"}], args=["--x"], resources={"limits": {"memory": "1Gi"}})
    sides, gaps = served(replicaset("stable", body), replicaset("canary", body))
    assert differing(sides) == set()
    assert gaps == []
    assert fields(sides["canary"])["app", "resources", "limits.memory"].text == "1Gi"


def test_each_field_that_differs_is_told_by_its_place(served: Callable[..., Any]) -> None:
    before = template(
        env=[{"name": "A", "value": "1"}, {"name": "B", "value": "1"}],
        readinessProbe={"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5},
        ports=[{"containerPort": 8080, "name": "http"}],
    )
    after = template(
        env=[{"name": "A", "value": "2"}, {"name": "B", "value": "1"}],
        readinessProbe={"httpGet": {"path": "/ready", "port": 8081}, "periodSeconds": 5},
        ports=[{"containerPort": 8081, "name": "http"}],
        securityContext={"runAsUser": 1000},
    )
    sides, _ = served(replicaset("stable", before), replicaset("canary", after))
    probe = ("app", "probe", "readinessProbe.httpGet.port")
    assert differing(sides) == {
        ("app", "env", "A"),
        probe,
        ("app", "ports", "http"),
        ("app", "security", "runAsUser"),
    }
    assert (fields(sides["stable"])[probe].text, fields(sides["canary"])[probe].text) == ("8080", "8081")


def test_no_value_that_may_be_secret_is_kept(served: Callable[..., Any]) -> None:
    body = template(
        env=[{"name": "TOKEN", "value": SECRET}, {"name": "HARMLESS", "value": f"x{SECRET}"}],
        command=["run", f"--password={SECRET}", "--api-key", SECRET, f"https://shop:{SECRET}@db/"],
        readinessProbe={"httpGet": {"port": 1, "httpHeaders": [{"name": "X", "value": SECRET}]}},
        lifecycle={"preStop": {"exec": {"command": [SECRET]}}},
    )
    body["metadata"]["annotations"] = {"note": SECRET}
    body["spec"]["volumes"] = [{"name": "v", "csi": {"driver": "d", "volumeAttributes": {"p": SECRET}}}]
    sides, _ = served(replicaset("stable", body), replicaset("canary", body))
    assert SECRET not in msgspec.json.encode(sides["canary"]).decode()
    names = {name for _, _, name in fields(sides["canary"])}
    assert {
        "TOKEN",
        "HARMLESS",
        "command",
        "readinessProbe.httpGet.httpHeaders",
        "annotation note",
        "v csi",
    } <= names


def test_a_digest_cannot_be_looked_up(served: Callable[..., Any]) -> None:
    """Drawn anew each time, and other for the same value elsewhere: neither a table nor a neighbour gives a
    value away.
    """
    body = template(env=[{"name": "A", "value": SECRET}, {"name": "B", "value": SECRET}])
    first, second = (
        fields(served(replicaset("stable", body), replicaset("canary", body))[0]["canary"]) for _ in range(2)
    )
    assert first["app", "env", "A"].digest != second["app", "env", "A"].digest
    assert first["app", "env", "A"].digest != first["app", "env", "B"].digest


def test_what_argo_adds_to_a_side_is_no_change(served: Callable[..., Any]) -> None:
    def side(role: str, other: str) -> Json:
        term = {
            "labelSelector": {"matchExpressions": [{"key": HASH_LABEL, "operator": "In", "values": [other]}]},
            "topologyKey": "host",
        }
        body = template()
        body["metadata"] = {"labels": {"app": "cart", "role": role}, "annotations": {"team": role}}
        body["spec"]["affinity"] = {
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
        }
        ephemeral = {"labels": {"role": role}, "annotations": {"team": role}}
        return replicaset(role, body, annotations={EPHEMERAL: json.dumps(ephemeral)})

    sides, _ = served(side("stable", "canary"), side("canary", "stable"))
    assert differing(sides) == set()
    assert ("", "metadata", "label app") in fields(sides["canary"])


def test_a_label_that_only_one_template_has_is_a_change(served: Callable[..., Any]) -> None:
    body = template()
    body["metadata"]["labels"] = {"app": "cart2"}
    sides, _ = served(replicaset("stable", template()), replicaset("canary", body))
    assert differing(sides) == {("", "metadata", "label app")}


def test_the_newest_that_should_have_pods_is_the_side(served: Callable[..., Any]) -> None:
    stamps = [
        ("old", 1, "2026-11-03T10:00:00Z"),
        ("new", 1, "2026-11-03T11:00:00Z"),
        ("newest", 0, "2026-11-03T12:00:00Z"),
    ]
    several = [
        replicaset("canary", template(), name=name, replicas=count, creationTimestamp=at)
        for name, count, at in stamps
    ]
    sides, _ = served(replicaset("stable", template()), *several)
    assert sides["canary"].replicaset == "new"


def test_a_side_without_a_replicaset_is_a_minor_gap(served: Callable[..., Any]) -> None:
    sides, gaps = served(replicaset("canary", template()))
    assert set(sides) == {"canary"}
    assert [(gap.source, gap.side, gap.minor) for gap in gaps] == [("spec", "stable", True)]


@pytest.mark.api
class TestOnTheRealServer:
    def make(self, namespace: "Namespace", role: str, body: Json, **more: Any) -> None:
        whole = {"apiVersion": "apps/v1", "kind": "ReplicaSet", **replicaset(role, body, replicas=0, **more)}
        namespace.send("POST", namespace.path("replicasets", "/apis/apps/v1"), whole)

    def configured(self, name: str) -> Json:
        body = template(
            envFrom=[{"configMapRef": {"name": name}}],
            env=[
                {"name": "LEVEL", "valueFrom": {"configMapKeyRef": {"name": name, "key": "level"}}},
                {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}},
            ],
        )
        body["spec"]["volumes"] = [{"name": "more", "configMap": {"name": "nowhere", "optional": True}}]
        return body

    def test_the_keys_of_configmaps_and_no_value(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        for name, level in (("cart-a", "info"), ("cart-b", SECRET)):
            data = {"level": level, "same": "x"}
            namespace.send("POST", namespace.path("configmaps"), {"metadata": {"name": name}, "data": data})
        self.make(namespace, "stable", self.configured("cart-a"))
        self.make(namespace, "canary", self.configured("cart-b"))
        account = namespace.as_account(
            {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["list"]},
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]},
        )
        (stable, canary), gaps = gathered(SpecSource(), scene_of(account, namespace.name))
        assert gaps == []  # no right to Secrets is needed
        one, two = ({each.name: each for each in side.configmaps} for side in (stable, canary))
        assert (one["cart-a"].found, two["cart-b"].found, two["nowhere"].found) == (True, True, False)
        differ = [key for key in ("level", "same") if one["cart-a"].keys[key] != two["cart-b"].keys[key]]
        assert differ == ["level"]
        assert SECRET not in msgspec.json.encode(canary).decode()
        told = {(each.kind, each.name, each.place, each.key) for each in canary.references}
        assert ("ConfigMap", "cart-b", "env LEVEL of container app", "level") in told
        assert ("Secret", "login", "env PASSWORD of container app", "password") in told
        assert ("ConfigMap", "nowhere", "volume more", "") in told

    def test_denied_configmaps_are_one_gap(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        self.make(namespace, "stable", self.configured("cart-a"))
        self.make(namespace, "canary", self.configured("cart-b"))
        account = namespace.as_account(
            {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["list"]}
        )
        parts, (gap,) = gathered(SpecSource(), scene_of(account, namespace.name))
        assert [(part.side, part.configmaps) for part in parts] == [("stable", ()), ("canary", ())]
        assert (gap.source, gap.reason, gap.minor) == (
            "spec",
            "these credentials may not get configmaps",
            True,
        )
        assert 'resources: ["configmaps"], verbs: ["get"]' in gap.advice

    def test_denied_replicasets_are_a_gap_each(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, gaps = gathered(SpecSource(), scene_of(namespace.as_account(), namespace.name))
        assert not parts
        assert {(gap.side, gap.reason) for gap in gaps} == {
            (role, "these credentials may not list replicasets") for role in ("stable", "canary")
        }

    def test_role_labels_lead_to_the_replicaset_of_the_pods(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        """Argo writes them on pods alone."""
        self.make(namespace, "canary", template(args=["--new"]))
        scene = scene_of(namespace.admin, namespace.name)
        canary = Side(role="canary", selector="role=canary")
        target = msgspec.structs.replace(scene.target, stable=None, canary=canary)
        pod = Pod(name="cart-x", owner="ReplicaSet/cart-canary", phase="Running", created_at=scene.window.end)
        (seen,), gaps = gathered(
            SpecSource(), replace(scene, target=target, parts=(Pods(side="canary", pods=(pod,)),))
        )
        assert gaps == []
        assert (seen.replicaset, fields(seen)["app", "command", "args"].text) == ("cart-canary", "--new")
