"""What all commands have in common: help in sections, which may be read in part, and a word on an option that another command has."""

import contextlib
from typing import Any

import click

from analyzer.cli.terminal import writing
from analyzer.exits import Exit


class Command(click.Command):
    """A command whose help is text like any other: who reads it may leave in the middle of it."""

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """Reading a command line writes nothing but the help and the version."""
        try:
            with contextlib.suppress(BrokenPipeError), writing():
                return super().make_context(info_name, args, parent, **extra)
        except click.NoSuchOption as error:
            raise _of_another(error, parent) from error
        raise click.exceptions.Exit(Exit.PROMOTE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """In sections: what every command has comes last."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            sections.setdefault(getattr(parameter, "section", ""), []).extend(filter(None, (parameter.get_help_record(ctx),)))
        for title in sorted(sections, key=bool, reverse=True):
            with formatter.section(title or "Options"):
                formatter.write_dl(sections[title])


class Group(Command, click.Group):
    """The same for the command that has the others."""

    format_options = click.Group.format_options


def _of_another(error: click.NoSuchOption, parent: click.Context | None) -> click.NoSuchOption:
    """An option that other commands have is no misspelling."""
    commands = parent.command.commands if parent and isinstance(parent.command, click.Group) else {}
    having = [name for name, each in commands.items() if any(error.option_name in option.opts for option in each.params)]
    told = f"{error.message} It is one of {', '.join(having)}."
    return click.NoSuchOption(error.option_name, told, ctx=error.ctx) if having else error
