"""What the admission policies let the analyzer's own ServiceAccount write, where RBAC alone would let it
write anything.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import ApiServer, Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo", "policies")]
Json = dict[str, Any]

WIDE = {"apiGroups": ["argoproj.io", ""], "resources": ["*"], "verbs": ["*"]}
ROLLOUT = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "cart"}


@pytest.fixture(scope="module")
def policies(
    api_server: "ApiServer", kustomized: Callable[[str], list[Json]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """The names of all of them, as the components have them."""
    found = [
        each
        for name in ("announce", "pause", "save")
        for each in kustomized(f"deploy/kustomize/overlays/{name}")
    ]
    ours = [each for each in found if each["kind"].startswith("ValidatingAdmission")]
    file = tmp_path_factory.mktemp("policies") / "policies.json"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": ours}))
    api_server.run("create", "-f", str(file))
    yield [each["metadata"]["name"] for each in ours if each["kind"] == "ValidatingAdmissionPolicy"]
    api_server.run("delete", "-f", str(file))


@dataclass(frozen=True)
class Shop:
    """A namespace with a Rollout, its AnalysisRun and things of others in it, and an account that RBAC lets
    do anything to them.
    """

    namespace: "Namespace"
    folder: Path
    until: Callable[[Callable[[], object]], None]

    def kubectl(self, *arguments: str, account: str = "rollout-analyzer") -> str:
        whose = f"--as=system:serviceaccount:{self.namespace.name}:{account}"
        return self.namespace.server.run(whose, "-n", self.namespace.name, *arguments)

    def patch(self, kind: str, name: str, change: Json, *options: str, **who: str) -> str:
        return self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps(change), *options, **who)

    def create(self, thing: Json, *options: str) -> str:
        file = self.folder / "thing.json"
        file.write_text(json.dumps(thing))
        return self.kubectl("create", "-f", str(file), *options)

    def refused(self, attempt: Callable[[str], str], why: str) -> None:
        """As a dry run, which changes nothing: a policy that was just made comes into force a moment
        later.
        """

        said: list[str] = []

        def so() -> list[str]:
            try:
                attempt("--dry-run=server")
            except subprocess.CalledProcessError as error:
                said.append(error.stderr)
            return said

        self.until(so)
        assert why in said[0]


@pytest.fixture
def shop(namespace: "Namespace", tmp_path: Path, wait_until: Callable[[Callable[[], object]], None]) -> Shop:
    for account in ("rollout-analyzer", "somebody-else"):
        namespace.server.run("-n", namespace.name, "create", "serviceaccount", account)
        namespace.server.run(
            "-n",
            namespace.name,
            "create",
            "rolebinding",
            account,
            "--clusterrole=cluster-admin",
            f"--serviceaccount={namespace.name}:{account}",
        )
    rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
    namespace.analysis_run("cart-bbb-2", rollout, labels={"rollout-type": "Step"})
    namespace.send(
        "POST", namespace.path("configmaps"), {"metadata": {"name": "settings"}, "data": {"colour": "blue"}}
    )
    return Shop(namespace, tmp_path, wait_until)


def event(kind: str, component: str, name: str = "cart.1") -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name},
        "involvedObject": ROLLOUT | {"kind": kind},
        "source": {"component": component},
        "reason": "CanaryRollback",
    }


def configmap(**labels: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "kept", "labels": labels},
        "data": {},
    }


OURS = {"app.kubernetes.io/managed-by": "rollout-analyzer"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"status": {"phase": "Successful"}},
            "may not change the status of an AnalysisRun, which is its verdict",
        ),
        ({"status": None}, "may not change the status of an AnalysisRun, which is its verdict"),
        ({"spec": {"terminate": True}}, "may not change the spec of an AnalysisRun"),
        ({"metadata": {"labels": {"rollout-type": "Background"}}}, "may change annotations only"),
        ({"metadata": {"ownerReferences": None}}, "may change annotations only"),
        ({"metadata": {"finalizers": ["a.example.com/b"]}}, "may change annotations only"),
        (
            {"metadata": {"annotations": {"rollout.argoproj.io/revision": "1"}}},
            "only those that begin with rollout-analyzer/",
        ),
        (
            {
                "metadata": {"annotations": {"rollout-analyzer/judge.outcome": "promote"}},
                "status": {"phase": "Failed"},
            },
            "its verdict",
        ),
    ],
)
def test_a_verdict_cannot_be_forged(shop: Shop, change: Json, why: str) -> None:
    shop.refused(lambda dry: shop.patch("analysisrun", "cart-bbb-2", change, dry), why)


def test_an_annotation_of_anothers_cannot_be_taken_away(shop: Shop) -> None:
    shop.namespace.server.run("-n", shop.namespace.name, "annotate", "analysisrun", "cart-bbb-2", "team=shop")
    taken = {"metadata": {"annotations": {"team": None}}}
    shop.refused(
        lambda dry: shop.patch("analysisrun", "cart-bbb-2", taken, dry),
        "only those that begin with rollout-analyzer/",
    )


def test_our_annotations_pass(shop: Shop) -> None:
    shop.refused(
        lambda dry: shop.patch("analysisrun", "cart-bbb-2", {"spec": {"terminate": True}}, dry), "spec"
    )
    for value in ("rollback", "promote", None):
        shop.patch(
            "analysisrun",
            "cart-bbb-2",
            {"metadata": {"annotations": {"rollout-analyzer/judge.outcome": value}}},
        )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "evil:1"}]}}}},
            "may change paused only",
        ),
        ({"spec": {"paused": True, "replicas": 9}}, "may change paused only"),
        ({"spec": {"strategy": None}}, "may change paused only"),
        ({"metadata": {"annotations": {"team": "none"}}}, "may not change the metadata of a Rollout"),
    ],
)
def test_of_a_rollout_nothing_but_the_pause_can_be_changed(shop: Shop, change: Json, why: str) -> None:
    shop.refused(lambda dry: shop.patch("rollout", "cart", change, dry), why)


def test_a_rollouts_status_cannot_be_written(shop: Shop) -> None:
    shop.refused(
        lambda dry: shop.patch("rollout", "cart", {"status": {"abort": True}}, "--subresource=status", dry),
        "no part of it",
    )


def test_a_rollout_is_paused_and_not_let_go_on(shop: Shop) -> None:
    shop.refused(lambda dry: shop.patch("rollout", "cart", {"spec": {"replicas": 9}}, dry), "paused only")
    shop.patch("rollout", "cart", {"spec": {"paused": True}})
    for on in (False, None):
        shop.refused(
            lambda dry, on=on: shop.patch("rollout", "cart", {"spec": {"paused": on}}, dry),  # type: ignore[misc]
            "not let it go on",
        )


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (event("Pod", "rollout-analyzer"), "on Rollouts and AnalysisRuns only"),
        (event("Rollout", "kubelet"), "of its own only"),
    ],
)
def test_an_event_in_anothers_name_cannot_be_written(shop: Shop, thing: Json, why: str) -> None:
    thing = thing | {"involvedObject": thing["involvedObject"] | {"namespace": shop.namespace.name}}
    shop.refused(lambda dry: shop.create(thing, dry), why)


def test_an_event_of_anothers_cannot_be_changed_and_ours_can(shop: Shop) -> None:
    there = {"namespace": shop.namespace.name}
    others, ours = (
        event("Rollout", each, f"cart.{each}") for each in ("rollouts-controller", "rollout-analyzer")
    )
    others["involvedObject"] |= there
    ours["involvedObject"] |= there
    shop.namespace.send("POST", shop.namespace.path("events"), others)
    taken = {"source": {"component": "rollout-analyzer"}, "reason": "CanaryPromote"}
    shop.refused(lambda dry: shop.patch("event", "cart.rollouts-controller", taken, dry), "of its own only")
    shop.create(ours)
    shop.patch("event", "cart.rollout-analyzer", {"count": 2})


def test_only_a_configmap_of_ours_can_be_written(shop: Shop) -> None:
    shop.refused(lambda dry: shop.create(configmap(team="shop"), dry), "ConfigMaps of its own only")
    shop.refused(
        lambda dry: shop.patch("configmap", "settings", {"data": {"colour": "red"}}, dry),
        "ConfigMaps of its own only",
    )
    taken = {"metadata": {"labels": OURS}, "data": {"colour": "red"}}
    shop.refused(lambda dry: shop.patch("configmap", "settings", taken, dry), "ConfigMaps of its own only")
    shop.create(configmap(**OURS))
    shop.patch("configmap", "kept", {"data": {"a": "b"}})


def test_nobody_else_is_bound(shop: Shop) -> None:
    shop.refused(lambda dry: shop.patch("rollout", "cart", {"spec": {"replicas": 9}}, dry), "paused only")
    shop.patch("rollout", "cart", {"spec": {"replicas": 9}}, account="somebody-else")
    shop.patch("analysisrun", "cart-bbb-2", {"status": {"phase": "Successful"}}, account="somebody-else")


def test_the_api_server_finds_no_fault_with_the_expressions(policies: list[str], shop: Shop) -> None:
    def checked(name: str) -> Json:
        found: Json = json.loads(
            shop.namespace.server.run("get", "validatingadmissionpolicy", name, "-o", "json")
        )
        return dict(found.get("status", {}))

    for name in policies:
        shop.until(lambda name=name: "typeChecking" in checked(name))  # type: ignore[misc]
        assert checked(name)["typeChecking"] == {}
