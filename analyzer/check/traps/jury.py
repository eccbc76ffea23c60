"""Traps of who is asked: a model whose key or host the container does not have, and a quorum that the models can never reach.

The models themselves say what they need (`models.create`), as they would in the container.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from analyzer import models
from analyzer.check.container import UNKNOWN
from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, State, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.check.traps.reading import Reading, reading
from analyzer.errors import UsageError
from analyzer.models.weights import weights
from analyzer.options.kinds import PREFIX

HERE = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - hosts that are the pod itself
PUBLIC = {"api.openai.com": ("OPENAI_API_KEY", "OPENAI_API_KEY_API_OPENAI_COM")}  # servers that answer nobody without a key
SECRET = "set it in env by valueFrom.secretKeyRef"  # noqa: S105 - advice


def juries(manifests: Manifests) -> Iterator[Trap]:
    """Of every container that judges."""
    for each in ours(manifests):
        yield from asked(each, manifests)


def asked(each: Ours, manifests: Manifests) -> Iterator[Trap]:
    """Who is asked, as far as a file tells."""
    try:
        known = reading(each, manifests.lines)
    except UsageError:
        return  # told where the command line is looked at
    if known and each.command == "analyze":
        yield from _jury(each, known)


def _jury(each: Ours, known: Reading) -> Iterator[Trap]:
    environ = _environ(each)
    named = known.settings.ask.models
    try:
        choice = models.choose(named, environ)
    except UsageError as error:
        yield Trap(_place(each, known, "models"), f"the container would exit with code 2: {error}", error.advice)
        return
    sure = known.clear("--model") and bool(named or not (known.config or each.environment.open))
    wrong = [trap for name in choice.names for trap in _model(name, each, environ)]
    yield from wrong
    at = _place(each, known, "quorum", "models")
    quorum = known.settings.rules.quorum
    if quorum > len(choice.names) and known.clear("--quorum"):
        who = ", ".join(choice.names)
        if sure:
            what = f"--quorum {quorum} can never be reached: {len(choice.names)} asked ({who}), so the container would exit with code 2"
            yield Trap(at, what, "ask more models, or lower it")
        else:
            what = f"--quorum {quorum} needs as many models, and {len(choice.names)} can be told here ({who}): the rest is in the pod alone"
            yield Trap(at, what, "see that as many are asked there", "note")
    if not wrong and sure:
        yield from _together(each, known, choice.names, environ)


def _model(name: str, each: Ours, environ: dict[str, str]) -> Iterator[Trap]:
    adapter, _, argument = name.partition(":")
    state: State = "note" if each.environment.open else "wrong"
    maybe = "unless envFrom brings it, " if each.environment.open else ""
    if adapter == "scripted" or UNKNOWN in name:
        return  # its file is in the pod
    try:
        models.create((name,), environ)
    except UsageError as error:
        what = f"{maybe}the container would exit with code 2: {error}"
        yield Trap(each.at, what, f"{SECRET}, or {error.advice}" if "KEY" in str(error) else error.advice, state)
        return
    if adapter == "ollama" and _host(environ.get("OLLAMA_HOST", "")) in HERE and not _beside(each) and not each.pod["hostNetwork"].value:
        what = f"{maybe}ollama is asked in the pod itself, where none is: OLLAMA_HOST names no other host"
        yield Trap(each.at, what, "set OLLAMA_HOST in env, such as http://ollama.models:11434", state)
    host = _host(argument.partition("@")[2]) if adapter == "openai" else ""
    if host in PUBLIC and not any(environ.get(variable) for variable in PUBLIC[host]):
        what = f"{maybe}{host} refuses {name}: it answers nobody without a key, and none of {', '.join(PUBLIC[host])} is set"
        yield Trap(each.at, what, SECRET, state)


def _together(each: Ours, known: Reading, names: tuple[str, ...], environ: dict[str, str]) -> Iterator[Trap]:
    """What one model's name does not tell."""
    if any(name.partition(":")[0] == "scripted" for name in names):
        return
    try:
        jury = models.create(names, environ)
        if known.clear("--weight"):
            weights(known.settings.rules.weights, names, jury)
        if known.settings.ask.investigate:
            models.check_calls(names)
    except UsageError as error:
        yield Trap(each.at, f"the container would exit with code 2: {error}", error.advice)


def _place(each: Ours, known: Reading, *settings: str) -> Node:
    """Where the first of these settings that the environment gives is written, else the command line."""
    given = [name for name in settings if known.settings.origins.get(name) == "environment"]
    names = {"models": f"{PREFIX}MODEL", "quorum": f"{PREFIX}QUORUM"}
    return next((at for name in given if (at := each.environment.places.get(names[name]))), each.at)


def _environ(each: Ours) -> dict[str, str]:
    """The environment with something in place of what no file tells: it is taken to be what it should be."""
    return {
        name: ("true" if "_USE_" in name and value == UNKNOWN else value.replace(UNKNOWN, "elsewhere"))
        for name, value in each.environment.values.items()
    }


def _beside(each: Ours) -> bool:
    """Whether a container of the same pod looks like an Ollama."""
    every = (*each.pod["containers"].each(), *each.pod["initContainers"].each())
    return any("ollama" in f"{other['image'].text()} {other['name'].text()}" for other in every if other != each.container)


def _host(url: str) -> str:
    try:
        return urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return "?"
