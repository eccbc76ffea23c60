"""Each command that a page shows is one that the command line takes: its options are there, and their values
can be read. Nothing is run here: the tests of the README and of the tutorial run what those show.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from analyzer.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").glob("*.md"),
    *ROOT.glob("deploy/**/*.md"),
]
BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
OPERATORS = {">", ">>", "<", "|", "||", "&&", ";", ")"}


def shown(page: Path) -> Iterator[tuple[str, ...]]:
    """The words behind `rollout-analyzer` of each command in a page's blocks."""
    for block in BLOCK.findall(page.read_text()):
        for line in block.replace("\\\n", " ").splitlines():
            before, name, rest = line.partition("rollout-analyzer ")
            if name and re.fullmatch(r"\s*(\$ |[A-Z_]+=\S+ )*", before):
                lexer = shlex.shlex(rest, posix=True, punctuation_chars=True)
                lexer.whitespace_split = True
                words = list(lexer)
                end = next((number for number, word in enumerate(words) if word in OPERATORS), len(words))
                yield tuple(words[:end])


COMMANDS = sorted({words for page in PAGES for words in shown(page)})


def parse(words: tuple[str, ...]) -> None:
    """Reads a command line as the command does. click.UsageError for one that it would refuse."""
    name, *arguments = words
    if name.startswith("-"):
        return
    command = cli.commands[name]
    context = click.Context(command, info_name=name)
    values, rest, _ = command.make_parser(context).parse_args(arguments)
    assert not rest
    for param in command.params:
        if param.name in values:
            param.type_cast_value(context, values[param.name])


@pytest.mark.parametrize("words", COMMANDS, ids=shlex.join)
def test_a_command_that_a_page_shows_can_be_given(words: tuple[str, ...]) -> None:
    parse(words)


def test_what_is_no_option_and_no_value_of_one_is_noticed() -> None:
    assert len(COMMANDS) > 30
    for words in (
        ("report", "record", "--form", "page", "--colour"),
        ("report", "record", "--format", "pdf"),
    ):
        with pytest.raises(click.UsageError):
            parse(words)
