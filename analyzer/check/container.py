"""A container at its start: its environment and its words, as the kubelet fills them in.

https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/:
`$(NAME)` is a variable that stands above, `$$` is a dollar, and an unknown name stays as it is. Argo fills in
`{{args.NAME}}` before.
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
    """The variables by name, with UNKNOWN inside a value that is in no file, and where each is written.

    `open`: there may be more variables (`envFrom`), which are in no file.
    """

    values: Mapping[str, str]
    places: Mapping[str, Node]
    open: bool = False

    def known(self, names: Iterable[str]) -> dict[str, str]:
        """Return those of the named variables whose value is known."""
        return {name: self.values[name] for name in names if UNKNOWN not in self.values.get(name, UNKNOWN)}


def read_environment(
    container: Node, documents: tuple[Document, ...], arguments: Mapping[str, str]
) -> Environment:
    """Return a container's environment. `every` may have a ConfigMap that it names; `arguments` are what Argo
    fills in, by name.
    """
    values: dict[str, str] = {}
    places: dict[str, Node] = {}
    more = False
    for source in container["envFrom"].elements():
        data = _config_map_data(source["configMapRef"], documents)
        more = more or data is None
        brought = {f"{source['prefix'].text()}{key}": value for key, value in (data or {}).items()}
        values |= brought
        places |= dict.fromkeys(brought, source)
    for variable in container["env"].elements():
        name = variable["name"].text()
        values[name] = expand_variables(
            fill_arguments(_variable_value(variable, documents), arguments), values, more=more
        )
        places[name] = variable
    return Environment(values, places, more)


def read_words(
    container: Node, key: str, variables: Environment, arguments: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the words of a container's `command` or `args`."""
    return tuple(
        expand_variables(fill_arguments(node.text(), arguments), variables.values, more=variables.open)
        for node in container[key].elements()
    )


def fill_arguments(text: str, arguments: Mapping[str, str]) -> str:
    """Return the text with the arguments' values, and UNKNOWN for an argument without a value yet."""
    return (
        PLACEHOLDER.sub(lambda match: arguments.get(match[1].strip().removeprefix("args."), UNKNOWN), text)
        if "{{" in text
        else text
    )


def expand_variables(text: str, variables: Mapping[str, str], *, more: bool) -> str:
    """Return the text with the variables' values. `more`: the container may have variables that are not known
    here.
    """

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return variables.get(match[1], UNKNOWN if more else match[0])

    return _REFERENCE.sub(value, text)


def find_mentioned(container: Node) -> frozenset[str]:
    """Return the variables that the container's words and other variables refer to."""
    texts = [node.text() for key in ("command", "args") for node in container[key].elements()]
    texts += [variable["value"].text() for variable in container["env"].elements()]
    return frozenset(name for text in texts for name in _NAMED.findall(text))


def _variable_value(variable: Node, documents: tuple[Document, ...]) -> str:
    if not variable["valueFrom"]:
        return variable["value"].text()
    reference = variable["valueFrom"]["configMapKeyRef"]
    return (_config_map_data(reference, documents) or {}).get(reference["key"].text(), UNKNOWN)


def _config_map_data(reference: Node, documents: tuple[Document, ...]) -> dict[str, str] | None:
    """Return the data of a ConfigMap that is among the documents, or None."""
    name = reference["name"].text()
    config_map = (
        next(
            (document for document in documents if document.kind == "v1/ConfigMap" and document.name == name),
            None,
        )
        if name
        else None
    )
    return {key: node.text() for key, node in config_map.root["data"].items()} if config_map else None
