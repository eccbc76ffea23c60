"""The interface of the tools: what a tool is, and the context that it gets.

A tool gets arguments of its own type and the context. It returns entries: texts that stand alone, so that one
which addresses the judge costs no other. What a model names is looked up in what was gathered: a pod among
the pods of the two sides, a query among the configured ones. So a model cannot name anything else. For an
unknown name it gets the known names, and its own word is never repeated, because what a model makes up must
not look like evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Part, SourceContext
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES, Role

P = TypeVar("P", bound=Part)
PodName = Annotated[str, msgspec.Meta(description="a pod's name, as the tool pods lists it")]


@dataclass(frozen=True)
class ToolContext:
    """What a tool may look at: the evidence, and in a live run the target itself, by `connect`, until the
    deadline.

    `keep` masks a text. `connect` is None in a replay; it may raise an AnalyzerError, which the model is
    told.
    """

    evidence: Evidence
    keep: Callable[[str], str]
    deadline: Deadline
    connect: Callable[[Deadline], SourceContext] | None = None

    def source_context(self) -> SourceContext | None:
        """Return the target as a source sees it, or None in a replay."""
        return self.connect(self.deadline) if self.connect else None

    def key(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return a masked key of a call, by which its result is found again in a record."""
        return self.keep(msgspec.json.encode((name, arguments), order="sorted").decode())

    def pods(self) -> Iterator[tuple[Role, Pod]]:
        """Yield every pod of both sides, stable first."""
        for role in ROLES:
            part = self.evidence.part(Pods, role)
            yield from ((role, pod) for pod in (part.pods if part else ()))

    def pod(self, name: str) -> tuple[Role, Pod] | None:
        """Return a pod and its side, or None if neither side has one of that name."""
        return next(((role, pod) for role, pod in self.pods() if pod.name == name), None)

    def of_pod(self, name: str, tell: Callable[[Role, Pod], Iterable[str]]) -> Iterable[str]:
        """Return what `tell` says of a pod and its side, or the known pods for an unknown name."""
        match = self.pod(name)
        return tell(*match) if match else self.no_such_pod()

    def by_side(
        self, kind: type[P], pod: str, what: str, tell: Callable[[P], Iterator[str]]
    ) -> Iterator[str]:
        """Yield what `tell` makes of each side's part, the side before its first line. An empty `pod` means
        every pod.

        A part that could not be read is reported, because it is not the same as an empty one.
        """
        if pod and self.pod(pod) is None:
            yield from self.no_such_pod()
            return
        for role in ROLES:
            part = self.evidence.part(kind, role)
            lines = tell(part) if part is not None else iter((f"the {what} could not be read",))
            yield f"{role}: {next(lines)}"
            yield from lines

    def no_such_pod(self) -> Iterator[str]:
        """Yield the answer to a name that no pod has, with the names that exist."""
        yield "neither side has a pod of that name; there are:"
        yield from (pod.name for _, pod in self.pods())


@dataclass(frozen=True)
class Tool:
    """One way to look closer. `run` gets a value of `arguments`. `live`: it may ask the cluster, so a replay
    needs the record.
    """

    name: str
    description: str
    arguments: type[Value]
    run: Callable[[Any, ToolContext], Iterable[str]]
    live: bool = False

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments, in the subset that each model server accepts: without
        references.
        """
        whole: dict[str, Any] = msgspec.json.schema(self.arguments)["$defs"][self.arguments.__name__]
        properties = {
            name: {key: value for key, value in field.items() if key != "default"}
            for name, field in whole["properties"].items()
        }
        return {"type": "object", "properties": properties, "required": whole["required"]}
