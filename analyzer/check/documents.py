"""Manifests as they are written: the documents of a YAML file, each place in them with its line.

A second reader of YAML beside `config/`, which reads no aliases and knows every key; here any manifest will do.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError
from analyzer.units import whole

LARGEST = 4 * 1024 * 1024  # bytes: a rendered chart
MOST = 200_000  # places in a document
DEEPEST = 64  # levels; a C parser's stack has an end
RENDER = "render it first: helm template, or kubectl kustomize"

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Node:
    """One place in a document, there or not: `value` is None where it is not, so that any way through any document ends well."""

    value: Any
    steps: Steps = ()

    def __getitem__(self, key: str) -> "Node":
        return Node(self.value.get(key) if isinstance(self.value, dict) else None, (*self.steps, key))

    def __bool__(self) -> bool:
        return self.value is not None

    def each(self) -> "tuple[Node, ...]":
        """The items of a list; none of anything else."""
        return tuple(Node(item, (*self.steps, index)) for index, item in enumerate(self.value)) if isinstance(self.value, list) else ()

    def items(self) -> "Iterator[tuple[str, Node]]":
        """The pairs of a mapping; none of anything else."""
        if isinstance(self.value, dict):
            yield from ((str(key), Node(value, (*self.steps, key))) for key, value in self.value.items())

    def text(self) -> str:
        """A scalar as text; empty for anything else."""
        return str(self.value) if isinstance(self.value, str | int | float) and not isinstance(self.value, bool) else ""

    def number(self) -> int | None:
        """A whole number, written as one or as text; None for anything else, an argument's placeholder among it."""
        return whole(self.text())

    def texts(self) -> "Iterator[Node]":
        """Every text beneath, keys left out."""
        if isinstance(self.value, str):
            yield self
        for child in (*self.each(), *(node for _, node in self.items())):
            yield from child.texts()


@dataclass(frozen=True)
class Document:
    """One object. `line` gives the line (from 1) of a place in it, or of the nearest place above."""

    file: str
    root: Node
    lines: dict[Steps, int] = field(hash=False)

    @property
    def kind(self) -> str:
        """Its kind, with the group only where that is not Argo's."""
        group = self.root["apiVersion"].text().partition("/")[0]
        kind = self.root["kind"].text()
        return kind if group == "argoproj.io" else f"{group}/{kind}"

    @property
    def name(self) -> str:
        """Its name, or what generates it."""
        metadata = self.root["metadata"]
        return metadata["name"].text() or metadata["generateName"].text()

    @property
    def namespace(self) -> str:
        """Where it is; empty where whoever applies it says so."""
        return self.root["metadata"]["namespace"].text()

    def line(self, steps: Steps) -> int:
        """From 1."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)


def read(name: str) -> tuple[Document, ...]:
    """The objects in a file, `-` for standard input; lists of objects taken apart. UsageError, with the line, where it is no YAML."""
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UsageError(f"{name} holds more than {LARGEST // 1024**2} MiB", advice="is it the right file?")
        text = content.decode()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}", advice="--file names a YAML file, or - for standard input") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8", advice="save it as UTF-8 text") from error
    return tuple(found for value, lines in _parsed(name, text) for found in _objects(name, Node(value), lines))


def _parsed(name: str, text: str) -> list[tuple[Any, dict[Steps, int]]]:
    import yaml

    loader_type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader_type):  # composing recurses
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise UsageError(f"{name}, line {line}: it is nested more than {DEEPEST} levels deep", advice="is it the right file?")
        loader = loader_type(text)
        found = []
        while loader.check_node():
            node = loader.get_node()
            lines: dict[Steps, int] = {}
            if _size(node, {}) > MOST or not _marked(node, (), lines):
                raise UsageError(f"{name}: its aliases stand for too much", advice="write them out")
            found.append((loader.construct_document(node), lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(filter(None, (error.context, error.problem)))
        raise UsageError(f"{name}, line {mark.line + 1 if mark else 1}: this is no YAML: {what}", advice=_why(text)) from error
    except RecursionError as error:
        raise UsageError(f"{name}: its aliases stand for too much", advice="write them out") from error
    except (yaml.YAMLError, ValueError, TypeError) as error:  # a date that is none, a key that is a mapping
        raise UsageError(f"{name}: this is no YAML: {str(error).splitlines()[0]}", advice=_why(text)) from error
    return found


def _why(text: str) -> str:
    return RENDER if "{{" in text else "check its indentation and quotes"


def _size(node: Any, known: dict[int, int]) -> int:
    """Places in it once each alias is written out: aliases of aliases have no end, and one may stand within itself."""
    if id(node) not in known:
        known[id(node)] = MOST + 1
        pairs = node.value if node.id == "mapping" else ()
        items = node.value if node.id == "sequence" else (value for _, value in pairs)
        known[id(node)] = 1 + sum(_size(child, known) for child in items)
    return known[id(node)]


def _marked(node: Any, steps: Steps, lines: dict[Steps, int]) -> bool:
    """Notes the line of each place; False where they are too deep."""
    lines.setdefault(steps, node.start_mark.line + 1)
    children: list[tuple[str | int, Any]] = []
    if node.id == "mapping":
        lines.update({(*steps, str(key.value)): key.start_mark.line + 1 for key, _ in node.value})
        children = [(str(key.value), value) for key, value in node.value]
    elif node.id == "sequence":
        children = list(enumerate(node.value))
    return len(steps) <= DEEPEST and all(_marked(child, (*steps, step), lines) for step, child in children)


def _objects(name: str, node: Node, lines: dict[Steps, int]) -> Iterator[Document]:
    """The objects of one YAML document, as `kubectl get -o yaml` prints several."""
    if node["kind"].text() == "List":
        for item in node["items"].each():
            yield from _objects(name, item, lines)
    elif node:
        yield Document(name, node, lines)
