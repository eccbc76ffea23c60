"""Manifests as they are written: the documents of a YAML file, and the line of each place in them.

It reads any manifest, aliases included. `config/` reads no aliases and knows every key.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from analyzer.check.yaml_text import Steps, parse_yaml
from analyzer.common.files import COMPRESSED, GZIP
from analyzer.common.units import parse_whole_number
from analyzer.errors import UsageError

LARGEST_MANIFEST = 4 * 1024 * 1024  # bytes: a rendered chart


@dataclass(frozen=True)
class Node:
    """A place in a document, whether it exists or not. `value` is None if it does not, so any path through
    any document is valid.
    """

    value: Any
    steps: Steps = ()

    def __getitem__(self, key: str) -> "Node":
        return Node(self.value.get(key) if isinstance(self.value, dict) else None, (*self.steps, key))

    def __bool__(self) -> bool:
        return self.value is not None

    def elements(self) -> "tuple[Node, ...]":
        """Return the items of a list; none for anything else."""
        return (
            tuple(Node(item, (*self.steps, index)) for index, item in enumerate(self.value))
            if isinstance(self.value, list)
            else ()
        )

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Yield the pairs of a mapping; none for anything else."""
        if isinstance(self.value, dict):
            yield from ((str(key), Node(value, (*self.steps, key))) for key, value in self.value.items())

    def text(self) -> str:
        """Return a scalar as text; empty for anything else."""
        return (
            str(self.value)
            if isinstance(self.value, str | int | float) and not isinstance(self.value, bool)
            else ""
        )

    def number(self) -> int | None:
        """Return a whole number, written as a number or as text; None for anything else, such as an
        argument's placeholder.
        """
        return parse_whole_number(self.text())

    def texts(self) -> "Iterator[Node]":
        """Yield every text beneath this place, without keys."""
        if isinstance(self.value, str):
            yield self
        for child in (*self.elements(), *(node for _, node in self.items())):
            yield from child.texts()


@dataclass(frozen=True)
class Document:
    """One object of a file."""

    file: str
    root: Node
    lines: dict[Steps, int] = field(hash=False)

    @property
    def kind(self) -> str:
        """Return its kind, with the API group unless that is Argo's."""
        group = self.root["apiVersion"].text().partition("/")[0]
        kind = self.root["kind"].text()
        return kind if group == "argoproj.io" else f"{group}/{kind}"

    @property
    def name(self) -> str:
        """Return its name, or its generateName."""
        metadata = self.root["metadata"]
        return metadata["name"].text() or metadata["generateName"].text()

    @property
    def namespace(self) -> str:
        """Return its namespace; empty if whoever applies it chooses."""
        return self.root["metadata"]["namespace"].text()

    def line(self, steps: Steps) -> int:
        """Return the line (from 1) of a place, or of the nearest place above."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)


@dataclass(frozen=True)
class Files:
    """The files of a check by their names. Each is read once, by whoever needs it first, because standard
    input cannot be read again.
    """

    names: tuple[str, ...]
    _read: dict[str, "tuple[Document, ...] | UsageError"] = field(
        default_factory=dict, hash=False, compare=False
    )
    _lock: Lock = field(default_factory=Lock, hash=False, compare=False)

    def read_all(self) -> "dict[str, tuple[Document, ...] | UsageError]":
        """Return the objects of each file, or why it could not be read."""
        with self._lock:
            for name in self.names:
                if name not in self._read:
                    try:
                        self._read[name] = read_documents(name)
                    except UsageError as error:
                        self._read[name] = error
            return dict(self._read)

    def documents(self) -> "tuple[Document, ...]":
        """Return the objects of all files that could be read."""
        return tuple(
            document
            for documents in self.read_all().values()
            if not isinstance(documents, UsageError)
            for document in documents
        )


def read_documents(name: str) -> tuple[Document, ...]:
    """Read the objects in a file (`-` is standard input); items of a List are objects of their own. Raise
    UsageError, with the line, if it is no YAML.
    """
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            content = file.read(LARGEST_MANIFEST + 1)
        if content.startswith(GZIP):
            raise UsageError(f"{name} is compressed", advice=COMPRESSED)
        if len(content) > LARGEST_MANIFEST:
            raise UsageError(
                f"{name} holds more than {LARGEST_MANIFEST // 1024**2} MiB", advice="is it the right file?"
            )
        text = content.decode()
    except OSError as error:
        raise UsageError(
            f"cannot read {name}: {error.strerror}",
            advice="--file names a YAML file, or - for standard input",
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8", advice="save it as UTF-8 text") from error
    return tuple(
        document
        for value, lines in parse_yaml(name, text)
        for document in _split_objects(name, Node(value), lines)
    )


def _split_objects(name: str, node: Node, lines: dict[Steps, int]) -> Iterator[Document]:
    """Yield the objects of one YAML document; `kubectl get -o yaml` prints several as a List."""
    if node["kind"].text() == "List":
        for item in node["items"].elements():
            yield from _split_objects(name, item, lines)
    elif node:
        yield Document(name, node, lines)
