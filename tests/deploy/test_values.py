"""The chart's values, as far as their files tell: each has a default, a rule of the schema, and a row of
the page.
"""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/chart"
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
OF_HELM = {"global"}  # what a chart around this one gives to all
# mappings of others
OPEN = {
    "config",
    "serviceAccount.annotations",
    "resources.requests",
    "resources.limits",
}
LEFT_OUT = {"resources.claims"}  # which Kubernetes takes, and nobody needs by default


def resolved(node: Any) -> Any:
    reference = node.get("$ref")
    return SCHEMA["definitions"][reference.rpartition("/")[2]] if reference else node


def of_schema(node: Any, name: str = "") -> Iterator[str]:
    """The names of all values that the schema knows."""
    for key, child in resolved(node).get("properties", {}).items():
        yield name + key
        yield from of_schema(child, f"{name}{key}.")


def of_values(values: Any, name: str = "") -> Iterator[str]:
    for key, value in values.items():
        yield name + key
        if isinstance(value, dict) and name + key not in OPEN:
            yield from of_values(value, f"{name}{key}.")


def mappings(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each mapping of the schema, those in lists included, by its name."""
    node = resolved(node)
    if node.get("type") == "object":
        yield name, node
    for key, child in node.get("properties", {}).items():
        yield from mappings(child, f"{name}.{key}".lstrip("."))
    if "items" in node:
        yield from mappings(node["items"], f"{name}[]")


def test_each_value_has_a_rule_and_each_rule_a_value() -> None:
    assert set(of_values(VALUES)) == set(of_schema(SCHEMA)) - OF_HELM - LEFT_OUT


def test_the_defaults_hold() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(VALUES)


def test_a_mapping_takes_no_name_that_it_does_not_know() -> None:
    found = dict(mappings(SCHEMA))
    assert {"", "image", "env[]", "writes", "resources"} <= set(found)
    ours = {name: each for name, each in found.items() if "properties" in each}
    assert {name for name, each in ours.items() if each.get("additionalProperties") is not False} == set()
    assert set(found) - set(ours) == OPEN | OF_HELM | {"env[].valueFrom"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"imag": {}},
        {"image": {"repository": ""}},
        {"image": {"repository": "ours/rollout-analyzer:0.2.0"}},
        {"image": {"tag": "a tag"}},
        {"image": {"pullSecrets": [""]}},
        {"judge": {"deadlineMinutes": "5"}},
        {"guard": {"deadlineMinutes": 61}},
        {"backoffLimit": -1},
        {"secret": "Not_A_Name"},
        {"env": [{"value": "x"}]},
        {"env": [{"name": "A", "value": 1}]},
        {"env": [{"name": "A", "valeu": "1"}]},
        {"writes": {"save": "yes"}},
        {"serviceAccount": {"annotations": {"a": True}}},
        {"resources": {"limit": {"memory": "1Gi"}}},
    ],
    ids=json.dumps,
)
def test_what_is_none_is_refused(wrong: Any) -> None:
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(wrong)


@pytest.mark.parametrize(
    "right",
    [
        {
            "image": {
                "repository": "localhost:5000/tools/rollout-analyzer",
                "tag": f"0.2.0@sha256:{'0a' * 32}",
            }
        },
        {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]},
        {"resources": {"requests": {"cpu": 1}}, "config": {"since": "15m"}, "global": {"x": 1}},
    ],
    ids=json.dumps,
)
def test_what_is_one_is_taken(right: Any) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(right)


def test_the_page_is_made_of_the_values() -> None:
    script = runpy.run_path(str(ROOT / "docs/schema/chart.py"))
    assert script["page"]() == (CHART / "README.md").read_text(), (
        "write deploy/chart/README.md anew: make golden"
    )


def test_each_value_is_explained() -> None:
    rows = list(runpy.run_path(str(ROOT / "docs/schema/chart.py"))["rows"]())
    leaves = {name for name in of_values(VALUES) if name in OPEN or not isinstance(look_up(name), dict)}
    assert {name for name, _, _ in rows} == leaves
    assert [name for name, _, said in rows if not said] == []
    assert {name: yaml.safe_load(default) for name, default, _ in rows} == {
        name: look_up(name) for name in leaves
    }


def look_up(name: str) -> Any:
    value: Any = VALUES
    for part in name.split("."):
        value = value[part]
    return value


def test_artifact_hub_is_told_the_image_and_the_licence() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    told = {name.removeprefix("artifacthub.io/"): text for name, text in chart["annotations"].items()}
    assert all(isinstance(text, str) for text in told.values())  # YAML within YAML
    [image] = yaml.safe_load(told["images"])
    assert image["image"] == f"{VALUES['image']['repository']}:{chart['appVersion']}"
    assert all(set(link) == {"name", "url"} for link in yaml.safe_load(told["links"]))
    assert f'license = "{told["license"]}"' in (ROOT / "pyproject.toml").read_text()
