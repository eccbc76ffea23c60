"""What a container finds when it starts: its environment and its words, as the kubelet fills them in.

https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/: `$(NAME)` is a variable that
was given above, `$$` a dollar; a name that is not there stays as it stands. Argo has filled in `{{args.NAME}}` before.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analyzer.check.documents import Document, Node

UNKNOWN = "\0"  # in a text: what no file tells; no program can be given it
PLACEHOLDER = re.compile(r"{{((?:[^{}]|{(?!{)|}(?!}))*+)}}")
_NAMED = re.compile(r"\$[({]?([A-Za-z_][A-Za-z0-9_]*)")
_REFERENCE = re.compile(r"\$\$|\$\(([^()$]{0,253})\)")


@dataclass(frozen=True)
class Environment:
    """The variables by name, UNKNOWN within a value that no file tells, and where each is written.

    `open`: there may be more of them (`envFrom`), which no file tells.
    """

    values: Mapping[str, str]
    places: Mapping[str, Node]
    open: bool = False

    def known(self, names: Iterable[str]) -> dict[str, str]:
        """Those of these variables whose value is known."""
        return {name: self.values[name] for name in names if UNKNOWN not in self.values.get(name, UNKNOWN)}


def environment(container: Node, every: tuple[Document, ...], arguments: Mapping[str, str]) -> Environment:
    """A container's. `every` may have a ConfigMap that it names; `arguments` are what Argo fills in, by name."""
    values: dict[str, str] = {}
    places: dict[str, Node] = {}
    more = False
    for source in container["envFrom"].each():
        data = _config_map(source["configMapRef"], every)
        more = more or data is None
        found = {f"{source['prefix'].text()}{key}": value for key, value in (data or {}).items()}
        values |= found
        places |= dict.fromkeys(found, source)
    for each in container["env"].each():
        name = each["name"].text()
        values[name] = expanded(filled(_value(each, every), arguments), values, more=more)
        places[name] = each
    return Environment(values, places, more)


def words(container: Node, key: str, variables: Environment, arguments: Mapping[str, str]) -> tuple[str, ...]:
    """Its `command` or its `args`."""
    return tuple(expanded(filled(node.text(), arguments), variables.values, more=variables.open) for node in container[key].each())


def filled(text: str, arguments: Mapping[str, str]) -> str:
    """With the arguments' values, UNKNOWN where an argument has none yet."""
    return PLACEHOLDER.sub(lambda match: arguments.get(match[1].strip().removeprefix("args."), UNKNOWN), text) if "{{" in text else text


def expanded(text: str, variables: Mapping[str, str], *, more: bool) -> str:
    """With the variables' values. `more`: one that is not there may be there in the container."""

    def value(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else variables.get(match[1], UNKNOWN if more else match[0])

    return _REFERENCE.sub(value, text)


def mentioned(container: Node) -> frozenset[str]:
    """The variables that its words or other variables are made of."""
    texts = [node.text() for key in ("command", "args") for node in container[key].each()]
    texts += [each["value"].text() for each in container["env"].each()]
    return frozenset(name for text in texts for name in _NAMED.findall(text))


def _value(variable: Node, every: tuple[Document, ...]) -> str:
    if not variable["valueFrom"]:
        return variable["value"].text()
    reference = variable["valueFrom"]["configMapKeyRef"]
    return (_config_map(reference, every) or {}).get(reference["key"].text(), UNKNOWN)


def _config_map(reference: Node, every: tuple[Document, ...]) -> dict[str, str] | None:
    """The data of a ConfigMap that was given, too."""
    name = reference["name"].text()
    found = next((each for each in every if each.kind == "v1/ConfigMap" and each.name == name), None) if name else None
    return {key: node.text() for key, node in found.root["data"].items()} if found else None
