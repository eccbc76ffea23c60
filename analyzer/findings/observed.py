"""What changed while we watched (`--observe`): pods that become Ready and un-Ready in turn."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.observed import Observed, Watched
from analyzer.findings.compare import Fault, Seen, compared
from analyzer.findings.interface import Finding, Rule
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

SEVERAL = 2  # changes: one is a start, or an end; two are there and back


def flapping(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Pods whose readiness changed several times. It goes on when the last change is in the second half of the time watched."""
    sides: dict[Role, Seen] = {}
    for role in ROLES:
        part = evidence.part(Observed, role)
        if part is not None:
            sides[role] = Seen(len(part.pods), tuple(_fault(part, pod) for pod in part.pods if pod.changed >= SEVERAL))
    return compared(sides)


def _fault(part: Observed, pod: Watched) -> Fault:
    first, last = part.looks[0].at, part.looks[-1].at
    ongoing = pod.changed_at is None or pod.changed_at >= first + (last - first) / 2
    return Fault("flapping", "", "Ready and un-Ready in turn while watched", ongoing, samples=(f"{pod.pod}: {pod.changed} changes",))


RULES: tuple[Rule, ...] = (Rule(flapping, needs=(Observed,)),)
