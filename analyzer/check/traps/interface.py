"""The interface of the traps: places of a manifest that do not do what they seem to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.documents import Document, Node
from analyzer.check.interface import CommandLines

TEMPLATES = ("AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun")


TrapState = Literal["note", "wrong"]


@dataclass(frozen=True)
class Trap:
    """What happens, where, and what to do. A "note" is worth knowing, and may be intended."""

    at: Node
    what: str
    advice: str
    state: TrapState = "wrong"


@dataclass(frozen=True)
class Manifests:
    """One document, all documents that were given with it, and how a container's command line is read."""

    document: Document
    documents: tuple[Document, ...]
    lines: CommandLines

    def templates(self, name: str, *, cluster: bool) -> tuple[Document, ...]:
        """Return all given templates of that name, in any namespace."""
        kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
        return tuple(
            document for document in self.documents if document.kind == kind and document.name == name
        )

    def template(self, name: str, *, cluster: bool, namespace: str) -> Document | None:
        """Return the template that a reference names, seen from a namespace. A document without a namespace
        is in that of the other.
        """
        candidates = self.templates(name, cluster=cluster)
        nearest = sorted(candidates, key=lambda document: document.namespace != namespace)
        return next(
            (
                document
                for document in nearest
                if cluster or not namespace or document.namespace in ("", namespace)
            ),
            None,
        )


Rule = Callable[[Manifests], Iterator[Trap]]
