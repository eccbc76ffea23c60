"""Traps of the models: one whose key or host the container does not have, and a quorum that the models cannot
reach.

The models themselves say what they need (`models.create`), as they would in the container.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from analyzer import models
from analyzer.check.container import UNKNOWN
from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap, TrapState
from analyzer.check.traps.reading import ContainerSettings, read_settings
from analyzer.errors import UsageError
from analyzer.models.weights import parse_weights
from analyzer.settings.option import PREFIX

HERE = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - hosts that are the pod itself
# servers that answer nobody without a key
PUBLIC = {"api.openai.com": ("OPENAI_API_KEY", "OPENAI_API_KEY_API_OPENAI_COM")}
SECRET = "set it in env by valueFrom.secretKeyRef"  # noqa: S105 - advice


def check_juries(manifests: Manifests) -> Iterator[Trap]:
    """Check every container that judges."""
    for call in find_calls(manifests):
        yield from check_jury(call, manifests)


def check_jury(call: AnalyzerCall, manifests: Manifests) -> Iterator[Trap]:
    """Check the models of one call, as far as a file tells."""
    try:
        container_settings = read_settings(call, manifests.lines)
    except UsageError:
        return  # told where the command line is looked at
    if container_settings and call.command == "analyze":
        yield from _check_models_and_quorum(call, container_settings)


def _check_models_and_quorum(call: AnalyzerCall, container_settings: ContainerSettings) -> Iterator[Trap]:
    environ = assume_environ(call)
    named = container_settings.settings.ask.models
    try:
        choice = models.choose(named, environ)
    except UsageError as error:
        yield Trap(
            _place_of_setting(call, container_settings, "models"),
            f"the container would exit with code 2: {error}",
            error.advice,
        )
        return
    sure = container_settings.clear("--model") and bool(
        named or not (container_settings.config or call.environment.open)
    )
    wrong = [trap for name in choice.names for trap in _check_model(name, call, environ)]
    yield from wrong
    at = _place_of_setting(call, container_settings, "quorum", "models")
    quorum = container_settings.settings.rules.quorum
    if quorum > len(choice.names) and container_settings.clear("--quorum"):
        who = ", ".join(choice.names)
        if sure:
            what = (
                f"--quorum {quorum} can never be reached: {len(choice.names)} asked ({who}), so the container"
                " would exit with code 2"
            )
            yield Trap(at, what, "ask more models, or lower it")
        else:
            what = (
                f"--quorum {quorum} needs as many models, and {len(choice.names)} can be told here ({who}):"
                " the rest is in the pod alone"
            )
            yield Trap(at, what, "make sure that as many are asked there", "note")
    if not wrong and sure:
        yield from _check_together(call, container_settings, choice.names, environ)


def _check_model(name: str, call: AnalyzerCall, environ: dict[str, str]) -> Iterator[Trap]:
    adapter, _, argument = name.partition(":")
    state: TrapState = "note" if call.environment.open else "wrong"
    maybe = "unless envFrom brings it, " if call.environment.open else ""
    if adapter == "scripted" or UNKNOWN in name:
        return  # its file is in the pod
    try:
        models.create((name,), environ)
    except UsageError as error:
        what = f"{maybe}the container would exit with code 2: {error}"
        yield Trap(
            call.at, what, f"{SECRET}, or {error.advice}" if "KEY" in str(error) else error.advice, state
        )
        return
    if (
        adapter == "ollama"
        and _parse_host(environ.get("OLLAMA_HOST", "")) in HERE
        and not _has_ollama_beside(call)
        and not call.pod["hostNetwork"].value
    ):
        what = (
            f"{maybe}ollama would be asked in the pod itself, which has none: OLLAMA_HOST names no other host"
        )
        yield Trap(call.at, what, "set OLLAMA_HOST in env, such as http://ollama.models:11434", state)
    host = _parse_host(argument.partition("@")[2]) if adapter == "openai" else ""
    if host in PUBLIC and not any(environ.get(variable) for variable in PUBLIC[host]):
        what = (
            f"{maybe}{host} refuses {name}: it answers nobody without a key,"
            f" and none of {', '.join(PUBLIC[host])} is set"
        )
        yield Trap(call.at, what, SECRET, state)


def _check_together(
    call: AnalyzerCall, container_settings: ContainerSettings, names: tuple[str, ...], environ: dict[str, str]
) -> Iterator[Trap]:
    """Check what the models need together, beyond what each needs alone."""
    if any(name.partition(":")[0] == "scripted" for name in names):
        return
    try:
        jury = models.create(names, environ)
        if container_settings.clear("--weight"):
            parse_weights(container_settings.settings.rules.weights, names, jury)
        if container_settings.settings.ask.investigate:
            models.check_calls(names)
    except UsageError as error:
        yield Trap(call.at, f"the container would exit with code 2: {error}", error.advice)


def _place_of_setting(call: AnalyzerCall, container_settings: ContainerSettings, *settings: str) -> Node:
    """Return where the environment gives the first of these settings, else the place of the command line."""
    from_environment = [
        name for name in settings if container_settings.settings.origins.get(name) == "environment"
    ]
    names = {"models": f"{PREFIX}MODEL", "quorum": f"{PREFIX}QUORUM"}
    return next(
        (at for name in from_environment if (at := call.environment.places.get(names[name]))), call.at
    )


def assume_environ(call: AnalyzerCall) -> dict[str, str]:
    """Return the environment with assumed values for what is in no file. They are assumed to be right."""
    return {
        name: ("true" if "_USE_" in name and value == UNKNOWN else value.replace(UNKNOWN, "elsewhere"))
        for name, value in call.environment.values.items()
    }


def _has_ollama_beside(call: AnalyzerCall) -> bool:
    """Return True if a container of the same pod looks like an Ollama."""
    every = (*call.pod["containers"].elements(), *call.pod["initContainers"].elements())
    return any(
        "ollama" in f"{other['image'].text()} {other['name'].text()}"
        for other in every
        if other != call.container
    )


def _parse_host(url: str) -> str:
    try:
        return urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return "?"
