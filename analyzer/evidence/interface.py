"""The seam of the evidence: parts, gaps, and what a source is.

A source looks at the target and returns *parts* (facts, one type per source) and *gaps* (what it could not
see, and why). Nothing missing is ever read as healthy: a source that cannot look says so, it never returns an
empty part instead.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, Unavailable
from analyzer.common.deadline import Deadline
from analyzer.common.value import Moment, Value
from analyzer.settings import Look
from analyzer.target import Role, Side, Target


class Gap(Value):
    """What could not be seen. `side` is None where the source reads both sides at once; `advice` may be
    empty.

    A `minor` gap would have explained or refined what other sources show: a clean canary is no less clean
    without it. Where its source has a part, `--require` does not count a minor gap as missing. `retryable`
    means that nobody answered, so that another run may see it.
    """

    source: str
    side: Role | None
    reason: str
    advice: str = ""
    minor: bool = False
    retryable: bool = False


def gap_from_error(source: str, side: Role | None, error: ClusterError, *, minor: bool = False) -> Gap:
    """Return the gap that an error of the cluster leaves."""
    retryable = isinstance(error, Unavailable)
    return Gap(
        source=source, side=side, reason=str(error), advice=error.advice, minor=minor, retryable=retryable
    )


class Window(Value):
    """The time that the evidence covers, by the cluster's clock. `end` is its "now": no rule reads a
    clock.
    """

    start: Moment
    end: Moment


class Part(Value, tag_field="part"):
    """Facts of one source about one side (or about both, where `side` is None)."""

    side: Role | None


P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class SourceContext:
    """What a source is given: the cluster, the target, the window, and the parts of the stages before its
    own.
    """

    cluster: Cluster
    target: Target
    window: Window
    look: Look
    deadline: Deadline
    redact: Callable[[str], str]
    parts: tuple[Part, ...] = ()

    def sides(self) -> tuple[Side, ...]:
        """Return the sides that exist, stable first."""
        return tuple(side for side in (self.target.stable, self.target.canary) if side is not None)

    def part(self, kind: type[P], role: Role) -> P | None:
        """Return what an earlier stage saw of one side, or None when it saw nothing."""
        return next((part for part in self.parts if isinstance(part, kind) and part.side == role), None)


class Source(Protocol):
    """One place facts come from. `name` is what `--require` and gaps call it."""

    name: str

    def gather(self, scene: SourceContext) -> Iterable[Part | Gap]:
        """Yield every part and gap, for both sides, by the scene's deadline.

        What a cluster can cause is a gap, and never an exception.
        """
        ...


@dataclass(frozen=True)
class RepeatedSource:
    """A source that is read more than once (`--observe`). `add` joins one more part of `kind`, seen at a
    time, to the whole.

    The whole is None before the first look. It may be of the same kind, and then replaces the part, or of
    another.
    """

    source: Source
    kind: type[Part]
    add: Callable[[Any, Any, Moment], Part]
