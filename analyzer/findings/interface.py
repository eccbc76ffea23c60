"""The types that rules and grading share: a finding, a graded finding, a rule."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from analyzer import settings
from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Part

Scope = Literal["canary", "both", "stable", "uncompared"]
Severity = settings.Severity


class Finding(Value):
    """One thing that a rule saw.

    `key` is stable over runs and pods (`crash-loop/app`): it has no hash, pod name, count or time. `stable`
    and `canary` are each side's figure in words ("0 of 3 pods"). `scope` is where it shows; "uncompared" is
    the canary, with nothing of stable to compare with. `ongoing` means that it still happens at the end of
    the window, `healed` that it has stopped and the same work has gone on without it for long. `settled`
    means that it is certain: the pods are old enough, and no other pod of the version contradicts it.
    `because` is the change that explains it, or empty. `advice` is what would settle it, or what to do about
    it, where the kind alone does not say; else empty. `remedy` is what to do about the fault itself, in a
    sentence, where more is known of its cause than the kind; else empty. `retryable` means that nobody
    answered, so that another run may see more. `share` is that of the canary's log lines or requests which it
    touches (0 to 1), 0 where it counts none. `excess` is by how much of them the canary is worse than stable
    for sure, beyond what chance allows; 0 where chance explains all of it, None where that is not reckoned.
    """

    kind: str
    key: str
    sentence: str
    stable: str
    canary: str
    scope: Scope = "canary"
    ongoing: bool = True
    healed: bool = False
    settled: bool = True
    samples: tuple[str, ...] = ()
    because: str = ""
    advice: str = ""
    retryable: bool = False
    remedy: str = ""
    share: float = 0.0
    excess: float | None = None


class Graded(Value):
    """A finding with its severity and its number (F1, F2 …, most severe first).

    blocking: the canary has a fault of its own that goes on: rollback, whatever a model says.
    hold: it may have one, and it is too early or there is too little to tell: never promote.
    warning and info: for the models and for people.
    `default` is the severity by the published table, where a team's setting has changed it.
    """

    id: str
    severity: Severity
    finding: Finding
    default: Severity | None = None


@dataclass(frozen=True)
class Rule:
    """A pure rule: the same evidence gives the same findings. `needs` are the parts it reads.

    It applies only where the canary's part of each was read: what was not read is a gap, and never an absence
    of faults. Stable's parts may be missing, since a fault may show without a comparison.
    """

    find: Callable[[Evidence, settings.Rules], Iterable[Finding]]
    needs: tuple[type[Part], ...]

    def __call__(self, evidence: Evidence, rules: settings.Rules) -> tuple[Finding, ...]:
        """Return the rule's findings; none where the canary lacks a part that it reads."""
        if any(evidence.part(part, "canary") is None for part in self.needs):
            return ()
        return tuple(self.find(evidence, rules))
