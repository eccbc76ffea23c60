"""The JSON Schema of the config file, for the options of all commands."""

from typing import Any

import click

from analyzer.config.schema import schema
from analyzer.options.kinds import options_of


def config_schema(command: click.Command) -> dict[str, Any]:
    """The schema of every key that an option of the group has, and of every section."""
    known = options_of(command)
    return schema({key: _json_type(each) for key, each in known.items()}, [str(each.name) for each in known.values()])


def _json_type(parameter: click.Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": ["string", "number"]}
    if isinstance(parameter.type, click.Choice):
        one = {"enum": list(parameter.type.choices)}
    elif isinstance(parameter.type, click.types.BoolParamType):
        one = {"type": "boolean"}
    elif isinstance(parameter.type, click.IntRange | click.FloatRange):
        bounds = {"minimum": parameter.type.min, "maximum": parameter.type.max}
        one = {"type": "number", **{name: each for name, each in bounds.items() if each is not None}}
    described = {"description": getattr(parameter, "help", "")}
    return described | ({"anyOf": [one, {"type": "array", "items": one}]} if parameter.multiple else one)
