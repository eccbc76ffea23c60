"""The file's JSON Schema, published as docs/schema/config.json."""

from collections.abc import Mapping
from typing import Any

from analyzer.common.value import json_schema
from analyzer.config.sections import section_type


def schema(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the file: an option by what it takes, a section by its type."""
    kinds = json_schema(section_type())
    defs = {name: _with_units(kind) for name, kind in kinds["$defs"].items() if name != "Sections"}
    sections = {
        name: {key: part for key, part in section.items() if key != "default"}
        for name, section in kinds["$defs"]["Sections"]["properties"].items()
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
    """Return a schema in which a number may be a text with its unit, too."""
    if isinstance(part, dict):
        whole = {key: _with_units(inner) for key, inner in part.items()}
        if part.get("type") not in ("number", "integer"):
            return whole
        said = {key: whole.pop(key) for key in ("description", "default") if key in whole}
        return said | {"anyOf": [whole, {"type": "string", "pattern": r"^[\d.]+[A-Za-z]+"}]}
    return [_with_units(inner) for inner in part] if isinstance(part, list) else part
