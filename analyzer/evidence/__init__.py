"""Evidence: everything that was seen of both sides, and what could not be.

A new source is one file beside this one, its part's type in `AnyPart` and its line in `STAGES`.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, TypeVar

import msgspec

from analyzer.errors import UsageError
from analyzer.evidence.context import ContextLogs, ContextSource
from analyzer.evidence.earlier import Earlier
from analyzer.evidence.events import Events, EventSource
from analyzer.evidence.interface import Gap, Part, Source, Watched, Window
from analyzer.evidence.logs import Logs, LogSource
from analyzer.evidence.observed import Observed, observed
from analyzer.evidence.pods import Pods, PodSource
from analyzer.evidence.prometheus import Metrics, PrometheusSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.evidence.spec import Spec, SpecSource
from analyzer.evidence.traffic import Traffic, TrafficSource
from analyzer.evidence.usage import Usage, UsageSource, longer
from analyzer.target import ROLES, Role, Target
from analyzer.value import Value

AnyPart = Pods | ReplicaSets | Logs | Events | Spec | Usage | Traffic | Metrics | Observed | ContextLogs
P = TypeVar("P", bound=Part)
Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,64}(?!\n)$")]  # it stands in the prompt outside what is untrusted

# A stage sees the parts of the stages before it; the sources within one run side by side.
STAGES: tuple[tuple[Source, ...], ...] = (
    (PodSource(), ReplicaSetSource(), TrafficSource()),
    (LogSource(), EventSource(), SpecSource(), UsageSource(), PrometheusSource(), ContextSource()),
)

# What is looked at again and again while we watch.
WATCHED: tuple[Watched, ...] = (
    Watched(PodSource(), Pods, observed),
    Watched(UsageSource(), Usage, longer),
)


# What a whole look has of each side that there is, or a gap in its place.
ALWAYS: tuple[type[Part], ...] = (Pods, ReplicaSets, Logs, Events)


class Evidence(Value):
    """What was seen, frozen. `nonce` delimits it in every prompt, drawn once. `masked` counts redactions by kind.

    `mismatch` says why the two sides are not, or no longer, the ones that were asked about; empty when they are. `earlier` is
    what was answered about them before, the latest first; it is no evidence of now.
    """

    target: Target
    window: Window
    nonce: Nonce
    parts: tuple[AnyPart, ...] = ()
    gaps: tuple[Gap, ...] = ()
    mismatch: str = ""
    earlier: tuple[Earlier, ...] = ()
    masked: dict[str, int] = msgspec.field(default_factory=dict)

    def part(self, kind: type[P], role: Role) -> P | None:
        """One side's part of a kind, or None: not seen, which is not the same as nothing there."""
        return next((part for part in self.parts if isinstance(part, kind) and part.side == role), None)


def stated(evidence: Evidence) -> Evidence:
    """The evidence with a gap for what was never looked at: a guard's record has no logs, and one made elsewhere what it likes."""
    told = {(gap.source, gap.side) for gap in evidence.gaps}
    sides = [role for role in ROLES if evidence.target.side(role)]
    names = [(role, kind, str(kind.__struct_config__.tag)) for role in sides for kind in ALWAYS]
    unlooked = tuple(
        Gap(source=name, side=role, reason="this evidence has none", advice="judge the rollout itself, or collect it anew")
        for role, kind, name in names
        if evidence.part(kind, role) is None and not told & {(name, role), (name, None)}
    )
    return msgspec.structs.replace(evidence, gaps=(*evidence.gaps, *unlooked)) if unlooked else evidence


def check_required(names: Iterable[str]) -> None:
    """UsageError for a source that is not there: it would never be seen, so nothing would ever be decided."""
    sources = [source.name for stage in STAGES for source in stage]
    for name in names:
        if name not in sources:
            near = get_close_matches(name, sources, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sources)}"
            raise UsageError(f"--require {name}: there is no such source, so nothing would be decided", advice=advice)
