"""GitHub's OpenAPI description as a judge of requests and answers (api.json, written by trim.py).

Request bodies are held more strictly than it says: a field that it does not have is refused, so that a
misspelt one is seen. The only one added is `agent_assignment`, which GitHub documents and the description
lacks: https://docs.github.com/en/copilot/how-tos/use-copilot-agents/cloud-agent/use-cloud-agent-via-the-api
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]
WHOLE: Json = json.loads((Path(__file__).parent / "api.json").read_text(encoding="utf-8"))
AGENT_ASSIGNMENT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        name: {"type": "string"}
        for name in ("target_repo", "base_branch", "custom_instructions", "custom_agent", "model")
    },
}
VALUES = {"integer": 1, "number": 1.0, "boolean": False, "array": [], "string": "text"}
FORMATS = {"uri": "https://api.example.test/x", "date-time": "2026-11-29T12:00:00Z"}


def _modern(value: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if isinstance(value, list):
        return [_modern(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _modern(inner) for key, inner in value.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if value.get("nullable") is True else made


API: Json = _modern(WHOLE)


def operation(verb: str, path: str) -> tuple[str, Json]:
    """The template of a path, and what is said of the verb. KeyError for what is not in the description."""
    for template, verbs in API["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template.replace("{path}", "(?:.+)"))
        if re.fullmatch(pattern, path) and verb.lower() in verbs:
            return template, verbs[verb.lower()]
    raise KeyError(f"{verb} {path}")


def why_wrong_request(verb: str, path: str, query: dict[str, str], body: Any) -> str:
    """Why GitHub's description has no such request; empty if it has."""
    try:
        template, said = operation(verb, path)
    except KeyError as error:
        return f"no such operation: {error}"
    known = {parameter["name"]: parameter for parameter in map(_resolve, said.get("parameters", ()))}
    for name, text in query.items():
        if known.get(name, {}).get("in") != "query":
            return f"no such parameter: {name}"
        schema = known[name]["schema"]
        value = int(text) if schema.get("type") == "integer" else text
        if not Draft202012Validator(schema).is_valid(value):
            return f"{name} cannot be {text}"
    if body is None:
        return "a body is wanted" if said.get("requestBody", {}).get("required") else ""
    if "requestBody" not in said:
        return "no body is wanted"
    return _first_error(_request_validator(verb, template), body)


def why_wrong_answer(verb: str, path: str, status: int, body: Any) -> str:
    """Why GitHub's description has no such answer; empty if it has, or if it says nothing of the status."""
    template, said = operation(verb, path)
    answer = _resolve(said["responses"].get(str(status), {}))
    if status < 300 and str(status) not in said["responses"]:
        return f"{verb} {template} never answers {status}"
    schemas = answer.get("content", {})
    return (
        _first_error(_answer_validator(verb, template, str(status)), body)
        if "application/json" in schemas
        else ""
    )


def fill(component: str, /, **values: Any) -> Json:
    """The least object of a component's schema, with values of ours."""
    made: Json = _fill({"$ref": f"#/components/schemas/{component}"})
    return made | values


def _fill(schema: Json) -> Any:
    schema = _resolve(schema)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            options = schema[several]
            return None if {"type": "null"} in options else _fill(options[0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object" or "properties" in schema:
        properties = schema.get("properties", {})
        return {name: _fill(properties[name]) for name in schema.get("required", ())}
    return FORMATS.get(schema.get("format", ""), VALUES.get(schema.get("type", "string")))


def _resolve(schema: Json) -> Json:
    while "$ref" in schema:
        found: Any = API
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


@cache
def _request_validator(verb: str, template: str) -> Draft202012Validator:
    schema = API["paths"][template][verb.lower()]["requestBody"]["content"]["application/json"]["schema"]
    (only,) = schema.get("oneOf", [schema])
    strict = {**only, "additionalProperties": False}
    if template.endswith("/assignees"):
        strict["properties"] = {**strict["properties"], "agent_assignment": AGENT_ASSIGNMENT}
    return Draft202012Validator({**strict, "components": API["components"]})


@cache
def _answer_validator(verb: str, template: str, status: str) -> Draft202012Validator:
    answer = _resolve(API["paths"][template][verb.lower()]["responses"][status])
    schema = answer["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": API["components"]})


def _first_error(validator: Draft202012Validator, value: Any) -> str:
    error = next(iter(validator.iter_errors(value)), None)
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" if error else ""
