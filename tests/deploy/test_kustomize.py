"""The kustomizations: the base is the example, an overlay adds what it is about, and the API server takes
each.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = pytest.mark.api
Json = dict[str, Any]
Render = Callable[..., list[Json]]

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(folder.name for folder in (ROOT / "deploy/kustomize/overlays").iterdir())
WRITES = {
    "announce": {("", "events", "create"), ("", "events", "patch"), ("argoproj.io", "analysisruns", "patch")},
    "pause": {("argoproj.io", "rollouts", "patch")},
    "save": {("", "configmaps", "create"), ("", "configmaps", "patch")},
}


def by_name(documents: list[Json]) -> dict[tuple[str, str], Json]:
    return {(each["kind"], each["metadata"]["name"]): each for each in documents}


def granted(documents: list[Json]) -> set[tuple[str, str, str]]:
    return {
        (group, resource, verb)
        for each in documents
        if each["kind"] == "Role"
        for rule in each["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def test_the_base_is_the_example(kustomized: Render) -> None:
    example = list(yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text()))
    assert by_name(kustomized("deploy/kustomize/base")) == by_name(example)


def test_the_base_may_write_nothing(kustomized: Render) -> None:
    assert {verb for _, _, verb in granted(kustomized("deploy/kustomize/base"))} == {"get", "list"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_grants_its_writes_and_no_more(kustomized: Render, overlay: str) -> None:
    assert (
        granted(kustomized(f"deploy/kustomize/overlays/{overlay}"))
        - granted(kustomized("deploy/kustomize/base"))
        == WRITES[overlay]
    )


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_an_overlay_may_write_a_policy_narrows(kustomized: Render, overlay: str) -> None:
    documents = kustomized(f"deploy/kustomize/overlays/{overlay}")
    policies = {
        each["metadata"]["name"]: each["spec"]
        for each in documents
        if each["kind"] == "ValidatingAdmissionPolicy"
    }
    bound = {
        each["spec"]["policyName"] for each in documents if each["kind"] == "ValidatingAdmissionPolicyBinding"
    }
    assert bound == set(policies)
    narrowed = {
        (group, resource)
        for policy in policies.values()
        for rule in policy["matchConstraints"]["resourceRules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    assert {(group, resource) for group, resource, _ in WRITES[overlay]} <= narrowed


def settings_of(documents: list[Json], template: str) -> tuple[list[str], set[str]]:
    """Its container's arguments, and the names of its environment."""
    metric = by_name(documents)["AnalysisTemplate", template]["spec"]["metrics"][0]
    (container,) = metric["provider"]["job"]["spec"]["template"]["spec"]["containers"]
    return container["args"], {each["name"] for each in container["env"]}


def test_an_overlay_asks_for_what_it_grants(kustomized: Render) -> None:
    base, announce, pause, save = (
        kustomized(f"deploy/kustomize/{each}")
        for each in ("base", *(f"overlays/{each}" for each in OVERLAYS))
    )
    for template in ("rollout-analyzer", "rollout-analyzer-guard"):
        assert "ROLLOUT_ANALYZER_EFFECT" in settings_of(base, template)[1]
        assert "ROLLOUT_ANALYZER_EFFECT" not in settings_of(announce, template)[1]
        assert "--save=configmap:rollout-analyzer" in settings_of(save, template)[0]
    assert "--on-inconclusive=pause" in settings_of(pause, "rollout-analyzer")[0]
    assert "--on-inconclusive=pause" not in settings_of(pause, "rollout-analyzer-guard")[0], (
        "it does not take that"
    )


@pytest.mark.usefixtures("argo")
@pytest.mark.parametrize("folder", ["base", *(f"overlays/{each}" for each in OVERLAYS)])
def test_the_api_server_takes_it(namespace: "Namespace", kustomized: Render, folder: str) -> None:
    options = (
        "-n",
        namespace.name,
        "--dry-run=server",
        "--validate=strict",
        "-k",
        str(ROOT / "deploy/kustomize" / folder),
    )
    assert namespace.server.run("create", *options).count("created") == len(
        kustomized(f"deploy/kustomize/{folder}")
    )


def test_a_team_puts_together_what_it_wants(kustomized: Render, tmp_path: Path) -> None:
    """As docs/install.md shows: all components, a namespace, an image."""
    there = os.path.relpath(ROOT / "deploy/kustomize", tmp_path)
    kustomization = {
        "namespace": "shop",
        "resources": [f"{there}/base"],
        "components": [f"{there}/components/{each}" for each in OVERLAYS],
        "images": [
            {
                "name": "registry.example.com/rollout-analyzer",
                "newName": "images.example.com/analyzer",
                "newTag": "9.9.9",
            }
        ],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    documents = kustomized(tmp_path)
    assert granted(documents) - granted(kustomized("deploy/kustomize/base")) == set().union(*WRITES.values())
    for template in ("rollout-analyzer", "rollout-analyzer-guard"):
        metric = by_name(documents)["AnalysisTemplate", template]["spec"]["metrics"][0]
        (container,) = metric["provider"]["job"]["spec"]["template"]["spec"]["containers"]
        assert container["image"] == "images.example.com/analyzer:9.9.9"
    assert by_name(documents)["RoleBinding", "rollout-analyzer"]["metadata"]["namespace"] == "shop"
