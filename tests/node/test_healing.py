"""The whole loop of examples/self-healing.yaml on the real node, against a GitHub that holds each request against its own
description: a renamed key, the issue that names it and its commit, the fix, and the issue that is closed.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.github.history import History
from tests.github.planted import Commit
from tests.github.server import TOKEN, GitHub, serve
from tests.node import argo, outside
from tests.node.test_job import CANARY, PERMISSIONS, Shop

pytestmark = pytest.mark.node
Json = dict[str, Any]

EXAMPLE = Path(__file__).parents[2] / "examples/self-healing.yaml"
TEMPLATE, *RIGHTS, ROLLOUT = yaml.safe_load_all(EXAMPLE.read_text())
NAMESPACE, FIXED = "healing", "5f8d6c9b7f"  # the namespace, and the hash of the canary after the fix
KEY, RENAMED = "database-url", "db-connection-url"
SUSPECT = re.compile(rf"^\d+\. `(\w+)` .*({RENAMED})", re.MULTILINE)
APP = {"cmd/cart/main.go": "package main\n", "README.md": "Cart\n"}


def deployment(key: str, cents: int = 2) -> dict[str, str]:
    """The source's tree, whose manifest names a key of the Secret."""
    manifest = f"env:\n  - name: DATABASE\n    valueFrom: {{secretKeyRef: {{name: cart, key: {key}}}}}\n"
    return {**APP, "deploy/cart.yaml": manifest, "prices.txt": f"{cents}\n"}


COMMITS = (
    Commit("Ann Ode", "Begin", deployment(KEY)),
    Commit("Ben Pi", "Round prices up", deployment(KEY, 3)),
    Commit("Cy Roe", "Name the key after what it holds", deployment(RENAMED, 3)),
    Commit("Dee Sy", "Round prices down again", deployment(RENAMED, 4)),
    Commit("Agent", "Name the key as the Secret does", deployment(KEY, 4)),
)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    made = GitHub(history=History.write(tmp_path / "shop", COMMITS))
    yield made
    assert made.broken == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return outside.certify(tmp_path)


@pytest.fixture
def address(with_image: dict[str, str], github: GitHub, certificate: Path) -> Iterator[str]:
    with serve(github, outside.HOST, outside.serving(certificate)) as url:
        yield url


def pod_template(key: str, revision: str, version: str) -> Json:
    """A version's pods, whose container is given the key of the Secret."""
    template = argo.pod_template({"app": "cart"}, version=version)
    template["metadata"]["annotations"] = {"org.opencontainers.image.revision": revision}
    (container,) = template["spec"]["containers"]
    reference = {"secretKeyRef": {"name": "cart", "key": key}}
    container["env"] = [{"name": "DATABASE", "valueFrom": reference}]
    container["securityContext"] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    restricted = {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
    template["spec"]["securityContext"] = restricted
    return template


def configure(shop: Shop, certificate: Path) -> None:
    """What the pods of both are given."""
    shop.kubectl("create", "namespace", NAMESPACE)
    shop.kubectl("create", "secret", "generic", "cart", f"--from-literal={KEY}=postgres://db/cart")
    shop.kubectl("create", "secret", "generic", "rollout-analyzer-github", f"--from-literal=token={TOKEN}")
    shop.kubectl("create", "configmap", "outside", f"--from-file={certificate}")


def deploy(shop: Shop, rollout: Json, pod_hash: str, template: Json) -> None:
    replica_set = argo.replica_set(rollout, f"cart-{pod_hash}", pod_hash, template, 1)
    shop.kubectl("create", "-f", "-", stdin=json.dumps(replica_set))


def steer(shop: Shop, pod_hash: str) -> None:
    """Say of the Rollout that its canary has this hash, as Argo's controller does."""
    status = {
        "stableRS": argo.HASHES["stable"],
        "currentPodHash": pod_hash,
        "currentStepIndex": 2,
        "phase": "Progressing",
    }
    patch = ["--subresource=status", "--type=merge", "-p", json.dumps({"status": status})]
    shop.kubectl("patch", "rollout", "cart", *patch)


def is_old_enough(shop: Shop) -> bool:
    """Whether the canary's fault is old enough to tell: YOUNG asks for five seconds since its pod has a node."""
    pods = shop.get("pods", "-l", f"{argo.HASH_LABEL}={CANARY}")["items"]
    started = [datetime.fromisoformat(pod["status"]["startTime"]) for pod in pods]
    return all(datetime.now(UTC) - each > timedelta(seconds=7) for each in started)


def test_the_issue_names_the_key_and_its_commit_and_the_fix_closes_it(
    with_image: dict[str, str],
    github: GitHub,
    address: str,
    certificate: Path,
    wait_until: Callable[..., None],
) -> None:
    assert github.history is not None
    begun, _, renaming, broken, fixed = github.history.commits
    shop = Shop(with_image, NAMESPACE)
    configure(shop, certificate)

    def states(pod_hash: str) -> list[Json]:
        pods = shop.get("pods", "-l", f"{argo.HASH_LABEL}={pod_hash}")["items"]
        return [status for pod in pods for status in pod["status"].get("containerStatuses", ())]

    made = argo.rollout(
        NAMESPACE, ROLLOUT["spec"]["strategy"], pod_template(RENAMED, broken, "1.5.0"), replicas=2
    )
    rollout = json.loads(shop.kubectl("create", "-o", "json", "-f", "-", stdin=json.dumps(made)))
    deploy(shop, rollout, argo.HASHES["stable"], pod_template(KEY, begun, "1.4.2"))
    wait_until(lambda: any(each["ready"] for each in states(argo.HASHES["stable"])), 60)

    deploy(shop, rollout, CANARY, pod_template(RENAMED, broken, "1.5.0"))
    steer(shop, CANARY)
    missing = "CreateContainerConfigError"
    wait_until(
        lambda: any(each["state"].get("waiting", {}).get("reason") == missing for each in states(CANARY)), 60
    )
    wait_until(lambda: is_old_enough(shop), 60)
    template = outside.with_environment(
        outside.with_files(TEMPLATE, "outside"),
        GITHUB_API_URL=address,
        REQUESTS_CA_BUNDLE="/outside/outside.crt",
    )
    permissions = [*PERMISSIONS, *RIGHTS]
    (container,) = shop.end(shop.start(template, permissions), "Failed").containers
    assert container["exitCode"] == 3, container["message"]
    (issue,) = github.issues
    assert issue["state"] == "open"
    assert "CreateContainerConfigError" in issue["title"]
    _, _, changed = issue["body"].partition("## The change under test")
    assert f"couldn't find key {RENAMED} in Secret {NAMESPACE}/cart" in issue["body"]
    assert SUSPECT.findall(changed) == [(renaming[:8], RENAMED)], changed

    shop.kubectl("delete", "replicaset", f"cart-{CANARY}")  # somebody merged the agent's fix: the next canary
    deploy(shop, rollout, FIXED, pod_template(KEY, fixed, "1.5.0"))
    steer(shop, FIXED)
    wait_until(lambda: any(each["ready"] for each in states(FIXED)), 60)
    (container,) = shop.end(shop.start(template, permissions, 2, canary=FIXED), "Complete").containers
    assert container["exitCode"] == 0, container["message"]
    (issue,) = github.issues
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert [(sha, status["state"]) for sha, status in github.statuses] == [
        (broken, "failure"),
        (fixed, "success"),
    ]
