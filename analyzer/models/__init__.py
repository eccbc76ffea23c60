"""The models: who is asked, and why.

A new one is one file beside this one, or a folder where it has parts of its own, with `create(argument, environ) -> Model`, and its
line in `ADAPTERS`. A model is named `ADAPTER[:ARGUMENT]`; the argument is all that follows the first colon (`ollama:gemma4:12b`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Sized
from difflib import get_close_matches
from importlib import import_module

from analyzer.errors import UsageError
from analyzer.models.interface import Model, Pulling, Sending
from analyzer.redact import redact
from analyzer.value import Value

ADAPTERS: dict[str, str] = {
    "agent": "analyzer.models.agent",
    "builtin": "analyzer.models.builtin",
    "gemini": "analyzer.models.gemini",
    "ollama": "analyzer.models.ollama",
    "openai": "analyzer.models.openai",
    "scripted": "analyzer.models.scripted",
}

CALLERS = ("gemini", "ollama", "openai", "scripted")  # those that can use tools before they answer

_SAYS_SO: dict[str, tuple[str, ...]] = {
    "gemini": ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"),
    "ollama": ("OLLAMA_HOST",),
}  # the variables that have a model asked without being named


class Choice(Value):
    """The models to ask, by name, and why those, in a sentence for people."""

    names: tuple[str, ...]
    why: str


def choose(asked: tuple[str, ...], environ: Mapping[str, str]) -> Choice:
    """Those asked for; else each that the environment holds a key or host for; else the built-in judge, never mixed unasked.

    UsageError for an adapter that is not there.
    """
    for name in asked:
        _adapter(name)
    if asked:
        return Choice(names=asked, why=f"asking {', '.join(asked)}, as told")
    found = {name: variable for name, variables in _SAYS_SO.items() for variable in reversed(variables) if _is_set(variable, environ)}
    if found:
        return Choice(names=tuple(found), why=f"asking {' and '.join(f'{name} ({variable} is set)' for name, variable in found.items())}")
    variables = [variable for each in _SAYS_SO.values() for variable in each]
    return Choice(names=("builtin",), why=f"asking builtin, the built-in judge: none of {', '.join(variables)} is set")


def sent(jury: Sequence[Model], asked: Sequence[str]) -> str:
    """What leaves this process for whom, for people; empty where nothing does. With how to choose, where nobody did (`asked`)."""
    there = [f"{model.place} ({model.name})" for model in jury if isinstance(model, Sending)]
    if not there:
        return ""
    what = f"what is seen of pods, events and logs, secrets masked, is sent to {' and '.join(there)}"
    adapters = " ".join(dict.fromkeys(f"--model {model.name.partition(':')[0]}" for model in jury))
    return what if asked else f"{what}; no --model chose that: --model builtin sends nothing, {adapters} is the same without these words"


def can_call(name: str) -> bool:
    """Whether the adapter of a model by that name can use tools. What its server can do shows when it is asked."""
    return name.partition(":")[0] in CALLERS


def check_calls(names: tuple[str, ...]) -> tuple[str, ...]:
    """For --investigate: the models that cannot use tools and are asked without. UsageError when none can."""
    cannot = tuple(name for name in names if not can_call(name))
    if len(cannot) == len(names):
        raise UsageError(
            f"--investigate needs a model that can use tools, and {' and '.join(names)} cannot", advice=f"such as {', '.join(CALLERS[:3])}"
        )
    return cannot


def create(names: tuple[str, ...], environ: Mapping[str, str]) -> tuple[Model, ...]:
    """Each model, in the order given. UsageError for a name that does not hold, or for one model twice: each has one vote."""
    models = tuple(_create(name, environ) for name in names)
    twice = [name for name, count in Counter(model.name for model in models).items() if count > 1]
    if twice:
        raise UsageError(f"the model {twice[0]} is asked twice", advice="name each model once: each has one vote")
    return models


def check_quorum(quorum: int, asked: Sized) -> None:
    """UsageError for a quorum that could never be reached: no answer of theirs would decide anything."""
    if quorum > len(asked):
        raise UsageError(f"--quorum {quorum} can never be reached: {len(asked)} asked", advice="ask more models, or lower it")


def pulling(models: tuple[Model, ...], say: Callable[[str], None]) -> tuple[Model, ...]:
    """For --ollama-pull: the same models, of which those that can be missing on their server are pulled there."""
    return tuple(model.pulling(say) if isinstance(model, Pulling) else model for model in models)


def _create(name: str, environ: Mapping[str, str]) -> Model:
    model: Model = import_module(ADAPTERS[_adapter(name)]).create(name.partition(":")[2], environ)
    return model


def _adapter(name: str) -> str:
    adapter = name.partition(":")[0]
    if adapter not in ADAPTERS:
        nearest = get_close_matches(adapter, ADAPTERS, n=1)
        meant = f", did you mean {nearest[0]}?" if nearest else ""
        raise UsageError(f"there is no model {redact(name)!r}{meant}", advice=f"there are: {', '.join(ADAPTERS)}")
    return adapter


def _is_set(variable: str, environ: Mapping[str, str]) -> bool:
    """A key or host that is not blank, or a switch that is on, as google-genai reads it."""
    value = environ.get(variable, "").strip()
    return value.lower() in ("true", "1") if "_USE_" in variable else bool(value)
