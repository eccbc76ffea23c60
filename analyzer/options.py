"""The options every command shares: one list, from which the command line, the environment's names and the settings follow.

An option's environment variable is ROLLOUT_ANALYZER_ and its name, its key in the config file the same in small letters; click
resolves the layers and says which one won.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
import msgspec
from click.core import ParameterSource

from analyzer.errors import UsageError
from analyzer.redact import redact
from analyzer.settings import Ask, Consensus, Hide, Look, OnDoubt, Origin, Policy, Prometheus, Rules, Settings, Tell, Telling, Where
from analyzer.units import seconds, size
from analyzer.value import Value

F = TypeVar("F", bound=Callable[..., Any])
G = TypeVar("G", bound=Value)

PREFIX = "ROLLOUT_ANALYZER_"


class Duration(click.ParamType[float]):
    """Seconds, as `units.seconds` reads them."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds, as a float."""
        if isinstance(value, float | int):
            return float(value)
        try:
            return seconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


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


def _option(*names: str, **more: Any) -> Callable[[F], F]:
    """A click option that its environment variable can set, too."""
    name = next(name for name in names if name.startswith("--"))
    variable = PREFIX + name.removeprefix("--").replace("-", "_").upper()
    if "default" in more and more["default"] not in ("", ()):
        more.setdefault("show_default", True)
    return click.option(*names, envvar=variable, **more)


