"""The seam of the findings: what differs, as a pure rule says it, and as grading sees it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from analyzer import settings
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Part
from analyzer.value import Value

Scope = Literal["canary", "both", "stable", "uncompared"]
Severity = settings.Severity


class Finding(Value):
    """One thing that a rule saw.

    `key` is stable over runs and pods (`crash-loop/app`): no hash, pod name, count or time is in it.
    `stable` and `canary` are each side's figure in words ("0 of 3 pods"). `scope` is where it shows; uncompared is the canary
    with nothing of stable to hold it against. `ongoing` says it still happens at the end of the window; `settled` that it can be
    told: the pods are old enough, and no other pod of the version says otherwise. `because` is the change that explains it, or empty.
    """

    kind: str
    key: str
    sentence: str
    stable: str
    canary: str
    scope: Scope = "canary"
    ongoing: bool = True
    settled: bool = True
    samples: tuple[str, ...] = ()
    because: str = ""


class Graded(Value):
    """A finding with its severity and its number (F1, F2 …, most severe first).

    blocking: the canary is worse in kind and it goes on: rollback, whatever a model says.
    hold: it could be, but it cannot be told yet or not from this comparison: never promote.
    warning and info: for the models and for people.
    `default` is what it would weigh by the published table, where a team's setting has changed that.
    """

    id: str
    severity: Severity
    finding: Finding
    default: Severity | None = None


@dataclass(frozen=True)
class Rule:
    """A pure rule: the same evidence gives the same findings. `needs` are the parts it reads.

    It looks only when the canary's part of each is there: what was not read is a gap, and never an absence of faults.
    Whether stable's is there is the rule's to mind, for a fault may show without a comparison.
    """

    look: Callable[[Evidence, settings.Rules], Iterable[Finding]]
    needs: tuple[type[Part], ...]

    def __call__(self, evidence: Evidence, rules: settings.Rules) -> tuple[Finding, ...]:
        """What it sees; nothing when a part that it reads is missing."""
        if any(evidence.part(part, "canary") is None for part in self.needs):
            return ()
        return tuple(self.look(evidence, rules))
