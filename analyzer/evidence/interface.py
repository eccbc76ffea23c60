"""The seam of the evidence: parts, gaps, and what a source is.

A source looks at the target and returns *parts* (facts, one type per source) and *gaps* (what it could not see, and why).
Nothing missing is ever read as healthy: a source that cannot look says so, it never returns an empty part instead.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.deadline import Deadline
from analyzer.settings import Look
from analyzer.target import Role, Side, Target
from analyzer.value import Moment, Value


class Gap(Value):
    """What could not be seen. `side` is None where the source looks at both at once; `advice` may be empty.

    `minor`: it would have explained or refined what other sources show, and a clean canary is no less clean without it. Beside a part
    of its source a minor gap is no want of that source (`--require`).
    """

    source: str
    side: Role | None
    reason: str
    advice: str = ""
    minor: bool = False


def unread(source: str, side: Role | None, error: ClusterError, *, minor: bool = False) -> Gap:
    """The gap that an error of the cluster leaves."""
    return Gap(source=source, side=side, reason=str(error), advice=error.advice, minor=minor)


class Window(Value):
    """What was looked at, in the cluster's time. `end` is the evidence's "now": no rule reads a clock."""

    start: Moment
    end: Moment


class Part(Value, tag_field="part"):
    """Facts of one source about one side (or about both, where `side` is None)."""

    side: Role | None


P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Scene:
    """What a source is given: the cluster, the target, the window, and the parts of the stages before its own."""

    cluster: Cluster
    target: Target
    window: Window
    look: Look
    deadline: Deadline
    redact: Callable[[str], str]
    parts: tuple[Part, ...] = ()

    def sides(self) -> tuple[Side, ...]:
        """The sides that exist, stable first."""
        return tuple(side for side in (self.target.stable, self.target.canary) if side is not None)

    def part(self, kind: type[P], role: Role) -> P | None:
        """What an earlier stage saw of one side, or None when it saw nothing."""
        return next((part for part in self.parts if isinstance(part, kind) and part.side == role), None)


class Source(Protocol):
    """One place facts come from. `name` is what `--require` and gaps call it."""

    name: str

    def gather(self, scene: Scene) -> Iterable[Part | Gap]:
        """Every part and gap, for both sides. Raises nothing that a cluster can cause; returns by the scene's deadline."""
        ...


@dataclass(frozen=True)
class Watched:
    """A source that is worth more than one look (`--observe`): `add` folds one more part of `kind`, seen at a time, into the whole.

    What it folds them into is None before the first look; it may be of the same kind, whose place it then takes, or of another.
    """

    source: Source
    kind: type[Part]
    add: Callable[[Any, Any, Moment], Part]
