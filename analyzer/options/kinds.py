"""How an option is made: its environment variable, its key in the config file, and the units that its text may carry.

An option's environment variable is ROLLOUT_ANALYZER_ and its name, its key in the config file the same in small letters. The variable
of an option that repeats has its values between blanks, or one a line where blanks may be part of a value.
"""

from collections.abc import Callable, Sequence
from math import isnan
from typing import Any, TypeVar

import click

from analyzer.units import seconds, size

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "ROLLOUT_ANALYZER_"
ENVIRON = "analyzer.environ"  # a context's, where it is another one than this process has


class Duration(click.ParamType[float]):
    """Seconds, as `units.seconds` reads them, `least` or more."""

    name = "duration"

    def __init__(self, least: float = 0.0) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds, as a float."""
        if isinstance(value, float | int):
            return float(value)
        try:
            found = seconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if found < self._least:
            self.fail(f"{value!r} is too short: {self._least:g}s is the least", param, ctx)
        return found


class Size(click.ParamType[int]):
    """Bytes, as `units.size` reads them."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes; never none."""
        if isinstance(value, int):
            return value
        try:
            return size(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Line(click.types.StringParamType):
    """A text that may hold blanks."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """One a line."""
        return _lines(rv)


class File(click.Path):
    """The name of a file. Whether it is there and may be read or written is told by who does, with what to do about it.

    `stream`: or `-`, for standard input or output.
    """

    def __init__(self, *, stream: bool = False) -> None:
        super().__init__(dir_okay=False, readable=False, allow_dash=stream)

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """One a line."""
        return _lines(rv)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name as given."""
        if value == "-" and not self.allow_dash:
            self.fail("a file's name is wanted, and '-' is none", param, ctx)
        return super().convert(value, param, ctx)


class Bounded(click.FloatRange):
    """A number between bounds. `nan` is none: it is neither below nor above any."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """A number."""
        found = float(super().convert(value, param, ctx))
        return self.fail(f"{value!r} is no number", param, ctx) if isnan(found) else found


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


class Option(click.Option):
    """An option that reads its variable where its command line is run: that of a manifest is run in a container."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """As click has it: an empty variable is none."""
        environ = ctx.meta.get(ENVIRON)
        return super().resolve_envvar_value(ctx) if environ is None else environ.get(self.envvar) or None


def option(*names: str, **more: Any) -> Callable[[F], F]:
    """A click option that its environment variable can set, too."""
    name = next(name for name in names if name.startswith("--"))
    if "default" in more and more["default"] not in ("", ()):
        more.setdefault("show_default", True)
    return click.option(*names, cls=Option, envvar=variable_of(name), **more)


def variable_of(name: str) -> str:
    """The environment variable of an option such as `--min-age`."""
    return PREFIX + name.removeprefix("--").replace("-", "_").upper()


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """These options as one decorator, in their order."""

    def decorate(command: F) -> F:
        for each in reversed(options):
            command = each(command)
        return command

    return decorate


def section(title: str, *options: Callable[[F], F]) -> Callable[[F], F]:
    """The same, under a title of their own in the help."""

    def decorate(command: F) -> F:
        before = len(getattr(command, "__click_params__", ()))
        together(*options)(command)
        for parameter in getattr(command, "__click_params__", ())[before:]:
            parameter.section = title
        return command

    return decorate


def key_of(parameter: click.Parameter) -> str:
    """An option's key in the config file, or empty where it has none: what the environment can set, the file can."""
    variable = parameter.envvar if parameter.name != "config" else None
    return variable.removeprefix(PREFIX).lower() if isinstance(variable, str) else ""


def options_of(command: click.Command) -> dict[str, click.Parameter]:
    """The options by their keys: a command's, or all commands' of a group."""
    commands = command.commands.values() if isinstance(command, click.Group) else (command,)
    return {key: parameter for each in commands for parameter in each.params if (key := key_of(parameter))}
