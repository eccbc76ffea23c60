"""The seam of the traps: what of a manifest does not do what it seems to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from analyzer.check.documents import Document, Node
from analyzer.check.interface import CommandLines

TEMPLATES = ("AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun")


State = Literal["note", "wrong"]


@dataclass(frozen=True)
class Trap:
    """What happens, where, and what to do. A "note" is worth knowing, and may be meant."""

    at: Node
    what: str
    advice: str
    state: State = "wrong"


@dataclass(frozen=True)
class Manifests:
    """One document, all that were given with it, and how a container's command line is read."""

    document: Document
    every: tuple[Document, ...]
    lines: CommandLines

    def templates(self, name: str, *, cluster: bool) -> tuple[Document, ...]:
        """All of that name that were given, in whatever namespace."""
        kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
        return tuple(each for each in self.every if each.kind == kind and each.name == name)

    def template(self, name: str, *, cluster: bool, namespace: str) -> Document | None:
        """The one that a reference names, seen from a namespace. Where either side names none, it is where the other one is."""
        found = self.templates(name, cluster=cluster)
        nearest = sorted(found, key=lambda each: each.namespace != namespace)
        return next((each for each in nearest if cluster or not namespace or each.namespace in ("", namespace)), None)


Rule = Callable[[Manifests], Iterator[Trap]]
