"""Evidence: everything that was seen of both sides, and what could not be.

A new source is one file beside this one, its part's type in `AnyPart` and its line in `STAGES`.
"""

from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec

from analyzer.common.nearest import did_you_mean
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.evidence.context import ContextLogs, ContextSource
from analyzer.evidence.events import Events, EventSource
from analyzer.evidence.exits import Exits
from analyzer.evidence.figures import Metrics
from analyzer.evidence.interface import Gap, Part, RepeatedSource, Source, Window
from analyzer.evidence.logs import UNHEARD, Logs, LogSource, unheard
from analyzer.evidence.observed import Observed, add_observation
from analyzer.evidence.pods import Pods, PodSource
from analyzer.evidence.previous_answers import Earlier
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.evidence.replicasets import ReplicaSets, ReplicaSetSource
from analyzer.evidence.spec import Spec, SpecSource
from analyzer.evidence.traffic import Traffic, TrafficSource
from analyzer.evidence.usage import Usage, UsageSource, add_usage
from analyzer.target import ROLES, Role, Target

AnyPart = (
    Pods | ReplicaSets | Logs | Events | Spec | Usage | Traffic | Metrics | Observed | Exits | ContextLogs
)
P = TypeVar("P", bound=Part)
# it stands in the prompt outside what is untrusted
Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,64}(?!\n)$")]

# A source sees the parts of the stages before its own. The sources of one stage run at the same time.
STAGES: tuple[tuple[Source, ...], ...] = (
    (PodSource(), ReplicaSetSource(), TrafficSource()),
    (LogSource(), EventSource(), SpecSource(), UsageSource(), PrometheusSource(), ContextSource()),
)

# The sources that are read again and again while `--observe` watches.
WATCHED: tuple[RepeatedSource, ...] = (
    RepeatedSource(PodSource(), Pods, add_observation),
    RepeatedSource(UsageSource(), Usage, add_usage),
)


# The parts that complete evidence has of each side that exists, or a gap in their place.
ALWAYS: tuple[type[Part], ...] = (Pods, ReplicaSets, Logs, Events)


class Evidence(Value):
    """What was seen of both sides.

    `nonce` delimits the evidence in every prompt; it is drawn once. `masked` counts redactions by kind.
    `mismatch` says why the two sides are not, or no longer, the ones that were asked about; it is empty when
    they are. `earlier` holds earlier answers about them, the latest first; they say nothing of now.
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
        """Return one side's part of a kind, or None where it was not seen, which does not mean that nothing
        is there.
        """
        return next((part for part in self.parts if isinstance(part, kind) and part.side == role), None)


def add_missing_gaps(evidence: Evidence) -> Evidence:
    """Return the evidence with a gap for each part of `ALWAYS` that a side lacks without saying why.

    The record of a guard has no logs, and one made elsewhere may lack anything. Where neither side's logs
    have a line, the minor gap `UNHEARD` is added, too.
    """
    known = {(gap.source, gap.side) for gap in evidence.gaps}
    sides = [role for role in ROLES if evidence.target.side(role)]
    names = [(role, kind, str(kind.__struct_config__.tag)) for role in sides for kind in ALWAYS]
    unlooked = tuple(
        Gap(
            source=name,
            side=role,
            reason="this evidence has none",
            advice="judge the rollout itself, or collect it anew",
        )
        for role, kind, name in names
        if evidence.part(kind, role) is None and not known & {(name, role), (name, None)}
    )
    without_lines = (
        (UNHEARD,)
        if unheard([evidence.part(Logs, role) for role in ROLES]) and UNHEARD not in evidence.gaps
        else ()
    )
    return (
        msgspec.structs.replace(evidence, gaps=(*evidence.gaps, *unlooked, *without_lines))
        if unlooked or without_lines
        else evidence
    )


def check_required(names: Iterable[str]) -> None:
    """Raise UsageError for a name that no source has: it would never be seen, so nothing would be decided."""
    sources = [source.name for stage in STAGES for source in stage]
    for name in names:
        if name not in sources:
            advice = did_you_mean(name, sources, f"there are: {', '.join(sources)}")
            raise UsageError(
                f"--require {name!r}: there is no such source, so nothing would be decided", advice=advice
            )
