"""Annotations on the AnalysisRun: `rollout-analyzer/METRIC.outcome` and its like, which Argo's notification templates can show.

One set for each metric, written anew by each attempt, but for what spoke against the canary: `rollback` and `inconclusive` stay when a
later measurement passes. No `resourceVersion`: Argo's controller patches the status beside it.
"""

import re

from analyzer.cluster import Cluster
from analyzer.effects.interface import Occasion
from analyzer.effects.told import bounded, digest, reason
from analyzer.records.record import Receipt

PREFIX = "rollout-analyzer/"
KEPT = ("rollback", "inconclusive")  # what a pass that comes later does not undo
LONGEST_METRIC = 48  # characters of a key's 63
_OTHER = re.compile(r"[^A-Za-z0-9_.-]+")


class Annotations:
    """Writes the answer on the AnalysisRun that asked."""

    name = "annotations"

    def asked(self, occasion: Occasion) -> bool:
        """Where an AnalysisRun asks."""
        return occasion.analysis is not None and self.name in occasion.settings.tell.effects

    def apply(self, occasion: Occasion, cluster: Cluster) -> Receipt:
        """Only on the very AnalysisRun that asked: its uid is a precondition."""
        run = occasion.analysis
        assert run is not None
        metadata = {"uid": run.uid, "annotations": annotations(occasion, run.metric)}
        cluster.patch(f"/apis/argoproj.io/v1alpha1/namespaces/{run.namespace}/analysisruns/{run.name}", {"metadata": metadata})
        return Receipt(effect=self.name, done=True, detail=f"{PREFIX}{part(run.metric)}.outcome and more on AnalysisRun {run.name}")


def annotations(occasion: Occasion, metric: str) -> dict[str, str | None]:
    """Every annotation of the set; None takes away what an earlier attempt left, and what is not in it stays."""
    decision = occasion.decision
    told = {
        "outcome": decision.outcome,
        "reason": reason(occasion),
        "confidence": "" if decision.confidence is None else f"{decision.confidence:.0f}",
        "exit-code": str(int(occasion.exit_code())),
        "passed-by": occasion.passed_by(),
        "before": occasion.analysis.earlier() if occasion.analysis else "",
        "dry-run": "true" if occasion.dry_run() else "",
        "link": bounded(occasion.settings.tell.link),
        "record": occasion.place(),
    }
    if decision.outcome in KEPT and occasion.record:
        told[decision.outcome] = bounded(f"{occasion.record.finished_at:%Y-%m-%dT%H:%M:%SZ} {reason(occasion)}")
    return {f"{PREFIX}{part(metric)}.{name}": value or None for name, value in told.items()}


def part(metric: str) -> str:
    """The metric's name as a key of an annotation may hold it; one that has to be changed is told from its like."""
    plain = _OTHER.sub("-", metric).strip("-_.")[:LONGEST_METRIC]
    return plain if plain == metric else f"{plain[: LONGEST_METRIC - 7]}-{digest(metric, length=6)}".lstrip("-_.")
