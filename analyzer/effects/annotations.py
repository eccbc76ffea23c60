"""Annotations on the AnalysisRun: `rollout-analyzer/METRIC.outcome` and its like, which Argo's notification
templates can show.

Each metric has one set. Each attempt writes it anew, except what spoke against the canary: `rollback` and
`inconclusive` stay when a later measurement passes. The patch has no `resourceVersion`, because Argo's
controller patches the status at the same time.
"""

import re

from analyzer.cluster import Cluster
from analyzer.common.short import short_digest
from analyzer.effects.interface import EffectContext
from analyzer.effects.summary import shorten_line
from analyzer.records.record import ISSUE, Receipt

PREFIX = "rollout-analyzer/"
KEPT = ("rollback", "inconclusive")  # what a pass that comes later does not undo
LONGEST_METRIC = 48  # characters of a key's 63
_OTHER = re.compile(r"[^A-Za-z0-9_.-]+")


class Annotations:
    """Writes the answer on the AnalysisRun that asked."""

    name = "annotations"

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if an AnalysisRun asks and the option is on."""
        return context.analysis is not None and self.name in context.settings.tell.effects

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Annotate the AnalysisRun that asked. Its uid is a precondition."""
        run = context.analysis
        assert run is not None
        metadata = {"uid": run.uid, "annotations": build_annotations(context, run.metric)}
        cluster.patch(
            f"/apis/argoproj.io/v1alpha1/namespaces/{run.namespace}/analysisruns/{run.name}",
            {"metadata": metadata},
        )
        return Receipt(
            effect=self.name,
            done=True,
            detail=f"{PREFIX}{key_of_metric(run.metric)}.outcome and more on AnalysisRun {run.name}",
        )


def build_annotations(context: EffectContext, metric: str) -> dict[str, str | None]:
    """Return every annotation of the set. None removes what an earlier attempt left; annotations outside the
    set stay.
    """
    decision = context.decision
    values = {
        "outcome": decision.outcome,
        "reason": shorten_line(decision.reason),
        "rule": decision.rule,
        "confidence": "" if decision.confidence is None else f"{decision.confidence:.0f}",
        "exit-code": str(int(context.exit_code())),
        "passed-by": context.passed_by(),
        "before": context.analysis.earlier() if context.analysis else "",
        "dry-run": "true" if context.dry_run() else "",
        "link": shorten_line(context.settings.tell.link),
        "record": context.place(),
        "issue": shorten_line(context.place(ISSUE)),
    }
    if decision.outcome in KEPT and context.record:
        values[decision.outcome] = shorten_line(
            f"{context.record.finished_at:%Y-%m-%dT%H:%M:%SZ} {decision.reason}"
        )
    return {f"{PREFIX}{key_of_metric(metric)}.{name}": value or None for name, value in values.items()}


def key_of_metric(metric: str) -> str:
    """Return the metric's name as a part of an annotation's key. A name that has to be changed gets a digest,
    so that similar names stay apart.
    """
    plain = _OTHER.sub("-", metric).strip("-_.")[:LONGEST_METRIC]
    return (
        plain
        if plain == metric
        else f"{plain[: LONGEST_METRIC - 7]}-{short_digest(metric, length=6)}".lstrip("-_.")
    )