def _together(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
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


def config_schema(command: click.Command) -> dict[str, Any]:
    """The JSON Schema of the config file, for the options of all commands."""
    from analyzer.config import schema

    known = options_of(command)
    return schema({key: _json_type(each) for key, each in known.items()}, [str(each.name) for each in known.values()])


def _json_type(parameter: click.Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": ["string", "number"]}
    if isinstance(parameter.type, click.Choice):
        one = {"enum": list(parameter.type.choices)}
    elif isinstance(parameter.type, click.types.BoolParamType):
        one = {"type": "boolean"}
    elif isinstance(parameter.type, click.IntRange | click.FloatRange):
        bounds = {"minimum": parameter.type.min, "maximum": parameter.type.max}
        one = {"type": "number", **{name: each for name, each in bounds.items() if each is not None}}
    described = {"description": getattr(parameter, "help", "")}
    return described | ({"anyOf": [one, {"type": "array", "items": one}]} if parameter.multiple else one)


def _read_config(context: click.Context, _parameter: click.Parameter, path: str) -> str:
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


_SECTIONS = "analyzer.config.sections"
_existing = click.Path(exists=False, dir_okay=False)
_defaults = Settings()

where_options = _together(
    _option(
        "--config", default="", type=_existing, is_eager=True, callback=_read_config, help="YAML file that says what options say, and more."
    ),
    _option("--namespace", "-n", default="", help="Namespace of the rollout. By default the AnalysisRun's, or the context's."),
    _option("--rollout", default="", help="Name of the Rollout to judge. In the Job of an Argo metric none is needed."),
    _option("--stable-hash", default="", help="Pod template hash of the stable side, instead of asking the Rollout."),
    _option("--canary-hash", default="", help="Pod template hash of the canary side."),
    _option("--stable-selector", default="", help="Label selector of the stable side, where pods carry role labels."),
    _option("--canary-selector", default="", help="Label selector of the canary side."),
    _option("--context", default="", help="Context of the kubeconfig, as kubectl has it."),
    _option("--kubeconfig", default="", type=_existing, help="Kubeconfig file, as kubectl has it. In a pod none is needed."),
    _option("--since", type=Duration(), default=_defaults.look.since, show_default="10m", help="How far back to look."),
    _option("--deadline", type=Duration(), default=_defaults.deadline, show_default="5m", help="When to answer with what there is."),
    _option("--redact-emails", is_flag=True, help="Mask e-mail addresses as secrets are."),
    click.option("--verbose", is_flag=True, help="Show causes of errors and where the time went."),
)

look_options = _together(
    _option("--log-bytes", type=Size(), default=_defaults.look.log_bytes, show_default="4MiB", help="Bytes read of one container's log."),
    _option(
        "--log-bytes-total", type=Size(), default=_defaults.look.log_bytes_total, show_default="1536MiB", help="Bytes read of all logs."
    ),
    _option("--log-pods", type=click.IntRange(1), default=_defaults.look.log_pods, help="Pods a side whose logs are read; a fair sample."),
    _option("--observe", type=Duration(), default=_defaults.look.observe, show_default="0s", help="How long to watch the pods first."),
    _option(
        "--context-selector",
        "context_selectors",
        multiple=True,
        metavar="NAME=SELECTOR",
        help="Other pods whose logs both sides share, such as gateway=app=gateway. Repeatable.",
    ),
    _option("--prometheus", "prometheus_url", default="", metavar="URL", help="Prometheus' root. What to ask it is in the config file."),
    _option("--prometheus-ca", default="", type=_existing, help="PEM file of the authority that vouches for Prometheus."),
    _option("--prometheus-token-file", default="", type=_existing, help="File of its bearer token; or set PROMETHEUS_TOKEN."),
)

target_options = _together(where_options, look_options)

min_age_option = _option(
    "--min-age", type=Duration(), default=_defaults.rules.min_age, show_default="1m", help="A younger pod's fault cannot be told."
)

replay_options = _together(
    _option(
        "--evidence",
        default="",
        type=_existing,
        metavar="FILE|configmap:NAMESPACE/NAME",
        help="Judge this bundle or record instead of a cluster.",
    ),
    min_age_option,
    _option(
        "--min-canary-age",
        type=Duration(),
        default=_defaults.rules.min_canary_age,
        show_default="0s",
        help="How long the canary must have been Ready to be judged.",
    ),
    _option("--min-requests", type=click.IntRange(0), default=0, help="Requests the canary must have logged to be judged. 0: none."),
    _option("--template", default="", type=_existing, help="Jinja file to render the prompt from."),
    _option("--extra-prompt", default="", help='What your team adds to the prompt, such as "Ignore colour changes".'),
    _option(
        "--previous",
        multiple=True,
        type=_existing,
        help="Record of an earlier judgement of the same canary (--save), for the prompt: it decides nothing. Repeatable.",
    ),
    _option("--prompt-tokens", type=click.IntRange(500), default=_defaults.ask.prompt_tokens, help="What a prompt may take, as estimated."),
    _option("--investigate", is_flag=True, help="Let models look closer before they answer: read-only, this target only, bounded."),
    _option(
        "--investigate-steps",
        type=click.IntRange(1, 20),
        default=_defaults.ask.investigate_steps,
        help="How often a model may ask to look, with --investigate.",
    ),
)

judge_options = _together(
    _option(
        "--model",
        "models",
        multiple=True,
        metavar="MODEL",
        help="builtin, gemini[:NAME], ollama[:NAME], openai:NAME@URL, agent:URL or scripted:FILE. Repeatable.",
    ),
    _option("--ollama-pull", is_flag=True, help="Have Ollama pull a model that it lacks, within the deadline."),
    _option(
        "--weight",
        "weights",
        multiple=True,
        metavar="MODEL=NUMBER",
        help="What a model's verdict counts beside the others', by default 1, such as gemini=2. Repeatable.",
    ),
    _option(
        "--consensus", type=click.Choice(get_args(Consensus)), default=_defaults.rules.consensus, help="How verdicts become one answer."
    ),
    _option(
        "--quorum", type=click.IntRange(0), default=0, show_default="a majority of those asked", help="Verdicts needed to decide anything."
    ),
    _option("--min-share", type=click.FloatRange(0, 1), default=_defaults.rules.min_share, help="Share of the votes that promote needs."),
    _option(
        "--min-confidence", type=click.FloatRange(0, 100), default=_defaults.rules.min_confidence, help="Mean confidence promote needs."
    ),
    _option(
        "--on-inconclusive",
        type=click.Choice(get_args(OnDoubt)),
        default="fail",
        help="What an inconclusive answer does: exits with 4, with 0, or pauses the Rollout and then exits with 0.",
    ),
    _option(
        "--on-error",
        type=click.Choice(get_args(OnDoubt)),
        default="fail",
        help="What exit code 5 becomes: itself, 0, or 0 once the Rollout is paused.",
    ),
    _option("--require", multiple=True, metavar="SOURCE", help="Evidence without which nothing is decided: logs, events, … Repeatable."),
)


report_options = _together(
    _option("--output", type=click.Choice(["text", "json"]), default="text", help="The report on stdout."),
    _option(
        "--save",
        default="",
        type=click.Path(dir_okay=False),
        metavar="FILE|configmap:NAME",
        help="Keep the whole record, to judge it again: in this file (.gz compresses it), or in a ConfigMap beside the Rollout.",
    ),
    _option(
        "--effect",
        "effects",
        multiple=True,
        type=click.Choice(get_args(Telling)),
        default=Tell().effects,
        show_default="event and annotations",
        help="Where an AnalysisRun that asks is told the answer: an Event on it and on the Rollout, its annotations, or none. Repeatable.",
    ),
    _option(
        "--link", default="", metavar="URL", help="Where people find more, such as this Job's logs: for the AnalysisRun's annotations."
    ),
    _option("--termination-log", default="", type=click.Path(), help="Short report for Kubernetes, by default in /dev/termination-log."),
)


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


_ORIGINS: dict[ParameterSource | None, Origin] = {
    ParameterSource.DEFAULT: "default",
    ParameterSource.DEFAULT_MAP: "config file",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.COMMANDLINE: "option",
}
