"""The layers of one command line, weakest first: default, config file, environment, option.

click resolves them and says which one gave a value.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from click.core import ParameterSource

from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.options.invocation import Invocation
from analyzer.options.option import options_of
from analyzer.options.param_types import Duration, Size
from analyzer.settings import Origin, Settings
from analyzer.settings.option import Group, OptionText

V = TypeVar("V", bound=Value)

_SECTIONS = "analyzer.config.sections"
_ORIGINS: dict[ParameterSource | None, Origin] = {
    ParameterSource.DEFAULT: "default",
    ParameterSource.DEFAULT_MAP: "config file",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.COMMANDLINE: "option",
}


def apply_config(context: click.Context, _parameter: click.Parameter, path: str) -> str:
    """Put the config file between the defaults and the environment. UsageError for one that does not hold,
    with each of its options that does not.

    One file serves every command: what this one has no option for is only checked.
    """
    if not path:
        return path
    from analyzer.config import read_config

    known = options_of(context.find_root().command)
    file = read_config(Path(path), known)
    own = options_of(context.command)
    defaults, wrong = {}, []
    for key, text in file.options.items():
        try:
            value = _typed(context, known[key], text, where=f"{file.places[key]}: {key}")
        except UsageError as error:
            wrong.append(error)
            continue
        if key in own:
            defaults[str(own[key].name)] = value
    if wrong:
        raise UsageError("; ".join(map(str, wrong))) from wrong[0]
    context.default_map = defaults
    context.meta[_SECTIONS] = file.sections
    return path


def _typed(context: click.Context, parameter: click.Parameter, text: OptionText, *, where: str) -> Any:
    """Return the value that the option would have of such text. UsageError where it would have none."""
    if parameter.multiple:
        text = (text,) if isinstance(text, str) else text
    elif not isinstance(text, str):
        raise UsageError(f"{where} takes one value, not a list")
    try:
        return parameter.type_cast_value(context, text)
    except click.BadParameter as error:
        raise UsageError(f"{where}: {error.message}") from error


def invocation_of(context: click.Context) -> Invocation:
    """Return what a command line asks, as far as it was read.

    An option beats the environment, both beat the config file; so do `--prometheus-ca` and its like the
    fields of that section.
    """
    sources = {name: context.get_parameter_source(name) for name in context.params}
    origins = {name: _ORIGINS[source] for name, source in sources.items() if source in _ORIGINS}
    sections: Mapping[str, Any] = context.meta.get(_SECTIONS, {})
    options = {name: context.params[name] for name, origin in origins.items() if origin != "default"}
    invocation = _filled(Invocation(), {**sections, **options})
    every_origin = origins | dict.fromkeys(sections, "config file")
    settings = msgspec.structs.replace(invocation.settings, origins=every_origin)
    return msgspec.structs.replace(invocation, settings=settings)


def _filled(value: V, given: Mapping[str, Any], prefix: str = "") -> V:
    """Return the value with what is given of its fields, and of the fields of what is in it."""
    changes: dict[str, Any] = {}
    for field in msgspec.structs.fields(value):
        default = getattr(value, field.name)
        inner = default if isinstance(default, Group) else given.get(prefix + field.name, default)
        within = "" if isinstance(inner, Group) else f"{field.name}_"
        changes[field.name] = _filled(inner, given, within) if isinstance(inner, Value) else inner
    return msgspec.structs.replace(value, **changes)


def setting_lines(context: click.Context) -> Iterator[str]:
    """Yield each setting of one command line and where it came from, in lines that a config file may have."""
    from analyzer.config.dump import dump_section
    from analyzer.redact import redact  # its table costs a tenth of a start

    settings = invocation_of(context).settings
    sections = {key: _section(settings, key) for key in context.meta.get(_SECTIONS, {})}
    for key, parameter in options_of(context.command).items():
        if key in sections:
            continue
        value = context.params[str(parameter.name)]
        kind = parameter.type
        text = (
            kind.format_value(value)
            if isinstance(kind, Duration | Size)
            else msgspec.json.encode(value).decode()
        )
        yield f"{key}: {redact(text)}  # {settings.origins[str(parameter.name)]}"
    for key, value in sections.items():
        yield f"{key}:  # {settings.origins[key]}"
        text = dump_section(value)
        lines = text if key in ("redact", "ignore") else redact(text)
        yield from (f"  {line}" for line in lines.splitlines())


def _section(settings: Settings, key: str) -> Any:
    """Return the value of a section, in whichever group it is."""
    groups = (getattr(settings, name) for name in settings.__struct_fields__)
    return next(getattr(group, key) for group in groups if isinstance(group, Group) and hasattr(group, key))
