"""What changed while the sides were watched (`--observe`): pods that become Ready and un-Ready in turn."""

from collections.abc import Iterator

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.observed import Observed, ObservedPod
from analyzer.findings.compare import Fault, SideFaults, compare_sides
from analyzer.findings.interface import Finding, Rule
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

SEVERAL = 2  # changes: one is a start, or an end; two are there and back


def flapping(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the pods whose readiness changed several times. It goes on where the last change is in the second
    half of the time watched.
    """
    sides: dict[Role, SideFaults] = {}
    for role in ROLES:
        part = evidence.part(Observed, role)
        if part is not None:
            sides[role] = SideFaults(
                len(part.pods), tuple(_fault(part, pod) for pod in part.pods if pod.changed >= SEVERAL)
            )
    return compare_sides(sides)


def _fault(part: Observed, pod: ObservedPod) -> Fault:
    first, last = part.looks[0].at, part.looks[-1].at
    ongoing = pod.changed_at is None or pod.changed_at >= first + (last - first) / 2
    return Fault(
        "flapping",
        "",
        "Ready and un-Ready in turn while watched",
        ongoing,
        samples=(f"{pod.pod}: {counted(pod.changed, 'change')}",),
    )


RULES: tuple[Rule, ...] = (Rule(flapping, needs=(Observed,)),)
