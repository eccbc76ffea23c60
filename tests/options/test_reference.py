"""docs/options.md: the reference of all options is what its script writes, and no command has an option that
it lacks.
"""

import runpy
from pathlib import Path

import click
import pytest

from analyzer.cli import cli

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "options.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| `--")
]


def test_the_page_is_what_the_script_writes() -> None:
    assert runpy.run_path(str(DOCS / "schema" / "options.py"))["page"](cli) == PAGE, (
        "write docs/options.md anew: make golden"
    )


def test_each_option_that_repeats_says_so_once() -> None:
    options = [option for command in cli.commands.values() for option in command.params]
    helps = {str(option.help) for option in options if isinstance(option, click.Option) and option.multiple}
    assert {text.count("Repeatable") for text in helps} == {1}


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_option_of_a_command_has_a_row_that_names_the_command(command: str) -> None:
    shown = {
        name.strip("`")
        for row in ROWS
        for name in row[0].split(", ")
        if row[-1] == "all" or command in row[-1].split(", ")
    }
    options = [option for option in cli.commands[command].params if isinstance(option, click.Option)]
    assert {name for option in options for name in option.opts} == shown
