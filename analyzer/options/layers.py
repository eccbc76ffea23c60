"""The layers of one command line, weakest first: default, config file, environment, option. click resolves them and says which one won."""

import os
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from click.core import ParameterSource

from analyzer.errors import UsageError
from analyzer.options.kinds import PREFIX, options_of, variable_of
from analyzer.settings import Ask, Hide, Look, Origin, Policy, Prometheus, Rules, Settings, Tell, Where
from analyzer.value import Value

G = TypeVar("G", bound=Value)

NEAR = 0.95  # of difflib's ratio, the common beginning included: a letter or two
LIKE = 0.7  # for what follows the beginning that is ours
LONGEST = 80  # characters of a name that is compared, or shown
_SECTIONS = "analyzer.config.sections"
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
_NAME = re.compile(r"[A-Z0-9_]*")
_SERVICE_LINK = re.compile(
    r"_(?:SERVICE_HOST$|SERVICE_PORT(?:_[A-Z0-9_]|$)|PORT(?:$|_[0-9]{1,5}_(?:TCP|UDP|SCTP)(?:$|_(?:PROTO|PORT|ADDR)$)))"
)
_ORIGINS: dict[ParameterSource | None, Origin] = {
    ParameterSource.DEFAULT: "default",
    ParameterSource.DEFAULT_MAP: "config file",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.COMMANDLINE: "option",
}


def read_config(context: click.Context, _parameter: click.Parameter, path: str) -> str:
    """Puts the config file between the defaults and the environment. One file serves every command: what this one lacks is only checked."""
    if not path:
        return path
    from analyzer.config import read

    known = options_of(context.find_root().command)
    file = read(Path(path), known, [str(parameter.name) for parameter in known.values()])
    values = {key: _typed(context, known[key], text, f"{file.places[key]}: {key}") for key, text in file.options.items()}
    own = options_of(context.command)
    context.default_map = {str(own[key].name): value for key, value in values.items() if key in own}
    context.meta[_SECTIONS] = file.sections
    return path


def _typed(context: click.Context, parameter: click.Parameter, text: "str | tuple[str, ...]", where: str) -> Any:
    """The value that the option itself would have of such text. UsageError where it would have none."""
    if parameter.multiple:
        text = (text,) if isinstance(text, str) else text
    elif not isinstance(text, str):
        raise UsageError(f"{where} takes one value, not a list")
    try:
        return parameter.type_cast_value(context, text)
    except click.BadParameter as error:
        raise UsageError(f"{where}: {error.message}") from error


def variables(command: click.Command) -> tuple[str, ...]:
    """The environment's names of a command's options, or all commands' of a group."""
    return tuple(variable_of(key) for key in (*options_of(command), "config"))


def check_variables(context: click.Context) -> tuple[str, ...]:
    """What to say of variables with this beginning that set no option: a team's own, most likely, or one that is misspelt.

    UsageError for one that is nearly an option's: as with a key of the config file, none is the default in silence. Kubernetes' own, for
    a Service of this name or one that begins so, are left alone.
    """
    known = variables(context.find_root().command)
    said = []
    for name in sorted(name for name in os.environ if variable_like(name).startswith(PREFIX) and name not in known):
        if _NAME.fullmatch(name) and _SERVICE_LINK.search(name, len(PREFIX) - 1):
            continue
        if near := get_close_matches(variable_like(name), known, n=1, cutoff=NEAR):
            raise UsageError(f"there is no option for the environment variable {name[:LONGEST]}", advice=f"did you mean {near[0]}?")
        meant = nearest(name, known)
        said.append(f"the environment variable {name[:LONGEST]} sets no option{f': did you mean {meant}?' if meant else ''}")
    return tuple(said)


def variable_like(name: str) -> str:
    """A variable's name as an option's would be written."""
    return name[:LONGEST].upper().replace("-", "_")


def nearest(name: str, known: Sequence[str]) -> str:
    """The option's variable that is most like a name with our beginning, by what follows that; empty where none is."""
    ends = {variable.removeprefix(PREFIX): variable for variable in known}
    near = get_close_matches(variable_like(name)[len(PREFIX) :], ends, n=1, cutoff=LIKE)
    return ends[near[0]] if near else ""


def settings_of(context: click.Context) -> Settings:
    """The settings of one command line. A group a command has no options for keeps its defaults.

    An option beats the environment, both beat the config file; so do `--prometheus-ca` and its like the fields of that section.
    """
    given = context.params
    origins = {name: _ORIGINS[source] for name in given if (source := context.get_parameter_source(name)) in _ORIGINS}
    sections: dict[str, Any] = context.meta.get(_SECTIONS, {})

    def group(kind: type[G]) -> G:
        return kind(**{name: each for name in kind.__struct_fields__ for each in (sections.get(name), given.get(name)) if each is not None})

    prometheus = sections.get("prometheus", Prometheus())
    options = {
        name: given[parameter]
        for name in Prometheus.__struct_fields__
        if (parameter := f"prometheus_{name}") in given and (given[parameter] or origins[parameter] in ("option", "environment"))
    }
    return Settings(
        where=group(Where),
        look=msgspec.structs.replace(group(Look), prometheus=msgspec.structs.replace(prometheus, **options)),
        ask=group(Ask),
        rules=group(Rules),
        hide=group(Hide),
        policy=group(Policy),
        tell=group(Tell),
        deadline=given["deadline"],
        origins=origins | dict.fromkeys(sections, "config file"),
    )


def shown(context: click.Context) -> Iterator[str]:
    """Each setting of one command line and where it came from, a line each that the config file reads as it stands."""
    from analyzer.redact import redact  # its table costs a tenth of a start

    settings = settings_of(context)
    sections = {key: _section(settings, key) for key in context.meta.get(_SECTIONS, {})}
    values = {key: context.params[str(parameter.name)] for key, parameter in options_of(context.command).items() if key not in sections}
    names = {key: str(parameter.name) for key, parameter in options_of(context.command).items()}
    for key, value in (values | sections).items():
        text = msgspec.json.encode(value).decode()
        yield f"{key}: {text if key in ('redact', 'ignore') else redact(text)}  # {settings.origins[names[key] if key in values else key]}"


def _section(settings: Settings, key: str) -> Any:
    return next(
        getattr(group, key) for group in (settings.look, settings.rules, settings.hide, settings.ask, settings.where) if hasattr(group, key)
    )
