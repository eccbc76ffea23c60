"""The file's JSON Schema, published as docs/schema/config.json."""

from collections.abc import Collection, Mapping
from typing import Any

from analyzer.config.sections import section_type
from analyzer.value import json_schema


def schema(options: Mapping[str, Mapping[str, Any]], parameters: Collection[str]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file: each option by what it takes, each section by its type."""
    kinds = json_schema(section_type(parameters))
    defs = {name: _with_units(each) for name, each in kinds["$defs"].items() if name != "Sections"}
    sections = {
        name: {key: each for key, each in found.items() if key != "default"}
        for name, found in kinds["$defs"]["Sections"]["properties"].items()
    }
    both = {name: {"anyOf": [options[name], sections[name]]} for name in options.keys() & sections.keys()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Config file of rollout-analyzer",
        "type": "object",
        "properties": dict(sorted({**options, **sections, **both}.items())),
        "additionalProperties": False,
        "$defs": defs,
    }


def _with_units(part: Any) -> Any:
    """A schema in which a number may be a text with its unit, too."""
    if isinstance(part, dict):
        whole = {key: _with_units(each) for key, each in part.items()}
        return (
            {"anyOf": [whole, {"type": "string", "pattern": r"^[\d.]+[A-Za-z]+"}]} if part.get("type") in ("number", "integer") else whole
        )
    return [_with_units(each) for each in part] if isinstance(part, list) else part
