"""The JSON Schema of the config file, for the options of all commands."""

from typing import Any

import click

from analyzer.config.schema import schema
from analyzer.options.option import DeclaredOption, options_of
from analyzer.options.param_types import Duration


def config_schema(command: click.Command) -> dict[str, Any]:
    """Return the schema of every key that an option of the group has, and of every section."""
    return schema({key: _json_type(parameter) for key, parameter in options_of(command).items()})


def _json_type(parameter: click.Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": ["string", "number"]}
    if isinstance(parameter.type, Duration):
        one = {"anyOf": [{"type": "string"}, {"const": 0}]}
    elif isinstance(parameter.type, click.Choice):
        one = {"enum": list(parameter.type.choices)}
    elif isinstance(parameter.type, click.types.BoolParamType):
        one = {"type": "boolean"}
    elif isinstance(parameter.type, click.IntRange | click.FloatRange):
        bounds = {"minimum": parameter.type.min, "maximum": parameter.type.max}
        one = {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}}
    described: dict[str, Any] = {"description": getattr(parameter, "help", "")}
    if isinstance(parameter, DeclaredOption) and parameter.declared.option.default:
        described["description"] += f" Default: {parameter.declared.option.default}."
    elif isinstance(parameter, DeclaredOption) and parameter.default not in ("", ()):
        described["default"] = parameter.default
    return described | ({"anyOf": [one, {"type": "array", "items": one}]} if parameter.multiple else one)
