"""What an option takes, as click types, and how the text of each is read.

The environment variable of an option that repeats has its values between blanks, or one a line where blanks
may be part of a value.
"""

from collections.abc import Sequence
from math import isnan
from typing import Any, Literal, get_args, get_origin

import click

from analyzer.common.address import is_link
from analyzer.common.units import binary, duration, seconds, size
from analyzer.settings.option import Declared

_GROUPS = ("", ".argoproj.io", ".v1alpha1.argoproj.io")
_ROLLOUT = {f"{kind}{group}" for kind in ("rollout", "rollouts", "ro") for group in _GROUPS}


class Duration(click.ParamType["float | str"]):
    """Seconds, as `units.seconds` reads them, `least` or more.

    `auto`: or that word, where the run itself knows best.
    """

    name = "duration"

    def __init__(self, least: float = 0.0, *, auto: bool = False) -> None:
        self._least, self._auto = least, auto

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "float | str":
        """Return seconds, as a float; or "auto"."""
        if isinstance(value, float | int):
            return float(value)
        if self._auto and value == "auto":
            return "auto"
        try:
            length = seconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if length < self._least:
            self.fail(f"{value!r} is too short: {self._least:g}s is the least", param, ctx)
        return length

    def format_value(self, value: "float | str") -> str:
        """Return the value as `convert` reads it."""
        return value if isinstance(value, str) else duration(value)


class RolloutName(click.types.StringParamType):
    """The name of a Rollout, or what kubectl takes for it: `rollout/cart`, `rollouts.argoproj.io/cart`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name alone. Whether an object can be called so is checked where it is asked for."""
        kind, slash, name = str(value).partition("/")
        if not slash:
            return value
        if kind.lower() not in _ROLLOUT or "/" in name:
            self.fail(f"{value!r} names no Rollout: write its name alone, such as cart", param, ctx)
        if not name:
            self.fail(f"{value!r} has no name behind the kind: write it, such as rollout/cart", param, ctx)
        return name


class Address(click.types.StringParamType):
    """An http or https URL that a report may link to, or nothing."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the URL as given."""
        if value and not is_link(str(value)):
            self.fail("write an http or https URL without a user, a fragment or brackets", param, ctx)
        return value


class Size(click.ParamType[int]):
    """Bytes, as `units.size` reads them."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return bytes; never 0."""
        if isinstance(value, int):
            return value
        try:
            return size(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def format_value(self, value: int) -> str:
        """Return the value as `convert` reads it."""
        return binary(value)


class TextWithBlanks(click.types.StringParamType):
    """A text that may hold blanks."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the values, which stand one a line."""
        return _lines(rv)


class File(click.Path):
    """The name of a file. `stream`: or `-`, for standard input or output.

    Whether it is there, and may be read or written, is checked where that is done: the error then says what
    to do.
    """

    def __init__(self, *, stream: bool = False) -> None:
        super().__init__(dir_okay=False, readable=False, allow_dash=stream)

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the values, which stand one a line."""
        return _lines(rv)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name as given."""
        if value == "-" and not self.allow_dash:
            self.fail("a file's name is wanted, and '-' is none", param, ctx)
        return super().convert(value, param, ctx)


class BoundedFloat(click.FloatRange):
    """A number between bounds. `nan` is refused: it is neither below nor above any bound."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        number = float(super().convert(value, param, ctx))
        return self.fail(f"{value!r} is no number", param, ctx) if isnan(number) else number


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


_PARAM_TYPES: dict[str, click.ParamType[Any]] = {
    "bytes": Size(),
    "rollout": RolloutName(),
    "address": Address(),
    "file": File(),
    "stream": File(stream=True),
    "path": click.Path(),
    "line": TextWithBlanks(),
}


def param_type_of(declared: Declared) -> click.ParamType[Any]:
    """Return how an option's text is read, by its field's type and bounds, and by its kind."""
    kind, low, high = declared.option.kind, declared.low, declared.high
    item = get_args(declared.type)[0] if get_origin(declared.type) is tuple else declared.type
    if get_origin(item) is Literal:
        return click.Choice(get_args(item))
    if kind == "duration":
        return Duration(low or 0.0, auto=item is not float)
    if kind in _PARAM_TYPES:
        return _PARAM_TYPES[kind]
    if item is int:
        return click.IntRange(low, high)
    return BoundedFloat(low, high) if item is float else click.types.convert_type(item)
