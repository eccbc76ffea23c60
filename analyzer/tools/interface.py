"""The seam of the tools: what one is, and the desk it works at.

A tool is given arguments of its own type and the desk, and returns entries: texts of which each stands for itself, so that one that
addresses the judge costs no other. What a model names is looked up in what was
gathered: a pod by the pods of the two sides, a query by the configured ones. So there is no way to name anything else. A name
that is not there gets the names that are, and is never repeated: what a model makes up must not look like evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec

from analyzer.deadline import Deadline
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Part, Scene
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES, Role
from analyzer.value import Value

P = TypeVar("P", bound=Part)
PodName = Annotated[str, msgspec.Meta(description="a pod's name, as the tool pods lists it")]


@dataclass(frozen=True)
class Desk:
    """What a tool may look at: the evidence, and in a live run the target itself, by `connect`, until the deadline.

    `keep` is what may be kept of a text. `connect` is None in a replay; it may raise an AnalyzerError, which is told to the model.
    """

    evidence: Evidence
    keep: Callable[[str], str]
    deadline: Deadline
    connect: Callable[[Deadline], Scene] | None = None

    def scene(self) -> Scene | None:
        """The target as a source sees it, or None in a replay."""
        return self.connect(self.deadline) if self.connect else None

    def key(self, name: str, arguments: Mapping[str, Any]) -> str:
        """A call as it may be kept, so that it is found again in a record."""
        return self.keep(msgspec.json.encode((name, arguments), order="sorted").decode())

    def pods(self) -> Iterator[tuple[Role, Pod]]:
        """Every pod of both sides, stable first."""
        for role in ROLES:
            part = self.evidence.part(Pods, role)
            yield from ((role, pod) for pod in (part.pods if part else ()))

    def pod(self, name: str) -> tuple[Role, Pod] | None:
        """A pod and its side, or None where neither side has one of that name."""
        return next(((role, pod) for role, pod in self.pods() if pod.name == name), None)

    def of_pod(self, name: str, tell: Callable[[Role, Pod], Iterable[str]]) -> Iterable[str]:
        """What `tell` makes of a pod and its side."""
        found = self.pod(name)
        return tell(*found) if found else self.no_such_pod()

    def by_side(self, kind: type[P], pod: str, what: str, tell: Callable[[P], Iterator[str]]) -> Iterator[str]:
        """What `tell` makes of each side's part, the side before its first line. `pod` empty is every pod.

        Where a part could not be read that is said: it is not the same as an empty one.
        """
        if pod and self.pod(pod) is None:
            yield from self.no_such_pod()
            return
        for role in ROLES:
            part = self.evidence.part(kind, role)
            told = tell(part) if part is not None else iter((f"the {what} could not be read",))
            yield f"{role}: {next(told)}"
            yield from told

    def no_such_pod(self) -> Iterator[str]:
        """What is said to a name that no pod has."""
        yield "neither side has a pod of that name; there are:"
        yield from (pod.name for _, pod in self.pods())


@dataclass(frozen=True)
class Tool:
    """One thing to look at. `run` is given a value of `arguments`. `live`: it may ask the cluster, so a replay needs the record."""

    name: str
    description: str
    arguments: type[Value]
    run: Callable[[Any, Desk], Iterable[str]]
    live: bool = False

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the arguments: the subset that each model server accepts, without references."""
        whole: dict[str, Any] = msgspec.json.schema(self.arguments)["$defs"][self.arguments.__name__]
        properties = {name: {key: value for key, value in field.items() if key != "default"} for name, field in whole["properties"].items()}
        return {"type": "object", "properties": properties, "required": whole["required"]}
