"""An option of a command, made of what the settings declare.

Its variable is `ROLLOUT_ANALYZER_` and its name, its key in the config file the same in small letters.
"""

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from analyzer.options.param_types import Duration, Size, param_type_of
from analyzer.settings.option import PREFIX, Declared, variable_of

REFUSED = "analyzer.refused"  # a context's list of the errors of its options
ENVIRON = "analyzer.environ"  # a context's, where it is another one than this process has


class DeclaredOption(click.Option):
    """An option that reads its variable where its command line is run: a manifest's is run in a container."""

    def __init__(self, declared: Declared, **more: Any) -> None:
        option = declared.option
        kind = param_type_of(declared)
        default = (
            kind.format_value(declared.default) if isinstance(kind, Duration | Size) else declared.default
        )
        super().__init__(
            [declared.name, *filter(None, (option.letter,)), declared.parameter],
            type=kind,
            default=default,
            show_default=option.default or (declared.type is not bool and default not in ("", ())),
            is_flag=declared.type is bool,
            multiple=isinstance(default, tuple),
            envvar=variable_of(declared.name) if option.variable else None,
            metavar=option.metavar or None,
            help=f"{option.help} Repeatable." if isinstance(default, tuple) else option.help,
            **more,
        )
        self.declared = declared

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return the variable's value as click reads it: an empty variable counts as unset."""
        environ = ctx.meta.get(ENVIRON)
        if environ is None or not isinstance(self.envvar, str):
            return super().resolve_envvar_value(ctx)
        return environ.get(self.envvar) or None

    def handle_parse_result(
        self,
        ctx: click.Context,
        opts: Mapping[str, Any],
        args: list[str],
    ) -> tuple[Any, list[str]]:
        """Read the value as click does. An error hides no other option's value."""
        try:
            return super().handle_parse_result(ctx, opts, args)
        except Exception as error:
            if REFUSED not in ctx.meta:
                raise
            from_variable = ctx.get_parameter_source(str(self.name)) is ParameterSource.ENVIRONMENT
            if from_variable and isinstance(error, click.BadParameter):
                error.param_hint = f"'{self.opts[0]}' ({self.envvar})"
            ctx.meta[REFUSED].append(error)
        return None, args


def seldom(parameter: click.Parameter) -> bool:
    """Return whether only `--help-all` shows it."""
    return isinstance(parameter, DeclaredOption) and parameter.declared.option.seldom


def section_of(parameter: click.Parameter) -> str:
    """Return the section of the help that has it; empty for the last one."""
    return parameter.declared.option.section if isinstance(parameter, DeclaredOption) else ""


def key_of(parameter: click.Parameter) -> str:
    """Return an option's key in the config file, empty where it has none.

    What the environment can set, the file can.
    """
    variable = parameter.envvar if parameter.name != "config" else None
    return variable.removeprefix(PREFIX).lower() if isinstance(variable, str) else ""


def options_of(command: click.Command) -> dict[str, click.Parameter]:
    """Return the options by their keys: a command's, or all commands' of a group."""
    commands = command.commands.values() if isinstance(command, click.Group) else (command,)
    parameters = (parameter for one in commands for parameter in one.params)
    return {key: parameter for parameter in parameters if (key := key_of(parameter))}
