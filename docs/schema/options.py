"""Writes docs/options.md, the reference of all options, from the click commands: `make golden`, by way of
`write.py`.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from analyzer.options.option import DeclaredOption, key_of, section_of
from analyzer.options.param_types import Duration, Size

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


def page(group: click.Group) -> str:
    """The whole page, in Markdown: one table for each section of the help, one row for each option."""
    rows: dict[tuple[str, str], list[tuple[str, click.Option]]] = {}
    for name, command in group.commands.items():
        for option in command.params:
            if isinstance(option, click.Option):
                rows.setdefault((option.opts[0], option.help or ""), []).append((name, option))
    ordered = sorted(rows.values(), key=lambda uses: _place(uses[0][1], [*rows.values()]))
    return "".join((HEAD, *_tables(ordered, len(group.commands))))


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
