"""The published schema of the config file, and what is documented of it."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from analyzer.cli import cli, run
from analyzer.config.sections import section_type
from analyzer.options.schema import config_schema

ROOT = Path(__file__).parents[2]


def test_the_published_schema_is_the_codes_own_and_the_example_follows_it() -> None:
    published = json.loads((ROOT / "docs" / "schema" / "config.json").read_text())
    assert published == json.loads(json.dumps(config_schema(cli))), (
        "write docs/schema/config.json anew: make golden"
    )
    jsonschema.validate(yaml.safe_load((ROOT / "examples" / "config.yaml").read_text()), published)


def test_the_schema_has_each_default_and_each_is_a_value_that_it_takes() -> None:
    properties = json.loads(json.dumps(config_schema(cli)))["properties"]
    defaults = {key: value["default"] for key, value in properties.items() if "default" in value}
    for key, default in defaults.items():
        jsonschema.validate(default, properties[key])
    assert defaults["since"] == "10m"
    assert defaults["issue_label"] == ["canary-rollback"]
    assert "Default: a majority of those asked." in properties["quorum"]["description"]


def test_the_example_is_a_config_file_and_says_most_of_what_one_can(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["settings", "--config", str(ROOT / "examples" / "config.yaml")]) == 0
    from_file = {
        line.partition(":")[0]
        for line in capsys.readouterr().out.splitlines()
        if line.endswith("# config file")
    }
    assert {"severity", "ignore", "redact", "prometheus", "gates", "min_fault_age", "model"} <= from_file


def test_every_key_says_what_it_does() -> None:
    schema = json.loads(json.dumps(config_schema(cli)))
    kinds = {"": schema, **schema["$defs"]}
    silent = {
        f"{kind}.{name}"
        for kind, definition in kinds.items()
        for name, field in definition["properties"].items()
        if "description" not in field
    }
    assert silent == {".prometheus"}  # the option's address, or the section, each of which says it


def test_every_section_is_documented() -> None:
    documented = (ROOT / "docs" / "config.md").read_text()
    assert [name for name in section_type().__struct_fields__ if f"**`{name}`**" not in documented] == []
