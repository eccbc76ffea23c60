"""The models: which are asked, and why.

A new model is one file beside this one, or a folder if it has several parts, with `create(argument, environ)
-> Model`, and its line in `ADAPTERS`. A model is named `ADAPTER[:ARGUMENT]`; the argument is everything after
the first colon (`ollama:gemma4:12b`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Sized
from importlib import import_module

from analyzer.common.nearest import nearest
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.models.interface import Model, Pulling, Sending
from analyzer.redact import redact

ADAPTERS: dict[str, str] = {
    "agent": "analyzer.models.agent",
    "builtin": "analyzer.models.builtin",
    "gemini": "analyzer.models.gemini",
    "ollama": "analyzer.models.ollama",
    "openai": "analyzer.models.openai",
    "scripted": "analyzer.models.scripted",
}

CALLERS = ("gemini", "ollama", "openai", "scripted")  # those that can use tools before they answer

# the variables that choose a model without --model
_VARIABLES: dict[str, tuple[str, ...]] = {
    "gemini": (
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_GENAI_USE_ENTERPRISE",
        "GOOGLE_GENAI_USE_VERTEXAI",
    ),
    "ollama": ("OLLAMA_HOST",),
}


class ModelChoice(Value):
    """The names of the models to ask, and the reason for them, in a sentence for a person."""

    names: tuple[str, ...]
    why: str


def choose(names: tuple[str, ...], environ: Mapping[str, str]) -> ModelChoice:
    """Return the models to ask: those named, or each that the environment has a key or host for, or the
    built-in judge. The environment's models and the built-in judge are never mixed.

    Raise UsageError for an adapter that does not exist.
    """
    for name in names:
        _adapter_of(name)
    if names:
        return ModelChoice(names=names, why=f"asking {', '.join(names)}, as configured")
    chosen = {
        name: variable
        for name, variables in _VARIABLES.items()
        for variable in reversed(variables)
        if _is_set(variable, environ)
    }
    if chosen:
        return ModelChoice(
            names=tuple(chosen),
            why=f"asking {' and '.join(f'{name} ({variable} is set)' for name, variable in chosen.items())}",
        )
    return ModelChoice(
        names=("builtin",),
        why="asking builtin, the built-in judge: no --model, and no key or host of one is set",
    )


def is_chosen_by(variable: str, environ: Mapping[str, str]) -> bool:
    """Return whether a variable of the environment chooses a model without --model."""
    return any(variable in variables for variables in _VARIABLES.values()) and _is_set(variable, environ)


def describe_recipients(models: Sequence[Model], names: Sequence[str]) -> str:
    """Return a sentence on what leaves this process and where to, empty if nothing does. It says how to
    choose another model if no model was named (`names`).
    """
    recipients = [f"{model.place} ({model.name})" for model in models if isinstance(model, Sending)]
    if not recipients:
        return ""
    notice = (
        f"evidence from pods, events and logs, with secrets masked, is sent to {' and '.join(recipients)}"
    )
    adapters = " ".join(dict.fromkeys(f"--model {model.name.partition(':')[0]}" for model in models))
    return (
        notice
        if names
        else (
            f"{notice}; no --model was given: --model builtin sends nothing, {adapters} is the same"
            " without this notice"
        )
    )


def can_call(name: str) -> bool:
    """Return whether the adapter of a model can use tools. Whether its server can, only asking shows."""
    return name.partition(":")[0] in CALLERS


def check_calls(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the models that cannot use tools and are asked without, for --investigate. Raise UsageError if
    none can.
    """
    cannot = tuple(name for name in names if not can_call(name))
    if len(cannot) == len(names):
        raise UsageError(
            f"--investigate needs a model that can use tools, and {' and '.join(names)} cannot",
            advice=f"such as {', '.join(CALLERS[:3])}",
        )
    return cannot


def create(names: tuple[str, ...], environ: Mapping[str, str]) -> tuple[Model, ...]:
    """Return the models in the order of `names`.

    Raise UsageError for a wrong name, and for a model named twice: each model has one vote.
    """
    models = tuple(_create(name, environ) for name in names)
    twice = [name for name, count in Counter(model.name for model in models).items() if count > 1]
    if twice:
        raise UsageError(
            f"the model {twice[0]} is asked twice", advice="name each model once: each has one vote"
        )
    return models


def check_quorum(quorum: int, models: Sized) -> None:
    """Raise UsageError for a quorum above the number of models, since no answer could reach it."""
    if quorum > len(models):
        raise UsageError(
            f"--quorum {quorum} can never be reached: {len(models)} asked",
            advice="ask more models, or lower it",
        )


def enable_pulling(models: tuple[Model, ...], say: Callable[[str], None]) -> tuple[Model, ...]:
    """Return the same models for --ollama-pull: those that their server can lack are pulled there when asked.
    `say` gets the progress.
    """
    return tuple(model.pulling(say) if isinstance(model, Pulling) else model for model in models)


def _create(name: str, environ: Mapping[str, str]) -> Model:
    """Return one model by its name. Raise UsageError for a wrong name."""
    model: Model = import_module(ADAPTERS[_adapter_of(name)]).create(name.partition(":")[2], environ)
    return model


def _adapter_of(name: str) -> str:
    """Return the adapter's part of a model's name. Raise UsageError if there is no such adapter."""
    adapter = name.partition(":")[0]
    if adapter not in ADAPTERS:
        near = nearest(adapter, ADAPTERS)
        meant = f", did you mean {near}?" if near else ""
        raise UsageError(
            f"there is no model {redact(name)!r}{meant}", advice=f"there are: {', '.join(ADAPTERS)}"
        )
    return adapter


def _is_set(variable: str, environ: Mapping[str, str]) -> bool:
    """Return whether a variable is set: a key or host that is not blank, or a switch that google-genai reads
    as on.
    """
    value = environ.get(variable, "").strip()
    return value.lower() in ("true", "1") if "_USE_" in variable else bool(value)
