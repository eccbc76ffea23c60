"""The table of permissions is what the documentation and the example grant."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.check.needs import NEEDS, find_needs
from analyzer.settings import Policy, Settings, Tell, Where

ROOT = Path(__file__).parents[2]
QUIET = Tell(effects=("none",))
ELSEWHERE = {
    "get experiments.argoproj.io",
    "list rollouts.argoproj.io",
}  # docs/argo.md tells of them below its rules

Granted = set[tuple[str, str, str]]


def granted(rules: list[dict[str, Any]]) -> Granted:
    return {
        (verb, each, group)
        for rule in rules
        for group in rule["apiGroups"]
        for each in rule["resources"]
        for verb in rule["verbs"]
    }


def names(settings: Settings) -> set[str]:
    return {need.name() for need in find_needs(settings)}


def wanted(settings: Settings, *, must: bool = False) -> Granted:
    found = (
        need for need in find_needs(settings) if need.name() not in ELSEWHERE and (need.must or not must)
    )
    return {(need.verb, need.resource, need.group) for need in found}


def test_a_bare_run_needs_what_the_documentation_grants() -> None:
    (block,) = re.findall(r"```yaml\n(rules:\n.*?)```", (ROOT / "docs/argo.md").read_text(), re.DOTALL)
    assert wanted(Settings(tell=QUIET)) == granted(yaml.safe_load(block)["rules"])


def test_the_example_grants_all_that_a_bare_run_cannot_do_without() -> None:
    documents = yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text())
    role = next(document for document in documents if document["kind"] == "Role")
    assert wanted(Settings(tell=QUIET), must=True) <= granted(role["rules"])


@pytest.mark.parametrize(
    ("more", "fewer", "added", "taken"),
    [
        (
            Settings(),
            Settings(tell=QUIET),
            {"create events", "patch events", "patch analysisruns.argoproj.io"},
            set(),
        ),
        (Settings(policy=Policy(on_error="pause")), Settings(), {"patch rollouts.argoproj.io"}, set()),
        (
            Settings(tell=Tell(save="configmap:judged")),
            Settings(),
            {"create configmaps", "patch configmaps"},
            set(),
        ),
        (Settings(tell=Tell(save="judged.json.gz")), Settings(), set(), set()),
        (
            Settings(where=Where(rollout="cart")),
            Settings(),
            set(),
            {
                "get jobs.batch",
                "get analysisruns.argoproj.io",
                "get experiments.argoproj.io",
                "list rollouts.argoproj.io",
            },
        ),
        (
            Settings(where=Where(stable_hash="a", canary_hash="b")),
            Settings(where=Where(rollout="cart")),
            set(),
            {"get rollouts.argoproj.io", "list endpointslices.discovery.k8s.io", "get services"},
        ),
    ],
)
def test_what_is_asked_for_decides_what_is_needed(
    more: Settings, fewer: Settings, added: set[str], taken: set[str]
) -> None:
    assert names(more) - names(fewer) == added
    assert names(fewer) - names(more) == taken


def test_what_nothing_goes_without_is_marked() -> None:
    assert all(need.must for _, need in NEEDS if need.place == "job")
    assert not [
        need for need in find_needs(Settings()) if need.must and need.verb in ("create", "patch")
    ]  # what is told is never in the way
