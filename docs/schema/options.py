"""Writes docs/options.md, the reference of all options, from the click commands: `make golden`, by way of
`write.py`.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from analyzer.config.sections import section_type
from analyzer.options.option import DeclaredOption, key_of, section_of
from analyzer.options.param_types import Duration, Size
from analyzer.options.schema import config_schema

PAGE = Path(__file__).parents[1] / "options.md"
OTHERS = "Everything else"
HEAD = """# All options

`make golden` writes this page from the commands' own options. A test compares the two.

A command-line option beats the environment variable, which beats the config file, which beats the default ([config.md](config.md)).
`rollout-analyzer settings` prints each value and origin. `COMMAND --help` prints the usual options of a command, `--help-all` every one.

| kind of value | how you write it |
| --- | --- |
| duration | `90s`, `10m`, `1h30m`; `0` needs no unit |
| bytes | `64KiB`, `4MiB`, `1GiB`; a number alone is bytes |
| on or off | on the command line the name alone; in the environment and the file `true` or `false` |
| repeatable | the option several times; a list in the file; in the environment between blanks, or one a line for files and selectors |
"""


SECTIONS = """
## Sections of the config file

No option sets these keys. A number of seconds may carry its unit. [config.md](config.md) and
[prometheus.md](prometheus.md) say how they are used.

| key | value | default | what it does |
| --- | --- | --- | --- |
"""


def page(group: click.Group) -> str:
    """The whole page, in Markdown: one table for each section of the help, one row for each option, and one
    for each key of the config file that no option sets.
    """
    rows: dict[tuple[str, str], list[tuple[str, click.Option]]] = {}
    for name, command in group.commands.items():
        for option in command.params:
            if isinstance(option, click.Option):
                rows.setdefault((option.opts[0], option.help or ""), []).append((name, option))
    ordered = sorted(rows.values(), key=lambda uses: _place(uses[0][1], [*rows.values()]))
    schema = config_schema(group)
    keys = section_type().__struct_fields__
    fields = [row for key in keys for row in _fields(key, schema["properties"][key], schema["$defs"])]
    return "".join((HEAD, *_tables(ordered, len(group.commands)), SECTIONS, *fields))


def _fields(path: str, field: Any, types: Mapping[str, Any]) -> Iterator[str]:
    """The row of a section or a field, and those of the fields in it."""
    inner = next((kind for part in _alternatives(field) if (kind := _kind_in(part))), "")
    if "description" in field:
        cells = (_code(path), _type_of(field, inner), _default_of(field), field["description"])
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"
    many = {"array": "[]", "object": ".NAME"}.get(field.get("type", ""), "")
    for name, member in types[inner]["properties"].items() if inner else ():
        yield from _fields(f"{path}{many}.{name}", member, types)


def _alternatives(field: Any) -> list[Any]:
    parts = [part for part in field.get("anyOf", [field]) if part.get("type") != "null"]
    return [deeper for part in parts for deeper in (_alternatives(part) if "anyOf" in part else [part])]


def _kind_in(part: Any) -> str:
    """The type that a schema, its items or its values refer to; empty for none."""
    for place in (part, part.get("items"), part.get("additionalProperties")):
        if isinstance(place, dict) and "$ref" in place:
            return str(place["$ref"]).rpartition("/")[2]
    return ""


def _type_of(field: Any, inner: str) -> str:
    """What a key takes, in words."""
    part = _alternatives(field)[0]
    if "enum" in part:
        return " or ".join(f"`{choice}`" for choice in part["enum"])
    kind = {"array": "list", "object": "mapping", "string": "text", "boolean": "true or false"}
    taken = kind.get(part.get("type", ""), part.get("type", "mapping"))
    items = part.get("items", part.get("additionalProperties")) if not inner else None
    low = f", {part['minimum']:g} or more" if "minimum" in part else ""
    of = f" of {_type_of(items, '')}" if isinstance(items, dict) and taken in ("list", "mapping") else ""
    return f"{taken}{of}{low}"


def _default_of(field: Any) -> str:
    default = field.get("default")
    return "" if default in (None, "", [], (), {}) else f"`{json.dumps(default)}`"


def _place(option: click.Option, rows: list[list[tuple[str, click.Option]]]) -> tuple[bool, int]:
    """Sections in the order of the help, options without one last."""
    title = _title(option)
    return title == OTHERS, next(number for number, uses in enumerate(rows) if _title(uses[0][1]) == title)


def _tables(rows: list[list[tuple[str, click.Option]]], commands: int) -> Iterator[str]:
    for title, group in groupby(rows, key=lambda uses: _title(uses[0][1])):
        yield f"\n## {title}\n\n| option | variable | key | value | default | what it does | commands |\n"
        yield "| --- | --- | --- | --- | --- | --- | --- |\n"
        yield from (_row(uses[0][1], [name for name, _ in uses], commands) for uses in group)


def _row(option: click.Option, commands: list[str], all_of_them: int) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
    variable = option.envvar if isinstance(option.envvar, str) else ""
    key = key_of(option)
    taken = "all" if len(commands) == all_of_them else ", ".join(commands)
    cells = (names, _code(variable), _code(key), _value(option), _default(option), option.help or "", taken)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def _code(name: str) -> str:
    return f"`{name}`" if name else ""


def _value(option: click.Option) -> str:
    """What the option takes, with its unit and bounds."""
    repeats = ", repeatable" if option.multiple else ""
    if option.is_flag:
        return "on or off"
    if isinstance(option.type, click.Choice):
        return " or ".join(f"`{choice}`" for choice in option.type.choices) + repeats
    if isinstance(option.type, Duration):
        return "duration or `auto`" if option.default == "auto" else "duration"
    if isinstance(option.type, Size):
        return "bytes"
    if isinstance(option, DeclaredOption) and isinstance(option.type, click.IntRange | click.FloatRange):
        low, high = option.type.min, option.type.max
        return f"{option.declared.option.kind}, {low:g} {'or more' if high is None else f'to {high:g}'}"
    return f"{option.metavar or ('file' if isinstance(option.type, click.Path) else 'text')}{repeats}"


def _default(option: click.Option) -> str:
    """The default in the words of the help, empty for none."""
    if isinstance(option.show_default, str):
        return option.show_default
    if option.required:
        return "required"
    if option.is_flag:
        return "off"
    if isinstance(option.default, int | float):
        return f"`{option.default:g}`"
    defaults = option.default if isinstance(option.default, tuple) else (option.default,)
    return ", ".join(f"`{default}`" for default in defaults if isinstance(default, str) and default)


def _title(option: click.Option) -> str:
    return section_of(option) or OTHERS


if __name__ == "__main__":
    from analyzer.cli import cli

    PAGE.write_text(page(cli))
