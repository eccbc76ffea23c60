"""The options of each command, in the order of the help: those that the settings declare for it."""

from typing import Any

import click

from analyzer.options.invocation import Invocation
from analyzer.options.layers import apply_config
from analyzer.options.option import DeclaredOption
from analyzer.settings.option import ALL_COMMANDS, CHECKING, EVALUATING, Section, declared

_SECTIONS = list(Section)
_DECLARED = sorted(declared(Invocation), key=lambda option: _SECTIONS.index(option.option.section))


def options(command: str) -> list[click.Parameter]:
    """Return the options of a command. One that is not of `ALL_COMMANDS` has every option but those of one
    other command alone, and but those that it has of its own.
    """
    own = {declaration.name for declaration in _DECLARED if command in declaration.option.commands}
    return [
        DeclaredOption(declaration, **_MORE.get(declaration.parameter, {}))
        for declaration in _DECLARED
        if command in declaration.option.commands
        or (
            command not in ALL_COMMANDS
            and declaration.option.commands not in (EVALUATING, CHECKING)
            and declaration.name not in own
        )
    ]


def pick_options(*parameters: str) -> list[click.Parameter]:
    """Return some options, by their fields' names, for a command that takes hardly any."""
    return [DeclaredOption(declaration) for declaration in _DECLARED if declaration.parameter in parameters]


def _stands_alone(_ctx: click.Context, _param: click.Parameter, effects: tuple[str, ...]) -> tuple[str, ...]:
    """Return the effects. click.BadParameter for `none` beside another one."""
    if "none" in effects and set(effects) != {"none"}:
        others = " and ".join(sorted(set(effects) - {"none"}))
        both = f"'none' is no effect at all, and {others} cannot be had beside it"
        raise click.BadParameter(f"{both}: leave one of the two out")
    return effects


_MORE: dict[str, dict[str, Any]] = {
    "config": {"is_eager": True, "callback": apply_config},
    "effects": {"callback": _stands_alone},
}
